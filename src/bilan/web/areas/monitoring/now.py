"""What the instruments say now, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.evaluation import completeness
from bilan.evaluation.methods import current
from bilan.pack import vocab
from bilan.pack.vocab import Network, networks
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.areas.monitoring.marks import doubts_so_far
from bilan.web.components import numbers, words
from bilan.web.components.table import Column, Filter, Table
from bilan.web.registry import Request

KEY_PARAMETERS: dict[str, tuple[str, ...]] = {
    "air": ("pm25", "pm10", "o3", "no2", "so2", "co"),
    "surface_water": ("ph", "do", "codmn", "nh3n", "tp", "tn"),
}
"""Network → columns of the parameters its table shows; a network that is not here shows those most of its points measure."""
STATISTICS = ("mean", "converted_mean", "value", "total")
MOST_PARAMETERS = 6


def points_table(request: Request, network: Network) -> Table:
    """Every visible point of a network with its latest level, key values and age."""
    points = request.monitoring.points(network.code, request.district)
    codes = [point.code for point in points]
    shown = shown_parameters(request, network.code, codes)
    latest = request.monitoring.latest(codes, parameters=shown, interval=network.interval).filter(pl.col("statistic").is_in(STATISTICS))
    wanted = latest.select("point", "parameter", "statistic", "interval", "start", "seconds", "value")
    values = {(row["point"], row["parameter"], row["statistic"]): row for row in wanted.iter_rows(named=True)}
    kind = current(network.code)[0].kind
    grades = {row["point"]: row for row in request.monitoring.standing(codes).iter_rows(named=True)}
    digest = request.monitoring.digest(completeness.key(network.code)) or {"points": []}
    complete = {entry["point"]: entry["share"] for entry in digest["points"]}
    rows = [{**_point_row(point, shown, values, grades.get(point.code)), "complete": complete.get(point.code)} for point in points]
    return Table(
        id=f"points-{network.code}",
        caption=numbers.named(network),
        columns=[
            Column("name", _("Name"), href=lambda row: reverse("point", args=[row["code"]])),
            Column("code", _("Code"), shown=False),
            Column("district_name", _("District"), wide=True),
            Column("grade", _("Verdict") if kind == "limits" else _("Level"), kind=kind, live=lambda row: row["verdict"]),
            *([Column("index", "AQI", kind="number", decimals=0, live=lambda row: row["verdict"])] if kind == "aqi" else []),
            *(_parameter_column(network, code, values) for code in shown),
            Column("complete", _("Completeness, 30 days") if network.interval == "day" else _("Completeness, 24 h"), kind="share"),
            Column("time", _("Updated"), kind="age", live=lambda row: row["newest"]),
        ],
        rows=rows,
        query=request.GET,
        search=("name", "code", "district_name"),
        sort="name",
    )


def values_table(request: Request, point: Point) -> Table:
    """The latest value of every series of a point."""
    rows = [_value_row(point, row) for row in request.monitoring.latest([point.code]).to_dicts()]
    return Table(
        id=f"latest-{point.code}",
        caption=_("Latest values"),
        columns=[
            Column("label", _("Parameter")),
            Column("value", _("Value"), kind="number", render=_with_unit),
            Column("statistic_name", _("Statistic"), wide=True),
            Column("interval_name", _("Interval")),
            Column("said", _("Mark"), wide=True),
            Column("start", _("Time"), kind="time", live=lambda row: row["key"]),
            Column("arrived", _("Arrived"), kind="age", shown=False),
            Column("unit", _("Unit"), shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("label", "parameter"),
        filters=[
            Filter("interval", _("All intervals"), [(name, words.interval(name)) for name in sorted({row["interval"] for row in rows})])
        ],
        sort="label",
        size=20,
        empty=_("This point has not reported yet."),
    )


def shown_parameters(request: Request, network: str, codes: Sequence[str]) -> list[str]:
    """Codes of the parameters to show of points of a network: the network's own, else those that most of the points measure."""
    if network in KEY_PARAMETERS:
        return [vocab.by_column(name).code for name in KEY_PARAMETERS[network]]
    series = request.monitoring.series(codes, interval=networks()[network].interval)
    counts = series.filter(pl.col("statistic").is_in(STATISTICS)).group_by("parameter").agg(pl.col("point").n_unique().alias("points"))
    return counts.sort(["points", "parameter"], descending=[True, False])["parameter"].head(MOST_PARAMETERS).to_list()


def latest_verdicts(request: Request, point: Point) -> list[dict[str, Any]]:
    """The newest verdict about a point, with the kind of its level."""
    return request.monitoring.standing([point.code]).to_dicts()


def _parameter_column(network: Network, code: str, values: Mapping[tuple[str, str, str], Mapping[str, Any]]) -> Column:
    parameter = vocab.parameters()[code]
    emission = network.unit_kind == "emission"
    decimals = parameter.emission_decimals if emission else parameter.decimals

    def live(row: Mapping[str, Any]) -> str:
        found = _best(values, row["code"], code)
        return f"{row['code']}/{code}/{found['statistic']}/{found['interval']}" if found else ""

    unit = numbers.unit(parameter.emission_unit if emission else parameter.unit)
    return Column(code, numbers.labelled(parameter), kind="number", decimals=decimals, unit=unit, live=live)


def _point_row(
    point: Point, shown: Sequence[str], values: Mapping[tuple[str, str, str], Mapping[str, Any]], verdict: Mapping[str, Any] | None
) -> dict[str, Any]:
    found = {code: _best(values, point.code, code) for code in shown}
    newest = max((row for row in found.values() if row), key=lambda row: row["start"] + row["seconds"], default=None)
    return {
        "code": point.code,
        "name": numbers.named(point),
        "district": point.district,
        "district_name": site.district_name(point.district, numbers.language()) if point.district else "",
        "grade": verdict["grade"] if verdict else None,
        "verdict": f"{point.code}/{verdict['method']}" if verdict else "",
        "index": verdict["value"] if verdict else None,
        "time": newest["start"] + newest["seconds"] if newest else None,
        "newest": f"{point.code}/{newest['parameter']}/{newest['statistic']}/{newest['interval']}" if newest else "",
        **{code: row["value"] if row else None for code, row in found.items()},
    }


def _best(values: Mapping[tuple[str, str, str], Mapping[str, Any]], point: str, parameter: str) -> Mapping[str, Any] | None:
    return next((values[point, parameter, name] for name in STATISTICS if (point, parameter, name) in values), None)


def _value_row(point: Point, row: Mapping[str, Any]) -> dict[str, Any]:
    parameter = vocab.parameters().get(row["parameter"])
    emission = networks()[point.network].unit_kind == "emission"
    return {
        **row,
        "label": numbers.labelled(parameter) if parameter else row["parameter"],
        "statistic_name": words.statistic(row["statistic"]),
        "interval_name": words.interval(row["interval"]),
        "decimals": (parameter.emission_decimals if emission else parameter.decimals) if parameter else None,
        "said": "; ".join(doubts_so_far(point.network, row, clock.now(site.city().timezone))) or _("normal"),
        "key": f"{row['point']}/{row['parameter']}/{row['statistic']}/{row['interval']}",
    }


def _with_unit(row: Mapping[str, Any]) -> str:
    shown = '<span data-live="{}" data-decimals="{}">{}</span> <span class="unit">{}</span>'
    places = "" if row["decimals"] is None else row["decimals"]
    return format_html(shown, row["key"], places, numbers.digits(row["value"], row["decimals"]), numbers.unit(row["unit"]))
