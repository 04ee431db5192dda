"""Roll-up where it is needed: what arrived late, what just arrived, and whole periods at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from bilan.telemetry import clock
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.rollup.aggregation import LENGTHS, roll_up
from bilan.telemetry.rollup.plan import plan, with_rules
from bilan.telemetry.store import ROLLED_UP, Mark, Store
from bilan.telemetry.store.datasets import OBSERVATION_SCHEMA

STEPS = (("instant", "hour"), ("minute", "hour"), ("hour", "day"))
"""What the worker rolls up, from the shortest to the longest."""


class Rolled(NamedTuple):
    """What a run did: results computed, and those of them that were new or different."""

    computed: int = 0
    changed: int = 0


def run(store: Store, marks: Iterable[Mark]) -> Rolled:
    """Roll up again exactly the spans that the marks touch.

    Results are written with source `ROLLED_UP`: a value that a device reported for the same span stays. Those that are new or
    different mark their own hour, so minutes lead to hours and hours to days, and running twice changes nothing.

    Parameters:
        store: the store.
        marks: from `store.dirty.take`; hand them to `store.dirty.done` afterwards.
    """
    marks = list(marks)
    total = Rolled()
    for source, target in STEPS:
        length = LENGTHS[target]
        spans = {(mark.point, mark.hour // length * length) for mark in marks if mark.interval == source}
        for begin, end, points in _stretches(spans, length):
            wanted = pl.DataFrame(
                [(point, start) for point, start in spans if begin <= start < end and point in points],
                schema={"point": pl.String, "span": pl.Int64},
                orient="row",
            )
            done = _roll(store, source, target, begin, end, points, wanted)
            total = Rolled(total.computed + done.computed, total.changed + done.changed)
    return total


def _stretches(spans: Iterable[tuple[str, int]], length: int) -> Iterator[tuple[int, int, set[str]]]:
    """Join spans that follow each other, so that a live batch is one scan and late data of last year is another."""
    points: dict[int, set[str]] = {}
    for point, start in spans:
        points.setdefault(start, set()).add(point)
    begin = end = 0
    together: set[str] = set()
    for start in sorted(points):
        if together and start == end:
            together |= points[start]
        else:
            if together:
                yield begin, end, together
            begin, together = start, set(points[start])
        end = start + length
    if together:
        yield begin, end, together


def _roll(store: Store, source: str, target: str, begin: int, end: int, points: set[str], wanted: pl.DataFrame) -> Rolled:
    planned, keys, units = plan(store, points, source, target)
    if not planned.height:
        return Rolled()
    series = pl.concat([planned["series"], planned["weights"].drop_nulls()]).unique().to_list()
    values = with_rules(store.scan(series, begin, end, source), planned)
    length = LENGTHS[target]
    touched = values.with_columns((pl.col("start") // length * length).alias("span")).join(wanted, on=["point", "span"], how="semi")
    rolled = roll_up(touched, target)
    used = rolled["key"].unique().to_list()
    ids = dict(zip(used, store.catalogue.series_ids([keys[key] for key in used], [units[key] for key in used]), strict=True))
    readings = [Reading(ids[row[0]], *row[1:]) for row in rolled.select("key", "start", "seconds", "value", "flag", "quality").rows()]
    written = store.write(target, readings, arrived=clock.now(store.zone), source=ROLLED_UP)
    return Rolled(len(readings), written.inserted + written.changed)


def days_from_hours(values: pl.DataFrame, store: Store) -> pl.DataFrame:
    """Roll hourly values up to days, for a whole back-fill at once.

    Parameters:
        values: columns series (of hourly series in the catalogue), start [s], seconds, value and, where not all are normal, flag.
        store: whose catalogue says what the series are; series of days are made where they are missing.

    Returns:
        Frame of day values as `store.lake.write("day", …)` takes it, with source `ROLLED_UP`.
    """
    return _in_bulk(values, store, "hour", "day")


def hours_from_minutes(values: pl.DataFrame, store: Store) -> pl.DataFrame:
    """Roll minute values up to hours, as `days_from_hours` does with hours."""
    return _in_bulk(values, store, "minute", "hour")


def _in_bulk(values: pl.DataFrame, store: Store, source: str, target: str) -> pl.DataFrame:
    planned, keys, units = plan(store, None, source, target)
    given = values if "flag" in values.columns else values.with_columns(pl.lit("N").alias("flag"))
    planned = planned.join(given.select("series").unique(), on="series", how="semi")
    rolled = roll_up(with_rules(given.select("series", "start", "seconds", "value", "flag"), planned), target)
    used: list[int] = rolled["key"].unique().to_list()
    wanted: list[SeriesKey] = [keys[key] for key in used]
    ids = store.catalogue.series_ids(wanted, [units[key] for key in used])
    named = pl.DataFrame({"key": used, "series": ids}, schema={"key": pl.Int64, "series": pl.Int64})
    stamped = rolled.join(named, on="key").with_columns(
        pl.lit(clock.now(store.zone), dtype=pl.Int64).alias("arrived"), pl.lit(ROLLED_UP, dtype=pl.Int64).alias("source")
    )
    return stamped.select(list(OBSERVATION_SCHEMA)).sort("series", "start")


def fill(store: Store, source: str, begin: int, end: int) -> int:
    """Roll up everything in begin ≤ start < end into the lake, month by month, and give the number of results.

    Parameters:
        source: ``minute`` or ``hour``.
        begin, end: seconds of the wall clock; both midnights.
    """
    target = {"minute": "hour", "hour": "day"}[source]
    series = store.catalogue.series_frame(None, None, source)["id"].to_list()
    written = 0
    for first in range(begin, end, 31 * clock.DAY):
        rolled = _in_bulk(store.scan(series, first, min(first + 31 * clock.DAY, end), source), store, source, target)
        store.lake.write(target, rolled)
        written += rolled.height
    return written
