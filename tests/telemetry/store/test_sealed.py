"""Sealed values are remembered, and never beyond the file they came from."""

from __future__ import annotations

from pathlib import Path

from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.store import Store


def opened(folder: Path) -> Store:
    store = Store.connect(f"sqlite:///{folder}/t.sqlite3", lake=folder / "lake")
    store.migrate()
    return store


def test_a_second_reader_sees_what_was_sealed_again(tmp_path):
    writer, reader = opened(tmp_path), opened(tmp_path)
    (series,) = writer.catalogue.series_ids([SeriesKey("A1", "a34004", "mean", "hour")], ["ug/m3"])
    writer.write("hour", [Reading(series, hour * HOUR, HOUR, float(hour)) for hour in range(48)], arrived=1)
    writer.seal("hour", 4 * DAY)
    first = reader.scan([series], 0, 3 * DAY, "hour")
    assert reader.scan([series], 0, 3 * DAY, "hour").equals(first)
    assert reader.scan([series], DAY, DAY + 2 * HOUR, "hour")["value"].to_list() == [24.0, 25.0]
    writer.write("hour", [Reading(series, 5 * HOUR, HOUR, 500.0)], arrived=2)
    writer.seal("hour", 4 * DAY)
    assert reader.scan([series], 5 * HOUR, 6 * HOUR, "hour")["value"].to_list() == [500.0]
    assert reader.scan([series], 0, 3 * DAY, "hour").height == 48


def test_series_without_sealed_values_stay_empty(tmp_path):
    store = opened(tmp_path)
    one, other = store.catalogue.series_ids([SeriesKey("A1", code, "mean", "hour") for code in ("a34004", "a34002")], ["ug/m3", "ug/m3"])
    store.write("hour", [Reading(one, 0, HOUR, 1.0)], arrived=1)
    store.seal("hour", DAY)
    for _ in range(2):
        assert store.scan([other], 0, DAY, "hour").is_empty()
        assert store.scan([one, other], 0, DAY, "hour")["series"].to_list() == [one]
