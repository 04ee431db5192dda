"""Wastewater values that are missing, replaced as HJ 356 says: by those of an equally long time just before."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.rounding import snap
from bilan.science.standards.emissions.hours import GIVEN, POINT, joined, on_grid, stacked
from bilan.science.standards.emissions.marks import INVALID, STOPPED, VALID, status_of
from bilan.science.standards.emissions.substitute import BLOCK

_MEDIAN = ("ph",)


def fill_gaps(frame: Native, items: Sequence[str]) -> Native:
    """Fill missing hours of wastewater with the mean of as many valid hours just before; pH with their median.

    Parameters:
        frame: one row an hour: ``point``, ``start`` (naive), `items` (``cod``, ``nh3n``, ``tp``, ``tn`` [mg/L], ``ph``, ``flow``), and what
            tells the status of an hour (``status``, or ``flag``, ``state``, ``running``). Hours that are not there count as missing.
        items: columns to fill.

    Returns:
        Every hour of each point, sorted: `items` filled, and ``filled_<item>``: how many hours the gap is long (0 where measured, empty
        where nothing replaces it). Values that do not count by their status are replaced too. A gap with fewer valid hours before it
        takes those there are.

    Raises:
        BilanError: a column is missing or an hour is there twice.

    Reference:
        HJ 356-2019, 8 (`emission_substitution.csv`; the row of flow is not verified).

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> start = pl.datetime_range(datetime(2026, 4, 1), datetime(2026, 4, 1, 4), "1h", eager=True)
        >>> frame = pl.DataFrame({"point": "a", "start": start, "cod": [20.0, 30.0, 40.0, None, None]})
        >>> fill_gaps(frame, ["cod"])["cod"].to_list()
        [20.0, 30.0, 40.0, 35.0, 35.0]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, "point", "start", *items)
        grid = status_of(on_grid(data))
        base = grid.with_columns(status=nw.when(nw.col(GIVEN).is_null()).then(nw.lit(INVALID)).otherwise(nw.col("status")))
        base = base.with_columns(
            ((nw.col("status") == VALID) & (nw.col(item) >= 0)).fill_null(False).cast(nw.Int64).alias(f"__ok_{item}") for item in items
        )
        base = base.with_columns(nw.col(f"__ok_{item}").cum_sum().over(POINT, order_by="start").alias(f"__seq_{item}") for item in items)
        filled = base
        for item in items:
            filled = _filled(filled, base, item)
        return filled.drop([POINT, GIVEN])

    return run(frame, rule)


def _filled(filled: AnyFrame, base: AnyFrame, item: str) -> AnyFrame:
    runs = nw.col("status") != STOPPED
    named = {f"__ok_{item}": "__ok", f"__seq_{item}": "__seq", item: "__value"}
    ready = base.filter(runs).select(POINT, *(nw.col(old).alias(new) for old, new in named.items()))
    gaps = ready.filter(nw.col("__ok") == 0).group_by(POINT, "__seq").agg(nw.len().alias("__hours"))
    replaced = _before(ready, gaps, item)
    known = joined(filled.with_columns(nw.col(f"__seq_{item}").alias("__seq")), replaced, [POINT, "__seq"])
    measured, lost = nw.col(f"__ok_{item}") == 1, (nw.col(f"__ok_{item}") == 0) & runs
    value = nw.when(measured).then(nw.col(item)).when(lost).then(nw.col("__new"))
    length = nw.when(measured).then(nw.lit(0)).when(lost & ~nw.col("__new").is_null()).then(nw.col("__hours").cast(nw.Int64))
    known = known.with_columns(value.alias(item), length.alias(f"filled_{item}"))
    return known.drop([f"__ok_{item}", f"__seq_{item}", "__seq", "__hours", "__new"])


def _before(ready: AnyFrame, gaps: AnyFrame, item: str) -> AnyFrame:
    """Mean or median of as many valid hours before each gap as it is long: short gaps look into two blocks, long ones at all."""
    valid = ready.filter(nw.col("__ok") == 1).select(
        POINT, "__value", nw.col("__seq").alias("__at"), __block=(nw.col("__seq") - 1) // BLOCK
    )
    block = (nw.col("__seq") - 1) // BLOCK
    short = gaps.filter(nw.col("__hours") <= BLOCK)
    keys = [POINT, "__seq", "__hours"]
    pairs = [
        joined(short.with_columns(__block=block), valid, [POINT, "__block"], "inner"),
        joined(short.with_columns(__block=block - 1), valid, [POINT, "__block"], "inner"),
        joined(gaps.filter(nw.col("__hours") > BLOCK), valid, [POINT], "inner"),
    ]
    inside = (nw.col("__at") <= nw.col("__seq")) & (nw.col("__at") > nw.col("__seq") - nw.col("__hours"))
    found = stacked([pair.filter(inside).select(*keys, "__value") for pair in pairs])
    middle = nw.col("__value").median() if item in _MEDIAN else nw.col("__value").mean()
    means = found.group_by(*keys).agg(middle.alias("__new"))
    return means.with_columns(snap(nw.col("__new")).alias("__new"))
