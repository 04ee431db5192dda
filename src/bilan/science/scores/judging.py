"""Judge rows by a scored table: points of every item, the score, the grade, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from bilan.pack.registers.words import Bilingual
from bilan.pack.scores import Aggregate, Change, Grade, Missing, RuleKind, Score, ScoreItem
from bilan.science.scores.earning import PERCENT, earned

_MISSING = {
    Missing.ZERO: Bilingual("无数据，按0分计", "no value: counts as nothing"),
    Missing.FULL: Bilingual("没有此类事项，按满分计", "nothing of the kind: full points"),
    Missing.OUT: Bilingual("无数据，不计入，其余项目按比例折算", "no value: left out, the others count for it"),
}
_SHARES = {Missing.ZERO: 0.0, Missing.FULL: 1.0, Missing.OUT: None}
_UNVERIFIED = ("memory_only",)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one item earned.

    Attributes:
        value: what was judged, None when there was nothing; `share`: of its points (0..1), None when left out.
        points: on the scale of the score, before items left out are made up for.
    """

    item: ScoreItem
    value: float | str | None
    share: float | None
    why: Bilingual

    @property
    def points(self) -> float | None:
        """Share times weight."""
        return None if self.share is None else self.share * self.item.weight


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row earned by a scored table.

    Attributes:
        score: None when too little could be measured; `grade`: None without a score or a fitting grade.
        caps: what held the score down.
        measured: share of the weight that rests on a value [%].
        unverified: items that count and whose weight or limits nobody has checked against the text of the standard.
    """

    items: tuple[ItemScore, ...]
    score: float | None
    grade: Grade | None
    caps: tuple[Bilingual, ...]
    measured: float
    unverified: tuple[str, ...]


def judge_row(table: Score, row: Mapping[str, Any]) -> Judged:
    """Judge one row.

    Parameters:
        table: the scored table.
        row: values by field.

    Returns:
        What each item earned and why, the score, its grade, what was capped, how much was measured [%].

    Reference:
        What the table names as its basis (`ScoreItem.basis`), with its confidence

    Examples:
        >>> from bilan.pack.scores import load
        >>> table = load()["ecological-index"]
        >>> judged = judge_row(table, {"richness": 60, "vegetation": 80, "water_network": 40, "stress": 10, "pollution": 20})
        >>> judged.score, judged.grade.title.en
        (68.5, 'good')
    """
    items = tuple(_item(item, row) for item in table.items)
    whole = sum(item.weight for item in table.items) or 1.0
    measured = sum(entry.item.weight for entry in items if entry.value is not None) / whole * PERCENT
    score = together(table, items) if measured >= table.least else None
    held = [cap for cap in table.caps if score is not None and cap.holds.holds(row)]
    if score is not None:
        score = round(min([score, *(cap.most for cap in held)]), table.decimals)
    grade = (
        None if score is None else next((g for g in table.grades if score >= g.at_least and (g.holds is None or g.holds.holds(row))), None)
    )
    unverified = tuple(e.item.name for e in items if e.share is not None and e.item.confidence in _UNVERIFIED)
    return Judged(items, score, grade, tuple(cap.says for cap in held), round(measured, 1), unverified)


def judge(table: Score, frame: pl.DataFrame) -> pl.DataFrame:
    """Judge every row of a frame.

    Parameters:
        table: the scored table.
        frame: one row a thing judged, columns named as the fields that the table's expressions use; absent ones count as empty.

    Returns:
        The frame with ``points_<item>``, ``score``, ``grade`` (1 the best), ``measured`` [%], ``unverified`` (items, joined by commas),
        ``standard`` and ``version``.

    Reference:
        What the table names as its basis (`ScoreItem.basis`), with its confidence

    Examples:
        >>> from bilan.pack.scores import load
        >>> rivers = pl.DataFrame({"channel": [80.0, None], "water": [90.0, 60.0], "biota": [70.0, 55.0], "service": [85.0, 70.0]})
        >>> judge(load()["river-health"], rivers).select("score", "grade").rows()
        [(82.5, 2), (62.5, 3)]
    """
    found = [judge_row(table, row) for row in frame.iter_rows(named=True)]
    points = {f"points_{item.name}": [_rounded(row.items[place].points) for row in found] for place, item in enumerate(table.items)}
    return frame.with_columns(
        *(pl.Series(name, values, dtype=pl.Float64) for name, values in points.items()),
        pl.Series("score", [row.score for row in found], dtype=pl.Float64),
        pl.Series("grade", [row.grade.grade if row.grade else None for row in found], dtype=pl.Int64),
        pl.Series("measured", [row.measured for row in found], dtype=pl.Float64),
        pl.Series("unverified", [",".join(row.unverified) for row in found], dtype=pl.String),
        pl.lit(table.standard).alias("standard"),
        pl.lit(table.version).alias("version"),
    )


def change(table: Score, before: float, after: float) -> Change | None:
    """What the change of a score between two evaluations is called.

    Reference:
        区域生态质量评价办法(试行) 环监测[2021]99号, grades of change; HJ 192-2015

    Examples:
        >>> from bilan.pack.scores import load
        >>> change(load()["ecological-quality-index"], 60.0, 62.5).title.en
        'better'
    """
    difference = round(after - before, 6)
    return next((entry for entry in table.changes if difference >= entry.at_least), None)


def _item(item: ScoreItem, row: Mapping[str, Any]) -> ItemScore:
    value = item.value(row)
    if isinstance(value, bool):
        value = float(value)
    if value is None or value == "" or (item.rule.kind is not RuleKind.CHOICE and not _is_number(value)):
        return ItemScore(item, None, _SHARES[item.missing], _MISSING[item.missing])
    share, why = earned(item.rule, value, item.weight)
    return ItemScore(item, value, share, why)


def _reached(grade: Grade, score: float, row: Mapping[str, Any]) -> bool:
    return score >= grade.at_least and (grade.holds is None or grade.holds.holds(row))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def together(table: Score, items: Sequence[ItemScore]) -> float | None:
    """What items make together, before caps and rounding; None when none of them counts."""
    counted = [(entry.share, entry.item.weight) for entry in items if entry.share is not None and entry.item.weight > 0]
    possible = sum(weight for _share, weight in counted)
    if not possible:
        return None
    match table.aggregate:
        case Aggregate.WORST:
            return min(share for share, _weight in counted) * PERCENT
        case Aggregate.GEOMETRIC:
            if any(share <= 0 for share, _weight in counted):
                return 0.0
            return math.exp(sum(weight * math.log(share) for share, weight in counted) / possible) * PERCENT
    return math.fsum(share * weight for share, weight in counted) / possible * table.full


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
