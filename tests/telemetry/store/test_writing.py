"""Readings go in once, changed ones keep their past, late ones meet the sealed ones."""

from __future__ import annotations

import pytest

from bilan.problems import BilanError
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.store import ROLLED_UP, Store


def series(store: Store, count: int = 1, interval: str = "hour") -> list[int]:
    return store.catalogue.series_ids([SeriesKey(f"P{n}", "a34004", "mean", interval) for n in range(count)], ["ug/m3"] * count)


def superseded(store: Store) -> list[tuple[int, float | None]]:
    return store.database.query("SELECT start, value FROM superseded ORDER BY start, replaced")  # type: ignore[return-value]


def test_the_same_readings_again_change_nothing(store: Store) -> None:
    (one,) = series(store)
    readings = [Reading(one, hour * HOUR, HOUR, float(hour)) for hour in range(5)]
    assert store.write("hour", readings, arrived=100) == (5, 0, 0)
    assert store.write("hour", readings[::-1], arrived=200) == (0, 0, 5)
    assert store.statistics([one]).row(0) == (one, 5, 0, 4 * HOUR, 0.0, 4.0, 2.0)
    assert superseded(store) == []


def test_a_different_value_wins_and_the_earlier_one_is_kept(store: Store) -> None:
    (one,) = series(store)
    store.write("hour", [Reading(one, 0, HOUR, 9.0), Reading(one, HOUR, HOUR, 5.0)], arrived=100)
    assert store.write("hour", [Reading(one, 0, HOUR, 4.0), Reading(one, HOUR, HOUR, 5.0)], arrived=200) == (0, 1, 1)
    assert store.scan([one], 0, DAY, "hour")["value"].to_list() == [4.0, 5.0]
    assert superseded(store) == [(0, 9.0)]
    assert store.statistics([one]).row(0) == (one, 2, 0, HOUR, 4.0, 5.0, 4.5)


def test_a_value_that_arrived_earlier_does_not_come_back(store: Store) -> None:
    (one,) = series(store)
    store.write("hour", [Reading(one, 0, HOUR, 4.0)], arrived=200)
    assert store.write("hour", [Reading(one, 0, HOUR, 9.0)], arrived=100) == (0, 0, 1)
    assert store.scan([one], 0, DAY, "hour")["value"].to_list() == [4.0]
    assert superseded(store) == [(0, 9.0)]


def test_two_versions_in_one_batch_are_taken_in_order(store: Store) -> None:
    (one,) = series(store)
    assert store.write("hour", [Reading(one, 0, HOUR, 1.0), Reading(one, 0, HOUR, 2.0), Reading(one, 0, HOUR, 2.0)], arrived=1) == (1, 1, 1)
    assert store.scan([one], 0, DAY, "hour")["value"].to_list() == [2.0]


def test_what_a_device_reports_beats_what_was_rolled_up(store: Store) -> None:
    (one,) = series(store)
    store.write("hour", [Reading(one, 0, HOUR, 1.0)], arrived=100)
    store.write("hour", [Reading(one, 0, HOUR, 2.0)], arrived=200, source=ROLLED_UP)
    assert store.scan([one], 0, DAY, "hour")["value"].to_list() == [1.0]
    store.write("hour", [Reading(one, HOUR, HOUR, 2.0)], arrived=300, source=ROLLED_UP)
    store.write("hour", [Reading(one, HOUR, HOUR, 3.0)], arrived=200)
    assert store.scan([one], HOUR, DAY, "hour")["value"].to_list() == [3.0]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_what_is_no_number_is_kept_as_absent(store: Store, value: float | None) -> None:
    (one,) = series(store)
    store.write("hour", [Reading(one, 0, HOUR, value, "D")], arrived=1)
    assert store.write("hour", [Reading(one, 0, HOUR, value, "D")], arrived=2) == (0, 0, 1)
    assert store.scan([one], 0, DAY, "hour").row(0) == (one, 0, HOUR, None, "D", 0)
    assert store.statistics([one])["count"].to_list() == [0]


def test_latest_follows_the_start_and_not_the_arrival(store: Store) -> None:
    store.write("hour", [Reading(*series(store), 2 * HOUR, HOUR, 2.0)], arrived=100)
    store.write("hour", [Reading(*series(store), HOUR, HOUR, 1.0)], arrived=200)
    newest = store.latest(points=["P0"]).row(0, named=True)
    assert (newest["start"], newest["value"], newest["arrived"]) == (2 * HOUR, 2.0, 100)


def test_only_what_changed_is_marked(store: Store) -> None:
    one, two = series(store, 2)
    store.write("hour", [Reading(one, 0, HOUR, 1.0), Reading(two, HOUR, HOUR, 1.0)], arrived=1)
    marks = store.dirty.take(10)
    assert [(mark.point, mark.interval, mark.hour) for mark in marks] == [("P1", "hour", HOUR), ("P0", "hour", 0)]
    store.dirty.done(marks)
    store.write("hour", [Reading(one, 0, HOUR, 1.0), Reading(two, HOUR, HOUR, 2.0)], arrived=2)
    assert [mark.point for mark in store.dirty.take(10)] == ["P1"]


def test_a_mark_renewed_meanwhile_stays(store: Store) -> None:
    (one,) = series(store)
    store.write("hour", [Reading(one, 0, HOUR, 1.0)], arrived=1)
    taken = store.dirty.take(10)
    store.write("hour", [Reading(one, 0, HOUR, 2.0)], arrived=2)
    store.dirty.done(taken)
    assert len(store.dirty.take(10)) == 1


def test_a_failed_transaction_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.database.transaction():
        store.write("hour", [Reading(*series(store), 0, HOUR, 1.0)], arrived=1)
        store.offsets.set("journal", 77)
        raise ZeroDivisionError
    assert store.offsets.get("journal") == 0
    assert store.catalogue.series_frame().height == 0
    (one,) = series(store)
    assert store.scan([one], 0, DAY, "hour").height == 0


def test_an_unknown_series_is_refused(store: Store) -> None:
    with pytest.raises(BilanError) as refused:
        store.write("hour", [Reading(4711, 0, HOUR, 1.0)], arrived=1)
    assert refused.value.problems[0].code == "store.unknown_series"


def test_a_series_of_another_interval_is_refused(store: Store) -> None:
    with pytest.raises(BilanError) as refused:
        store.write("day", [Reading(*series(store), 0, HOUR, 1.0)], arrived=1)
    assert refused.value.problems[0].code == "store.series_interval"
