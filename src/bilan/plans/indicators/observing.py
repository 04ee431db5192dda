"""What the store holds over a span, laid out for tables: points, days, values side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import polars as pl

from bilan.pack import vocab
from bilan.telemetry.clock import HOUR, moment, seconds
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

SECONDS_DAY = pl.from_epoch("start", time_unit="s").dt.date().alias("day")
"""The day that a start [s of the wall clock] lies in."""
_KNOWN: dict[str, Any] = {
    **dict.fromkeys(("point", "name", "network", "district", "kind", "control", "zone_class"), pl.String),
    "target_class": pl.Int64,
    "enterprise": pl.String,
    "lon": pl.Float64,
    "lat": pl.Float64,
}
_HOURS: dict[str, Any] = {
    "series": pl.Int64, "start": pl.Datetime("us"), "day": pl.Date, "value": pl.Float64, "flag": pl.String, "quality": pl.Int64,
}  # fmt: skip
_DAYS: dict[str, Any] = {"series": pl.Int64, "day": pl.Date, "value": pl.Float64, "hours": pl.Int64}


@dataclass(frozen=True)
class Observed:
    """Reads a store.

    Args:
        store: where observations and verdicts are.
        city: administrative code of the city.
        districts: those of its districts.
        begin, end: first and last day of what is read.
    """

    store: Store
    city: str
    districts: Sequence[str]
    begin: date
    end: date

    @cached_property
    def catalogue(self) -> list[Point]:
        """Every point."""
        return self.store.catalogue.points()

    @property
    def seconds(self) -> tuple[int, int]:
        """The span [s of the wall clock], its end excluded."""
        return _midnight(self.begin), _midnight(self.end + timedelta(days=1))

    def points(self, *networks: str) -> list[Point]:
        """Points of some networks, or all."""
        return [point for point in self.catalogue if not networks or point.network in networks]

    def known(self, *networks: str) -> pl.DataFrame:
        """Points of some networks, or all: code, name, network, district, and what is said of them."""
        rows = [
            (
                point.code, point.name_zh, point.network, point.district if point.district in self.districts else "",
                *(said(point, name) for name in ("kind", "control", "zone_class")), point.attributes.get("target_class"),
                said(point, "enterprise"), point.lon, point.lat,
            )
            for point in self.points(*networks)
        ]  # fmt: skip
        return pl.DataFrame(rows, schema=_KNOWN, orient="row", strict=False)

    def verdicts(self, method: str, points: Sequence[str] | None = None) -> pl.DataFrame:
        """Verdicts of a method over the span, with the day they begin on."""
        return self.store.verdicts.scan(method, points, *self.seconds).with_columns(SECONDS_DAY)

    def wide(self, points: Sequence[Point], columns: Sequence[str], interval: str) -> pl.DataFrame:
        """Valid values side by side under science names: point, day and the columns, one row a start."""
        codes = {column: vocab.by_column(column).code for column in columns}
        marks = sorted(vocab.valid_marks(points[0].network)) if points else []
        found = self.store.wide([point.code for point in points], list(codes.values()), *self.seconds, interval, flags=marks)
        return found.select(
            "point", pl.col("start").dt.date().alias("day"), *(pl.col(code).alias(column) for column, code in codes.items())
        )

    def daily(self, points: Sequence[Point], columns: Sequence[str]) -> pl.DataFrame:
        """Daily means side by side under science names: point, day, the columns, and hours of the item that has most."""
        codes = {vocab.by_column(column).code: column for column in columns}
        series = self.store.catalogue.series_frame([point.code for point in points], list(codes))
        catalogue = series.filter(pl.col("statistic") == "mean", pl.col("occurrence") == 1)
        about = catalogue.select(pl.col("id").alias("series"), "point", pl.col("parameter").replace(codes))
        long = self.days(catalogue).join(about, on="series")
        hours = long.group_by("point", "day").agg(pl.col("hours").max())
        found = long.pivot("parameter", index=["point", "day"], values="value").join(hours, on=["point", "day"])
        absent = [pl.lit(None, dtype=pl.Float64).alias(column) for column in columns if column not in found.columns]
        return found.with_columns(*absent).select("point", "day", *columns, "hours")

    def days(self, catalogue: pl.DataFrame) -> pl.DataFrame:
        """Valid days of series: series, day, value, hours.

        Days of sources are those that they reported; days of ambient points are made from their hours.

        Args:
            catalogue: series as the store's catalogue gives them.
        """
        networks = {point.code: point.network for point in self.catalogue}
        parts = [pl.DataFrame(schema=_DAYS)]
        for (network,), series in catalogue.group_by(pl.col("point").replace_strict(networks, default="").alias("network")):
            interval = "day" if str(network).startswith("source") else "hour"
            own = series.filter(pl.col("interval") == interval)
            parts += self._days_of(own, interval, sorted(vocab.valid_marks(str(network))))
        return pl.concat(parts)

    def hours(self, catalogue: pl.DataFrame) -> pl.DataFrame:
        """Hours of series as reviewed: series, start, day, value, flag, quality.

        Args:
            catalogue: series as the store's catalogue gives them.
        """
        ids = catalogue["id"].to_list()
        start = pl.from_epoch("start", time_unit="s").cast(pl.Datetime("us")).alias("start")
        parts = [pl.DataFrame(schema=_HOURS)]
        for begin, end in self._portions(ids, "1mo"):
            found = self.store.scan(ids, begin, end, "hour").filter(pl.col("value").is_not_null())
            parts.append(found.select("series", start, SECONDS_DAY, "value", "flag", pl.col("quality").cast(pl.Int64)))
        return pl.concat(parts)

    def _days_of(self, series: pl.DataFrame, interval: str, marks: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Days of series of one interval, portion by portion: what is sealed is in order as it lies and needs no sorting."""
        ids = series["id"].to_list()
        totals = pl.col("series").is_in(series.filter(pl.col("statistic") == "total")["id"].to_list())
        value = pl.when(totals.first()).then(pl.col("value").sum()).otherwise(pl.col("value").mean())
        hours = (pl.col("seconds").sum() // HOUR).cast(pl.Int64)
        kept = pl.col("flag").is_in(list(marks)) & pl.col("value").is_not_null()
        for begin, end in self._portions(ids, "1y" if interval == "day" else "1mo"):
            found = self.store.scan(ids, begin, end, interval).filter(kept)
            yield found.group_by("series", SECONDS_DAY).agg(value.alias("value"), hours.alias("hours"))

    def _portions(self, ids: Sequence[int], length: str) -> list[tuple[int, int]]:
        """Spans [s of the wall clock] from the first value of any of the series to the end, cut where files are."""
        first = self.store.statistics(ids)["first"].min() if ids else None
        if first is None:
            return []
        begin, end = max(int(str(first)), self.seconds[0]), self.seconds[1]
        cuts = pl.datetime_range(moment(begin).date().replace(day=1), moment(end), length, eager=True).dt.epoch("s")
        edges = [begin, *(cut for cut in cuts.to_list() if begin < cut < end), end]
        return list(pairwise(edges))


def said(point: Point, name: str) -> str | None:
    """An attribute of a point as text."""
    value = point.attributes.get(name)
    return None if value is None else str(value)


def _midnight(day: date) -> int:
    return seconds(datetime(day.year, day.month, day.day))
