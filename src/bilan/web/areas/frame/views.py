"""Addresses that every page's frame uses: search, live values, outlines of the districts, and the way to the first section."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect

from bilan.people.visibility import visible_to
from bilan.web import site
from bilan.web.areas.frame import searching
from bilan.web.areas.frame.live import changes
from bilan.web.errors import not_found
from bilan.web.pages import show
from bilan.web.registry import Request, page, sections

LISTED = 200
WATCHED = 300


@page("", name="start")
def start(request: Request) -> HttpResponse:
    """Lead to the first section the person may see."""
    scope = visible_to(request.user)
    for entry in sections():
        if scope.can(entry.reads):
            return redirect(entry.page)
    return not_found(request)


@page("search", name="search")
def search(request: Request) -> HttpResponse:
    """Points and entries of registers that hold every word; as a short list under the search box, or as a page."""
    text = request.GET.get("q", "").strip()[: searching.LONGEST]
    as_of = request.GET.get("as_of", "") if request.ledger.as_of else ""
    if request.GET.get("part"):
        points = searching.points(request, text)[: searching.QUICK_POINTS]
        return show(request, "frame/found.html", search_text=text, points=points, entries=searching.quick(request.ledger, text, as_of))
    group = request.GET.get("group", "")
    points = searching.points(request, text) if group in {"", "points"} else []
    found = searching.grouped(request.ledger, text, group, as_of) if group != "points" else []
    return show(
        request,
        "frame/search.html",
        search_text=text,
        points=points[:LISTED],
        total_points=len(points),
        found=found,
        total=sum(entry.total for entry in found),
        groups=searching.groups(request.ledger),
        group=group,
    )


@page("live", name="live")
def live(request: Request) -> HttpResponse:
    """Latest values of the points a page shows, when any has changed since the page last asked."""
    points = [code for code in request.GET.get("points", "").split(",") if code][:WATCHED]
    since = request.GET.get("since", "0")
    answer = changes(request.monitoring, points, int(since) if since.isascii() and since.isdigit() else 0)
    tag = f'"{answer.version}-{answer.size}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = JsonResponse({"version": answer.version, "values": answer.values})
    response.headers["ETag"] = tag
    return response


@page("outlines.geojson", name="outlines")
def outlines(_request: Request) -> HttpResponse:
    """Outlines of the city's districts."""
    response = JsonResponse(site.outlines())
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
