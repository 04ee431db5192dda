"""Outlets of waste gas and wastewater, judged by the hour and by the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import polars as pl

from bilan.evaluation.classes import OVER
from bilan.evaluation.frames import as_verdicts, measured, observed
from bilan.evaluation.rules.limits import held
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
STANDARD = "standard"
"""Source of a limit that neither a permit nor an outlet nor a point states."""
_MARKS = ("converted", "limit", "class", "factor", "hours", "by")
BLIND = ("hours_oxygen_high", "hours_oxygen_missing")
"""Hours of a day that count and are not judged, because there was too much oxygen to convert or none was measured."""
_WHY = (SOURCE, REFERENCE, "o2", "items", "deciding", "attained", "unjudged", "unjudged_why", "assumed", "unverified", *BLIND)


def judge_hours(store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the hours of outlets by their limits.

    Args:
        store: where the readings are.
        points: outlets of one network.
        begin, end: span of hours [s of the wall clock], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``emission.hour``, only for hours over a limit: of thousands of outlets an hour without a verdict was
        within its limits, or was not measured. Grade is 2, value the most times over. ``by_<item>`` in the detail says where the limit
        comes from: kind, number and clause, joined by ``|``.

    Reference:
        HJ 75-2017 10.2; the permit valid in that hour comes before the outlet's and the point's own limits, these before those of the
        standard (排污许可管理条例, 2021).
    """
    hours = _hours(store, points, begin, end)
    if hours.is_empty():
        return hours
    over = emissions.judge(hours).filter(pl.col("grade") == OVER)
    return _verdicts(_with_clauses(over, "hour"), "emission.hour", HOUR, now)


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
        works stood still at night, says how the outlet stands, and is not valid. A day of which no hour could be converted has no grade
        and says so.

    Reference:
        HJ 75-2017, HJ 76-2017 Annex B; HJ 356-2019, 7.
    """
    hours = _hours(store, points, begin, end)
    if hours.is_empty():
        return hours
    blind = [pl.col(name) > 0 for name in BLIND]
    days = emissions.evaluate_days(hours, least=1).filter(pl.any_horizontal(pl.col("grade").is_not_null(), *blind))
    days = days.with_columns(pl.when(pl.col(name) > 0).then(name).alias(name) for name in BLIND)
    needed = emissions.least_hours("gas" if points[0].network == "source_gas" else "wastewater")
    items = [name.removeprefix("class_") for name in days.columns if name.startswith("class_")]
    short = [pl.col(f"class_{item}").is_not_null() & (pl.col(f"hours_{item}") < needed) for item in items]
    own = [item for item in items if f"by_{item}" in hours.columns]
    strictest = [pl.col(f"by_{item}").sort_by(f"limit_{item}", nulls_last=True).first() for item in own]
    told = hours.group_by("point", pl.col("start").dt.truncate("1d")).agg(pl.col(REFERENCE).max(), *strictest)
    whole = pl.col("grade").is_not_null() & ~pl.any_horizontal(pl.lit(value=False), *short)
    days = days.join(told, on=["point", "start"], how="left").with_columns(valid=whole)
    return _verdicts(_with_clauses(days, "day"), "emission.day", DAY, now)


def _hours(store: Store, points: Sequence[Point], begin: int, end: int) -> pl.DataFrame:
    """Hours of the outlets that have limits, with their limits, source and reference oxygen beside them."""
    limits = _limits(store, points, begin, end)
    limited = set(limits["point"])
    keyed = [point for point in points if point.code in limited or point.attributes.get(SOURCE)]
    if not keyed:
        return pl.DataFrame()
    network = keyed[0].network
    wanted = set(limits["item"]) | _of_sources(keyed)
    items = measured(store, keyed, sorted(wanted), "hour")
    beside = measured(store, keyed, [column for column in BESIDE[network] if column not in wanted], "hour")
    hours = observed(store, keyed, [*items, *beside], begin, end) if items else pl.DataFrame()
    if hours.is_empty():
        return hours
    hours = _with_limits(hours.join(_about(keyed), on="point", how="left"), limits, items)
    return _with_device_conversion(store, keyed, hours, items, begin, end) if "o2" in beside else hours


def _limits(store: Store, points: Sequence[Point], begin: int, end: int) -> pl.DataFrame:
    """Stretches of time with the limit that a point is held to: point, item, limit, by, valid_from, valid_to."""
    columns = {code: parameter.column for code, parameter in vocab.parameters().items() if parameter.column}
    found = held(store.limits.frame([point.code for point in points]), points, begin, end)
    return found.filter(pl.col("parameter").is_in(list(columns))).select(
        "point",
        pl.col("parameter").replace_strict(columns, return_dtype=pl.String).alias("item"),
        "limit",
        pl.concat_str("source", "reference", "clause", separator="|").alias("by"),
        "valid_from",
        "valid_to",
    )


def _with_limits(hours: pl.DataFrame, limits: pl.DataFrame, items: Sequence[str]) -> pl.DataFrame:
    """Put ``limit_<item>`` and ``by_<item>`` of its time beside every hour."""
    empty = {f"limit_{item}": pl.Float64 for item in items} | {f"by_{item}": pl.String for item in items}
    edges = pl.concat([limits.select("point", start=name) for name in ("valid_from", "valid_to")]).unique()
    spans = edges.join(limits.filter(pl.col("item").is_in(items)), on="point")
    spans = spans.filter(pl.col("start") >= pl.col("valid_from"), pl.col("start") < pl.col("valid_to"))
    wide = edges.join(spans.pivot("item", index=["point", "start"], values=["limit", "by"]), on=["point", "start"], how="left")
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in empty.items() if name not in wide.columns]
    wide = wide.with_columns(pl.from_epoch("start").cast(hours.schema["start"]), *missing).select("point", "start", *empty)
    return hours.sort("start").join_asof(wide.sort("start"), on="start", by="point", check_sortedness=False).sort("point", "start")


def _of_sources(points: Sequence[Point]) -> set[str]:
    keys = {str(point.attributes[SOURCE]) for point in points if point.attributes.get(SOURCE)}
    found: set[str] = set()
    for key in keys & emissions.sources().keys():
        found |= {entry.item for entry in (*emissions.limits_of(key, "hour"), *emissions.limits_of(key, "day"))}
    return found & {parameter.column for parameter in vocab.parameters().values()}


def _about(points: Sequence[Point]) -> pl.DataFrame:
    schema = {"point": pl.String, SOURCE: pl.String, REFERENCE: pl.Float64}
    known = emissions.sources()
    rows = [
        (point.code, key if (key := point.attributes.get(SOURCE)) in known else None, point.attributes.get(REFERENCE)) for point in points
    ]
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def _with_clauses(judged: pl.DataFrame, averaging: emissions.Averaging) -> pl.DataFrame:
    """Complete ``by_<item>`` with the clause of the standard where nothing else states a limit; only what was judged has one.

    Where no limit is the standard's, the verdict does not name it.
    """
    items = [name.removeprefix("class_") for name in judged.columns if name.startswith("class_")]
    if not items or judged.is_empty():
        return judged
    clauses = pl.concat(
        [_clauses(key, averaging, tuple(items)) for key in sorted(set(judged[SOURCE].drop_nulls()))] or [_no_clauses(items)]
    )
    found = judged.sort("start").join_asof(clauses.sort("start"), on="start", by=SOURCE, suffix="_of", check_sortedness=False)
    by = {item: pl.coalesce(*([f"by_{item}"] if f"by_{item}" in judged.columns else []), f"clause_{item}") for item in items}
    found = found.with_columns(pl.when(pl.col(f"class_{item}").is_not_null()).then(text).alias(f"by_{item}") for item, text in by.items())
    standing = pl.any_horizontal(pl.col(f"by_{item}").str.starts_with(STANDARD).fill_null(value=False) for item in items)
    return found.with_columns(pl.when(standing).then(pl.col("standard", "version")).name.keep()).sort("point", "start")


@cache
def _clauses(source: str, averaging: emissions.Averaging, items: tuple[str, ...]) -> pl.DataFrame:
    """Begin of each stretch of days and the clause of the standard for each item: ``clause_<item>``."""
    rows = []
    for first, _last in emissions.spans(source, averaging):
        chosen = {item: choice.limit for item, choice in emissions.choose(source, averaging, first).items()}
        told = (f"{STANDARD}|{chosen[item].title}|{chosen[item].clause}" if item in chosen else None for item in items)
        rows.append((source, datetime(first.year, first.month, first.day), *told))
    return pl.DataFrame(rows, schema=_no_clauses(items).schema, orient="row")


def _no_clauses(items: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema={SOURCE: pl.String, "start": pl.Datetime("us"), **{f"clause_{item}": pl.String for item in items}})


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
    empty = [f"{mark}_{item}" for item in items for mark in ("limit", "hours", "by") if f"{mark}_{item}" in named.columns]
    named = named.with_columns(pl.when(pl.col(name.partition("_")[2]).is_not_null()).then(name).alias(name) for name in empty)
    why = (*items, *(f"{mark}_{item}" for item in items for mark in _MARKS), *_WHY)
    return as_verdicts(named, method=method, seconds=seconds, value="worst", grade="grade", main="main", detail=why, now=now, compact=True)
