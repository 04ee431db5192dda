from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyproj import Geod

from bilan.tabular.places.coordinates import System, convert, to_gcj02, to_wgs84
from bilan.tabular.places.projected import ZONES, Zone, to_degrees, to_metres, zone_of
from tests.shared import shared_data

ALLOWED = 0.5
"""How far [m] a conversion may be off."""


def boundaries(system: str) -> np.ndarray:
    path = shared_data("geo_xiamen_quanzhou", f"districts_xiamen_quanzhou_{system}.geojson.gz")
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    return np.concatenate([np.array(ring) for feature in features for polygon in feature["geometry"]["coordinates"] for ring in polygon])


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest distance [m]."""
    return float(np.max(Geod(ellps="GRS80").inv(*ours.T, *theirs.T)[2]))


def test_boundaries_agree_with_the_independent_conversion_both_ways() -> None:
    gcj02, wgs84 = boundaries("gcj02"), boundaries("wgs84")
    assert len(gcj02) == len(wgs84) > 5_000
    assert apart(gcj02, wgs84) > 400
    assert apart(convert(gcj02, "gcj02", "wgs84"), wgs84) < ALLOWED
    assert apart(convert(wgs84, "cgcs2000", "gcj02"), gcj02) < ALLOWED
    assert apart(convert(convert(wgs84, "wgs84", "bd09"), "bd09"), wgs84) < ALLOWED


def test_a_place_as_the_makers_of_bd09_give_it() -> None:
    # Tian'anmen in the three systems, as quoted in the documentation of coordtransform (wandergis).
    bd09, gcj02, wgs84 = [116.404, 39.915], [116.39762729119315, 39.90865673957631], [116.39138369954496, 39.90725321448524]
    assert apart(convert(np.array([bd09]), "bd09", "gcj02"), np.array([gcj02])) < ALLOWED
    assert apart(convert(np.array([gcj02]), "gcj02", "wgs84"), np.array([wgs84])) < 2.0
    assert apart(convert(np.array([[116.404, 39.915]]), "gcj02", "bd09"), np.array([[116.41036949371029, 39.92133699351021]])) < ALLOWED


@given(some.floats(73, 136), some.floats(2, 54), some.sampled_from(System), some.sampled_from(System))
def test_every_conversion_and_its_inverse_meet(lon: float, lat: float, source: System, target: System) -> None:
    place = np.array([[lon, lat]])
    assert np.abs(convert(convert(place, source, target), target, source) - place).max() < 1e-8


@given(some.floats(-180, 180), some.floats(-89, 89))
def test_places_outside_china_stay_and_nothing_moves_by_more_than_the_shift(lon: float, lat: float) -> None:
    place = np.array([[lon, lat]])
    moved, back = to_gcj02(place), to_wgs84(place)
    if not (72 <= lon <= 138 and 0.8 <= lat <= 56):
        assert (moved == place).all()
        assert (back == place).all()
    assert np.abs(moved - place).max() < 0.05
    assert np.abs(back - place).max() < 0.05


def test_rows_without_a_place_pass_through() -> None:
    found = convert(np.array([[118.6, 24.8], [np.nan, 24.8]]), "gcj02", "wgs84")
    assert np.isnan(found[1, 0])
    assert np.isfinite(found[0]).all()
    assert convert(np.empty((0, 2)), "bd09", "wgs84").shape == (0, 2)
    with pytest.raises(ValueError, match="beijing54"):
        convert(found, "beijing54")


@given(some.sampled_from(ZONES), some.floats(-1.6, 1.6), some.floats(3, 53.5), some.booleans())
def test_surveyed_places_come_back(number: int, aside: float, lat: float, prefixed: bool) -> None:
    zone = Zone(number, prefixed)
    place = np.array([[zone.meridian + aside, lat]])
    metres = to_metres(place, zone)
    assert np.abs(to_degrees(metres, zone) - place).max() < 1e-8
    assert zone_of(float(metres[0, 0]), zone.meridian) == zone
    assert bool(metres[0, 0] > 1_000_000) is prefixed


def test_eastings_follow_the_series_of_the_textbook() -> None:
    # Length of the meridian from the equator to 30° N on the ellipsoid of CGCS2000 [m].
    assert to_metres(np.array([[117.0, 30.0]]), Zone(39, False))[0, 1] == pytest.approx(3_320_113.398, abs=0.001)
