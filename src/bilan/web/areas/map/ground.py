"""Base maps of the city: what the page is told of them, and tiles out of files of our own."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from bilan.pack.basemaps import Basemap, basemaps
from bilan.people.visibility import NotVisible
from bilan.tabular.places import pmtiles, shapes
from bilan.tabular.places.coordinates import to_gcj02
from bilan.tabular.places.tiles import is_tile
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.registry import Request, page

MAX_AGE = 86400


def offered() -> list[dict[str, Any]]:
    """The base maps a reader may choose from, in the reader's language; one in GCJ-02 says by how many metres it is off."""
    return [
        {
            "name": entry.name.text(numbers.language()),
            "tiles": [list(addresses) for addresses in entry.tiles] or [[_own(entry)]],
            "attribution": entry.attribution,
            "maximum": entry.maximum,
            "size": entry.size,
            "off": _off() if entry.system == "gcj02" else 0,
        }
        for entry in basemaps(settings.CITY.basemaps)
    ]


def _own(entry: Basemap) -> str:
    return reverse("map-ground", args=[entry.index, 0, 0, 0]).removesuffix("/0/0/0") + "/{z}/{x}/{y}"


def _off() -> int:
    """How far [m] GCJ-02 is shifted in the middle of the city."""
    positions = [ring for feature in site.outlines()["features"] for ring in _positions(feature.get("geometry"))]
    middle = np.mean(np.array(positions, dtype=np.float64), axis=0, keepdims=True) if positions else np.array([[118.0, 25.0]])
    moved = to_gcj02(middle)
    ends = [{"type": "Point", "coordinates": place[0].tolist()} for place in (middle, moved)]
    return round(shapes.distance_m(*ends))


def _positions(geometry: dict[str, Any] | None) -> list[tuple[float, float]]:
    return [shapes.representative(geometry)] if geometry else []


@page("map/ground/<int:index>/<int:z>/<int:x>/<int:y>", name="map-ground", section="map")
def ground(request: Request, index: int, z: int, x: int, y: int) -> HttpResponse:
    """A tile out of a PMTiles file in the city folder."""
    known = {entry.index: entry for entry in basemaps(settings.CITY.basemaps) if entry.file}
    if index not in known or not is_tile(z, x, y):
        raise NotVisible(str(index))
    root = settings.CITY.folder.resolve()
    path = (root / known[index].file).resolve()
    found = pmtiles.read_tile(path, z, x, y) if path.is_relative_to(root) and path.is_file() else None
    if found is None:
        raise NotVisible(str(index))
    content, media = found
    return HttpResponse(content, content_type=media or "application/octet-stream", headers={"Cache-Control": f"private, max-age={MAX_AGE}"})
