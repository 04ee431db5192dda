"""What an evaluation of rules found."""

from __future__ import annotations

import json
import math
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from bilan.evaluation.rules.episodes import Episode
from bilan.pack.rules import RuleSpec
from bilan.problems import Problem
from bilan.telemetry.clock import HOUR

SCHEMA: dict[str, Any] = {
    "rule": pl.String,
    "source": pl.String,
    "subject": pl.String,
    "level": pl.Int8,
    "peak": pl.Int8,
    "point": pl.String,
    "parameter": pl.String,
    "network": pl.String,
    "register": pl.String,
    "code": pl.String,
    "name": pl.String,
    "district": pl.String,
    "organisation": pl.String,
    "moment": pl.Int64,
    "began": pl.Int64,
    "opened": pl.Int64,
    "ended": pl.Int64,
    "held": pl.Int32,
    "changes": pl.String,
    "values": pl.String,
    "proof": pl.String,
}
"""Columns of findings and episodes.

- rule, source: what holds for what; `source` is ``point|parameter``, ``point|method``, ``device|MN``, ``register|code`` …
- level: now (1 notice, 2 warning, 3 serious, 4 critical); peak: the highest so far;
- moment: begin of the newest data that show it; began: of the first; opened: when there were enough of them; ended: when it cleared, null
  while it stands [s of the wall clock];
- held: number of moments at which it held; changes: JSON list of [moment, level];
- values: JSON of what its sentence names; proof: JSON of series, begin, end, marks and limit for the chart that shows why.
"""
CHECKED = {"rule": pl.String, "source": pl.String}
MOST_MARKS = 200
"""Marked moments a proof carries at most."""


@dataclass
class Source:
    """What a finding is about."""

    source: str
    point: str = ""
    parameter: str = ""
    network: str = ""
    register: str = ""
    code: str = ""
    name: str = ""
    district: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Findings:
    """What an evaluation gives.

    Attributes:
        frame: episodes that stand, columns of `SCHEMA`.
        checked: rule and source of everything that stands clear. What is in neither frame could not be told, or lies between firing and
            clearing, and stays as it was.
        episodes: all episodes of the span judged, those that have ended too, so that what came late and is over does not pass unseen.
        problems: rules that could not be evaluated.
    """

    frame: pl.DataFrame
    checked: pl.DataFrame
    episodes: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Collected:
    """Findings while they are gathered."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    checked: list[pl.DataFrame] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: Collected) -> None:
        """Take in what others found."""
        self.rows += other.rows
        self.checked += other.checked
        self.problems += other.problems

    def clear(self, rule: str, sources: pl.Series) -> None:
        """Note sources of a rule that stand clear."""
        if sources.len():
            self.checked.append(pl.select(pl.repeat(rule, sources.len(), dtype=pl.String).alias("rule"), sources.alias("source")))

    def findings(self) -> Findings:
        """All of it."""
        episodes = pl.DataFrame(self.rows, schema=SCHEMA).sort("rule", "source", "opened")
        checked = pl.concat(self.checked) if self.checked else pl.DataFrame(schema=CHECKED)
        return Findings(episodes.filter(pl.col("ended").is_null()), checked, episodes, self.problems)


def row(
    spec: RuleSpec,
    source: Source,
    episode: Episode,
    starts: Sequence[int],
    step: int,
    values: Mapping[str, Any],
    proof: Mapping[str, Any],
) -> dict[str, Any]:
    """One row of findings.

    Args:
        starts: begin of each judged moment [s of the wall clock].
        step: length of a moment [s].
        values: what the sentence names, at the newest moment that holds.
        proof: what the chart shows.
    """
    began, moment = starts[episode.began], starts[episode.last]
    known = {**values, "hours": round((moment + step - began) / HOUR, 2)}
    limit, value = known.get("limit"), known.get("value")
    if isinstance(limit, float) and isinstance(value, float) and limit > 0:
        known.setdefault("factor", value / limit)
    return {
        "rule": spec.rule,
        "source": source.source,
        "subject": spec.subject.value,
        "level": episode.level,
        "peak": episode.peak,
        "point": source.point,
        "parameter": source.parameter,
        "network": source.network,
        "register": source.register,
        "code": source.code,
        "name": source.name,
        "district": source.district,
        "organisation": source.organisation,
        "moment": moment,
        "began": began,
        "opened": starts[episode.opened],
        "ended": None if episode.ended is None else starts[episode.ended],
        "held": episode.held,
        "changes": json.dumps([[starts[at], level] for at, level in episode.changes]),
        "values": json.dumps({name: plain(value) for name, value in known.items()}, ensure_ascii=False),
        "proof": json.dumps(proof, ensure_ascii=False),
    }


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)


def placeholders(spec: RuleSpec) -> list[str]:
    """Names in a rule's sentence, each once."""
    parts = [*string.Formatter().parse(spec.says.zh), *string.Formatter().parse(spec.says.en)]
    return list(dict.fromkeys(name for _, name, _, _ in parts if name))
