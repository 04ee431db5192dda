"""What a reader chose to see of a point: period, parameters, interval; and what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from bilan.pack import vocab
from bilan.pack.vocab import Parameter, networks
from bilan.people.monitoring import Monitoring
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.api import arguments
from bilan.web.areas.monitoring.limits import limits
from bilan.web.areas.monitoring.now import KEY_PARAMETERS
from bilan.web.components import numbers, words
from bilan.web.registry import Request

FIRST_SHOWN: dict[str, tuple[str, ...]] = {"air": ("pm25", "o3"), "surface_water": ("do", "codmn", "nh3n", "tp")}
"""Network → columns of the parameters that its charts begin with."""
MOST_SHOWN = 3
INTERVALS = ("instant", "minute", "hour", "day", "sample")
STATISTICS = ("mean", "converted_mean", "value", "total", "min", "max")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Series of a point for one interval and a period.

    Attributes:
        series: rows of `Monitoring.series`, one a parameter, in the order of the vocabulary's use in the network.
        begin, end: period [s of the wall clock].
    """

    series: list[dict[str, Any]]
    interval: str
    begin: int
    end: int


def ordered(network: str, codes: Iterable[str]) -> list[str]:
    """Parameters with the network's own first, then by their label."""
    first = [vocab.by_column(name).code for name in KEY_PARAMETERS.get(network, ())]
    return sorted(set(codes), key=lambda code: (first.index(code) if code in first else len(first), label(code)))


def label(code: str) -> str:
    """Short label of a parameter; its code when it is unknown."""
    parameter = vocab.parameters().get(code)
    return numbers.labelled(parameter) if parameter else code


def decimals(network: str, parameter: Parameter | None) -> int | None:
    """Digits after the point of a parameter in a network."""
    if parameter is None:
        return None
    return parameter.emission_decimals if networks()[network].unit_kind == "emission" else parameter.decimals


def one_each(frame: pl.DataFrame) -> pl.DataFrame:
    """One statistic a point, parameter and interval: the one that tells most."""
    rank = pl.col("statistic").replace_strict({name: at for at, name in enumerate(STATISTICS)}, default=len(STATISTICS))
    return frame.filter(pl.col("occurrence") == 1).sort(rank).unique(["point", "parameter", "interval"], keep="first", maintain_order=True)


def chart(monitoring: Monitoring, point: Point) -> dict[str, Any]:
    """What the chart of a point needs to know: parameters with limits, intervals, and how far back its values reach."""
    series = monitoring.series([point.code])
    codes = ordered(point.network, series["parameter"].to_list())
    today = clock.moment(clock.now(site.city().timezone)).date()
    present = set(series["interval"].to_list())
    main = series.filter(pl.col("interval") == networks()[point.network].interval)
    statistics = monitoring.statistics(main["id"].to_list()) if main.height else None
    first = statistics["first"].min() if statistics is not None and statistics.height else None
    return {
        "points": [{"code": point.code, "name": numbers.named(point)}],
        "parameters": [_parameter(point, code, today) for code in codes],
        "shown": _shown(point.network, codes),
        "intervals": [{"code": name, "name": words.interval(name)} for name in INTERVALS if name in present],
        "first": arguments.iso(first) if isinstance(first, int) else None,
        "now": arguments.iso(clock.now(site.city().timezone)),
        "axes": "each" if point.network == "surface_water" else "shared",
    }


def _parameter(point: Point, code: str, today: date) -> dict[str, Any]:
    parameter = vocab.parameters().get(code)
    if parameter is None:
        return {"code": code, "name": code, "full": code, "limits": {}}
    return {"code": code, "name": numbers.labelled(parameter), "full": numbers.named(parameter), "limits": limits(point, parameter, today)}


def _shown(network: str, codes: list[str]) -> list[str]:
    wanted = [vocab.by_column(name).code for name in FIRST_SHOWN.get(network, ())]
    return [code for code in wanted if code in codes] or codes[:MOST_SHOWN]


def chosen(request: Request, point: Point, *, length: int, most: int = 60) -> Chosen:
    """Series and period that the address asks for: ``parameters``, ``begin``, ``end``, ``interval``.

    Parameters:
        length: period when the address names none, up to now [s].
        most: how many parameters at most.
    """
    asked = request.GET
    interval = asked.get("interval", "")
    frame = request.monitoring.series([point.code])
    present = set(frame["interval"].to_list())
    if interval not in present:
        preferred = networks()[point.network].interval
        interval = preferred if preferred in present or not present else sorted(present)[0]
    rows = {row["parameter"]: row for row in one_each(frame.filter(pl.col("interval") == interval)).to_dicts()}
    wanted = arguments.parameters(asked.get("parameters")) or []
    codes = [code for code in ordered(point.network, rows) if not wanted or code in wanted]
    begin, end = period(asked.get("begin"), asked.get("end"), length)
    return Chosen([rows[code] for code in codes[:most]], interval, begin, end)


def period(begin: str | None, end: str | None, length: int) -> tuple[int, int]:
    """Begin and end of a period [s of the wall clock]; without them the last `length` seconds. A day as end counts whole.

    Raises:
        BilanError: one is no time, or they are in the wrong order.
    """
    now = clock.now(site.city().timezone)
    last = arguments.moment(end, now - now % clock.HOUR + clock.HOUR)
    if end and len(end.strip()) <= len("2026-01-01"):
        last += clock.DAY
    first = arguments.moment(begin, last - length)
    if first >= last:
        arguments.period(arguments.iso(first), arguments.iso(last), clock.moment(length) - clock.EPOCH)
    return first, last
