"""What the instruments of outlets said about limits and yearly totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from bilan.casework.permits.model import Measured
from bilan.pack.vocab.marks import valid_marks
from bilan.people.monitoring import Monitoring
from bilan.telemetry import clock

JUDGED = ("converted_mean", "mean")
"""Hourly statistics that a limit is compared with, the first that a series has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A limit of a point."""

    point: str
    parameter: str
    limit: float


def against_limits(monitoring: Monitoring, asked: Sequence[Asked], begin: int, end: int) -> dict[Asked, Measured]:
    """Valid hours of points beside their limits; a limit without a series has no answer.

    Parameters:
        begin, end: begin ≤ start of the hour < end [s of the wall clock].
    """
    series = _series(monitoring, {entry.point for entry in asked}, "hour", JUDGED)
    wanted = {(row["point"], row["parameter"]): row for row in series.sort("order", descending=True).iter_rows(named=True)}
    chosen = {entry: wanted[entry.point, entry.parameter] for entry in asked if (entry.point, entry.parameter) in wanted}
    if not chosen:
        return {}
    hours = _valid(monitoring, [row["id"] for row in chosen.values()], {entry.point for entry in chosen}, series, begin, end, "hour")
    parts: Mapping[int, pl.DataFrame] = {key[0]: part for key, part in hours.partition_by("series", as_dict=True).items()}
    empty = hours.clear()
    return {entry: _measured(entry, row, parts.get(row["id"], empty), (end - begin) // clock.HOUR) for entry, row in chosen.items()}


def totals(monitoring: Monitoring, points: Sequence[str], parameters: Sequence[str], now: int) -> dict[str, float]:
    """What was discharged since the beginning of the year by the daily totals of points: parameter → quantity [t]."""
    begin = clock.seconds(datetime(clock.moment(now).year, 1, 1))
    series = _series(monitoring, set(points), "day", ("total",)).filter(pl.col("parameter").is_in(list(parameters)), pl.col("unit") == "kg")
    if series.is_empty():
        return {}
    days = _valid(monitoring, series["id"].to_list(), set(points), series, begin, now, "day")
    summed = (
        days.join(series.select(pl.col("id").alias("series"), "parameter"), on="series").group_by("parameter").agg(pl.col("value").sum())
    )
    return {parameter: value / 1000 for parameter, value in summed.iter_rows()}


def _series(monitoring: Monitoring, points: set[str], interval: str, statistics: Sequence[str]) -> pl.DataFrame:
    found = monitoring.series(sorted(points), None, interval).filter(pl.col("statistic").is_in(list(statistics)), pl.col("occurrence") == 1)
    order = pl.col("statistic").replace_strict({name: at for at, name in enumerate(statistics)}, return_dtype=pl.Int64)
    return found.with_columns(order=order)


def _valid(
    monitoring: Monitoring, wanted: Sequence[int], points: set[str], series: pl.DataFrame, begin: int, end: int, interval: str
) -> pl.DataFrame:
    """Values whose mark counts as valid in their point's network."""
    marks = {point.code: sorted(valid_marks(point.network)) for point in monitoring.points(codes=points)}
    by_series = {row["id"]: marks.get(row["point"], []) for row in series.iter_rows(named=True)}
    good = pl.DataFrame(
        [(number, mark) for number in wanted for mark in by_series[number]], schema={"series": pl.Int64, "flag": pl.String}, orient="row"
    )
    values = monitoring.scan(list(wanted), begin, end, interval).filter(pl.col("value").is_not_null())
    return values.with_columns(pl.col("series").cast(pl.Int64)).join(good, on=["series", "flag"], how="semi")


def _measured(asked: Asked, row: Mapping[str, str], hours: pl.DataFrame, possible: int) -> Measured:
    held: list[float] = hours["value"].to_list()
    last: int | None = None if hours.is_empty() else int(hours["start"].to_numpy().max())
    return Measured(
        point=asked.point,
        parameter=asked.parameter,
        unit=row["unit"],
        statistic=row["statistic"],
        hours=len(held),
        over=sum(value > asked.limit for value in held) if asked.parameter not in OTHER_WAY else 0,
        share=len(held) / max(possible, 1),
        highest=max(held, default=None),
        mean=sum(held) / len(held) if held else None,
        last=last,
    )


OTHER_WAY = frozenset({"w01001", "w01009"})
"""Parameters of which more is not worse: pH, dissolved oxygen."""
