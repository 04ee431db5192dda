"""Why a region has its ecological status: every index with its terms, weights, clause and how certain they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bilan.science.ecology.status import AGAINST, FULL, STANDARD, VERSION, grades
from bilan.science.ecology.terms import LAND, Term, terms
from bilan.science.standards.explaining import Explanation, ItemVerdict, Words
from bilan.science.tables import rows_where

IN_FORCE = "2015-03-13"
INNER = {"richness": LAND}
"""Index → the index of the table that its terms stand under, where it has another name."""
PER = {"area": Words("除以面积", "over the area"), "rain": Words("除以降水总量", "over the rain of the year"), "": Words("", "")}
NOTHING = Words("缺少数据，无法评价", "not judged: something is missing")


def explain_status(row: Mapping[str, Any]) -> Explanation:
    """Say why a row of `judge_status` has its grade.

    Parameters:
        row: one row of what `judge_status` gave.

    Returns:
        The five indices, the largest loss first, each followed by its terms that were given; the clause and confidence of each.

    Reference:
        HJ 192-2015 clause 5

    Examples:
        >>> import polars as pl
        >>> from bilan.science import ecology
        >>> given = {"richness": 30.59, "vegetation": 76.93, "water_network": 93.94, "stress": 6.08, "pollution": 1.48}
        >>> why = explain_status(ecology.judge_status(pl.DataFrame([given])).row(0, named=True))
        >>> print(why.items[0].text("en"))
        biological richness index 30.59: weight 0.35, brings 10.71 of 35; decides; 5, checked in two or more sources
    """
    indices = [(term, _value(row, term.key)) for term in terms("ei")]
    known = {term.key: _brought(term, value) for term, value in indices if value is not None}
    lost = {term.key: term.weight * FULL - known[term.key] for term, _value in indices if term.key in known}
    ordered = sorted(indices, key=lambda entry: -lost.get(entry[0].key, -1.0))
    worst = ordered[0][0].key if known else ""
    items = [item for term, value in ordered for item in (_index(term, value, decides=term.key == worst), *_inner(term.key, row))]
    grade = row.get("grade")
    return Explanation(
        grade=grade,
        verdict=_verdict(row, grade),
        standard=STANDARD,
        version=VERSION,
        effective_from=IN_FORCE,
        clause="5",
        items=tuple(items),
        missing=tuple(term.key for term, value in indices if value is None),
        deciding=(worst,) if worst else (),
        unverified=tuple(item.symbol for item in items if item.confidence == "memory_only"),
        notes=tuple(_notes(row)),
    )


def _value(row: Mapping[str, Any], key: str) -> float | None:
    value = row.get(key)
    return None if value is None else float(value)


def _brought(term: Term, value: float) -> float:
    held = min(FULL, max(0.0, value))
    return term.weight * (FULL - held if term.key in AGAINST else held)


def _index(term: Term, value: float | None, *, decides: bool) -> ItemVerdict:
    full = f"{term.weight * FULL:g}"
    if value is None:
        verdict = NOTHING
    else:
        points = f"{_brought(term, value):.2f}"
        verdict = Words(f"权重{term.weight:g}，得{points}分（满分{full}）", f"weight {term.weight:g}, brings {points} of {full}")
    name = Words(term.name.zh, f"{term.name.en} index")
    return ItemVerdict(
        term.key, term.key, name, "", value, (), verdict, None, term.clause, term.confidence, decides=decides and value is not None
    )


def _inner(index: str, row: Mapping[str, Any]) -> Iterator[ItemVerdict]:
    for term in terms(INNER.get(index, index)):
        value = _value(row, term.key)
        if value:
            per = PER[term.per]
            verdict = Words(
                f"权重{term.weight:.4g}×系数{term.coefficient:.7g}{per.zh}",
                f"weight {term.weight:.4g} x coefficient {term.coefficient:.7g} {per.en}",
            )
            yield ItemVerdict(term.key, term.key, term.name, term.unit, value, (), verdict, None, term.clause, term.confidence)


def _verdict(row: Mapping[str, Any], grade: int | None) -> Words:
    found = next((entry.title for entry in grades() if entry.grade == grade), None)
    if found is None or row.get("ei") is None:
        return NOTHING
    return Words(f"生态环境状况指数{row['ei']:g}，{found.zh}", f"EI {row['ei']:g}, {found.en}")


def _notes(row: Mapping[str, Any]) -> Iterator[Words]:
    level = int(row.get("restriction") or 0)
    if level > 0:
        rule = next(entry for entry in rows_where("ecology_rules", rule_set="restriction") if entry["value"] == str(level))
        yield Words(f"环境限制：{rule['name_zh']}", f"environmental restriction: {rule['name_en']}")
    if row.get("biodiversity") is None and row.get("habitat") is not None:
        yield Words("未评价生物多样性指数，生物丰度按生境质量指数", "no biodiversity index: richness is that of the habitat")
