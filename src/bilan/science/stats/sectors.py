"""Wind directions counted by sector, fairly also when they were rounded."""

from __future__ import annotations

import math

import polars as pl

from bilan.problems import BilanError, Problem


def sectors(width: float) -> list[float]:
    """Middles of the sectors [°], the first one north.

    Raises:
        BilanError: the width does not divide the circle, or lies outside 1 to 180.

    Examples:
        >>> sectors(90)
        [0.0, 90.0, 180.0, 270.0]
    """
    if not 1 <= width <= 180 or abs(360 / width - round(360 / width)) > 1e-9:
        raise BilanError(Problem("analysis.range", {"value": width, "allowed": "1–180°, 360/n", "what": "sector"}))
    return [round(at * float(width), 6) for at in range(round(360 / width))]


def resolution(direction: pl.Series) -> float:
    """To how many degrees directions were rounded: 10 or 22.5 where every one of them is a multiple, else 0.

    Examples:
        >>> resolution(pl.Series([10.0, 350.0, 20.0])), resolution(pl.Series([12.0]))
        (10.0, 0.0)
    """
    for step in (22.5, 10.0):
        if ((direction / step).round() * step - direction).abs().max() in (0, 0.0):
            return step
    return 0.0


def shared(rows: pl.DataFrame, direction: str, width: float) -> pl.DataFrame:
    """Each row with its `sector` and `weight`; a rounded direction is shared among the sectors its range touches.

    Without this, sectors that hold more of the rounded directions than others get more wind.

    Parameters:
        rows: with the column `direction` [°].
        width: width of a sector [°].

    Examples:
        >>> frame = pl.DataFrame({"wd": [10.0, 20.0, 350.0]})
        >>> shared(frame, "wd", 45.0).group_by("sector").agg(pl.col("weight").sum()).sort("sector").rows()
        [(0.0, 2.75), (45.0, 0.25)]
    """
    middles = sectors(width)
    step = resolution(rows[direction])
    known = rows.select(pl.col(direction).unique())[direction].to_list()
    table = [(value, middles[at % len(middles)], weight) for value in known for at, weight in _touched(value, step, width)]
    lookup = pl.DataFrame(table, schema={direction: pl.Float64, "sector": pl.Float64, "weight": pl.Float64}, orient="row")
    return rows.join(lookup, on=direction, how="inner")


def _touched(direction: float, step: float, width: float) -> list[tuple[int, float]]:
    """Numbers of the sectors that a rounded direction touches, with its share in each."""
    if not step:
        return [(math.floor(direction / width + 0.5), 1.0)]
    low, high = direction - step / 2, direction + step / 2
    first, last = math.floor(low / width + 0.5), math.ceil(high / width - 0.5)
    parts = [(at, min(high, (at + 0.5) * width) - max(low, (at - 0.5) * width)) for at in range(first, last + 1)]
    return [(at, part / step) for at, part in parts if part > 1e-9]
