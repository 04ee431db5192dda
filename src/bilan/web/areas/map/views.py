"""The map of all points, its layers, and what its drawer says of one point."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bilan.pack import vocab
from bilan.pack.vocab import networks
from bilan.people.visibility import NotVisible
from bilan.registers.models import ChangeSet
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.api.arguments import iso
from bilan.web.areas.map import entries, ground, layers
from bilan.web.areas.monitoring import now
from bilan.web.components import numbers, words
from bilan.web.components.pollutants import primary
from bilan.web.pages import show
from bilan.web.registry import Request, page, section

__all__ = ["city_map", "entries", "ground", "map_layer", "map_point"]
# The pages about registers are in a module of their own; importing it registers them.

section("map", gettext_noop("Map"), icon="map-2", page="map", order=20)

FIRST_LAYERS = ("air", "surface_water")
"""Layers that are shown until the reader chooses."""
MOST_VALUES = 8
CHINESE = re.compile("[\u4e00-\u9fff]")
SKETCH = re.compile("工作示意|working sketch", re.IGNORECASE)
SPANS = {"hour": timedelta(hours=48), "day": timedelta(days=30)}
"""Interval of a network → what the drawer's chart covers."""
STATES = {
    "online": ("ok", gettext_lazy("Online")),
    "late": ("risk", gettext_lazy("Late")),
    "silent": ("bad", gettext_lazy("Silent")),
    "blocked": ("quiet", gettext_lazy("Blocked")),
    layers.MANUAL: ("quiet", gettext_lazy("Sampled by hand")),
}
"""State of a point → tone and words."""


@page("map", name="map", section="map")
def city_map(request: Request) -> HttpResponse:
    """All points by network, with official levels."""
    counts = Counter(point.network for point in request.monitoring.points(district=request.district))
    shown = [
        {
            "code": code,
            "name": numbers.named(entry),
            "kind": kind if (kind := layers.kind_of(code)) in layers.COLOURED else "",
            "src": reverse("map-layer", args=[code]),
            "count": counts[code],
        }
        for code, entry in networks().items()
        if counts[code]
    ]
    here = [entry["code"] for entry in shown]
    return show(
        request,
        "map/map.html",
        layers=shown,
        first=",".join([code for code in FIRST_LAYERS if code in here] or here[:1]),
        states={name: {"tone": tone, "label": str(text)} for name, (tone, text) in STATES.items()},
        attribution=_attribution(site.city().attribution),
        grounds=ground.offered(),
        heading=_("%(city)s: one map") % {"city": numbers.named(site.city())},
        first_day=_first_day(),
        today=timezone.localdate().isoformat(),
    )


def _first_day() -> str:
    """The day of the first change to the registers, at least a month ago: how far back the map can look."""
    first = ChangeSet.objects.order_by("made").values_list("made", flat=True).first()
    month_ago = timezone.localdate() - timedelta(days=30)
    return min(timezone.localtime(first).date() if first else month_ago, month_ago).isoformat()


@page("map/layers/<slug:network>.geojson", name="map-layer", section="map")
def map_layer(request: Request, network: str) -> HttpResponse:
    """The points of one network as GeoJSON; 304 while nothing has changed."""
    if network not in networks():
        raise NotVisible(network)
    found = layers.layer(request.monitoring, network)
    if found.tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(found.packed, content_type="application/geo+json", headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(found.body, content_type="application/geo+json")
    response.headers["ETag"] = found.tag
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response


@page("map/points/<str:code>", name="map-point", section="map")
def map_point(request: Request, code: str) -> HttpResponse:
    """What the drawer says of one point; opened by itself it leads to the page of the point."""
    point = request.monitoring.point(code)
    if not request.GET.get("part"):
        return redirect("point", code)
    network = networks()[point.network]
    parameters = now.shown_parameters(request, point.network, [code])
    return show(
        request,
        "map/point.html",
        point=point,
        network=network,
        state=STATES[layers.state_of(request.monitoring, code)],
        verdict=_verdict(request, point),
        values=_values(request, point, parameters, network.interval),
        chart=_chart(code, parameters, network.interval),
        hourly=network.interval != "day",
        target=point.attributes.get("target_class"),
    )


def _attribution(text: str) -> str:
    """Where the outlines come from, in the reader's language when the text has both, and that the map is a sketch."""
    parts = [part.strip() for part in text.split("·") if part.strip()]
    own = [part for part in parts if bool(CHINESE.search(part)) == (numbers.language() != "en")] or parts
    sketch = _("Working sketch, no approval number")
    return " · ".join(own if any(SKETCH.search(part) for part in own) else [*own, sketch])


def _verdict(request: Request, point: Point) -> dict[str, Any] | None:
    rows = request.monitoring.standing([point.code]).to_dicts()
    return {**rows[0], "main": primary(rows[0]["main"]), "key": f"{point.code}/{rows[0]['method']}"} if rows else None


def _values(request: Request, point: Point, parameters: list[str], interval: str) -> list[dict[str, Any]]:
    """The newest value of each parameter shown."""
    found: dict[str, dict[str, Any]] = {}
    for row in request.monitoring.latest([point.code], parameters=parameters, interval=interval).to_dicts():
        known = found.get(row["parameter"])
        if row["statistic"] in now.STATISTICS and (known is None or _rank(row) < _rank(known)):
            found[row["parameter"]] = row
    vocabulary = vocab.parameters()
    return [
        {
            **found[code],
            "label": numbers.labelled(vocabulary[code]),
            "decimals": vocabulary[code].decimals,
            "statistic_name": words.statistic(found[code]["statistic"]),
            "key": f"{point.code}/{code}/{found[code]['statistic']}/{interval}",
        }
        for code in parameters
        if code in found
    ][:MOST_VALUES]


def _rank(row: dict[str, Any]) -> int:
    return now.STATISTICS.index(row["statistic"])


def _chart(code: str, parameters: list[str], interval: str) -> str:
    """Address of the values that the drawer's chart draws; empty when the point measures nothing."""
    if not parameters:
        return ""
    here = clock.now(site.city().timezone)
    begin = here - here % clock.HOUR - int(SPANS.get(interval, SPANS["hour"]).total_seconds())
    query = {"points": code, "parameters": ",".join(parameters[:4]), "begin": iso(begin), "interval": interval}
    return f"/api/observations?{urlencode(query)}"
