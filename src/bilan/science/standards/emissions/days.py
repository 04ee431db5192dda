"""Days judged from their hours: means of what counts, enough hours, the limit of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, begun, need, run
from bilan.science.rounding import snap
from bilan.science.standards.emissions.judge import OXYGEN_HIGH, OXYGEN_MISSING, judged, verdict_of
from bilan.science.standards.emissions.marks import VALID

BLIND = (OXYGEN_HIGH, OXYGEN_MISSING)
"""Reasons for which an hour that counts is left out."""
_MEDIAN = ("ph",)
_LARGE = 1e30


def evaluate_days(
    frame: Native,
    source: str | None = None,
    *,
    conditions: Sequence[str] = (),
    items: Sequence[str] | None = None,
    permits: Mapping[str, float] | None = None,
    least: int | None = None,
) -> Native:
    """Judge every day of every point by the daily limits of a source.

    Parameters:
        frame: one row an hour: ``point``, ``start`` (naive), and columns as for `judge`; for wastewater ``flow`` [L/s] where there is one.
        source: key of the source of all rows; without one the column ``source`` says it, and the limits are its own where
            ``limit_<item>`` is given, as for `judge`.
        conditions, items, permits: as for `judge`; permits are limits of the day.
        least: valid hours that an item needs to be judged; 20, as the standards ask, when not given.

    Returns:
        One row a point and day: ``start``, ``<item>`` (mean of the valid hours, converted where a reference oxygen applies; of wastewater
        weighted by flow where there is one, for pH the median), ``hours_<item>``, ``limit_<item>``, ``class_<item>``, ``factor_<item>``,
        ``grade``, ``main``, ``attained``, ``valid``; ``hours_oxygen_high``, ``hours_oxygen_missing``: hours left out because there was too
        much oxygen to convert, or none measured. An item with too few valid hours is not judged.

    Raises:
        BilanError: a column is missing, no item, or unknown names.

    Reference:
        HJ 75-2017, HJ 76-2017 Annex B; HJ 356-2019, 7 (not verified); GB 18485-2014 Table 4; GB 18918-2002 4.1.4.

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> start = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 23), "1h", eager=True)
        >>> hours = pl.DataFrame({"point": "a", "start": start, "so2": [90.0] * 12 + [74.0] * 12, "o2": 11.0})
        >>> evaluate_days(hours, "gb18485").select("so2", "hours_so2", "limit_so2", "main").rows()
        [(82.0, 24, 80.0, 'SO2')]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, "point", "start")
        hours = judged(data, source, "day", conditions, items, permits or {})
        names = hours.collect_schema().names()
        limited = [name.removeprefix("class_") for name in names if name.startswith("class_")]
        days = _means(hours, limited, names, source is None and "source" in names)
        return verdict_of(days, source, limited, conditions, least)

    return run(frame, rule)


def _means(hours: AnyFrame, items: Sequence[str], names: Sequence[str], sourced: bool) -> AnyFrame:
    weighted = "flow" in names and "flow" not in items
    columns: dict[str, nw.Expr] = {}
    for item in items:
        value = nw.col(f"converted_{item}") if f"converted_{item}" in names else _usable(item)
        columns[f"__v_{item}"] = value
        if weighted:
            flow = nw.when(~value.is_null() & (nw.col("flow") >= 0)).then(nw.col("flow"))
            columns[f"__q_{item}"] = flow
            columns[f"__p_{item}"] = value * flow
    days = hours.with_columns(begun(nw.col("start"), "1d"), **columns).group_by("point", "start")
    made: list[nw.Expr] = []
    for item in items:
        middle = nw.col(f"__v_{item}").median() if item in _MEDIAN else nw.col(f"__v_{item}").mean()
        made += [middle.alias(f"__m_{item}"), nw.col(f"__v_{item}").count().alias(f"hours_{item}"), nw.col(f"limit_{item}").min()]
        if weighted:
            made += [nw.col(f"__p_{item}").sum(), nw.col(f"__q_{item}").sum()]
    made += [(nw.col("unjudged_why") == why).cast(nw.Int64).sum().alias(f"hours_{why}") for why in BLIND]
    if sourced:
        made.append(nw.col("source").min())
    gathered = days.agg(*made)
    means = {item: snap(_mean(item, weighted)) for item in items}
    told = [*(f"hours_{name}" for name in (*items, *BLIND)), *(f"limit_{item}" for item in items)]
    kept = ["point", "start", *(["source"] if sourced else []), *told]
    return gathered.select(*kept, **means).sort("point", "start")


def _mean(item: str, weighted: bool) -> nw.Expr:
    plain = nw.col(f"__m_{item}")
    if not weighted or item in _MEDIAN:
        return plain
    total = nw.col(f"__q_{item}")
    return nw.when(total > 0).then(nw.col(f"__p_{item}") / total).otherwise(plain)


def _usable(item: str) -> nw.Expr:
    value = nw.col(item).cast(nw.Float64)
    return nw.when((nw.col("status") == VALID) & (value >= 0) & (value < _LARGE)).then(value)
