"""GeoJSON files (RFC 7946, and the older ``crs`` member) read and written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

import shapely

from bilan.problems import BilanError, Problem
from bilan.tabular.places.shapes import Geometry, as_geometry
from bilan.tabular.places.systems import carrier, reference

Parts = tuple[list[str], str, Iterator[tuple[Geometry | None, dict[str, Any]]], list[Problem]]
"""Names of attributes, coordinate system, features, notes."""


def read(content: bytes) -> Parts:
    """Read a feature collection, one feature, or a bare geometry.

    Raises:
        BilanError: `geofile.unreadable`, `geofile.unknown_system`.

    Examples:
        >>> fields, system, features, notes = read(b'{"type":"Feature","properties":{"a":1},"geometry":null}')
        >>> fields, list(features)
        (['a'], [(None, {'a': 1})])
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BilanError(Problem("geofile.unreadable", {"value": "GeoJSON", "reason": str(error)[:100]})) from error
    features = _features(document)
    system = _system(document)
    fields = dict.fromkeys(str(name) for feature in features for name in _properties(feature))
    return list(fields), system, _carried(features, system), []


def _features(document: Any) -> list[Any]:
    if isinstance(document, dict):
        if isinstance(document.get("features"), list):
            return [feature for feature in document["features"] if isinstance(feature, dict)]
        if document.get("type") == "Feature":
            return [document]
        if "coordinates" in document:
            return [{"geometry": document}]
    raise BilanError(Problem("geofile.unreadable", {"value": "GeoJSON", "reason": "no features"}))


def _system(document: dict[str, Any]) -> str:
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _carried(features: list[Any], system: str) -> Iterator[tuple[Geometry | None, dict[str, Any]]]:
    carry = carrier(reference(system))
    for feature in features:
        geometry = feature.get("geometry")
        if system and isinstance(geometry, dict):
            geometry = _moved(geometry, carry)
        yield geometry if isinstance(geometry, dict) else None, _properties(feature)


def _moved(geometry: dict[str, Any], carry: Any) -> Geometry:
    """The geometry in WGS 84; what is no geometry stays as it is and is refused when it is checked."""
    try:
        return as_geometry(carry(shapely.from_geojson(json.dumps(geometry))))
    except (shapely.errors.GEOSException, ValueError, TypeError):
        return geometry


def write(sink: TextIO, rows: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any]]], name: str) -> None:
    """Write a feature collection row by row."""
    sink.write(f'{{"type":"FeatureCollection","name":{json.dumps(name, ensure_ascii=False)},"features":[')
    for count, (geometry, attributes) in enumerate(rows):
        feature = {"type": "Feature", "properties": dict(attributes), "geometry": geometry}
        sink.write((",\n" if count else "\n") + json.dumps(feature, ensure_ascii=False, separators=(",", ":"), default=str))
    sink.write("\n]}\n")
