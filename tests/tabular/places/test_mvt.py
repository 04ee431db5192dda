from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as some

from bilan.tabular.places.mvt import EXTENT, Layer, tile
from bilan.tabular.places.shapes import as_shape
from bilan.tabular.places.tiles import tile_bounds, tile_of
from tests.shared import shared_data

Z = 10
X, Y = tile_of(118.58, 24.89, Z)
UNIT = 360 / (1 << Z) / EXTENT
"""A unit of the tile [deg of longitude]."""


def decoded(content: bytes, path: Path, layer: str, z: int = Z, x: int = X, y: int = Y) -> list[dict[str, Any]]:
    """What GDAL's own reader of vector tiles finds: properties with the geometry in degrees."""
    file = path / "tile.mvt"
    file.write_bytes(content)
    meta, _, geometries, columns = pyogrio.raw.read(file, layer=layer, X=str(x), Y=str(y), Z=str(z), CLIP="NO")
    mercator = shapely.from_wkb(geometries)
    degrees = shapely.transform(mercator, _degrees)
    names = list(meta["fields"])
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return [{**row, "geometry": geometry} for row, geometry in zip(rows, degrees, strict=True)]


def _degrees(rows: np.ndarray) -> np.ndarray:
    half = np.pi * 6378137.0
    return np.stack([rows[:, 0] / half * 180, np.degrees(np.arctan(np.sinh(rows[:, 1] / half * np.pi)))], axis=1)


def test_points_with_their_properties(tmp_path: Path) -> None:
    layer = Layer("river-outfall", Z, X, Y)
    places = np.array([[118.58, 24.89], [118.6, 24.9], [118.5, 25.0]])
    layer.add_points(
        places,
        {
            "code": ["泉-1", "泉-2", "泉-3"],
            "count": [0, 300, 70_000],
            "below": [-5, None, -(2**40)],
            "share": [0.25, 1e300, None],
            "live": [True, False, True],
        },
        ids=[7, 2**40, 0],
    )
    found = decoded(tile([layer]), tmp_path, "river-outfall")
    assert [row["code"] for row in found] == ["泉-1", "泉-2", "泉-3"]
    assert [row["count"] for row in found] == [0, 300, 70_000]
    assert (found[0]["below"], found[2]["below"]) == (-5, -(2**40))
    assert (found[0]["share"], found[1]["share"]) == (0.25, 1e300)
    assert [bool(row["live"]) for row in found] == [True, False, True]
    assert [row["mvt_id"] for row in found] == [7, 2**40, 0]
    for row, (lon, lat) in zip(found, places, strict=True):
        assert row["geometry"].x == pytest.approx(lon, abs=1.1 * UNIT)
        assert row["geometry"].y == pytest.approx(lat, abs=1.1 * UNIT)


@settings(max_examples=40, deadline=None)
@given(some.lists(some.tuples(some.floats(0, 1), some.floats(0, 1), some.text(max_size=300), some.integers(-(2**62), 2**62)), min_size=1))
def test_any_points_come_back(rows: list[tuple[float, float, str, int]]) -> None:
    west, south, east, north = tile_bounds(Z, X, Y)
    places = np.array([[west + a * (east - west), south + b * (north - south)] for a, b, _, _ in rows])
    layer = Layer("x", Z, X, Y)
    layer.add_points(places, {"text": [text for _, _, text, _ in rows], "number": [number for *_, number in rows]})
    read = _parsed(tile([layer]))
    assert read == [(text.encode("utf-8", "replace").decode(), number) for _, _, text, number in rows]


def _parsed(content: bytes) -> list[tuple[str, int]]:
    """Read text and number of every feature with nothing but the wire format of protocol buffers."""
    [(_, layer)] = _fields(content)
    parts = _fields(layer)
    values = [_fields(part)[0] for tag, part in parts if tag == 4]
    keys = [part.decode() for tag, part in parts if tag == 3]
    found = []
    for _, part in (entry for entry in parts if entry[0] == 2):
        tags = list(_varints(dict(_fields(part))[2]))
        row = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
        kind, number = row["number"]
        found.append((row["text"][1].decode(), number if kind == 5 else (number >> 1) ^ -(number & 1)))
    return found


def _varints(content: bytes) -> Any:
    number = shift = 0
    for byte in content:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number = shift = 0


def _fields(content: bytes) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    position = 0

    def number() -> int:
        nonlocal position
        begin = position
        while content[position] > 127:
            position += 1
        position += 1
        return next(_varints(content[begin:position]))

    while position < len(content):
        tag = number()
        size = number()
        if tag & 7 == 0:
            found.append((tag >> 3, size))
        else:
            assert tag & 7 == 2
            found.append((tag >> 3, content[position : position + size]))
            position += size
    return found


def test_districts_are_cut_and_keep_their_area(tmp_path: Path) -> None:
    path = shared_data("geo_xiamen_quanzhou", "districts_xiamen_quanzhou_wgs84.geojson.gz")
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    layer = Layer("district", Z, X, Y)
    shapes = [(as_shape(feature["geometry"]), {"adcode": feature["properties"]["adcode"]}) for feature in features]
    layer.add_shapes(shapes)
    found = decoded(tile([layer]), tmp_path, "district")
    west, south, east, north = tile_bounds(Z, X, Y)
    window = shapely.box(west, south, east, north)
    expected = {
        properties["adcode"]: area for shape, properties in shapes if (area := shapely.make_valid(shape).intersection(window).area) > 1e-5
    }
    drawn = {row["adcode"]: row["geometry"] for row in found}
    assert set(expected) <= set(drawn)
    assert len(expected) >= 4
    for adcode, area in expected.items():
        assert drawn[adcode].is_valid
        assert drawn[adcode].intersection(window).area == pytest.approx(area, rel=0.02, abs=3e-5)
    reach = shapely.total_bounds(list(drawn.values()))
    assert (reach[0] > west - 0.02 * (east - west)) and (reach[2] < east + 0.02 * (east - west))


def test_a_hole_stays_a_hole_and_a_river_stays_a_line(tmp_path: Path) -> None:
    ring = shapely.Polygon(
        [(118.5, 24.9), (118.7, 24.9), (118.7, 25.1), (118.5, 25.1)], [[(118.55, 24.95), (118.65, 24.95), (118.6, 25.05)]]
    )
    river = shapely.MultiLineString([[(118.0, 24.9), (118.6, 25.0), (119.5, 25.1)], [(118.6, 25.0), (118.6, 25.05)]])
    layer = Layer("water", Z, X, Y)
    assert layer.add_shapes([(ring, {"name": "湖"}), (river, {"name": "江"}), (shapely.Point(0, 0), {"name": "无"})]) == 2
    lake, stream = decoded(tile([layer]), tmp_path, "water")
    polygon = shapely.get_parts(lake["geometry"])[0]
    assert len(polygon.interiors) == 1
    assert lake["geometry"].area == pytest.approx(ring.area, rel=0.01)
    west, _, east, _ = tile_bounds(Z, X, Y, buffer=0.02)
    assert stream["geometry"].geom_type == "MultiLineString"
    assert stream["geometry"].bounds[0] >= west
    assert stream["geometry"].bounds[2] <= east


def test_what_is_smaller_than_a_unit_and_what_is_empty() -> None:
    layer = Layer("x", 4, *tile_of(118.58, 24.89, 4))
    layer.add_shapes([(shapely.Point(118.58, 24.89).buffer(1e-7), {"a": 1}), (shapely.Polygon(), {"a": 2})])
    assert len(layer) == 0
    assert tile([layer]) == b""
