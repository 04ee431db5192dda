"""Writing entries to files that other map programs read: GeoJSON, KML, GeoPackage, zipped Shapefile."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from bilan.problems import BilanError, Problem, nearest
from bilan.tabular.places import geojson, kml
from bilan.tabular.places.shapes import as_shape

WRITTEN = (".geojson", ".kml", ".gpkg", ".zip")
"""Endings that say the format; ``.zip`` is a zipped Shapefile."""
Row = tuple[Mapping[str, Any] | None, Mapping[str, Any]]
"""Geometry (or None) and attributes."""

_NAME_BYTES = 10
_TEXT_BYTES = 254
_FAMILIES = {0: "point", 1: "line", 2: "polygon"}
_FIXED = (1980, 1, 1, 0, 0, 0)
"""Time stamp of files in an archive, so that the same entries give the same bytes."""


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute to be written.

    Attributes:
        name: key in the rows.
        title: what people call it, in both languages.
        unit: such as ``mg/L``.
    """

    name: str
    title: str = ""
    unit: str = ""


def write_features(path: Path | str, rows: Iterable[Row], columns: Sequence[Column], *, layer: str, label: str = "name") -> int:
    """Write rows to the format that the ending of `path` says, in WGS 84 (EPSG:4326).

    A Shapefile comes as an archive: a layer for each kind of geometry, texts in UTF-8 (`.cpg`), and `fields.csv` that says what the
    shortened field names (at most ten bytes) stand for.

    Args:
        path: `.geojson`, `.kml`, `.gpkg` or `.zip`.
        rows: geometry and attributes.
        columns: which attributes, in which order.
        layer: name of the layer.
        label: attribute that labels placemarks of KML.

    Returns:
        How many rows were written.

    Raises:
        BilanError: `geofile.unknown_ending`, `geofile.not_written`.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in WRITTEN:
        raise BilanError(Problem("geofile.unknown_ending", {"value": ending, "allowed": WRITTEN, "nearest": nearest(ending, WRITTEN)}))
    counted = _Counted(rows, [column.name for column in columns])
    try:
        if ending in {".geojson", ".kml"}:
            with target.open("w", encoding="utf-8", newline="\n") as sink:
                geojson.write(sink, counted, layer) if ending == ".geojson" else kml.write(sink, counted, layer, label)
        elif ending == ".gpkg":
            target.unlink(missing_ok=True)
            _write_layer(target, list(counted), columns, [column.name for column in columns], layer, "GPKG")
        else:
            _write_shapefile(target, list(counted), columns, layer)
    except (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError) as error:
        raise BilanError(Problem("geofile.not_written", {"reason": str(error)[:200]})) from error
    return counted.count


class _Counted:
    """Goes through rows once, keeping the wanted attributes, and remembers how many there were."""

    def __init__(self, rows: Iterable[Row], names: Sequence[str]) -> None:
        self.rows = rows
        self.names = names
        self.count = 0

    def __iter__(self) -> Any:
        for geometry, attributes in self.rows:
            self.count += 1
            yield geometry, {name: attributes.get(name) for name in self.names}


def field_names(names: Sequence[str]) -> list[str]:
    """Names of at most ten bytes that are all different.

    Examples:
        >>> field_names(["daily_flow_mean", "daily_flow_max", "id", "名称"])
        ['daily_flow', 'daily_fl_1', 'id', 'field_3']
    """
    found: list[str] = []
    for index, name in enumerate(names):
        short = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign == "_"))[:_NAME_BYTES] or f"field_{index}"
        number = 0
        while short.lower() in {other.lower() for other in found}:
            number += 1
            tail = f"_{number}"
            short = short[: _NAME_BYTES - len(tail)] + tail if number == 1 else short[: short.rindex("_")][: _NAME_BYTES - len(tail)] + tail
        found.append(short)
    return found


def _write_shapefile(target: Path, rows: list[Row], columns: Sequence[Column], layer: str) -> None:
    names = field_names([column.name for column in columns])
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(_family(row[0]), []).append(row)
    placeless = families.pop("", [])
    first = next(iter(families), "point")
    families.setdefault(first, []).extend(placeless)
    with tempfile.TemporaryDirectory(prefix="bilan-export-") as name, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(name)
        for family, members in families.items():
            stem = layer if len(families) == 1 else f"{layer}-{family}"
            _write_layer(folder / f"{stem}.shp", members, columns, names, stem, "ESRI Shapefile", family)
        for file in sorted(folder.iterdir()):
            _add(archive, file.name, file.read_bytes())
        _add(archive, "fields.csv", _key(columns, names))


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _FIXED), content, zipfile.ZIP_DEFLATED)


def _family(geometry: Mapping[str, Any] | None) -> str:
    return _FAMILIES[int(shapely.get_dimensions(as_shape(geometry)))] if geometry else ""


def _key(columns: Sequence[Column], names: Sequence[str]) -> bytes:
    """The sheet that says what the shortened names stand for."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(("field", "name", "title", "unit"))
    writer.writerows((short, column.name, column.title, column.unit) for short, column in zip(names, columns, strict=True))
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()


def _write_layer(
    path: Path, rows: list[Row], columns: Sequence[Column], names: Sequence[str], layer: str, driver: str, family: str = ""
) -> None:
    shapes = [as_shape(geometry) if geometry else None for geometry, _ in rows]
    kind, shapes = _kind(shapes, family)
    typed = [_typed([attributes[column.name] for _, attributes in rows], driver) for column in columns]
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=[values for values, _ in typed],
        field_mask=[missing for _, missing in typed],
        fields=np.array(names, dtype=object),
        layer=layer,
        driver=driver,
        geometry_type=kind,
        crs="EPSG:4326",
        encoding="UTF-8",
        promote_to_multi=False,
    )


def _kind(shapes: list[Any], family: str) -> tuple[str, list[Any]]:
    """Type of the layer; polygons and lines of a Shapefile become multi-part ones, so that all are of one type."""
    found = {shape.geom_type for shape in shapes if shape is not None}
    if len(found) == 1 and not (family and found & {"MultiPoint"}):
        return found.pop(), shapes
    if not family:
        return "Unknown", shapes
    if not found:
        return "Point", shapes
    multi = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}
    many = [multi[shape.geom_type]([shape]) if shape is not None and shape.geom_type in multi else shape for shape in shapes]
    return next(shape.geom_type for shape in many if shape is not None), many


def _typed(values: list[Any], driver: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """A column as an array of one type with the mask of what is missing."""
    missing = np.array([value is None for value in values], dtype=bool)
    there = [value for value in values if value is not None]
    if there and all(isinstance(value, bool) for value in there):
        return np.array([int(value or 0) for value in values], dtype=np.int32), missing
    if there and all(isinstance(value, int) and abs(value) < 2**62 for value in there):
        return np.array([value or 0 for value in values], dtype=np.int64), missing
    if there and all(isinstance(value, int | float) for value in there):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64), missing
    longest = _TEXT_BYTES if driver == "ESRI Shapefile" else None
    return np.array([_text(value, longest) for value in values], dtype=object), missing


def _text(value: Any, longest: int | None) -> str | None:
    if value is None:
        return None
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if longest is None else text.encode()[:longest].decode("utf-8", "ignore")
