"""Judging rules on a grid: which of its sources each rule holds for, since when, and with which numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bilan.evaluation.rules.episodes import Episode, judge
from bilan.evaluation.rules.findings import MOST_MARKS, Collected, Source, placeholders, row
from bilan.evaluation.rules.grid import Grid
from bilan.pack.rules import Name, Node, RuleSpec
from bilan.problems import BilanError, Problem

Bind = Callable[[Node], Node]
MOST_BACK, MOST_BEFORE, MOST_SHOWN = 744, 12, 1500
"""Moments before an episode that its chart shows: what the condition looks back, so many at most, so many at least; and in all."""


@dataclass(frozen=True)
class Job:
    """One rule over some sources of a grid.

    Attributes:
        spec: the rule.
        bind: turns its names into columns of the grid.
        places: places of the sources in the grid.
        sources: what they are called, in the same order.
        describe: tells all about a source by its place in `places`.
        columns: names of the sentence that are columns.
        proof: series of the chart that proves a finding, by place.
    """

    spec: RuleSpec
    bind: Bind
    places: npt.NDArray[np.int64]
    sources: pl.Series
    describe: Callable[[int], Source]
    columns: Sequence[str]
    proof: Callable[[int], list[dict[str, Any]]]

    def nodes(self) -> list[Node]:
        """Condition, condition to clear and those of the levels, bound."""
        return [self.bind(formula.node) for formula in self.spec.formulas]


def run(grid: Grid, jobs: Sequence[Job]) -> Collected:
    """Judge rules on one grid; the parts that they share are computed once."""
    found = Collected()
    try:
        truths = grid.truth([node for job in jobs for node in job.nodes()])
    except (BilanError, pl.exceptions.PolarsError):
        return _one_by_one(grid, jobs)
    at = 0
    for job in jobs:
        count = len(job.spec.formulas)
        _one(grid, job, truths[at : at + count], found)
        at += count
    return found


def _one_by_one(grid: Grid, jobs: Sequence[Job]) -> Collected:
    """The same where a rule cannot be evaluated: the others are, and it is told which."""
    found = Collected()
    for job in jobs:
        try:
            _one(grid, job, grid.truth(job.nodes()), found)
        except BilanError as error:
            found.problems += [cannot(job.spec, problem.text("en")) for problem in error.problems]
        except pl.exceptions.PolarsError as error:
            found.problems.append(cannot(job.spec, str(error).partition("\n")[0][:200]))
    return found


def cannot(spec: RuleSpec, reason: str) -> Problem:
    """That a rule cannot be evaluated."""
    return Problem("rules.cannot_evaluate", {"value": spec.rule, "reason": reason})


def _one(grid: Grid, job: Job, truths: list[npt.NDArray[np.int8]], found: Collected) -> None:
    spec = job.spec
    first = max(0, grid.lead - max(spec.times, spec.clear_times) + 1)
    chosen = [truth[job.places, first:] for truth in truths]
    holds, clears = chosen[0], chosen[1] if spec.clear else None
    judged = judge(holds, clears, _levels(spec, holds, chosen[2 if spec.clear else 1 :]), spec.times, spec.clear_times)
    found.clear(spec.rule, job.sources.filter(pl.Series(judged.clear)))
    episodes = [episode for episode in judged.episodes if episode.ended is None or first + episode.ended >= grid.lead]
    if episodes:
        found.rows += _rows(grid, job, episodes, holds, first)


def _levels(spec: RuleSpec, holds: npt.NDArray[np.int8], when: list[npt.NDArray[np.int8]]) -> npt.NDArray[np.int8]:
    """Level of each moment: the highest whose condition holds, else that of what is left."""
    levels = np.full_like(holds, spec.base_level)
    conditional = [entry for entry in spec.levels if entry.when is not None]
    for entry, truth in zip(conditional, when, strict=True):
        levels[truth == 1] = entry.level
    return levels


def _rows(grid: Grid, job: Job, episodes: Sequence[Episode], holds: npt.NDArray[np.int8], first: int) -> list[dict[str, Any]]:
    spec, starts = job.spec, grid.moments[first:].tolist()
    names = [*(name for name in job.columns if name not in spec.let), *spec.let]
    nodes = [job.bind(Name(name)) if name not in spec.let else job.bind(spec.let[name].node) for name in names]
    rows = [int(job.places[episode.source]) * grid.width + first + episode.last for episode in episodes]
    values = grid.compute(nodes, rows).rows() if nodes else [()] * len(rows)
    back = min(int(spec.lookback * grid.per), MOST_BACK)
    made = []
    for episode, numbers in zip(episodes, values, strict=True):
        told = dict(zip(names, numbers, strict=True))
        began, last = starts[episode.began], starts[episode.last]
        held = np.flatnonzero(holds[episode.source, episode.began : episode.last + 1] == 1)[-MOST_MARKS:] + episode.began
        proof = {
            "series": job.proof(episode.source),
            "begin": max(began - max(back, MOST_BEFORE, episode.last - episode.began) * grid.step, last - MOST_SHOWN * grid.step),
            "end": last + grid.step,
            "step": grid.step,
            "marks": [starts[at] for at in held],
        }
        limit = told.get("limit")
        made.append(
            row(spec, job.describe(episode.source), episode, starts, grid.step, told, proof | ({} if limit is None else {"limit": limit}))
        )
    return made


def sentence_columns(spec: RuleSpec, known: Sequence[str]) -> list[str]:
    """Columns whose numbers the sentence names, and those that every sentence may need."""
    wanted = [*placeholders(spec), *(name for name in ("value", "limit") if name in known)]
    return [name for name in dict.fromkeys(wanted) if name in known]
