"""Positive matrix factorisation for the workbench: samples and uncertainties from the series of a point, and what it found as figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bilan.pack import vocab
from bilan.science.figures import Figure, Specification, Words
from bilan.science.receptor import Solution, bootstrap, contribution_figure, profile_figure, speciation, uncertainty
from bilan.science.receptor import pmf as factorise
from bilan.web.areas.analysis.outcome import Fact, Outcome, number
from bilan.web.areas.analysis.reading import Material

LEAST_SHARE = 0.5
"""Species with fewer values than this share of the samples are left out."""
STARTS = 0.7
"""Share of the work that the starts are, when there is a bootstrap after them."""
FIRM = 0.8
"""Share of resampled factors that have to be mapped for a factor to count as well held.

Reference:
    EPA/600/R-14/108, section 6.3
"""
FIT, POOR = 2.0, 4.0
"""Q over its expectation up to which a solution counts as fitting, or as not too far."""


def pmf(of: Material, settings: dict[str, Any], progress: Callable[[float], None]) -> Outcome:
    """Factorise the species of a point.

    Raises:
        BilanError: no species or samples are left, or more factors than they allow.
    """
    samples = _samples(of, int(settings["every"]))
    data = speciation(samples, _errors(samples, settings["error"] / 100, settings["limit"] / 100), key="start")
    runs = int(settings["bootstrap"])
    part = STARTS if runs else 1.0
    solution = factorise(data, int(settings["factors"]), seeds=int(settings["seeds"]), progress=lambda share: progress(part * share))
    names = {column: Words(entry.name_zh, entry.name_en) for column, entry in _known(data.species).items()}
    facts = _facts(solution)
    notes = []
    if runs:
        spread = bootstrap(solution, runs=runs, begin="base", progress=lambda share: progress(part + (1 - part) * share))
        for factor, mapped, of_runs in spread.mapping.iter_rows():
            tone = "ok" if mapped >= FIRM * of_runs else "risk"
            name = Words(f"因子 {factor} 重抽样吻合", f"Factor {factor} found again")
            facts.append(Fact(name, Words(en=f"{mapped}/{of_runs}"), tone=tone))
    out = [name for name, category in data.table.select("species", "category").iter_rows() if category == "bad"]
    if out:
        notes.append(Words(f"信噪比过低而未用的组分：{len(out)} 个", f"Species left out for too much noise: {len(out)}"))
    figures = tuple(_worded(figure, names) for figure in (profile_figure(solution, of.unit), contribution_figure(solution)))
    return Outcome(figures, solution.profiles(), tuple(facts), tuple(notes), names)


def _samples(of: Material, every: int) -> pl.DataFrame:
    """One row a sample: means over so many hours; species that are often missing are left out."""
    means = of.frame.group_by_dynamic("start", every=f"{every}h").agg(pl.col(list(of.columns)).mean())
    kept = [name for name in of.columns if means[name].count() >= LEAST_SHARE * means.height and (means[name].max() or 0) > 0]  # type: ignore[operator]
    return means.select("start", *kept)


def _errors(samples: pl.DataFrame, error: float, limit: float) -> pl.DataFrame:
    """Uncertainties from a detection limit that is a share of the median, and a relative error."""
    columns = [
        pl.Series(name, uncertainty(np.asarray(samples[name].to_numpy(), dtype=np.float64), limit * _middle(samples[name]), error))
        for name in samples.columns
        if name != "start"
    ]
    return samples.select("start").with_columns(columns)


def _middle(values: pl.Series) -> float:
    above = values.filter(values > 0)
    return float(above.median() or 1.0)  # type: ignore[arg-type]


def _known(columns: tuple[str, ...]) -> Mapping[str, vocab.Parameter]:
    by_column = {entry.column: entry for entry in vocab.parameters().values()}
    return {column: by_column[column] for column in columns if column in by_column}


def _facts(solution: Solution) -> list[Fact]:
    ratio = solution.q_true / solution.q_expected if solution.q_expected > 0 else float("nan")
    settled = int(solution.runs["converged"].sum())
    return [
        Fact(Words("样品 × 组分", "Samples × species"), Words(en=f"{len(solution.contribution)} × {len(solution.data.species)}")),
        Fact(Words("Q / Q期望", "Q / Q expected"), number(ratio), tone="ok" if ratio <= FIT else "risk" if ratio <= POOR else "bad"),
        Fact(Words("Q（稳健）", "Q (robust)"), number(solution.q_robust, 4)),
        Fact(Words("收敛的起点", "Starts that settled"), Words(en=f"{settled}/{solution.runs.height}")),
    ]


def _worded(figure: Specification, names: Mapping[str, Words]) -> Figure:
    """The figure with the names of the species instead of their codes."""

    def worded(part: Specification) -> Specification:
        groups = tuple((code, names.get(code, name)) for code, name in part.x.categories)
        return replace(part, x=replace(part.x, categories=groups))

    return Figure(title=figure.title, data=figure.data, parts=tuple(worded(part) for part in figure.parts), columns=figure.columns)
