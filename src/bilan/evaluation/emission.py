"""Outlets of waste gas and wastewater, judged by the hour and by the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from bilan.evaluation.classes import OVER
from bilan.evaluation.frames import as_verdicts, measured, observed
from bilan.evaluation.rules.limits import of_points
from bilan.pack import vocab
from bilan.science import emissions
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

SOURCE, REFERENCE = "source", "reference_o2"
"""Attributes of an outlet: key of its kind of source (`bilan.science.emissions.sources`), and its own reference oxygen [%]."""
BESIDE = {"source_gas": ("o2",), "source_water": ("flow", "wt")}
"""Network → what is read beside the judged items."""
CONVERTED = "converted_mean"
"""Statistic of what a device converted itself: it stands in for hours without oxygen."""
_MARKS = ("converted", "limit", "class", "factor", "hours")
_WHY = (SOURCE, REFERENCE, "o2", "items", "deciding", "attained", "unjudged", "assumed", "unverified")


def judge_hours(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the hours of outlets by their limits.

    Args:
        store: where the readings are.
        points: outlets of one network.
        begin, end: span of hours [s of the wall clock], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``emission.hour``, only for hours over a limit: of thousands of outlets an hour without a verdict was
        within its limits, or was not measured. Grade is 2, value the most times over.

    Reference:
        HJ 75-2017 10.2; the outlet's own limits come before those of its standard (排污许可管理条例).
    """
    hours = _hours(store, points, begin, end)
    if hours.is_empty():
        return hours
    return _verdicts(emissions.judge(hours).filter(pl.col("grade") == OVER), "emission.hour", HOUR, now)


def judge_days(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the days of outlets by the means of their hours.

    Args:
        store: where the readings are.
        points: outlets of one network.
        begin, end: span of days [s of the wall clock at midnight], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``emission.day``: grade 1 within, 2 over, value the most times over; wastewater is weighted by flow, waste
        gas converted hour by hour. A day on which an item has fewer than 20 valid hours, such as one that is not over or on which the
        works stood still at night, says how the outlet stands, and is not valid.

    Reference:
        HJ 75-2017, HJ 76-2017 Annex B; HJ 356-2019, 7.
    """
    hours = _hours(store, points, begin, end)
    if hours.is_empty():
        return hours
    days = emissions.evaluate_days(hours, least=1).filter(pl.col("grade").is_not_null())
    needed = emissions.least_hours("gas" if points[0].network == "source_gas" else "wastewater")
    items = [name.removeprefix("class_") for name in days.columns if name.startswith("class_")]
    short = [pl.col(f"class_{item}").is_not_null() & (pl.col(f"hours_{item}") < needed) for item in items]
    days = days.join(hours.group_by("point").agg(pl.col(REFERENCE).max()), on="point", how="left")
    return _verdicts(days.with_columns(~pl.any_horizontal(pl.lit(value=False), *short).alias("valid")), "emission.day", DAY, now)


def _hours(store: Store, points: Sequence[Point], begin: int, end: int) -> pl.DataFrame:
    """Hours of the outlets that have limits, with their limits, source and reference oxygen beside them."""
    limits = _limits(points)
    keyed = [point for point in points if point.code in limits or point.attributes.get(SOURCE)]
    if not keyed:
        return pl.DataFrame()
    network = keyed[0].network
    wanted = {column for held in limits.values() for column in held} | _of_sources(keyed)
    items = measured(store, keyed, sorted(wanted), "hour")
    beside = measured(store, keyed, [column for column in BESIDE[network] if column not in wanted], "hour")
    hours = observed(store, keyed, [*items, *beside], begin, end) if items else pl.DataFrame()
    if hours.is_empty():
        return hours
    hours = hours.join(_about(keyed, limits, items), on="point", how="left")
    return _with_device_conversion(store, keyed, hours, items, begin, end) if "o2" in beside else hours


def _limits(points: Sequence[Point]) -> dict[str, dict[str, float]]:
    """Outlet → item → limit that the outlet itself is held to."""
    found: dict[str, dict[str, float]] = {}
    for code, parameter, limit in of_points(points).select("point", "parameter", "limit").iter_rows():
        column = vocab.parameters()[parameter].column if parameter in vocab.parameters() else ""
        if column:
            found.setdefault(code, {})[column] = limit
    return found


def _of_sources(points: Sequence[Point]) -> set[str]:
    keys = {str(point.attributes[SOURCE]) for point in points if point.attributes.get(SOURCE)}
    found: set[str] = set()
    for key in keys & emissions.sources().keys():
        found |= {entry.item for entry in (*emissions.limits_of(key, "hour"), *emissions.limits_of(key, "day"))}
    return found & {parameter.column for parameter in vocab.parameters().values()}


def _about(points: Sequence[Point], limits: Mapping[str, Mapping[str, float]], items: Sequence[str]) -> pl.DataFrame:
    schema = {"point": pl.String, SOURCE: pl.String, REFERENCE: pl.Float64, **{f"limit_{item}": pl.Float64 for item in items}}
    known = emissions.sources()
    rows = []
    for point in points:
        key, held = point.attributes.get(SOURCE), limits.get(point.code, {})
        rows.append((point.code, key if key in known else None, point.attributes.get(REFERENCE), *(held.get(item) for item in items)))
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def _with_device_conversion(
    store: Store, points: Sequence[Point], hours: pl.DataFrame, items: Sequence[str], begin: int, end: int
) -> pl.DataFrame:
    """Where oxygen is missing take what the device converted itself, and convert it no more."""
    blind = pl.col("o2").is_null() & pl.col(REFERENCE).is_not_null()
    if hours.filter(blind).is_empty():
        return hours
    own = observed(store, points, items, begin, end, statistic=CONVERTED).rename({item: f"_c_{item}" for item in items})
    joined = hours.join(own, on=["point", "start"], how="left").with_columns(_blind=blind)
    return joined.with_columns(
        *(pl.when("_blind").then(f"_c_{item}").otherwise(item).alias(item) for item in items),
        pl.when(~pl.col("_blind")).then(REFERENCE).alias(REFERENCE),
    ).drop("_blind", *(f"_c_{item}" for item in items))


def _verdicts(judged: pl.DataFrame, method: str, seconds: int, now: int) -> pl.DataFrame:
    items = [name.removeprefix("class_") for name in judged.columns if name.startswith("class_")]
    factors = [pl.col(f"factor_{item}") for item in items]
    named = judged.with_columns(
        pl.max_horizontal(pl.lit(0.0), *factors).alias("worst"), pl.col("standard", "version").cast(pl.String).fill_null("")
    )
    # What was not measured is of no use to whoever asks why.
    empty = [f"{mark}_{item}" for item in items for mark in ("limit", "hours") if f"{mark}_{item}" in named.columns]
    named = named.with_columns(pl.when(pl.col(name.partition("_")[2]).is_not_null()).then(name).alias(name) for name in empty)
    why = (*items, *(f"{mark}_{item}" for item in items for mark in _MARKS), *_WHY)
    return as_verdicts(named, method=method, seconds=seconds, value="worst", grade="grade", main="main", detail=why, now=now, compact=True)
