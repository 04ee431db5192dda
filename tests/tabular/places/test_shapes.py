from __future__ import annotations

import gzip
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from bilan.problems import BilanError, Place, Problem
from bilan.tabular.places import shapes
from tests.shared import shared_data

SQUARE = {"type": "Polygon", "coordinates": [[[118, 24], [119, 24], [119, 25], [118, 25], [118, 24]]]}
HOLED = {"type": "Polygon", "coordinates": [*SQUARE["coordinates"], [[118.4, 24.4], [118.6, 24.4], [118.6, 24.6], [118.4, 24.4]]]}
RIVER = {"type": "LineString", "coordinates": [[118, 24], [118.5, 24.5], [119, 24.2]]}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


@pytest.mark.parametrize(
    ("geometry", "kind", "code"),
    [
        (None, "any", "shape.no_geometry"),
        ("POINT(1 2)", "any", "shape.no_geometry"),
        ({"type": 5}, "any", "shape.no_geometry"),
        ({"type": "FeatureCollection", "features": []}, "any", "shape.no_geometry"),
        ({"type": "Punkt", "coordinates": [1, 2]}, "any", "shape.wrong_kind"),
        ({"type": "GeometryCollection", "geometries": []}, "any", "shape.wrong_kind"),
        (SQUARE, "point", "shape.wrong_kind"),
        (RIVER, "polygon", "shape.wrong_kind"),
        ({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, "point", "shape.wrong_kind"),
        ({"type": "Point"}, "point", "shape.bad_position"),
        ({"type": "Point", "coordinates": []}, "point", "shape.bad_position"),
        ({"type": "Point", "coordinates": ["118", "24"]}, "point", "shape.bad_position"),
        ({"type": "Point", "coordinates": [True, False]}, "point", "shape.bad_position"),
        ({"type": "Point", "coordinates": [math.nan, 24]}, "point", "shape.bad_position"),
        ({"type": "Point", "coordinates": [math.inf, 24]}, "point", "shape.bad_position"),
        ({"type": "Point", "coordinates": [24.8, 118.5]}, "point", "shape.out_of_range"),
        ({"type": "LineString", "coordinates": [[118, 24], [118, 24]]}, "line", "shape.too_short"),
        ({"type": "Polygon", "coordinates": [[[118, 24], [119, 24], [118, 24]]]}, "polygon", "shape.too_short"),
        ({"type": "Polygon", "coordinates": [[[118, 24], [119, 24], [118.5, 24], [118, 24]]]}, "polygon", "shape.nothing_left"),
        ({"type": "LineString", "coordinates": [[118, 24]] * 500_000}, "line", "shape.too_many"),
        ({"type": "Polygon", "coordinates": [[[[[[[118]]]]]]]}, "polygon", "shape.bad_position"),
    ],
)
def test_what_is_no_such_geometry_is_refused(geometry: Any, kind: str, code: str) -> None:
    where = Place("区域.geojson", 3)
    with pytest.raises(BilanError) as refused:
        shapes.checked(geometry, kind, place=where)
    [problem] = refused.value.problems
    assert (problem.code, problem.place) == (code, where)
    assert problem.text("en") != problem.text("zh-hans")


def test_what_can_be_mended_is_mended_and_said() -> None:
    notes: list[Problem] = []
    found = shapes.checked(
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0, 9], [0, 1, 9], [1, 1, 9], [1, 0, 9]]]},
        },
        "polygon",
        notes=notes,
    )
    assert found == {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]} or shapes.area_m2(found) > 0
    assert [note.code for note in notes] == ["shape.closed"]
    assert len(found["coordinates"][0][0]) == 2
    outer = np.array(found["coordinates"][0])
    assert (outer[:-1, 0] * outer[1:, 1] - outer[1:, 0] * outer[:-1, 1]).sum() > 0


@given(some.lists(some.tuples(some.floats(117, 119), some.floats(24, 26)), min_size=3, max_size=12))
def test_any_scribble_becomes_a_valid_polygon_or_is_refused(ring: list[tuple[float, float]]) -> None:
    try:
        found = shapes.checked({"type": "Polygon", "coordinates": [ring]}, "polygon")
    except BilanError as error:
        assert error.problems[0].code in {"shape.too_short", "shape.nothing_left"}
        return
    assert shapes.checked(found, "polygon") is not found
    lon, lat = shapes.representative(found)
    west, south, east, north = shapes.bounds(found)
    assert west - 1e-6 <= lon <= east + 1e-6
    assert south - 1e-6 <= lat <= north + 1e-6


@given(some.recursive(some.none() | some.booleans() | some.floats() | some.text(max_size=3), lambda part: some.lists(part, max_size=3)))
def test_nothing_a_stranger_sends_breaks_it(coordinates: Any) -> None:
    for type_ in ("Point", "LineString", "Polygon", "MultiPolygon", "MultiPoint", "MultiLineString"):
        try:
            shapes.checked({"type": type_, "coordinates": coordinates})
        except BilanError as error:
            assert error.problems


@given(some.floats(118.01, 118.99), some.floats(24.01, 24.99), some.floats(1, 20_000))
def test_a_buffer_reaches_as_far_as_it_says(lon: float, lat: float, metres: float) -> None:
    around = shapes.buffer_m(point(lon, lat), metres)
    places = np.array(around["coordinates"][0])
    away = shapes.ELLIPSOID.inv([lon] * len(places), [lat] * len(places), *places.T)[2]
    assert np.allclose(away, metres, rtol=1e-4, atol=0.02)
    assert shapes.within(point(lon, lat), around)


def test_the_area_of_a_known_square() -> None:
    # Area of the degree cell 118–119° E, 24–25° N on GRS80, from GeographicLib's Planimeter.
    assert shapes.area_m2(SQUARE) == pytest.approx(11_224_862_000, rel=2e-3)
    assert shapes.area_m2(HOLED) < shapes.area_m2(SQUARE)
    assert shapes.area_m2(RIVER) == 0


def test_relations() -> None:
    assert shapes.within(point(118.5, 24.5), SQUARE)
    assert not shapes.within(point(118.55, 24.45), HOLED)
    assert shapes.intersects(RIVER, HOLED)
    assert shapes.distance_m(point(118.5, 24.5), SQUARE) == 0
    several = [point(118.5, 24.5), point(118.5, 25.1), RIVER]
    assert shapes.distances_m(SQUARE, several) == pytest.approx([shapes.distance_m(SQUARE, other) for other in several], abs=0.5)
    assert shapes.distances_m(SQUARE, []) == []
    assert shapes.distance_m(point(118.5, 25.1), SQUARE) == pytest.approx(11_077, abs=5)
    inside = shapes.places_within(np.array([[118.5, 24.9], [118.55, 24.45], [117, 24], [np.nan, 24]]), HOLED)
    assert inside.tolist() == [True, False, False, False]
    assert shapes.representative(point(118.5, 24.5)) == (118.5, 24.5)


def test_real_districts_pass_with_their_areas() -> None:
    path = shared_data("geo_xiamen_quanzhou", "districts_xiamen_quanzhou_wgs84.geojson.gz")
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    areas = {}
    for feature in features:
        found = shapes.checked(feature, "polygon")
        areas[feature["properties"]["name"]] = shapes.area_m2(found) / 1e6
        assert shapes.within(point(*shapes.representative(found)), found)
    # Land area as the counties publish it [km²]; Anxi 3,057, Dehua 2,232, Yongchun 1,452.
    assert areas["安溪县"] == pytest.approx(3_057, rel=0.03)
    assert areas["德化县"] == pytest.approx(2_232, rel=0.03)
    assert areas["永春县"] == pytest.approx(1_452, rel=0.03)
