from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from bilan.telemetry.clock import DAY, HOUR, seconds
from bilan.telemetry.model import Point, SeriesKey
from bilan.telemetry.simulator.profiles import profiles
from bilan.telemetry.simulator.signals import Signals

BEGIN = seconds(datetime(2025, 1, 1))
YEAR_OF_HOURS = np.arange(BEGIN, BEGIN + 365 * DAY, HOUR, dtype=np.int64)


def city() -> list[Point]:
    """A few points of every network."""
    air = [
        Point(f"A{number}", "air", "演示", lon=118.3 + 0.06 * number, lat=24.8 + 0.03 * number, attributes={"kind": kind})
        for number, kind in enumerate(["city"] * 6 + ["background", "super", "traffic"])
    ]
    rivers = [
        Point(f"W{number}", "surface_water", "演示", attributes={"section_type": kind, "target_class": target, "river": f"R{number // 2}"})
        for number, (kind, target) in enumerate([("river", 2), ("river", 3), ("lake", 2), ("river", 4)])
    ]
    outlets = [
        Point(f"{kind.network}-{kind.name}-{number}", kind.network, "演示", attributes={"profile": kind.name, "enterprise": f"E{number}"})
        for kind in profiles().values()
        for number in range(2)
    ]
    rest = [
        Point("S1", "sea", "演示", attributes={"kind": "buoy", "bay": "B1"}),
        Point("G1", "groundwater", "演示", attributes={"target_class": 3}),
        Point("N1", "noise", "演示", attributes={"zone_class": "2"}),
        Point("D1", "drinking", "演示", attributes={"section_type": "reservoir", "target_class": 2}),
    ]
    return [*air, *rivers, *outlets, *rest]


@pytest.fixture(scope="module")
def signals() -> Signals:
    return Signals(city(), seed=3)


def test_any_moment_alone_equals_the_same_moment_in_a_block(signals: Signals) -> None:
    some = YEAR_OF_HOURS[100:172]
    for network in signals.models:
        whole = signals.block(network, some, HOUR)
        alone = signals.block(network, some[17:18], HOUR)
        for key, values in whole.values.items():
            np.testing.assert_allclose(alone.values[key][:, 0], values[:, 17], rtol=2e-4, atol=1e-3, err_msg=f"{network} {key}")


def test_the_seed_alone_decides(signals: Signals) -> None:
    again = Signals(city(), seed=3).block("air", YEAR_OF_HOURS[:24], HOUR).values["a34004", "mean"]
    other = Signals(city(), seed=4).block("air", YEAR_OF_HOURS[:24], HOUR).values["a34004", "mean"]
    first = signals.block("air", YEAR_OF_HOURS[:24], HOUR).values["a34004", "mean"]
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_instants_average_to_about_their_hour(signals: Signals) -> None:
    hours = YEAR_OF_HOURS[4000:4020]
    minutes = (hours[:, None] + np.arange(0, HOUR, 60)[None, :]).ravel()
    fine = signals.block("air", minutes, 0).values["a34004", "mean"].reshape(-1, len(hours), 60).mean(axis=2)
    coarse = signals.block("air", hours, HOUR).values["a34004", "mean"]
    assert np.median(np.abs(fine / coarse - 1)) < 0.05


@pytest.fixture(scope="module")
def year(signals: Signals) -> dict[str, np.ndarray]:
    return {code: values for (code, _), values in signals.block("air", YEAR_OF_HOURS[::5], HOUR).values.items()}


class TestAir:
    def test_physics_between_pollutants_holds_in_every_hour(self, year: dict[str, np.ndarray]) -> None:
        assert (year["a34004"] <= year["a34002"]).all()
        np.testing.assert_allclose(year["a21002"], year["a21004"] + year["a21003"] * 46 / 30, rtol=1e-3)
        assert all((year[code] > 0).all() for code in ("a21026", "a21003", "a21004", "a21005", "a05024", "a34004"))

    def test_levels_are_those_of_the_south_fujian_coast(self, year: dict[str, np.ndarray]) -> None:
        city_stations = slice(0, 6)
        assert 15 < year["a34004"][city_stations].mean() < 27
        assert 30 < year["a34002"][city_stations].mean() < 55
        assert 8 < year["a21004"][city_stations].mean() < 25
        assert 4 < year["a21026"][city_stations].mean() < 9
        assert 0.3 < year["a21005"][city_stations].mean() < 0.9

    def test_good_days_are_many_but_not_all_and_ozone_spoils_the_rest(self) -> None:
        hours = np.arange(BEGIN, BEGIN + 2 * 365 * DAY, HOUR, dtype=np.int64)
        ozone = Signals(city()[:3], seed=3).block("air", hours, HOUR).values["a05024", "mean"].mean(axis=0).reshape(-1, 24)
        eight = np.stack([ozone[:, begin : begin + 8].mean(axis=1) for begin in range(17)]).max(axis=0)
        assert 0.004 < (eight > 160).mean() < 0.07

    def test_ozone_runs_against_nitrogen_dioxide_and_with_the_sun(self, year: dict[str, np.ndarray]) -> None:
        ozone, dioxide = year["a05024"][:6].mean(axis=0), year["a21004"][:6].mean(axis=0)
        assert np.corrcoef(ozone, dioxide)[0, 1] < -0.05
        hour = YEAR_OF_HOURS[::5] % DAY // HOUR
        assert 13 <= np.argmax([ozone[hour == each].mean() for each in range(24)]) <= 16

    def test_neighbours_move_together(self, year: dict[str, np.ndarray]) -> None:
        assert np.corrcoef(year["a34004"][0], year["a34004"][1])[0, 1] > 0.7

    def test_species_are_measured_where_the_station_has_the_instrument(self, signals: Signals) -> None:
        by_kind = {point.attributes["kind"]: signals.parameters(point) for point in city() if point.network == "air"}
        assert len(by_kind["super"]) == len(by_kind["city"]) + 57 == len(by_kind["traffic"])


def test_water_classes_follow_the_target_and_chemistry_is_held_four_hours(signals: Signals) -> None:
    block = signals.block("surface_water", YEAR_OF_HOURS, HOUR)
    ammonia = block.values["w21003", "mean"]
    assert ammonia[3].mean() > 2 * ammonia[0].mean()
    assert (ammonia.reshape(4, -1, 4) == ammonia.reshape(4, -1, 4)[:, :, :1]).all()
    oxygen = block.values["w01009", "mean"]
    assert 3 < oxygen.min() < oxygen.max() < 16


def test_converted_concentration_is_that_of_the_reference_oxygen(signals: Signals) -> None:
    block = signals.block("source_gas", YEAR_OF_HOURS[:500], HOUR)
    model = signals.models["source_gas"]
    rows, oxygen_rows = block.rows["a21002"], block.rows["a19001"]
    measured, converted = block.values["a21002", "mean"], block.values["a21002", "converted_mean"]
    oxygen = {row: block.values["a19001", "mean"][number] for number, row in enumerate(oxygen_rows)}
    for number, row in enumerate(rows):
        reference = profiles()[model.points[row].attributes["profile"]].reference_o2
        assert reference is not None
        runs = ~block.stopped[row]
        expected = measured[number][runs] * (21 - reference) / (21 - oxygen[row][runs])
        np.testing.assert_allclose(converted[number][runs], expected, rtol=2e-3)


def test_a_standing_plant_emits_nothing(signals: Signals) -> None:
    block = signals.block("source_gas", YEAR_OF_HOURS[:500], HOUR)
    assert 0.05 < block.stopped.mean() < 0.6
    assert (block.values["a00000", "total"][block.stopped] == 0).all()


def test_one_series_is_a_row_of_its_block(signals: Signals) -> None:
    hours = YEAR_OF_HOURS[:30]
    row = [point.code for point in signals.models["air"].points].index("A4")
    series = signals.values(SeriesKey("A4", "a34002", "mean", "hour"), hours)
    np.testing.assert_allclose(series, signals.block("air", hours, HOUR).values["a34002", "mean"][row])
    with pytest.raises(KeyError):
        signals.values(SeriesKey("A4", "a24001", "mean", "hour"), hours)
