"""Positive matrix factorisation for the workbench: samples and uncertainties from the series of a point, and what it found as figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bilan.pack import vocab
from bilan.science.figures import Figure, Specification, Words
from bilan.science.receptor import (
    Bootstrap,
    Category,
    Displacement,
    Solution,
    Speciation,
    bootstrap,
    contribution_figure,
    displacement,
    profile_figure,
    speciation,
    uncertainty,
    uncertainty_figure,
)
from bilan.science.receptor import pmf as factorise
from bilan.science.receptor.speciation import by_ratio
from bilan.web.areas.analysis.outcome import Fact, Outcome, number
from bilan.web.areas.analysis.reading import Material
from bilan.web.components import numbers

LEAST_SHARE = 0.5
"""Species with fewer values than this share of the samples are left out."""
RISE = 4.0
RISES: Mapping[str, tuple[float, ...]] = {"0": (), "4": (RISE,), "all": (RISE, 8.0, 15.0, 25.0)}
"""Choices of displacement → allowed rises of Q.

Reference:
    EPA/600/R-14/108, section 6.4
"""
LEAST_FALL = 0.001
"""Share of Q whose fall while displacing says that the base was no minimum."""
FIRM = 0.8
"""Share of resampled factors that have to be mapped for a factor to count as well held.

Reference:
    EPA/600/R-14/108, section 6.3
"""
FIT, POOR = 2.0, 4.0
"""Q over its expectation up to which a solution counts as fitting, or as not too far."""


def pmf(of: Material, settings: dict[str, Any], progress: Callable[[float], None]) -> Outcome:
    """Factorise the species of a point, or of the tables that a person brought, and question the answer as far as is asked for.

    Raises:
        BilanError: no species or samples are left, or more factors than they allow.
    """
    data = prepared(of, settings)
    runs, rises = int(settings["bootstrap"]), RISES[settings["displacement"]]
    stages = _stages(progress, {"start": 1.0, "bootstrap": 0.5 if runs else 0.0, "displacement": 3.0 * len(rises) ** 0.5})
    solution = factorise(data, int(settings["factors"]), seeds=int(settings["seeds"]), progress=stages["start"])
    drawn = bootstrap(solution, runs=runs, begin="base", progress=stages["bootstrap"]) if runs else None
    moved = displacement(solution, rises=rises, progress=stages["displacement"]) if rises else None
    names = {column: Words(entry.name_zh, entry.name_en) for column, entry in _known(of, data.species).items()}
    figures = [profile_figure(solution, of.unit), contribution_figure(solution)]
    if drawn or moved:
        figures.insert(1, uncertainty_figure(solution, drawn, moved, rise=min(rises, default=RISE)))
    facts = [*_facts(solution), *_held(drawn, moved, solution)]
    return Outcome(
        tuple(_worded(figure, names) for figure in figures),
        solution.profiles(),
        tuple(facts),
        _notes(solution, moved),
        names,
        tables=_tables(solution, drawn, moved),
        species=tuple(_told(data, of.categories)),
    )


def species(of: Material, settings: dict[str, Any]) -> list[dict[str, Any]]:
    """How far each species is trusted: name, words, signal to noise, what that makes of it, and what the analyst chose.

    Raises:
        BilanError: no species or samples are left.
    """
    found = _told(prepared(of, settings), of.categories)
    known = _known(of, [entry["name"] for entry in found])
    words = {name: Words(entry.name_zh, entry.name_en).text(numbers.language()) for name, entry in known.items()}
    return [{**entry, "text": words.get(entry["name"], entry["name"])} for entry in found]


def prepared(of: Material, settings: dict[str, Any]) -> Speciation:
    """Samples and uncertainties as they are factorised.

    Raises:
        BilanError: no species or samples are left.
    """
    if of.errors is not None:
        samples, errors = of.frame, of.errors
    else:
        samples = _samples(of, int(settings["every"]))
        errors = _errors(samples, settings["error"] / 100, settings["limit"] / 100)
    chosen = {name: category for name, category in of.categories.items() if name in samples.columns}
    return speciation(samples, errors, key="start", categories=chosen)


def _told(data: Speciation, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = data.table.select("species", "signal_to_noise", "filled").iter_rows()
    return [
        {"name": name, "ratio": f"{ratio:.2g}", "filled": filled, "usual": str(by_ratio(ratio)), "chosen": chosen.get(name, "")}
        for name, ratio, filled in rows
    ]


def _stages(progress: Callable[[float], None], weights: Mapping[str, float]) -> dict[str, Callable[[float], None]]:
    """Progress of each stage as its share of the whole."""
    whole, before = sum(weights.values()), 0.0
    found: dict[str, Callable[[float], None]] = {}
    for name, weight in weights.items():
        found[name] = _part(progress, before / whole, weight / whole)
        before += weight
    return found


def _part(progress: Callable[[float], None], begin: float, share: float) -> Callable[[float], None]:
    return lambda done: progress(begin + share * done)


def _held(drawn: Bootstrap | None, moved: Displacement | None, solution: Solution) -> list[Fact]:
    """How well each factor is held by the data."""
    facts = []
    for factor, mapped, of_runs in drawn.mapping.iter_rows() if drawn else ():
        name = Words(f"因子 {factor} 重抽样吻合", f"Factor {factor} found again")
        facts.append(Fact(name, Words(en=f"{mapped}/{of_runs}"), tone="ok" if mapped >= FIRM * of_runs else "risk"))
    if moved is not None:
        lost = int(moved.swaps.filter(pl.col("rise") == moved.swaps["rise"].min())["swaps"].sum())
        facts.append(Fact(Words("位移时因子互换", "Swaps under displacement"), Words(en=str(lost)), tone="risk" if lost else "ok"))
        fall = moved.fall / max(solution.q_true, 1e-300)
        facts.append(
            Fact(
                Words("位移时Q下降", "Fall of Q under displacement"),
                number(round(100 * fall, 3), 2),
                "%",
                tone="risk" if fall > LEAST_FALL else "ok",
            )
        )
    return facts


def _notes(solution: Solution, moved: Displacement | None) -> tuple[Words, ...]:
    notes = []
    out = solution.data.table.filter(pl.col("category") == Category.BAD).height
    if out:
        notes.append(Words(f"未用的组分：{out} 个（信噪比过低或由您排除）", f"Species left out: {out} (too much noise, or by your choice)"))
    if moved is not None and moved.fall > LEAST_FALL * solution.q_true:
        notes.append(
            Words(
                "位移时 Q 明显下降：基础解不是最小值，请增加随机起点。",
                "Q fell while displacing: the base was no minimum, use more random starts.",
            )
        )
    return tuple(notes)


def _tables(solution: Solution, drawn: Bootstrap | None, moved: Displacement | None) -> dict[str, tuple[Words, pl.DataFrame]]:
    """Everything else that leaves as a file."""
    found = {
        "contributions": (Words("因子贡献", "Contributions"), solution.contributions()),
        "residuals": (Words("标准化残差", "Scaled residuals"), solution.residuals()),
        "fits": (Words("各组分拟合", "Fit of each species"), solution.fits()),
        "species": (Words("组分与信噪比", "Species and signal to noise"), solution.data.table),
        "starts": (Words("各起点的 Q", "Q of each start"), solution.runs),
    }
    if drawn is not None:
        found["bootstrap"] = (Words("重抽样", "Bootstrap"), drawn.profiles)
    if moved is not None:
        found["displacement"] = (Words("位移", "Displacement"), moved.intervals)
    return found


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


def _known(of: Material, columns: Iterable[str]) -> Mapping[str, vocab.Parameter]:
    """Parameters of the platform's own columns; species of brought tables keep the names they came with."""
    if of.errors is not None:
        return {}
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

    parts = tuple(worded(part) for part in figure.parts)
    return Figure(title=figure.title, note=figure.note, data=figure.data, parts=parts, columns=figure.columns)
