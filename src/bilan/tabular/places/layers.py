"""Shapefiles and GeoPackages read through GDAL, batch by batch, in WGS 84."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from bilan.problems import BilanError, Problem, nearest
from bilan.tabular.places.shapes import Geometry, as_geometry
from bilan.tabular.places.systems import carrier, in_degrees, reference

_BATCH = 20_000
_SHAPEFILE = bytes.fromhex("0000270a")
_GEOPACKAGE = (b"GPKG", b"GP10", b"GP11")
Parts = tuple[list[str], str, Iterator[tuple[Geometry | None, dict[str, Any]]], list[Problem]]


def read_shapefile(files: list[Path], layer: str = "") -> Parts:
    """Read one of the shapefiles of an archive.

    Texts are decoded as the .cpg file says; without one as UTF-8 when that fits, else as GB 18030.

    Args:
        files: the .shp files.
        layer: name of the one wanted.

    Raises:
        BilanError: `geofile.no_layer`, `geofile.unreadable`, `geofile.unknown_system`.
    """
    names = [file.stem for file in files]
    file = files[names.index(_chosen(names, layer))]
    attributes = file.with_suffix(".dbf")
    if file.read_bytes()[:4] != _SHAPEFILE or not attributes.is_file():
        raise BilanError(Problem("geofile.unreadable", {"value": "Shapefile", "reason": ".shp, .dbf"}))
    return _read(file, "", _several(names, layer), encoding=_encoding(attributes))


def read_geopackage(file: Path, layer: str = "") -> Parts:
    """Read one feature table of a GeoPackage (OGC 12-128r18).

    Raises:
        BilanError: `geofile.no_layer`, `geofile.unreadable`, `geofile.unknown_system`.
    """
    with file.open("rb") as source:
        head = source.read(100)
    if not head.startswith(b"SQLite format 3\x00") or head[68:72] not in _GEOPACKAGE:
        raise BilanError(Problem("geofile.unreadable", {"value": "GeoPackage", "reason": "SQLite, GPKG"}))
    try:
        names = _feature_tables(file)
    except sqlite3.Error as error:
        raise BilanError(Problem("geofile.unreadable", {"value": "GeoPackage", "reason": str(error)[:100]})) from error
    chosen = _chosen(names, layer)
    return _read(file, chosen, _several(names, layer))


def _feature_tables(file: Path) -> list[str]:
    """Feature layers that are tables; a view could call functions of GDAL that open files and addresses."""
    with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        if database.execute("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'sqlite%'").fetchone():
            return []
        query = (
            "SELECT c.table_name FROM gpkg_contents c JOIN sqlite_master m ON m.name = c.table_name "
            "WHERE c.data_type = 'features' AND m.type = 'table' AND m.sql NOT LIKE 'create virtual%' ORDER BY c.rowid LIMIT 200"
        )
        return [str(name) for (name,) in database.execute(query)]


def _chosen(names: list[str], layer: str) -> str:
    if layer and layer in names:
        return layer
    if not names or layer:
        raise BilanError(Problem("geofile.no_layer", {"value": layer, "allowed": names[:20], "nearest": nearest(layer, names)}))
    return names[0]


def _several(names: list[str], layer: str) -> list[Problem]:
    return [] if layer or len(names) == 1 else [Problem("geofile.first_layer", {"value": names[0], "allowed": names[:20]})]


def _encoding(attributes: Path) -> str | None:
    if attributes.with_suffix(".cpg").is_file():
        return None
    content = attributes.read_bytes()[:2_000_000]
    body = content[int.from_bytes(content[8:10], "little") :]
    for cut in range(4):
        with contextlib.suppress(UnicodeDecodeError):
            body[: len(body) - cut].decode("utf-8")
            return "UTF-8"
    return "GB18030"


def _read(file: Path, layer: str, notes: list[Problem], encoding: str | None = None) -> Parts:
    try:
        info = pyogrio.read_info(file, layer=layer or None, encoding=encoding, force_total_bounds=True)
    except pyogrio.errors.DataSourceError as error:
        raise BilanError(Problem("geofile.unreadable", {"value": file.suffix, "reason": str(error)[:100]})) from error
    system = reference(info["crs"] or "")
    bounds = info["total_bounds"]
    if system is None and bounds is not None and not in_degrees(bounds):
        raise BilanError(Problem("geofile.unknown_system", {"value": "–"}))
    if system is None:
        notes = [*notes, Problem("geofile.no_system")]
    return [str(name) for name in info["fields"]], system.name if system else "", _batches(file, layer, system, encoding), notes


def _batches(file: Path, layer: str, system: Any, encoding: str | None) -> Iterator[tuple[Geometry | None, dict[str, Any]]]:
    carry = carrier(system)
    begin = 0
    while True:
        try:
            meta, _, wkb, columns = pyogrio.raw.read(
                file,
                layer=layer or None,
                encoding=encoding,
                force_2d=True,
                skip_features=begin,
                max_features=_BATCH,
                datetime_as_string=True,
            )
            shapes = carry(shapely.from_wkb(wkb))
        except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, shapely.errors.GEOSException) as error:
            raise BilanError(Problem("geofile.unreadable", {"value": file.suffix, "reason": str(error)[:100]})) from error
        names = [str(name) for name in meta["fields"]]
        values = [[_plain(value) for value in column.tolist()] for column in columns]
        rows = zip(*values, strict=True) if values else iter([()] * len(shapes))
        for shape, row in zip(shapes, rows, strict=True):
            yield None if shape is None or shape.is_empty else as_geometry(shape), dict(zip(names, row, strict=True))
        begin += _BATCH
        if len(shapes) < _BATCH:
            return


def _plain(value: Any) -> Any:
    """A value as JSON knows it; absent ones are None."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or isinstance(value, bytes):
        return None
    return value.isoformat() if isinstance(value, datetime.date) else value
