"""Sliding means of the hours before: eight hours for ozone, twenty-four for particles."""

from __future__ import annotations

from typing import Any, TypeVar

import narwhals as nw

from bilan.science.engine import AnyFrame, need, run, with_missing
from bilan.science.grid import complete_days
from bilan.science.rounding import snap
from bilan.science.standards.air.iaqi import reading
from bilan.science.standards.air.validity import day_hours, window_hours
from bilan.science.standards.air.versions import versions

Native = TypeVar("Native")

SLIDING = {"o3_8h": ("o3", 8), "pm10_24h": ("pm10", 24), "pm25_24h": ("pm25", 24), "so2_24h": ("so2", 24)}
"""Sliding column → source column, hours."""


def sliding_means(frame: Native, *columns: str) -> Native:
    """Add sliding means that end with each hour.

    Parameters:
        frame: ``point``, ``start`` (naive), and the source columns [µg/m³], one row an hour; hours may be missing.
        columns: of ``o3_8h``, ``pm10_24h``, ``pm25_24h``, ``so2_24h``; all when none is named.

    Returns:
        The frame's rows, with the means; null where too few hours are valid (6 of 8, 20 of 24).

    Raises:
        BilanError: an hour of a point is there twice.

    Reference:
        GB 3095, 3.8 and 6.4 Table 4; HJ 633-2012, 5.1.3.

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime, timedelta
        >>> start = [datetime(2026, 3, 1) + timedelta(hours=n) for n in range(24)]
        >>> hours = pl.DataFrame({"point": "a", "start": start, "o3": [40.0] * 12 + [80.0] * 12})
        >>> sliding_means(hours, "o3_8h")["o3_8h"].to_list()[4:20:3]
        [None, 40.0, 40.0, 50.0, 65.0, 80.0]
    """
    return run(frame, lambda given: with_sliding(given, *(columns or SLIDING)))


def with_sliding(frame: AnyFrame, *columns: str) -> AnyFrame:
    """Add sliding means to a narwhals frame (see `sliding_means`); an eager frame keeps its order of rows."""
    need(frame, "point", "start", code="air.missing_column")
    frame = with_missing(frame, *(SLIDING[column][0] for column in columns))
    names = frame.collect_schema().names()
    ordered = frame.with_row_index("__row") if isinstance(frame, nw.DataFrame) else frame
    grid = complete_days(ordered.with_columns(__given=nw.lit(1)), day_before=True)
    means: dict[str, nw.Expr] = {}
    for column in columns:
        source, hours = SLIDING[column]
        needed = window_hours(_latest()) if hours < 24 else day_hours(_latest())
        means[column] = snap(nw.col(f"__{source}").rolling_mean(hours, min_samples=needed).over("point", order_by="start"))
    sources = {SLIDING[column][0] for column in columns}
    grid = grid.with_columns(*(reading(source).alias(f"__{source}") for source in sources))
    result: nw.LazyFrame[Any] = grid.with_columns(**means).filter(~nw.col("__given").is_null()).lazy()
    if isinstance(frame, nw.DataFrame):
        result = result.sort("__row")
    return result.select(*(name for name in names if name not in columns), *columns)


def _latest() -> str:
    return list(versions())[-1]
