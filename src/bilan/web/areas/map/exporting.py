"""What lies inside a shape as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from django.http import HttpResponse

from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed
from bilan.problems import BilanError, Problem, nearest
from bilan.tabular.places.exports import Column, write_features
from bilan.tabular.writing import write_table
from bilan.web import site
from bilan.web.areas.map.inside import Question, found
from bilan.web.areas.map.tree import mapped
from bilan.web.components import numbers
from bilan.web.registry import Request

FORMATS = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("csv", "text/csv"),
    "geojson": ("geojson", "application/geo+json"),
    "shapefile": ("zip", "application/zip"),
    "gpkg": ("gpkg", "application/geopackage+sqlite3"),
    "kml": ("kml", "application/vnd.google-earth.kml+xml"),
}
"""Format → ending and media type."""
NAMES = ("register", "code", "name", "status", "district", "lon", "lat")


def exported(request: Request, asked: Question, form: str) -> HttpResponse:
    """The entries inside, of the registers that the reader may export.

    Raises:
        BilanError: there is no such format.
        NotAllowed: the reader may export nothing.
    """
    if form not in FORMATS:
        values = {"name": "format", "value": form, "allowed": list(FORMATS), "nearest": nearest(form, FORMATS)}
        raise BilanError(Problem("web.bad_parameter", values))
    if not mapped(request, Capability.EXPORT):
        raise NotAllowed(Capability.EXPORT)
    ending, media = FORMATS[form]
    with tempfile.TemporaryDirectory(prefix="bilan-inside-") as folder:
        path = Path(folder) / f"inside.{ending}"
        if form in {"xlsx", "csv"}:
            write_table(_frame(request, asked), path)
        else:
            columns = [Column(name) for name in NAMES]
            write_features(path, _rows(request, asked), columns, layer="inside")
        response = HttpResponse(path.read_bytes(), content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="inside.{ending}"'
    return response


def _frame(request: Request, asked: Question) -> pl.DataFrame:
    rows = [attributes for _, attributes in _rows(request, asked)]
    text = dict.fromkeys(NAMES[:5], pl.String)
    return pl.DataFrame(rows, schema={**text, "lon": pl.Float64, "lat": pl.Float64})


def _rows(request: Request, asked: Question) -> Iterator[tuple[Any, dict[str, Any]]]:
    registers = {register.name: register for register in mapped(request, Capability.EXPORT)}
    language = numbers.language()
    for name, keys in found(request, asked, Capability.EXPORT).items():
        states = registers[name].state
        visible = request.ledger.visible([registers[name]], Capability.EXPORT)
        for at in range(0, len(keys), 5000):
            for record in visible.filter(pk__in=keys[at : at + 5000]).order_by("code"):
                yield (
                    record.geometry,
                    {
                        "register": registers[name].title.text(language),
                        "code": record.code,
                        "name": record.name,
                        "status": states[record.status].title.text(language) if record.status in states else record.status,
                        "district": site.district_name(record.district, language),
                        "lon": record.lon,
                        "lat": record.lat,
                    },
                )
