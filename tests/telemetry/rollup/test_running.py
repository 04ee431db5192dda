"""Minutes become hours, hours become days, by the rules of the standards and again when late data come."""

from __future__ import annotations

from datetime import datetime

import pytest

from bilan.telemetry import clock, rollup
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.quality.check import Check
from bilan.telemetry.store import ROLLED_UP, Amendment, Store

LEAP_DAY = clock.seconds(datetime(2024, 2, 29))


def series(store: Store, point: str, parameter: str, statistic: str, interval: str) -> int:
    return store.catalogue.series_ids([SeriesKey(point, parameter, statistic, interval)], ["mg/m3"])[0]


def settle(store: Store) -> None:
    """Roll up until nothing is marked any more."""
    while marks := store.dirty.take(1000):
        rollup.run(store, marks)
        store.dirty.done(marks)


def rolled(store: Store, point: str, parameter: str, statistic: str, interval: str) -> list[tuple[int, float | None, str, int]]:
    one = series(store, point, parameter, statistic, interval)
    return store.scan([one], 0, 1 << 40, interval).select("start", "value", "flag", "quality").rows()


def hours(one: int, values: list[float], begin: int = LEAP_DAY) -> list[Reading]:
    return [Reading(one, begin + place * HOUR, HOUR, value) for place, value in enumerate(values)]


@pytest.mark.parametrize(("count", "quality"), [(20, 0), (19, Check.PARTIAL)])
def test_a_day_of_particles_needs_twenty_hours(store: Store, count: int, quality: int) -> None:
    """GB 3095-2012 6.4 Table 4."""
    store.write("hour", hours(series(store, "air", "a34004", "mean", "hour"), [30.0, 50.0] * 12)[:count], arrived=1)
    settle(store)
    ((start, value, flag, bits),) = rolled(store, "air", "a34004", "mean", "day")
    assert (start, flag, bits) == (LEAP_DAY, "N", quality)
    assert value == pytest.approx(40.0, abs=0.6)


@pytest.mark.parametrize(("flag", "quality"), [("N", 0), ("D", Check.PARTIAL)])
def test_an_hour_of_flue_gas_needs_45_valid_minutes(store: Store, flag: str, quality: int) -> None:
    """HJ 76 Annex B: of six 10-minute values five make 50 minutes, four make 40."""
    one = series(store, "source_gas", "a21026", "mean", "minute")
    marks = ["N", "N", "N", "N", flag, "C"]
    readings = [Reading(one, LEAP_DAY + place * 600, 600, 10.0 + place, mark) for place, mark in enumerate(marks)]
    store.write("minute", readings, arrived=1)
    rollup.run(store, store.dirty.take(100))
    ((_, value, mark, bits),) = rolled(store, "source_gas", "a21026", "mean", "hour")
    assert value == (12.0 if flag == "N" else 11.5)
    assert bits & Check.PARTIAL == quality
    assert mark == ("N" if flag == "N" else "D")


def test_one_abnormal_value_makes_an_hour_of_waste_water_abnormal(store: Store) -> None:
    """HJ 212-2017 Annex C Tables C.16-C.18."""
    one = series(store, "source_water", "w01018", "mean", "minute")
    readings = [Reading(one, LEAP_DAY + place * 600, 600, 10.0, "M" if place == 3 else "N") for place in range(6)]
    store.write("minute", readings, arrived=1)
    rollup.run(store, store.dirty.take(100))
    assert rolled(store, "source_water", "w01018", "mean", "hour") == [(LEAP_DAY, 10.0, "M", Check.DEVICE)]


def test_waste_water_is_weighted_by_flow(store: Store) -> None:
    """HJ 212-2017 Annex D eq. 12: mass over volume; 10 mg/L at 1 L/s and 20 mg/L at 3 L/s make 17.5 mg/L."""
    cod, flow = (series(store, "source_water", code, "mean", "hour") for code in ("w01018", "w00000"))
    store.write("hour", hours(cod, [10.0, 20.0] * 12) + hours(flow, [1.0, 3.0] * 12), arrived=1)
    settle(store)
    assert rolled(store, "source_water", "w01018", "mean", "day") == [(LEAP_DAY, 17.5, "N", 0)]
    assert rolled(store, "source_water", "w00000", "mean", "day") == [(LEAP_DAY, 2.0, "N", 0)]


def test_waste_water_without_flow_is_a_plain_mean(store: Store) -> None:
    store.write("hour", hours(series(store, "source_water", "w01018", "mean", "hour"), [10.0, 20.0] * 12), arrived=1)
    settle(store)
    assert rolled(store, "source_water", "w01018", "mean", "day")[0][1] == 15.0


def test_amounts_add_up(store: Store) -> None:
    store.write("hour", hours(series(store, "source_gas", "a21026", "total", "hour"), [0.5] * 24), arrived=1)
    settle(store)
    assert rolled(store, "source_gas", "a21026", "total", "day") == [(LEAP_DAY, 12.0, "N", 0)]


def test_noise_is_averaged_by_energy(store: Store) -> None:
    """GB 3096-2008 3.2: half the time 60 dB and half 70 dB are 10 lg((10^6 + 10^7) / 2) = 67.4 dB."""
    store.write("hour", hours(series(store, "noise", "Leq", "value", "hour"), [60.0, 70.0] * 12), arrived=1)
    settle(store)
    ((_, value, _, bits),) = rolled(store, "noise", "Leq", "value", "day")
    assert (round(value or 0, 1), bits) == (67.4, 0)


def test_percentile_levels_are_not_rolled_up(store: Store) -> None:
    store.write("hour", hours(series(store, "noise", "L10", "value", "hour"), [60.0] * 24), arrived=1)
    settle(store)
    assert rolled(store, "noise", "L10", "value", "day") == []


@pytest.mark.parametrize(("directions", "mean"), [([350.0, 10.0], 0.0), ([80.0, 100.0], 90.0), ([0.0, 180.0], None)])
def test_wind_direction_is_that_of_the_mean_vector(store: Store, directions: list[float], mean: float | None) -> None:
    store.write("hour", hours(series(store, "air", "a01008", "mean", "hour"), directions * 12), arrived=1)
    settle(store)
    assert rolled(store, "air", "a01008", "mean", "day")[0][1] == mean


def test_what_the_device_reports_itself_stays(store: Store) -> None:
    minute, hour = series(store, "source_gas", "a21026", "mean", "minute"), series(store, "source_gas", "a21026", "mean", "hour")
    store.write("hour", [Reading(hour, LEAP_DAY, HOUR, 99.0)], arrived=1)
    store.write("minute", [Reading(minute, LEAP_DAY + place * 600, 600, 10.0) for place in range(12)], arrived=2)
    rollup.run(store, store.dirty.take(100))
    found = store.scan_raw([hour], 0, 1 << 40, "hour").select("start", "value", "source").rows()
    assert found == [(LEAP_DAY, 99.0, 0), (LEAP_DAY + HOUR, 10.0, ROLLED_UP)]


def test_running_again_changes_nothing(store: Store) -> None:
    store.write("hour", hours(series(store, "air", "a34004", "mean", "hour"), [30.0] * 24), arrived=1)
    marks = store.dirty.take(100)
    assert rollup.run(store, marks) == (1, 1)
    assert rollup.run(store, marks) == (1, 0)


def test_late_data_open_exactly_what_they_touch(store: Store) -> None:
    one = series(store, "air", "a34004", "mean", "hour")
    store.write("hour", hours(one, [30.0] * 72), arrived=1)
    settle(store)
    store.seal("hour", LEAP_DAY + 10 * DAY)
    store.seal("day", LEAP_DAY + 10 * DAY)
    store.write("hour", [Reading(one, LEAP_DAY + DAY + 5 * HOUR, HOUR, 54.0)], arrived=2)
    assert [(mark.interval, mark.hour) for mark in store.dirty.take(100)] == [("hour", LEAP_DAY + DAY + 5 * HOUR)]
    rollup.run(store, store.dirty.take(100))
    assert [row[:2] for row in rolled(store, "air", "a34004", "mean", "day")] == [
        (LEAP_DAY, 30.0),
        (LEAP_DAY + DAY, 31.0),
        (LEAP_DAY + 2 * DAY, 30.0),
    ]


def test_an_amended_hour_leaves_the_day(store: Store) -> None:
    one = series(store, "air", "a34004", "mean", "hour")
    store.write("hour", hours(one, [30.0] * 23 + [999.0]), arrived=1)
    settle(store)
    store.amend(Amendment(one, LEAP_DAY + 23 * HOUR, LEAP_DAY + DAY, "invalidate", "reviewer", "span check"))
    settle(store)
    assert rolled(store, "air", "a34004", "mean", "day") == [(LEAP_DAY, 30.0, "N", 0)]


def test_the_hour_before_midnight_belongs_to_its_day_and_month(store: Store) -> None:
    """24:00 of a leap day is 00:00 of March; each value lies where its span begins."""
    one = series(store, "air", "a34004", "mean", "hour")
    midnight = clock.seconds(clock.parse_stamp("20240229240000"))
    store.write("hour", [Reading(one, midnight - HOUR, HOUR, 10.0), Reading(one, midnight, HOUR, 20.0)], arrived=1)
    settle(store)
    found = [(clock.moment(start), value) for start, value, _, _ in rolled(store, "air", "a34004", "mean", "day")]
    assert found == [(datetime(2024, 2, 29), 10.0), (datetime(2024, 3, 1), 20.0)]


def test_momentary_values_of_a_station_cover_the_minutes_they_fall_in(store: Store) -> None:
    one = series(store, "air", "a21026", "value", "instant")
    store.write("instant", [Reading(one, LEAP_DAY + place * 30, 0, 8.0) for place in range(90)], arrived=1)
    rollup.run(store, store.dirty.take(100))
    assert rolled(store, "air", "a21026", "mean", "hour") == [(LEAP_DAY, 8.0, "N", 0)]


def test_a_back_fill_in_bulk_equals_the_live_way(store: Store) -> None:
    cod, flow = (series(store, "source_water", code, "mean", "hour") for code in ("w01018", "w00000"))
    readings = hours(cod, [10.0, 20.0, 60.0] * 16) + hours(flow, [1.0, 3.0] * 24)
    store.write("hour", readings, arrived=1)
    settle(store)
    live = [rolled(store, "source_water", code, "mean", "day") for code in ("w01018", "w00000")]
    store.database.execute("DELETE FROM obs_day")
    assert rollup.fill(store, "hour", LEAP_DAY, LEAP_DAY + 2 * DAY) == 4
    assert [rolled(store, "source_water", code, "mean", "day") for code in ("w01018", "w00000")] == live
