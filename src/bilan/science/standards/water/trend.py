"""Change of water quality between two periods and its trend over several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.limits import item
from bilan.science.tables import table

Change = Literal["clearly_worse", "worse", "none", "better", "clearly_better"]

CHANGES: dict[Change, tuple[str, str]] = {
    "clearly_better": ("明显好转", "clearly better"),
    "better": ("有所好转", "somewhat better"),
    "none": ("无明显变化", "no clear change"),
    "worse": ("有所变差", "somewhat worse"),
    "clearly_worse": ("明显变差", "clearly worse"),
}
"""Words of each change in Chinese and English."""

_SOME_POINTS = 10.0
_CLEAR_POINTS = 20.0
_LEAST = 5


@dataclass(frozen=True, slots=True)
class RatioChange:
    """Change of a basin by the ratio method [percentage points]."""

    good: float
    worst: float
    difference: float
    change: Change


def status_change(before: int, after: int) -> Change:
    """Change between two periods from status grades 1..5 of the same section or basin.

    Reference:
        环办[2011]22号, 水质变化趋势分析 (surface_water_rules.csv TR1 to TR3)

    Examples:
        >>> status_change(4, 2), status_change(2, 3), status_change(1, 1)
        ('clearly_better', 'worse', 'none')
    """
    steps = before - after
    return _word(float(steps), 0.5, 1.5)


def ratio_change(good_before: float, worst_before: float, good_after: float, worst_after: float) -> RatioChange:
    """Change of a basin from its shares of good and of worst sections.

    Parameters:
        good_before, good_after: share of class I to III [fraction].
        worst_before, worst_after: share worse than class V [fraction].

    Reference:
        环办[2011]22号, 水质变化趋势分析 (surface_water_rules.csv TR4 to TR7)

    Examples:
        >>> ratio_change(0.50, 0.20, 0.62, 0.09).change
        'clearly_better'
    """
    good = (good_after - good_before) * 100
    worst = (worst_after - worst_before) * 100
    difference = round(good - worst, 9)
    return RatioChange(round(good, 9), round(worst, 9), difference, _word(difference, _SOME_POINTS, _CLEAR_POINTS))


def spearman_trend(frame: Native, value: str, *, by: str = "point", time: str = "start") -> Native:
    """Rank correlation of a series with time and whether its trend is significant.

    Parameters:
        frame: one row a group and period (years, or months of one kind), at least five periods.
        value: column whose trend is asked; for an item of GB 3838 the sense of "better" is known.
        by: column that names the group.
        time: column that orders the periods.

    Returns:
        One row a group: ``n``, ``rs`` (−1..1), ``critical`` (one-sided 0.05), ``significant``, ``direction``
        (rising, falling, none), ``better`` (empty when not significant). Groups below five periods have no ``rs``.

    Raises:
        BilanError: a column is missing.

    Reference:
        环办[2011]22号, 水质变化趋势分析 (surface_water_rules.csv TR8; surface_water_spearman.csv: between two tabled numbers
        the smaller one's stricter value is taken)

    Examples:
        >>> import polars as pl
        >>> years = pl.DataFrame({"point": ["a"] * 6, "start": range(2020, 2026), "nh3n": [0.9, 0.8, 0.7, 0.72, 0.5, 0.4]})
        >>> spearman_trend(years, "nh3n").select("n", pl.col("rs").round(3), "significant", "direction", "better").rows()
        [(6, -0.943, True, 'falling', True)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, by, time, value)
        data = data.filter(~nw.col(value).is_null())
        data = data.with_columns(_x=nw.col(value).rank(method="average").over(by), _y=nw.col(time).rank(method="average").over(by))
        data = data.with_columns(_d=(nw.col("_x") - nw.col("_y")) * (nw.col("_x") - nw.col("_y")))
        groups = data.group_by(by).agg(nw.len().alias("n"), nw.col("_d").sum())
        count = nw.col("n").cast(nw.Float64)
        rs = 1 - 6 * nw.col("_d") / (count * count * count - count)
        groups = groups.with_columns(rs=nw.when(nw.col("n") >= _LEAST).then(rs.round(9)), critical=_critical(nw.col("n")))
        return _judged(groups, value).drop("_d")

    return run(frame, rule)


def _judged(groups: AnyFrame, value: str) -> AnyFrame:
    rs = nw.col("rs")
    significant = (rs.abs() > nw.col("critical")).fill_null(False)
    more_is_better = value == "do" and item(value).direction == "above"
    direction = nw.when(significant & (rs > 0)).then(nw.lit("rising")).when(significant).then(nw.lit("falling")).otherwise(nw.lit("none"))
    better = nw.when(significant).then(rs > 0 if more_is_better else rs < 0)
    return groups.with_columns(significant=significant, direction=direction, better=better)


@cache
def _critical_values() -> tuple[tuple[int, float], ...]:
    return tuple((int(row["n"]), float(row["p05"])) for row in table("surface_water_spearman"))


def _critical(count: nw.Expr) -> nw.Expr:
    result: nw.Expr = nw.lit(None).cast(nw.Float64)
    for number, critical in _critical_values():
        result = nw.when(count >= number).then(nw.lit(critical)).otherwise(result)
    return result


def _word(better_by: float, some: float, clear: float) -> Change:
    if abs(better_by) <= some:
        return "none"
    if better_by > 0:
        return "clearly_better" if better_by > clear else "better"
    return "clearly_worse" if -better_by > clear else "worse"
