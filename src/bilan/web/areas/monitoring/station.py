"""Pages of one point: now and the chart, its days, its values, their quality, the proof of one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bilan.pack import vocab
from bilan.pack.vocab import networks
from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.telemetry import clock
from bilan.telemetry.gateway.devices import DeviceState, Presence
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.api import arguments
from bilan.web.areas.monitoring import amending, choices, days, now, records
from bilan.web.areas.monitoring.exceeding import NETWORKS, exceeding
from bilan.web.areas.monitoring.marks import doubts, doubts_so_far
from bilan.web.areas.monitoring.proof import proof as proof_of
from bilan.web.areas.verdicts.views import address
from bilan.web.areas.verdicts.words import form_of
from bilan.web.components import words
from bilan.web.pages import show
from bilan.web.registry import Request, page

MONTH = 30 * clock.DAY
PART = 47 * clock.HOUR
MOST_MARKED = 400
MOST_TILES = 8
TONES = {Presence.ONLINE: "ok", Presence.LATE: "risk", Presence.SILENT: "bad"}


@page("points/<str:code>", name="point", section="monitoring")
def point(request: Request, code: str) -> HttpResponse:
    """One point: what it says now and in any period; as a drawer when asked for a part."""
    found = request.monitoring.point(code)
    values = {**_about(request, found, "point"), **_now(request, found)}
    if request.GET.get("part") == "drawer":
        begin = clock.now(site.city().timezone) // clock.HOUR * clock.HOUR - PART
        shown = ",".join(choices.FIRST_SHOWN.get(found.network, ()))
        return show(request, "monitoring/point_part.html", **values, shown=shown, begin=arguments.iso(begin))
    return show(
        request,
        "monitoring/point.html",
        **values,
        chart=choices.chart(request.monitoring, found),
        table=now.values_table(request, found),
        devices=_devices(request, found),
    )


@page("points/<str:code>/days", name="point-days", section="monitoring")
def point_days(request: Request, code: str) -> HttpResponse:
    """A calendar of a year's days or months, and its verdicts as a table; the calendar alone when asked for that part."""
    found = request.monitoring.point(code)
    known = days.years(request, found, choices.chart(request.monitoring, found)["first"])
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in known else known[0]
    year = days.year_of(request, found, chosen)
    values: dict[str, Any] = {"year": year, "calendar_href": _calendar_href(found, year)}
    if request.GET.get("part") == "calendar":
        return show(request, "monitoring/calendar.html", **values)
    return show(
        request,
        "monitoring/days.html",
        **_about(request, found, "point-days"),
        **values,
        years=[{"title": str(number), "href": f"?year={number}", "current": number == chosen} for number in known],
        table=days.table(request, found, year) if year else None,
    )


@page("points/<str:code>/over", name="point-over", section="monitoring")
def point_over(request: Request, code: str) -> HttpResponse:
    """Hours of an outlet over a limit, with the limit's source; of other points there are none."""
    found = request.monitoring.point(code)
    if found.network not in NETWORKS:
        raise NotVisible(code)
    over = exceeding(request, found)
    return show(
        request,
        "monitoring/over.html",
        **_about(request, found, "point-over"),
        over=over,
        table=over.table,
        begin=arguments.iso(over.begin),
        end=arguments.iso(over.end),
    )


@page("points/<str:code>/data", name="point-data", section="monitoring")
def point_data(request: Request, code: str) -> HttpResponse:
    """Every value of a period, as received or as reviewed; operators amend here."""
    found = request.monitoring.point(code)
    table, chosen, level = records.values_table(request, found)
    about = choices.chart(request.monitoring, found)
    return show(
        request,
        "monitoring/data.html",
        **_about(request, found, "point-data"),
        table=table,
        series=[{**row, "label": choices.label(row["parameter"])} for row in chosen.series],
        asked=arguments.parameters(request.GET.get("parameters")) or [],
        level=level,
        interval=chosen.interval,
        intervals=about["intervals"],
        parameters=about["parameters"],
        begin=arguments.iso(chosen.begin),
        end=arguments.iso(chosen.end),
    )


@page("points/<str:code>/quality", name="point-quality", section="monitoring")
def point_quality(request: Request, code: str) -> HttpResponse:
    """What is missing, marked, doubted and amended."""
    found = request.monitoring.point(code)
    end = clock.now(site.city().timezone) // clock.HOUR * clock.HOUR
    complete = (
        request.monitoring.completeness(code, end - MONTH, end).to_dicts() if networks()[found.network].interval in records.COUNTED else []
    )
    rows = {row["parameter"]: row for row in complete}
    return show(
        request,
        "monitoring/quality.html",
        **_about(request, found, "point-quality"),
        complete=[
            {**rows[code], "label": choices.label(code), "percent": 100 * rows[code]["share"]}
            for code in choices.ordered(found.network, rows)
        ],
        interval=words.interval(networks()[found.network].interval),
        doubtful=records.doubtful_table(request, found),
        amendments=records.amendments_table(request, found),
    )


@page("points/<str:code>/proof", name="point-proof", section="monitoring", reads=Action.OPERATE)
def point_proof(request: Request, code: str) -> HttpResponse:
    """The frame that brought a value: ``series`` and ``start`` [s of the wall clock] in the address say which."""
    found = request.monitoring.point(code)
    known = {str(row["id"]): row for row in request.monitoring.series([code]).to_dicts()}
    series, start = known.get(request.GET.get("series", "")), request.GET.get("start", "")
    proved = proof_of(request, series, int(start)) if series and start.isascii() and start.isdigit() else None
    values: dict[str, Any] = {**_about(request, found, "point-data"), "proof": proved}
    if series and proved:
        received = proved.received
        values |= {
            "series": {**series, "label": choices.label(series["parameter"]), "interval_name": words.interval(series["interval"])},
            "said": doubts(found.network, received["flag"], received["quality"]),
            "decimals": choices.decimals(found.network, vocab.parameters().get(series["parameter"])),
        }
    return show(request, "monitoring/proof_part.html" if request.GET.get("part") else "monitoring/proof.html", **values)


@page("points/<str:code>/amend", name="point-amend", section="monitoring", reads=Action.OPERATE)
def point_amend(request: Request, code: str) -> HttpResponse:
    """Declare a span invalid or restore it; leads back to the values, or to what was decided when it worked."""
    found = request.monitoring.point(code)
    if request.method != "POST":
        return redirect("point-data", code)
    done = amending.amend(request, found)
    if done:
        return redirect(f"{reverse('point-quality', args=[code])}#amendments")
    return redirect(
        f"{reverse('point-data', args=[code])}?{urlencode({name: request.POST.get(name, '') for name in ('begin', 'end', 'interval')})}"
    )


@page("points/<str:code>/marks.json", name="point-marks", section="monitoring")
def point_marks(request: Request, code: str) -> JsonResponse:
    """Marked and doubtful values of a chart's period, with words, by series."""
    found = request.monitoring.point(code)
    frame, chosen = records.doubtful(request, found)
    rows = records.doubtful_rows(found, frame.head(MOST_MARKED), chosen)
    marked = [
        {
            "parameter": row["parameter"],
            "time": arguments.iso(row["start"]),
            "value": row["value"],
            "said": row["said"],
            "device": row["flag"] != "N",
        }
        for row in rows
    ]
    return JsonResponse({"interval": chosen.interval, "marks": marked})


def _about(request: Request, point: Point, current: str) -> dict[str, Any]:
    """What every page of a point shows: its names and the way to its other pages."""
    pages = {"point": _("Now and chart"), "point-days": _("Days and verdicts")}
    if point.network in NETWORKS:
        pages["point-over"] = _("Hours over a limit")
    pages |= {"point-data": _("Data"), "point-quality": _("Quality")}
    return {
        "point": point,
        "network": networks()[point.network],
        "tabs": [{"href": reverse(name, args=[point.code]), "title": title, "current": name == current} for name, title in pages.items()],
        "operator": request.monitoring.can(Action.OPERATE),
        "facts": _facts(point),
    }


def _facts(point: Point) -> list[str]:
    """What the register says of a point, in words."""
    kinds = {
        "city": _("counts for the city"),
        "background": _("background station"),
        "super": _("super-station"),
        "traffic": _("traffic station"),
    }
    found = [kinds.get(str(point.attributes.get("kind")), "")]
    if point.network == "surface_water":
        target = point.attributes.get("target_class")
        found += [str(point.attributes.get("river", "")), _("lake or reservoir") if point.attributes.get("section_type") == "lake" else ""]
        found.append(_("target class %(number)s") % {"number": "ⅠⅡⅢⅣⅤ"[int(target) - 1]} if target else "")
    found.append(str(point.attributes.get("enterprise", "")))
    return [text for text in found if text]


def _now(request: Request, point: Point) -> dict[str, Any]:
    """The latest verdict and the latest value of the parameters that matter most."""
    latest = request.monitoring.latest([point.code], interval=networks()[point.network].interval).to_dicts()
    best: dict[str, dict[str, Any]] = {}
    for row in sorted(latest, key=lambda row: choices.STATISTICS.index(row["statistic"]) if row["statistic"] in choices.STATISTICS else 99):
        best.setdefault(row["parameter"], row)
    most = len(now.KEY_PARAMETERS.get(point.network, ())) or MOST_TILES
    verdicts = now.latest_verdicts(request, point)
    for verdict in verdicts:
        verdict |= {
            "href": address(verdict["method"], point.code, verdict["start"]),
            "main_names": days.main_names(verdict["main"]),
            "form": form_of(verdict["method"]),
        }
    return {"verdicts": verdicts, "tiles": [_tile(point, best[code]) for code in choices.ordered(point.network, best)[:most]]}


def _tile(point: Point, row: dict[str, Any]) -> dict[str, Any]:
    moment = clock.now(site.city().timezone)
    return {
        **row,
        "label": choices.label(row["parameter"]),
        "decimals": choices.decimals(point.network, vocab.parameters().get(row["parameter"])),
        "said": doubts_so_far(point.network, row, moment),
        "running": row["start"] + row["seconds"] > moment,
        "key": f"{row['point']}/{row['parameter']}/{row['statistic']}/{row['interval']}",
        "end": row["start"] + row["seconds"],
    }


def _calendar_href(point: Point, year: days.Year | None) -> str:
    return f"{reverse('why', args=[year.method, point.code])}?at=DATE" if year else ""


def _devices(request: Request, point: Point) -> list[dict[str, Any]]:
    """Devices of a point with how they are doing."""
    return [
        {"state": state, "tone": TONES.get(state.presence, "quiet"), "presence": _presence(state), "href": _device_href(state)}
        for state in request.monitoring.device_states([point.code], Settings.of(site.city()))
    ]


def _presence(state: DeviceState) -> str:
    names = {
        Presence.ONLINE: _("online"),
        Presence.LATE: _("late"),
        Presence.SILENT: _("silent"),
        Presence.BLOCKED: _("blocked"),
        Presence.CLAIMABLE: _("to be claimed"),
    }
    return names[state.presence]


def _device_href(state: DeviceState) -> str:
    try:
        return reverse("device", args=[state.device.mn])
    except NoReverseMatch:
        return ""
