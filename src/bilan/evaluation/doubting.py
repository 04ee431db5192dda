"""Check hours against their neighbours in time and against other parameters, and keep what is doubtful as quality bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.quality import Check, review
from bilan.telemetry.store import Store
from bilan.telemetry.store.dirty import Mark

REVIEWED = int(Check.RANGE | Check.RATE | Check.PERSISTENCE | Check.CROSS)
"""Bits that a review decides; the others were set on arrival and stay."""

BEFORE = 24 * clock.HOUR
"""How far back a review looks for runs of equal values and for the last value [s]."""


def doubt_marks(store: Store, marks: Iterable[Mark], city_pack: Path | None = None) -> int:
    """Review the hours that changed, with the day before them.

    Args:
        store: where the readings are.
        marks: changed hours of points.
        city_pack: pack folder of the city, whose rules come before those of the base pack.

    Returns:
        Number of values whose quality changed.
    """
    hours: dict[str, list[int]] = defaultdict(list)
    for mark in marks:
        if mark.interval == "hour":
            hours[mark.point].append(mark.hour)
    if not hours:
        return 0
    days: dict[tuple[str, int], list[Point]] = defaultdict(list)
    for point in store.catalogue.points(codes=list(hours)):
        for day in {hour // clock.DAY for hour in hours[point.code]}:
            days[point.network, day].append(point)
    return sum(_review_day(store, network, day * clock.DAY, points, city_pack) for (network, day), points in days.items())


def _review_day(store: Store, network: str, day: int, points: Sequence[Point], city_pack: Path | None) -> int:
    series = store.catalogue.series_frame([point.code for point in points], None, "hour")
    series = series.filter(pl.col("statistic") == "mean", pl.col("occurrence") == 1).select("point", "parameter", series="id")
    values = store.scan(series["series"].to_list(), day - BEFORE, day + clock.DAY, "hour", level="raw").join(series, on="series")
    if values.is_empty():
        return 0
    found = review(values.pivot("parameter", index=["point", "start"], values="value"), network, city_pack=city_pack).bits
    bits = found.unpivot(index=["point", "start"], variable_name="parameter", value_name="bits")
    kept = pl.col("quality") & ~pl.lit(REVIEWED, dtype=pl.Int32)
    changed = (
        values.join(bits, on=["point", "start", "parameter"])
        .with_columns(wanted=kept | pl.col("bits"))
        .filter(pl.col("wanted") != pl.col("quality"))
        .select("series", "start", quality="wanted")
    )
    return store.doubt("hour", changed)
