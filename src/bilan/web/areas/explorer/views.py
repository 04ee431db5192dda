"""The data explorer: any series of any points against each other; all of it stands in the address."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_noop

from bilan.telemetry import clock
from bilan.web import site
from bilan.web.api import arguments
from bilan.web.areas.analysis import form
from bilan.web.areas.explorer import compare
from bilan.web.areas.monitoring import choices
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page, section

section("explorer", gettext_noop("Explorer"), icon="chart-line", page="explorer", order=35)

FOUND = 8
NAMED = 24
MONTH = 30 * clock.DAY


@page("explorer", name="explorer", section="explorer")
def explorer(request: Request) -> HttpResponse:
    """Compare the series that the address names."""
    chosen = compare.pairs(request.monitoring, request.GET.get("series", ""))
    config = {"series": [pair.as_dict() for pair in chosen], "now": arguments.iso(clock.now(site.city().timezone)), "most": compare.MOST}
    return show(request, "explorer/explorer.html", config=config, tabs=form.tabs("explorer"))


@page("explorer/find.json", name="explorer-find", section="explorer")
def find(request: Request) -> JsonResponse:
    """Points whose name or code holds every word that names no parameter of theirs, with their parameters."""
    words = request.GET.get("q", "").strip().lower().split()[:6]
    found = []
    for point in request.monitoring.points(district=request.district) if words else []:
        text = f"{point.code} {point.name_zh} {point.name_en}".lower()
        rest = [word for word in words if word not in text]
        if len(rest) == len(words) and words:
            continue
        pairs = compare.pairs_of(request.monitoring, point)
        fitting = [pair for pair in pairs if all(word in f"{pair.parameter} {choices.label(pair.parameter)}".lower() for word in rest)]
        if fitting:
            series = [{**pair.as_dict(), "label": choices.label(pair.parameter)} for pair in fitting[:NAMED]]
            found.append({"code": point.code, "name": numbers.named(point), "network": point.network, "series": series})
        if len(found) == FOUND:
            break
    return JsonResponse({"points": found})


@page("explorer/scatter.json", name="explorer-scatter", section="explorer")
def scatter(request: Request) -> JsonResponse:
    """Two series against each other."""
    chosen, begin, end = _asked(request)
    return JsonResponse(compare.scatter(compare.read(request.monitoring, chosen, begin, end, request.GET.get("interval", "")), chosen))


@page("explorer/profile.json", name="explorer-profile", section="explorer")
def profile(request: Request) -> JsonResponse:
    """Series by hour of the day, day of the week, or month: ``by`` in the address."""
    chosen, begin, end = _asked(request)
    return JsonResponse(
        compare.profile(
            compare.read(request.monitoring, chosen, begin, end, request.GET.get("interval", "")), chosen, request.GET.get("by", "hour")
        )
    )


def _asked(request: Request) -> tuple[list[compare.Pair], int, int]:
    begin, end = choices.period(request.GET.get("begin"), request.GET.get("end"), MONTH)
    return compare.pairs(request.monitoring, request.GET.get("series", "")), begin, end
