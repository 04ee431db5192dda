"""Files of geometries: GeoJSON, KML and KMZ, zipped Shapefile, GeoPackage, read whatever their coordinate system, in WGS 84.

Files come from strangers: archives are unpacked within bounds, XML with a document type is refused, views of a GeoPackage are not read,
and nothing outside the file is opened.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bilan.problems import BilanError, Place, Problem, nearest
from bilan.tabular.places import geojson, kml, layers
from bilan.tabular.places.archives import unpacked
from bilan.tabular.places.shapes import Geometry

LARGEST = 256_000_000
"""Bytes a file may have."""
LARGEST_TEXT = 64_000_000
"""Bytes a GeoJSON or KML file may have, because it is read as a whole."""
MOST_FEATURES = 200_000
"""Features a file may hold."""
ENDINGS = (".geojson", ".json", ".kml", ".kmz", ".zip", ".gpkg")


class Feature(NamedTuple):
    """One feature of a file.

    Attributes:
        geometry: as it stands in the file, in WGS 84 and not checked yet; None where it has none.
        attributes: by the file's own names.
    """

    geometry: Geometry | None
    attributes: dict[str, Any]


class FeatureFile(NamedTuple):
    """A file that has been opened.

    Attributes:
        fields: names of the attributes, in their order, as far as the format tells them before the features are read.
        system: name of the coordinate system that the file declares; empty where it declares none.
        features: the features; may be gone through once.
        notes: what was assumed.
    """

    fields: list[str]
    system: str
    features: Iterator[Feature]
    notes: list[Problem]


@contextmanager
def open_features(path: Path | str, *, name: str = "", layer: str = "") -> Iterator[FeatureFile]:
    """Open a file of geometries; its format is known by its ending and its first bytes.

    Args:
        path: where it is.
        name: what people call it, for problems and its ending; the path's own name when empty.
        layer: which layer of a GeoPackage or archive; the only one when empty, the first with a note when there are several.

    Raises:
        BilanError: `file.not_found`, `geofile.unknown_ending`, `geofile.too_large`, `geofile.hostile`, `geofile.unreadable`,
            `geofile.unknown_system`, `geofile.too_many`, `geofile.no_layer`; the last may also come while features are gone through.
    """
    file = Path(path)
    shown = name or file.name
    ending = Path(shown).suffix.lower()
    if ending not in ENDINGS:
        values = {"value": ending or shown, "allowed": ENDINGS, "nearest": nearest(ending, ENDINGS)}
        raise BilanError(Problem("geofile.unknown_ending", values, Place(shown)))
    if not file.is_file():
        raise BilanError(Problem("file.not_found", {"value": shown}))
    size, allowed = file.stat().st_size, LARGEST if ending in {".zip", ".gpkg"} else LARGEST_TEXT
    if size > allowed:
        raise BilanError(Problem("geofile.too_large", {"value": size, "allowed": allowed}, Place(shown)))
    try:
        with tempfile.TemporaryDirectory(prefix="bilan-places-") as folder:
            opened = _opened(file, ending, Path(folder), layer)
            yield opened._replace(features=_bounded(opened.features))
    except BilanError as error:
        raise BilanError(*(Problem(problem.code, problem.values, problem.place or Place(shown)) for problem in error.problems)) from error


def read_features(path: Path | str, *, name: str = "", layer: str = "") -> list[Feature]:
    """All features of a file at once; see `open_features`."""
    with open_features(path, name=name, layer=layer) as opened:
        return list(opened.features)


def _opened(file: Path, ending: str, folder: Path, layer: str) -> FeatureFile:
    if ending in {".geojson", ".json"}:
        return _parsed(*geojson.read(file.read_bytes()))
    if ending == ".kml":
        return _parsed(*kml.read(file.read_bytes()))
    if ending == ".gpkg":
        return _parsed(*layers.read_geopackage(file, layer))
    found = unpacked(file, folder, LARGEST)
    texts = [entry for entry in found if entry.suffix in {".kml", ".geojson", ".json"}]
    shapes = [entry for entry in found if entry.suffix == ".shp"]
    if shapes:
        return _parsed(*layers.read_shapefile(shapes, layer))
    if len(texts) == 1 and texts[0].stat().st_size <= LARGEST_TEXT:
        content = texts[0].read_bytes()
        return _parsed(*(kml.read(content) if texts[0].suffix == ".kml" else geojson.read(content)))
    raise BilanError(Problem("geofile.no_layer", {"value": [entry.name for entry in found[:10]], "allowed": ".shp, .kml, .geojson"}))


def _parsed(fields: list[str], system: str, features: Iterator[tuple[Any, dict[str, Any]]], notes: list[Problem]) -> FeatureFile:
    return FeatureFile(fields, system, (Feature(*feature) for feature in features), notes)


def _bounded(features: Iterator[Feature]) -> Iterator[Feature]:
    for count, feature in enumerate(features):
        if count >= MOST_FEATURES:
            raise BilanError(Problem("geofile.too_many", {"value": f"> {MOST_FEATURES}", "allowed": MOST_FEATURES}))
        yield feature
