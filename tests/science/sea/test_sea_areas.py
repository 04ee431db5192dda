"""Share of the area: truths that are known beforehand, land, uncertainty, and a run on the waters of Hong Kong."""

from __future__ import annotations

import gzip
import json

import numpy as np
import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science import sea
from bilan.science.standards.sea.areas import _grades
from bilan.science.standards.sea.geometry import within
from bilan.science.standards.sea.interpolation import METHODS, interpolate
from bilan.science.standards.single.limits import version_at
from tests.shared import shared_data

SQUARE = [[118.0, 24.0], [119.0, 24.0], [119.0, 25.0], [118.0, 25.0]]
"""A bay of one degree."""


def gradient(count=7):
    """Stations where inorganic nitrogen falls from 0.55 mg/L in the west to 0.05 in the east: class II begins in the middle."""
    line = np.linspace(118.02, 118.98, count)
    lon, lat = (axis.ravel() for axis in np.meshgrid(line, line - 94))
    return pl.DataFrame({"lon": lon, "lat": lat, "din": 0.55 - 0.5 * (lon - 118)})


@pytest.mark.parametrize("method", METHODS)
def test_half_of_the_bay_is_good_where_half_of_it_is(method):
    found = sea.area_shares(gradient(), waters=[SQUARE], method=method, step=3, resamples=0)
    assert found.good == pytest.approx(0.5, abs=0.1 if method == "nearest" else 0.06)
    assert found.area == pytest.approx(111.195**2 * np.cos(np.radians(24.5)), rel=0.04)
    assert sum(found.shares) == pytest.approx(1.0)


def test_land_is_taken_off():
    east = [[118.5, 24.0], [119.0, 24.0], [119.0, 25.0], [118.5, 25.0]]
    whole = sea.area_shares(gradient(), waters=[SQUARE], step=3, resamples=0)
    west = sea.area_shares(gradient(), waters=[SQUARE], land=[east], step=3, resamples=0)
    assert west.area == pytest.approx(whole.area / 2, rel=0.05)
    assert west.good < 0.1
    with pytest.raises(BilanError) as told:
        sea.area_shares(gradient(), waters=[SQUARE], land=[[[117, 23], [120, 23], [120, 26], [117, 26]]], resamples=0)
    assert told.value.problems[0].code == "sea.no_waters"


def test_the_interval_holds_the_truth_and_shrinks_with_stations():
    sparse = sea.area_shares(gradient(4), waters=[SQUARE], step=4, resamples=40)
    dense = sea.area_shares(gradient(9), waters=[SQUARE], step=4, resamples=40)
    assert dense.good_low <= 0.5 <= dense.good_high
    assert sparse.good_low <= 0.5 <= sparse.good_high
    assert dense.good_deviation < sparse.good_deviation
    assert dense.agreement > 0.6


def test_the_same_seed_gives_the_same_interval():
    one, other = (sea.area_shares(gradient(5), waters=[SQUARE], step=6, resamples=10).row() for _ in range(2))
    assert one == other


def test_the_worst_item_of_a_cell_decides_as_it_does_at_a_station():
    random = np.random.default_rng(1)
    items = version_at("seawater_limits").items
    wanted = [items[name] for name in ("ph", "do", "din", "dip")]
    values = {"ph": random.uniform(6.5, 9, 500), "do": random.uniform(1, 9, 500), "din": random.uniform(0, 1, 500).round(2),
              "dip": np.append(np.full(20, np.nan), random.uniform(0, 0.06, 480).round(3))}  # fmt: skip
    expected = sea.judge(pl.DataFrame(values).with_columns(pl.col("dip").fill_nan(None)))["grade"].to_list()
    assert _grades(values, wanted).tolist() == expected


@pytest.mark.parametrize("method", METHODS)
def test_a_station_keeps_its_value_and_nothing_leaves_the_range(method):
    random = np.random.default_rng(2)
    places, values = random.uniform(0, 30, (12, 2)), random.uniform(0.1, 0.6, 12)
    wanted = random.uniform(-10, 40, (200, 2))
    found = interpolate(places, values, wanted, method)
    assert values.min() <= found.min() and found.max() <= values.max()
    if method != "rbf":
        assert interpolate(places, values, places, method) == pytest.approx(values, abs=1e-3)
    mixed = random.permutation(12)
    assert interpolate(places[mixed], values[mixed], wanted, method) == pytest.approx(found, abs=1e-6)


def test_inverse_distance_by_hand():
    # Distances 1 and 3 km: weights 1 and 1/9 → (0.1 + 0.9 / 9) / (10 / 9) = 0.18.
    found = interpolate(np.array([[0.0, 0.0], [4.0, 0.0]]), np.array([0.1, 0.9]), np.array([[1.0, 0.0]]))
    assert found[0] == pytest.approx(0.18)


def test_a_ring_in_a_ring_is_a_hole():
    rings = sea.rings_of({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {
        "type": "MultiPolygon", "coordinates": [[SQUARE, [[118.4, 24.4], [118.6, 24.4], [118.6, 24.6], [118.4, 24.6]]]]}}]})  # fmt: skip
    assert within(np.array([118.5, 118.1, 117.9]), np.array([24.5, 24.1, 24.5]), rings).tolist() == [False, True, False]


def test_without_coordinates_or_items_there_is_a_problem():
    with pytest.raises(BilanError):
        sea.area_shares(pl.DataFrame({"lon": [118.0], "din": [0.1]}))
    with pytest.raises(BilanError):
        sea.area_shares(pl.DataFrame({"lon": [118.0], "lat": [24.0], "tp": [0.1]}))


@pytest.fixture(scope="module")
def hong_kong():
    folder = shared_data("coastal_water_hk")
    samples = pl.read_csv(folder / "hk_epd_marine_2015_2019.csv.gz", infer_schema_length=None).select(
        point="Station", zone="Water Control Zone", start=pl.col("Dates").str.to_datetime("%Y-%m-%d"), ph="pH",
        do="Dissolved Oxygen mg_L", din="Total Inorganic Nitrogen mg_L", dip="Orthophosphate Phosphorus mg_L",
        bod5="5-day Biochemical Oxygen Demand mg_L", temperature="Temperature C",
    )  # fmt: skip
    places = pl.read_csv(folder / "hk_epd_marine_stations.csv.gz").select(point="WaterStati", lon="Longitude", lat="Latitude")
    zones = json.loads(gzip.decompress((folder / "hk_water_control_zones_wgs84.geojson.gz").read_bytes()))
    return samples.join(places, on="point", how="left"), sea.rings_of(zones)


def test_the_bays_of_hong_kong_stand_in_the_known_order(hong_kong):
    samples, _ = hong_kong
    zones = sea.evaluate_zones(sea.evaluate_periods(samples.drop("bod5"), "year"), ["zone", "start"])
    worst = zones.filter(pl.col("zone") == "Deep Bay")
    # Hong Kong EPD, Marine Water Quality in Hong Kong 2015 to 2019: Deep Bay has the highest nutrients, Mirs Bay is excellent.
    assert set(worst["status"]) == {5}
    assert zones.filter(zone="Mirs Bay", start=pl.datetime(2019, 1, 1))["status"].item() == 1


def test_area_and_points_of_hong_kong_agree_within_the_interval(hong_kong):
    samples, rings = hong_kong
    year = sea.evaluate_periods(samples.filter(pl.col("lon").is_not_null(), pl.col("start").dt.year() == 2019).drop("bod5"), "year")
    found = sea.area_shares(year, waters=rings, reach=3, step=1.0, resamples=12)
    assert found.good_low <= found.voronoi_good <= found.good_high
    assert 0.5 < found.good < 0.8 and found.worst < 0.25
    assert found.agreement > 0.75


def test_oxygen_demand_stands_in_for_cod_only_by_name(hong_kong):
    # The samples have no COD: BOD5 is put in its place here, knowingly; the index is then only a rank of waters.
    samples, _ = hong_kong
    stood_in = sea.eutrophication(samples.rename({"bod5": "cod"}))
    median = dict(stood_in.group_by("zone").agg(pl.col("eutrophication").median()).iter_rows())
    assert max(median, key=lambda zone: median[zone]) == "Deep Bay"
    assert median["Deep Bay"] > 9 and median["Mirs Bay"] < 1
