"""Observations of any period, as a chart needs them or as a file, and the latest value of everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from ninja import Router

from bilan.pack import vocab
from bilan.people.monitoring import Monitoring
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.model import Interval
from bilan.web.api import arguments
from bilan.web.components import export, numbers
from bilan.web.remember import Remembered

router = Router(tags=["values"])

_kept: Remembered[str] = Remembered(10.0, most=128)

MARKS = 1500
MOST_SERIES = 60
MOST_VALUES = 1_000_000
PIECE = 92 * clock.DAY
FINEST: tuple[tuple[Interval, int, int], ...] = (
    (Interval.INSTANT, 60, 6 * clock.HOUR),
    (Interval.MINUTE, 600, 4 * clock.DAY),
    (Interval.HOUR, clock.HOUR, 800 * clock.DAY),
    (Interval.DAY, clock.DAY, 40_000 * clock.DAY),
)
"""Interval, its usual length [s], and the longest period it is shown for when the interval is left to us [s]."""
FILE_COLUMNS = ("point", "name", "parameter", "label", "statistic", "interval", "time", "seconds", "value", "unit", "flag", "quality")
REMEMBERED_FROM = 60 * clock.DAY
"""Charts of longer periods are shared between readers for a few seconds [s]."""
PREFERRED = ("mean", "converted_mean", "value", "total")
"""Statistics in the order in which one is chosen when none is asked for."""


@router.get("/observations", summary="Values of a period · 时段监测值")
def observations(
    request: HttpRequest,
    points: str,
    parameters: str = "",
    begin: str = "",
    end: str = "",
    interval: str = "auto",
    statistic: str = "",
    marks: int = MARKS,
    form: str = "json",
) -> Any:
    """Values of points and parameters with begin ≤ time < end.

    As JSON each series holds ``[time, mean, flagged, minimum, maximum]``, rolled up to at most about `marks` by series so that ten years
    draw as fast as two days; `interval` ``auto`` takes the finest that suits the period. As ``csv``, ``xlsx`` or ``parquet`` every
    single value is given, unreduced.
    """
    first, last = arguments.period(begin, end, timedelta(days=7))
    chosen, kind = _series(request.monitoring, points, parameters, interval, statistic, last - first)
    if form != "json":
        return _file(request.monitoring, chosen, first, last, kind, form)
    marks = max(10, min(marks, 5000))
    if last - first <= REMEMBERED_FROM:
        return _chart(request.monitoring, chosen, first, last, kind, marks)
    # Whose series these are was checked above, so what they hold may be shared between readers.
    key = (tuple(chosen["id"].to_list()), first, last, kind, marks, numbers.language())
    text = _kept.get(key, lambda: json.dumps(_chart(request.monitoring, chosen, first, last, kind, marks), ensure_ascii=False))
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@router.get("/latest", summary="Latest values · 最新监测值")
def latest(
    request: HttpRequest,
    points: str = "",
    networks: str = "",
    parameters: str = "",
    interval: str = "",
    limit: int = arguments.PAGE,
    offset: int = 0,
) -> dict[str, Any]:
    """The newest value of every series, with when it arrived."""
    frame = request.monitoring.latest(
        arguments.codes(points), arguments.codes(networks), parameters=arguments.parameters(parameters), interval=interval or None
    )
    page = arguments.paged(range(frame.height), limit, offset)
    rows = frame[list(page["items"])].to_dicts() if frame.height else []
    return {"count": frame.height, "items": [{**row, "time": arguments.iso(row["start"])} for row in rows]}


def _series(monitoring: Monitoring, points: str, parameters: str, interval: str, statistic: str, length: int) -> tuple[pl.DataFrame, str]:
    """Series to show, in the order asked for, and their interval.

    Raises:
        NotVisible: one of the points may not be seen.
        BilanError: too many series.
    """
    wanted = arguments.codes(points) or []
    for code in wanted:
        monitoring.point(code)
    codes = arguments.parameters(parameters)
    frame = monitoring.series(wanted, codes, None if interval == "auto" else interval)
    kind = interval if interval != "auto" else _reaching(monitoring, frame, _finest(set(frame["interval"].to_list()), length))
    frame = frame.filter(pl.col("interval") == kind, pl.col("occurrence") == 1)
    frame = frame.filter(pl.col("statistic") == statistic) if statistic else _preferred(frame)
    if frame.height > MOST_SERIES:
        raise BilanError(
            Problem("web.bad_parameter", {"name": "points × parameters", "value": frame.height, "allowed": f"≤ {MOST_SERIES}"})
        )
    order = {code: at for at, code in enumerate(codes or sorted(frame["parameter"].to_list()))}
    place = {code: at for at, code in enumerate(wanted)}
    rows = sorted(frame.to_dicts(), key=lambda row: (place[row["point"]], order.get(row["parameter"], 0)))
    return pl.DataFrame(rows, schema=frame.schema), kind


def _finest(available: set[str], length: int) -> str:
    """The finest interval at hand that suits a period of `length` [s], else the coarsest at hand."""
    for interval, _seconds, longest in FINEST:
        if interval.value in available and length <= longest and not (interval is Interval.INSTANT and Interval.HOUR.value in available):
            return interval.value
    coarsest = [interval.value for interval, _seconds, _longest in FINEST if interval.value in available]
    return coarsest[-1] if coarsest else (min(available) if available else Interval.HOUR.value)


def _reaching(monitoring: Monitoring, frame: pl.DataFrame, kind: str) -> str:
    """Hours in place of days where the days begin later: a past that was brought in by the hour may have no days."""
    if kind != Interval.DAY.value:
        return kind
    firsts = monitoring.statistics(frame["id"].to_list()).join(frame, left_on="series", right_on="id")
    begins = dict(firsts.group_by("interval").agg(pl.col("first").min()).iter_rows())
    hours, days = begins.get(Interval.HOUR.value), begins.get(Interval.DAY.value)
    return Interval.HOUR.value if hours is not None and (days is None or days > hours + 2 * clock.DAY) else kind


def _preferred(frame: pl.DataFrame) -> pl.DataFrame:
    """One statistic a point and parameter: the one that comes first in `PREFERRED`."""
    rank = pl.col("statistic").replace_strict({name: at for at, name in enumerate(PREFERRED)}, default=len(PREFERRED))
    return frame.sort(rank).unique(["point", "parameter"], keep="first", maintain_order=True)


def _chart(monitoring: Monitoring, chosen: pl.DataFrame, first: int, last: int, kind: str, marks: int) -> dict[str, Any]:
    """Series of a period, reduced, as charts take them."""
    found = monitoring.scan_reduced(chosen["id"].to_list(), first, last, kind, marks)
    groups = {int(number): rows for (number,), rows in found.group_by("series", maintain_order=True)}
    several = chosen["point"].n_unique() > 1
    return {
        "interval": kind,
        "begin": arguments.iso(first),
        "end": arguments.iso(last),
        "series": [_drawn(monitoring, row, groups.get(row["id"]), several) for row in chosen.iter_rows(named=True)],
    }


def _drawn(monitoring: Monitoring, row: dict[str, Any], values: pl.DataFrame | None, several: bool) -> dict[str, Any]:
    """One series as a chart takes it."""
    parameter = vocab.parameters().get(row["parameter"])
    name = numbers.labelled(parameter) if parameter else row["parameter"]
    time = pl.from_epoch("start", time_unit="s").dt.strftime("%Y-%m-%dT%H:%M")
    data = [] if values is None else values.select(time, "mean", "flagged", "minimum", "maximum").rows()
    return {
        "id": row["id"],
        "name": f"{numbers.named(monitoring.point(row['point']))} {name}" if several else name,
        "point": row["point"],
        "parameter": row["parameter"],
        "statistic": row["statistic"],
        "unit": numbers.unit(row["unit"]),
        "seconds": None if values is None or not values.height else values["seconds"][0],
        "data": data,
    }


def _file(monitoring: Monitoring, chosen: pl.DataFrame, first: int, last: int, kind: str, form: str) -> Any:
    """Every value as a file; CSV leaves while it is read, piece by piece."""
    usual = next((seconds for interval, seconds, _longest in FINEST if interval.value == kind), clock.HOUR)
    likely = chosen.height * (last - first) // usual
    if form != "csv" and likely > MOST_VALUES:
        raise BilanError(Problem("web.period_too_long", {"value": likely, "allowed": MOST_VALUES}))
    heads = [(name, name, "") for name in FILE_COLUMNS]
    return export.respond(form, f"bilan-{kind}-{arguments.iso(first)[:10]}", heads, _rows(monitoring, chosen, first, last, kind))


def _rows(monitoring: Monitoring, chosen: pl.DataFrame, first: int, last: int, kind: str) -> Iterator[dict[str, Any]]:
    about = {row["id"]: _about(monitoring, row) for row in chosen.iter_rows(named=True)}
    for begin in range(first, last, PIECE):
        frame = monitoring.scan(chosen["id"].to_list(), begin, min(begin + PIECE, last), kind)
        for row in frame.iter_rows(named=True):
            yield {**about[row["series"]], **row, "interval": kind, "time": clock.moment(row["start"])}


def _about(monitoring: Monitoring, row: dict[str, Any]) -> dict[str, Any]:
    parameter = vocab.parameters().get(row["parameter"])
    return {
        "point": row["point"],
        "name": numbers.named(monitoring.point(row["point"])),
        "parameter": row["parameter"],
        "label": numbers.labelled(parameter) if parameter else row["parameter"],
        "statistic": row["statistic"],
        "unit": row["unit"],
    }
