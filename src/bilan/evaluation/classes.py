"""Waters that one standard judges by their worst item: sea, groundwater, drinking-water sources; by sample, day or month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from bilan.evaluation.frames import as_verdicts, described, measured, observed
from bilan.science import groundwater, sea, water
from bilan.science.engine import run
from bilan.science.standards.groundwater.judge import LIMITS as GROUND
from bilan.science.standards.sea.judge import LIMITS as SEAWATER
from bilan.science.standards.single.limits import version_at
from bilan.science.standards.single.periods import period_means
from bilan.science.standards.water.drinking import source_items
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

WITHIN, OVER = 1, 2
"""Grades of a verdict that only says whether limits are met."""
_LENGTHS = {"sample": pl.lit(HOUR, dtype=pl.Int64), "day": pl.lit(DAY, dtype=pl.Int64)}
_WHY = ("items", "due", "samples", "deciding", "attained", "unverified")


@dataclass(frozen=True, slots=True)
class Medium:
    """A water and the standard that judges it.

    Attributes:
        name: first word of its methods.
        items: science columns of everything the standard limits.
        judge: the standard's rule; what it gives has grade, main, deciding, attained, standard, version and valid.
        described: attribute of a point that the rule asks for → its type.
        value: column of the verdict's number.
    """

    name: str
    items: Callable[[], Sequence[str]]
    judge: Callable[[pl.DataFrame], pl.DataFrame]
    described: Mapping[str, Any]
    value: str = "grade"


def judge(medium: Medium, span: str, store: Store, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge the samples, days or months of the points of one network.

    Args:
        medium: the water with its standard.
        span: ``sample`` (taken by hand), ``day`` or ``month`` (both from hours).
        store: where the readings are.
        points: points.
        begin, end: span that covers whole days or months [s of the wall clock], `end` excluded.
        now: time of the computation [s of the wall clock].

    Returns:
        Verdicts of the method ``<medium>.<span>``; none where nothing of the standard was measured.

    Reference:
        GB 3097-1997 with HJ 442.10-2020 (sea), GB/T 14848-2017 6.1 to 6.3 (groundwater), GB 3838-2002 Tables 1 to 3 (drinking).
    """
    interval = "sample" if span == "sample" else "hour"
    items = measured(store, points, medium.items(), interval)
    rows = observed(store, points, items, begin, end, interval=interval) if items else pl.DataFrame()
    if rows.is_empty():
        return rows
    means = rows if span == "sample" else days(rows, items) if span == "day" else months(days(rows, items), items)
    judged = medium.judge(means.join(described(points, medium.described), on="point", how="left")).filter(pl.col("grade").is_not_null())
    length = _LENGTHS.get(span, (pl.col("start").dt.offset_by("1mo") - pl.col("start")).dt.total_seconds())
    why = (*items, *(f"{mark}_{item}" for item in items for mark in ("class", "factor")), *medium.described, *_WHY)
    method = f"{medium.name}.{span}"
    return as_verdicts(
        judged, method=method, seconds=length, value=medium.value, grade="grade", main="main", detail=why, now=now, compact=True
    )


def days(hours: pl.DataFrame, items: Sequence[str]) -> pl.DataFrame:
    """Means of the hours of each day.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.DataFrame({"point": ["w"] * 2, "start": [datetime(2026, 5, 1, 3), datetime(2026, 5, 1, 4)], "mn": [0.1, 0.2]})
        >>> days(hours, ["mn"]).select("start", "mn", "samples").row(0)
        (datetime.datetime(2026, 5, 1, 0, 0), 0.15000000000000002, 2)
    """
    found = hours.group_by("point", pl.col("start").dt.truncate("1d")).agg(*(pl.col(item).mean() for item in items), samples=pl.len())
    return found.sort("point", "start")


def months(daily: pl.DataFrame, items: Sequence[str]) -> pl.DataFrame:
    """Means of the days of each month, of pH through the hydrogen ion.

    Args:
        daily: from `days`.
        items: columns to average.
    """
    return run(daily, lambda data: period_means(data, "month", "point", items)).sort("point", "start")


def _drinking_source(samples: pl.DataFrame) -> pl.DataFrame:
    """What the rule of drinking-water sources says, under the names of the other waters."""
    judged = water.judge_drinking(samples)
    factors = [name for name in judged.columns if name.startswith("factor_")]
    return judged.with_columns(
        pl.when(pl.col("attained")).then(WITHIN).when(~pl.col("attained")).then(OVER).alias("grade"),
        pl.col("exceeded").alias("main"),
        pl.col("exceeded").alias("deciding"),
        # What a station does not measure is analysed in the laboratory, so a verdict on what it measures is whole in itself.
        pl.col("attained").is_not_null().alias("valid"),
        pl.max_horizontal(pl.lit(0.0), *factors).alias("worst"),
    )


def _of_table(limits: str) -> Callable[[], Sequence[str]]:
    return lambda: tuple(version_at(limits).items)


def _of_sources() -> Sequence[str]:
    return tuple(entry.column for entry in source_items())


SEA = Medium("sea", _of_table(SEAWATER), sea.judge, {"target_class": pl.Int64})
GROUNDWATER = Medium("groundwater", _of_table(GROUND), groundwater.judge, {"target_class": pl.Int64})
DRINKING = Medium("drinking", _of_sources, _drinking_source, {"section_type": pl.String}, value="worst")
