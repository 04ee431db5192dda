"""KML files (OGC 12-007r2) read and written: placemarks with their geometry, name, description and data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from bilan.problems import BilanError, Problem
from bilan.tabular.places.shapes import Geometry

_NUMBERS = re.compile(r"[\s]+")
_GEOMETRIES = {"Point", "LineString", "LinearRing", "Polygon"}
_TEXTS = {"name", "description", "value", "coordinates", "SimpleData"}
_DEEPEST = 100
_LONGEST = 10_000


class _Reader:
    """Gathers placemarks while expat goes through the document; nothing else of it is kept."""

    def __init__(self) -> None:
        self.found: list[tuple[Geometry | None, dict[str, Any]]] = []
        self.depth = 0
        self.text: list[str] | None = None
        self.attributes: dict[str, Any] | None = None
        self.key = ""
        self.shapes: list[tuple[str, list[list[list[float]]]]] = []
        self.rings: list[list[list[float]]] | None = None

    def start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.depth += 1
        if self.depth == 1 and name != "kml":
            raise BilanError(Problem("geofile.unreadable", {"value": "KML", "reason": f"<{name[:40]}>"}))
        if self.depth > _DEEPEST:
            raise BilanError(Problem("geofile.hostile", {"value": f"> {_DEEPEST}"}))
        if name == "Placemark":
            self.attributes, self.shapes = {}, []
        elif self.attributes is not None:
            self._inside(name, given)

    def _inside(self, name: str, given: dict[str, str]) -> None:
        if name in {"Data", "SimpleData"}:
            self.key = given.get("name", "")[:100]
        if name in _TEXTS:
            self.text = []
        if name == "Polygon":
            self.rings = []

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self.depth -= 1
        if self.attributes is None:
            return
        text = "".join(self.text).strip() if self.text is not None and name in _TEXTS else ""
        if name in _TEXTS:
            self.text = None
        if name == "coordinates":
            self._coordinates(text)
        elif name in {"name", "description"}:
            self.attributes.setdefault(name, text[:_LONGEST])
        elif name in {"value", "SimpleData"} and self.key:
            self.attributes[self.key] = text[:_LONGEST]
        elif name in _GEOMETRIES:
            self._finish(name)
        elif name == "Placemark":
            self.found.append((_joined(self.shapes), self.attributes))
            self.attributes = None

    def _coordinates(self, text: str) -> None:
        rows = [_position(part) for part in _NUMBERS.split(text) if part]
        if self.rings is not None:
            self.rings.append(rows)
        else:
            self.shapes.append(("", [rows]))

    def _finish(self, name: str) -> None:
        if name == "Polygon":
            self.shapes.append(("Polygon", self.rings or []))
            self.rings = None
        elif self.rings is None and self.shapes and not self.shapes[-1][0]:
            self.shapes[-1] = ("Point" if name == "Point" else "LineString", self.shapes[-1][1])


def _position(text: str) -> list[float]:
    try:
        return [float(number) for number in text.split(",")[:2]]
    except ValueError:
        return []


def _joined(shapes: list[tuple[str, list[list[list[float]]]]]) -> Geometry | None:
    """One geometry out of those of a placemark; of mixed ones the largest kind."""
    for kind in ("Polygon", "LineString", "Point"):
        parts = [rings for name, rings in shapes if name == kind]
        if not parts:
            continue
        coordinates: list[Any] = parts if kind == "Polygon" else [rings[0] for rings in parts]
        if kind == "Point":
            coordinates = [rows[0] if rows else [] for rows in coordinates]
        return {"type": kind, "coordinates": coordinates[0]} if len(parts) == 1 else {"type": f"Multi{kind}", "coordinates": coordinates}
    return None


def read(content: bytes) -> tuple[list[str], str, Iterator[tuple[Geometry | None, dict[str, Any]]], list[Problem]]:
    """Read every placemark of a document.

    Returns:
        Names of attributes, coordinate system (always that of KML), features, notes.

    Raises:
        BilanError: `geofile.hostile` for a document type or entities, `geofile.unreadable` for what is no KML.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refused
    parser.EntityDeclHandler = _refused
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BilanError(Problem("geofile.unreadable", {"value": "KML", "reason": str(error)[:100]})) from error
    fields = dict.fromkeys(name for _, attributes in reader.found for name in attributes)
    return list(fields), "OGC:CRS84", iter(reader.found), []


def _refused(*_arguments: Any) -> None:
    raise BilanError(Problem("geofile.hostile", {"value": "<!DOCTYPE>"}))


def write(sink: TextIO, rows: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any]]], name: str, title: str = "name") -> None:
    """Write a document with a placemark a row.

    Args:
        name: of the document.
        title: attribute that labels the placemarks.
    """
    sink.write('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>')
    sink.write(f"<name>{_text(name)}</name>\n")
    for geometry, attributes in rows:
        label = attributes.get(title)
        data = "".join(
            f"<Data name={quoteattr(_clean(key))}><value>{_text(value)}</value></Data>"
            for key, value in attributes.items()
            if value is not None and key != title
        )
        named = f"<name>{_text(label)}</name>" if label is not None else ""
        sink.write(f"<Placemark>{named}<ExtendedData>{data}</ExtendedData>{_drawn(geometry) if geometry else ''}</Placemark>\n")
    sink.write("</Document></kml>\n")


def _clean(value: Any) -> str:
    """Text without the signs that XML cannot hold."""
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n\r")


def _text(value: Any) -> str:
    return escape(_clean(value))


def _drawn(geometry: Mapping[str, Any]) -> str:
    kind, coordinates = str(geometry["type"]), geometry["coordinates"]
    if kind.startswith("Multi"):
        inner = "".join(_drawn({"type": kind.removeprefix("Multi"), "coordinates": part}) for part in coordinates)
        return f"<MultiGeometry>{inner}</MultiGeometry>"
    if kind == "Polygon":
        outer, *holes = (f"<LinearRing>{_rows(ring)}</LinearRing>" for ring in coordinates)
        inside = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in holes)
        return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inside}</Polygon>"
    return f"<{kind}>{_rows([coordinates] if kind == 'Point' else coordinates)}</{kind}>"


def _rows(positions: Iterable[Any]) -> str:
    return f"<coordinates>{' '.join(f'{position[0]},{position[1]}' for position in positions)}</coordinates>"
