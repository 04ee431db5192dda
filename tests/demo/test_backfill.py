from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from bilan.demo import backfill
from bilan.pack.city import City
from bilan.telemetry.clock import DAY, HOUR, moment, seconds
from bilan.telemetry.model import Device, Point, SeriesKey
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.sampler import Sampler
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.telegrams import Telegrams
from bilan.telemetry.store import Store

UNTIL = seconds(datetime(2026, 5, 12, 9, 41))
POINTS = [
    Point("AQ-1", "air", "演示", lon=118.6, lat=24.9, attributes={"kind": "city"}),
    Point("AQ-2", "air", "演示", lon=118.6, lat=24.9, attributes={"kind": "super"}),
    Point("NZ-1", "noise", "演示", attributes={"zone_class": "2"}),
    Point("SEA-1", "sea", "演示", attributes={"kind": "buoy"}),
    Point("SEA-2", "sea", "演示", attributes={"kind": "manual"}),
    Point("E1-DA001", "source_gas", "演示", attributes={"profile": "power_coal", "enterprise": "E1"}),
    Point("E1-DW001", "source_water", "演示", attributes={"profile": "sewage_city", "enterprise": "E1"}),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    made = City(tmp_path_factory.mktemp("city"), "演示市", "Demo", "350500", demo=True)
    made.write()
    made.data.mkdir()
    store = Store.open(made)
    store.migrate()
    store.catalogue.put_points(POINTS)
    store.close()
    return made


@pytest.fixture(scope="module")
def told(city: City) -> list[tuple[float, str]]:
    heard: list[tuple[float, str]] = []
    assert backfill.run(city, lambda fraction, text: heard.append((fraction, text)), until=UNTIL, years=1) > 0
    return heard


@pytest.fixture
def store(city: City, told: list[tuple[float, str]]) -> Store:
    assert told
    return Store.open(city)


def one(store: Store, point: str, parameter: str, statistic: str, interval: str) -> int:
    return store.catalogue.series_ids([SeriesKey(point, parameter, statistic, interval)])[0]


def test_progress_is_honest(told: list[tuple[float, str]]) -> None:
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] == 1
    assert max(second - first for first, second in pairwise(fractions)) < 0.25


def test_ambient_hours_reach_from_a_year_ago_to_the_last_full_hour(store: Store) -> None:
    statistics = store.statistics([one(store, "AQ-1", "a34004", "mean", "hour")]).row(0, named=True)
    assert moment(statistics["last"]) == datetime(2026, 5, 12, 8)
    assert moment(statistics["first"]) == datetime(2025, 5, 1)
    assert statistics["count"] > 365 * 24 * 0.98
    assert store.latest(["AQ-1"])["start"].max() == seconds(datetime(2026, 5, 12, 8))


def test_sources_have_sixty_days_of_hours_and_a_year_of_days(store: Store) -> None:
    hours = store.statistics([one(store, "E1-DW001", "w01018", "mean", "hour")]).row(0, named=True)
    days = store.statistics([one(store, "E1-DW001", "w01018", "mean", "day")]).row(0, named=True)
    assert moment(hours["first"]).date() == datetime(2026, 3, 13).date()
    assert days["count"] > 350 and moment(days["last"]) == datetime(2026, 5, 11)


def test_manual_points_have_samples_and_no_hours(store: Store) -> None:
    assert store.statistics([one(store, "SEA-2", "x21901", "mean", "sample")])["count"][0] == 3
    assert not store.catalogue.series_frame(["SEA-2"], interval="hour").height


def test_noise_levels_are_values_of_their_hour(store: Store) -> None:
    assert store.statistics([one(store, "NZ-1", "Leq", "value", "hour")])["count"][0] > 8000


def test_history_is_what_the_fleet_would_have_sent(store: Store) -> None:
    signals = Signals(POINTS)
    network, row = signals.position("E1-DA001")
    telegrams = Telegrams(Device("A1", point="E1-DA001"), POINTS[5], signals, row)
    sampler = Sampler(Observer(signals))
    start = seconds(datetime(2026, 5, 11, 13))
    frames = telegrams.data("2061", sampler.at(network, start, HOUR), start, HOUR, moment(start))
    stored = {
        key: store.scan([one(store, "E1-DA001", "a21002", key, "hour")], start, start + 1, "hour")["value"][0]
        for key in ("mean", "converted_mean", "total")
    }
    text = frames[0][1].decode()
    assert f"a21002-Avg={stored['mean']:.1f}" in text
    assert f"a21002-ZsAvg={stored['converted_mean']:.1f}" in text
    assert f"a21002-Cou={stored['total']:.4f}" in text


def test_run_again_it_writes_only_what_is_missing(city: City, told: list[tuple[float, str]]) -> None:
    assert told
    assert backfill.run(city, until=UNTIL, years=1) == 0
    assert backfill.run(city, until=UNTIL + 2 * HOUR, years=1) > 0
    store = Store.open(city)
    statistics = store.statistics([one(store, "AQ-1", "a34004", "mean", "hour")]).row(0, named=True)
    assert moment(statistics["last"]) == datetime(2026, 5, 12, 10)
    before = statistics["count"]
    backfill.run(city, until=UNTIL + DAY, years=1)
    after = store.statistics([one(store, "AQ-1", "a34004", "mean", "hour")])["count"][0]
    assert before < after <= before + 22
    store.close()
