"""Addresses that every page's frame uses: search, live values, outlines of the districts, and the way to the first section."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect

from bilan.people.visibility import visible_to
from bilan.web import site
from bilan.web.areas.frame.live import changes
from bilan.web.errors import not_found
from bilan.web.pages import show
from bilan.web.registry import Request, page, sections

FOUND = 12
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
    """Points whose name or code holds every word; as a short list under the search box, or as a page."""
    text = request.GET.get("q", "").strip()[:80]
    words = text.lower().split()
    found = [
        point
        for point in (request.monitoring.points() if words else [])
        if all(word in f"{point.code} {point.name_zh} {point.name_en}".lower() for word in words)
    ]
    template = "frame/found.html" if request.GET.get("part") else "frame/search.html"
    most = FOUND if request.GET.get("part") else LISTED
    return show(request, template, search_text=text, found=found[:most], more=max(0, len(found) - most))


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
