"""Places in tables: WKB in a column of type ``geometry``, and what GeoParquet 1.1 asks the footer of a file to say of it.

Reference:
    OGC GeoParquet 1.1.0: `geo` metadata, WKB encoding, OGC:CRS84 where no other reference system is named.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bilan.pack.indicators import Column, Table
from bilan.pack.registers.words import Bilingual

KIND = "geometry"
"""Type of the columns in declarations."""
GEOMETRY = Column("geometry", KIND, Bilingual("位置（WKB，WGS 84 经纬度）", "Place (WKB, WGS 84 longitude and latitude)"))
FOOTER, VERSION = "geo", "1.1.0"
_LON, _LAT = "lon", "lat"
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])


def placed(table: Table) -> Table:
    """A table with a column of places when it has longitudes and latitudes; as it is without.

    Examples:
        >>> from bilan.pack.indicators import tables
        >>> "geometry" in placed(tables()["points"]).columns, "geometry" in placed(tables()["areas"]).columns
        (True, False)
    """
    if {_LON, _LAT} <= table.columns.keys() and GEOMETRY.name not in table.columns:
        return replace(table, columns={**table.columns, GEOMETRY.name: GEOMETRY})
    return table


def with_points(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a table that `placed` gave, with the points made of its longitudes and latitudes; rows without either have none.

    Args:
        rows: of the table as it was before, or of any other, which stays as it is.

    Examples:
        >>> from bilan.pack.indicators import tables
        >>> rows = pl.DataFrame({"point": ["A", "B"], "lon": [118.5, None], "lat": [24.9, 24.9]})
        >>> with_points(placed(tables()["points"]), rows)["geometry"].bin.size().to_list()
        [21, None]
    """
    if table.columns.get(GEOMETRY.name) is not GEOMETRY or GEOMETRY.name in rows.columns:
        return rows
    return rows.with_columns(_points(rows[_LON], rows[_LAT]).alias(GEOMETRY.name))


def geometries(table: Table) -> list[str]:
    """Columns of places, the one that maps show first in front."""
    return [column.name for column in table.columns.values() if column.type == KIND]


def footer(table: Table, rows: pl.DataFrame) -> dict[str, str]:
    """What the footer of a file says of its places; nothing for a table without any.

    Args:
        rows: what the file holds.
    """
    names = geometries(table)
    if not names:
        return {}
    columns = {name: _described(rows[name]) for name in names}
    return {FOOTER: json.dumps({"version": VERSION, "primary_column": names[0], "columns": columns})}


def _points(lon: pl.Series, lat: pl.Series) -> pl.Series:
    known = (lon.is_finite() & lat.is_finite()).fill_null(value=False)
    laid = np.zeros(len(lon), dtype=_POINT)
    laid["order"], laid["kind"] = 1, 1
    laid["x"], laid["y"] = lon.fill_null(0.0).to_numpy(), lat.fill_null(0.0).to_numpy()
    whole, size = laid.tobytes(), _POINT.itemsize
    made = [whole[at * size : (at + 1) * size] if there else None for at, there in enumerate(known.to_list())]
    return pl.Series(made, dtype=pl.Binary)


def _described(column: pl.Series) -> dict[str, Any]:
    """Encoding, kinds and bounds of a column."""
    # An extra of the platform: reading the lake does without it.
    import shapely  # noqa: PLC0415

    shapes = shapely.from_wkb(column.drop_nulls().to_numpy())
    said: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted({shape.geom_type for shape in shapes})}
    bounds = shapely.bounds(shapes)[~shapely.is_empty(shapes)]
    if len(bounds):
        said["bbox"] = [*map(float, bounds[:, :2].min(axis=0)), *map(float, bounds[:, 2:].max(axis=0))]
    return said
