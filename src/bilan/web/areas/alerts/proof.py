"""The chart that proves an alert: the series it rests on, the limit, and the moments that count, marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from bilan.casework.models import Alert
from bilan.pack.vocab import parameters
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import NotVisible
from bilan.telemetry import clock
from bilan.telemetry.model import Interval
from bilan.web.api import arguments
from bilan.web.areas.alerts import saying
from bilan.web.components import numbers

MARKS = 1500
MOST_SERIES = 8
MOST_SPANS = 200
BEFORE, AFTER = 48 * clock.HOUR, 6 * clock.HOUR
"""Shown around an alert whose proof names no period [s]."""
MARGIN = 6 * clock.HOUR
PREFERRED = ("converted_mean", "mean", "value", "total")
LENGTHS = {Interval.MINUTE: 600, Interval.HOUR: clock.HOUR, Interval.DAY: clock.DAY}
"""Interval → how wide one moment is marked [s]."""


def has(alert: Alert) -> bool:
    """Whether there is anything to draw."""
    return bool(_wanted(alert))


def chart(monitoring: Monitoring, alert: Alert) -> dict[str, Any]:
    """What `chart.mjs` takes: series, limits and marks; without series when the reader may not see the readings."""
    begin, end = _period(alert)
    drawn = []
    for entry in _wanted(alert)[:MOST_SERIES]:
        try:
            drawn += _series(monitoring, entry, begin, end)
        except NotVisible:
            continue
    return {
        "begin": arguments.iso(begin),
        "end": arguments.iso(end),
        "series": drawn[:MOST_SERIES],
        "limits": _limits(alert),
        "marks": _marks(alert, end),
    }


def _period(alert: Alert) -> tuple[int, int]:
    proof = alert.proof
    moment = alert.moment or clock.seconds(alert.opened.replace(tzinfo=None))
    begin = _whole(proof.get("begin"), (alert.began or moment) - BEFORE)
    end = _whole(proof.get("end"), moment + AFTER)
    return begin - MARGIN, max(end, moment) + MARGIN


def _whole(value: Any, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) and 0 < value < arguments.LATEST else otherwise


def _wanted(alert: Alert) -> list[dict[str, str]]:
    """The series to draw, each with point, parameter and, where it is known, statistic and interval or method."""
    given: Any = alert.proof.get("series") or []
    listed: Iterable[Any] = given if isinstance(given, list) else [given]
    found = [entry for item in listed if (entry := _entry(item, alert))]
    method = str(alert.proof.get("method") or "")
    if not found and alert.subject == "verdicts" and alert.point and method:
        found = [{"point": alert.point, "method": method}]
    if not found and alert.point and alert.parameter:
        found = [{"point": alert.point, "parameter": alert.parameter}]
    return found


def _entry(item: Any, alert: Alert) -> dict[str, str] | None:
    """One series of a proof: a mapping, or ``point|parameter|statistic|interval`` from the left as far as it is known."""
    if isinstance(item, Mapping):
        entry = {str(name): str(value) for name, value in item.items() if value not in (None, "")}
    else:
        parts = str(item).replace("/", "|").split("|")
        entry = (
            dict(zip(("point", "parameter", "statistic", "interval"), parts, strict=False)) if len(parts) > 1 else {"parameter": parts[0]}
        )
    entry.setdefault("point", alert.point)
    return entry if entry["point"] and (entry.get("parameter") or entry.get("method")) else None


def _series(monitoring: Monitoring, entry: Mapping[str, str], begin: int, end: int) -> list[dict[str, Any]]:
    point = monitoring.point(entry["point"])
    method = entry.get("method", "")
    if method:
        return [_verdicts(monitoring, point, method, begin, end)]
    code = (arguments.parameters(entry["parameter"]) or [""])[0]
    frame = monitoring.series([point.code], [code]).filter(pl.col("occurrence") == 1)
    interval = entry.get("interval") or _interval(frame)
    frame = frame.filter(pl.col("interval") == interval)
    statistic = entry.get("statistic", "")
    ranks = {name: at for at, name in enumerate((statistic, *PREFERRED) if statistic else PREFERRED)}
    rows = sorted(frame.to_dicts(), key=lambda row: ranks.get(row["statistic"], len(ranks)))[:1]
    return [_drawn(monitoring, point, row, begin, end) for row in rows]


def _interval(frame: pl.DataFrame) -> str:
    present = set(frame["interval"].to_list())
    return next((name for name in ("hour", "minute", "day", "instant") if name in present), "hour")


def _drawn(monitoring: Monitoring, point: Any, row: Mapping[str, Any], begin: int, end: int) -> dict[str, Any]:
    values = monitoring.scan_reduced([row["id"]], begin, end, row["interval"], MARKS)
    time = pl.from_epoch("start", time_unit="s").dt.strftime("%Y-%m-%dT%H:%M")
    parameter = parameters().get(row["parameter"])
    label = numbers.labelled(parameter) if parameter else row["parameter"]
    return {
        "name": f"{numbers.named(point)} {label}",
        "point": point.code,
        "parameter": row["parameter"],
        "unit": numbers.unit(row["unit"]),
        "data": values.select(time, "mean", "flagged", "minimum", "maximum").rows() if values.height else [],
    }


def _verdicts(monitoring: Monitoring, point: Any, method: str, begin: int, end: int) -> dict[str, Any]:
    frame = monitoring.verdicts(method, [point.code], begin, end).sort("start")
    air = method.startswith("air")
    return {
        "name": f"{numbers.named(point)} {'AQI' if air else _('Water class')}",
        "point": point.code,
        "unit": "",
        "data": [[arguments.iso(row["start"]), row["value"] if air else row["grade"], False] for row in frame.iter_rows(named=True)],
    }


def _limits(alert: Alert) -> list[dict[str, Any]]:
    """The limits that the sentence speaks of, as lines."""
    titles = {"limit": _("Limit"), "limit_low": _("Lower limit"), "target": _("Target")}
    given = {**alert.values, **{name: alert.proof[name] for name in titles if name in alert.proof}}
    return [
        {"name": f"{title} {value:g}", "value": value}
        for name, title in titles.items()
        if isinstance(value := given.get(name), int | float) and not isinstance(value, bool)
    ]


def _marks(alert: Alert, end: int) -> list[dict[str, str]]:
    """Spans that count, each with begin, end and text; the episode itself when the proof marks none."""
    length = LENGTHS.get(alert.proof.get("interval"), clock.HOUR)
    marks: list[dict[str, str]] = []
    given: Any = alert.proof.get("marks")
    for item in (given if isinstance(given, list) else [])[:MOST_SPANS]:
        if isinstance(item, Mapping):
            begin = item.get("begin", item.get("at", item.get("moment")))
            until = item.get("end")
            text = str(item.get("text") or "")
        elif isinstance(item, list | tuple) and item:
            begin, until, text = item[0], item[1] if len(item) > 1 else None, ""
        else:
            begin, until, text = item, None, ""
        if isinstance(begin, int | float):
            stop = int(until) if isinstance(until, int | float) else int(begin) + length
            marks.append({"begin": arguments.iso(int(begin)), "end": arguments.iso(stop), "text": text})
    if not marks and alert.began:
        stop = (alert.moment or alert.began) + length
        marks = [{"begin": arguments.iso(alert.began), "end": arguments.iso(min(stop, end)), "text": saying.title_of(alert.rule)}]
    return marks
