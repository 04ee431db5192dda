"""Completeness: valid values against those that should have come."""

from __future__ import annotations

from pathlib import Path

import pytest

from bilan.evaluation import completeness
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Store

NOW = 1_000_000 * clock.HOUR + 1700


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.connect(f"sqlite:///{tmp_path}/telemetry.sqlite3", lake=tmp_path / "lake")
    opened.migrate()
    opened.catalogue.put_points([Point("A", "air", "甲"), Point("B", "air", "乙")])
    return opened


def test_missing_and_marked_hours_do_not_count(store: Store) -> None:
    numbers = store.catalogue.series_ids([SeriesKey("A", code, "mean", "hour") for code in ("a34004", "a05024")], ["ug/m3"] * 2)
    store.catalogue.series_ids([SeriesKey("A", "a34004", "max", "hour")], ["ug/m3"])
    end = NOW // clock.HOUR * clock.HOUR
    hours = range(end - 24 * clock.HOUR, end, clock.HOUR)
    readings = [Reading(numbers[0], start, clock.HOUR, 1.0) for start in hours]
    readings += [Reading(numbers[1], start, clock.HOUR, 1.0, "M" if at % 2 else "N") for at, start in enumerate(hours)]
    readings.append(Reading(numbers[0], end, clock.HOUR, 1.0))
    store.write("hour", readings, arrived=NOW)
    completeness.refresh(store, NOW)
    digest = store.digests.get(completeness.key("air"))
    assert digest is not None
    assert (digest["begin"], digest["end"]) == (end - 24 * clock.HOUR, end)
    assert digest["points"] == [{"point": "A", "expected": 48, "present": 36, "share": 0.75}]


def test_a_network_without_points_has_an_empty_digest(store: Store) -> None:
    completeness.refresh(store, NOW)
    assert store.digests.get(completeness.key("noise")) == {
        "computed": NOW,
        "begin": NOW // clock.HOUR * clock.HOUR - clock.DAY,
        "end": NOW // clock.HOUR * clock.HOUR,
        "points": [],
    }
