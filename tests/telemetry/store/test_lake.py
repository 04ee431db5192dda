"""Bulk back-fill: merged with what is there, seen by latest values and statistics."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.store import Store

LEAP_DAY = clock.seconds(datetime(2024, 2, 29))
FOREVER = 1 << 40


def hours(series: int, begin: int, values: list[float]) -> pl.DataFrame:
    starts = [begin + place * HOUR for place in range(len(values))]
    return pl.DataFrame({"series": series, "start": starts, "seconds": HOUR, "value": values})


@pytest.fixture
def one(store: Store) -> int:
    return store.catalogue.series_ids([SeriesKey("P", "a34004", "mean", "hour")], ["ug/m3"])[0]


def test_rows_go_to_the_month_they_begin_in(store: Store, one: int) -> None:
    store.lake.write("hour", hours(one, LEAP_DAY, [float(hour) for hour in range(48)]))
    assert [file.parent.name for file in store.lake.files("hour")] == ["date=2024-02", "date=2024-03"]
    assert store.scan([one], LEAP_DAY + 23 * HOUR, LEAP_DAY + 25 * HOUR, "hour")["value"].to_list() == [23.0, 24.0]


def test_a_later_write_wins_and_the_rest_stays(store: Store, one: int) -> None:
    store.lake.write("hour", hours(one, LEAP_DAY, [1.0, 2.0, 3.0]), arrived=1)
    store.lake.write("hour", hours(one, LEAP_DAY + HOUR, [20.0]), arrived=2)
    store.lake.write("hour", hours(one, LEAP_DAY + 2 * HOUR, [30.0]), arrived=0)
    assert store.scan([one], 0, FOREVER, "hour")["value"].to_list() == [1.0, 20.0, 3.0]


def test_latest_and_statistics_know_a_back_fill(store: Store, one: int) -> None:
    store.write("hour", [Reading(one, LEAP_DAY + 40 * DAY, HOUR, 9.0)], arrived=1)
    store.lake.write("hour", hours(one, LEAP_DAY, [1.0, 2.0, 3.0]), arrived=1)
    store.lake.write("hour", hours(one, LEAP_DAY, [7.0]), arrived=2)
    assert store.latest(points=["P"])["value"].to_list() == [9.0]
    assert store.statistics([one]).row(0) == (one, 4, LEAP_DAY, LEAP_DAY + 40 * DAY, 2.0, 9.0, 5.25)


def test_naive_datetimes_are_taken_as_wall_time(store: Store, one: int) -> None:
    frame = hours(one, LEAP_DAY, [1.0]).with_columns(start=pl.lit(datetime(2024, 2, 29, 7)))
    store.lake.write("hour", frame)
    assert store.scan([one], 0, FOREVER, "hour")["start"].to_list() == [LEAP_DAY + 7 * HOUR]


def test_a_missing_column_is_named(store: Store, one: int) -> None:
    with pytest.raises(BilanError) as refused:
        store.lake.write("hour", hours(one, LEAP_DAY, [1.0]).drop("value"))
    assert refused.value.problems[0].values["value"] == "value"


def test_minutes_lie_in_a_file_a_day_and_days_in_a_file_a_year(store: Store) -> None:
    minute, day = store.catalogue.series_ids([SeriesKey("P", "a34004", "mean", kind) for kind in ("minute", "day")])
    store.lake.write("minute", hours(minute, LEAP_DAY, [1.0, 2.0]))
    store.lake.write("day", hours(day, LEAP_DAY, [1.0]))
    assert [file.parent.name for kind in ("minute", "day") for file in store.lake.files(kind)] == ["date=2024-02-29", "date=2024"]


def test_values_stand_side_by_side_for_evaluation(store: Store) -> None:
    keys = [SeriesKey(point, code, "mean", "hour") for point in "AB" for code in ("a21026", "a34004")]
    numbers = store.catalogue.series_ids(keys)
    store.write("hour", [Reading(number, LEAP_DAY, HOUR, float(number)) for number in numbers[:3]], arrived=1)
    store.write("hour", [Reading(numbers[0], LEAP_DAY + HOUR, HOUR, 5.0, "C")], arrived=1)
    store.write("hour", [Reading(numbers[0], LEAP_DAY + 2 * HOUR, HOUR, 5.0, "N", 64)], arrived=1)
    wide = store.wide(["A", "B"], ["a34004", "a21026", "a05024"], LEAP_DAY, LEAP_DAY + DAY, "hour", without=64)
    moment = datetime(2024, 2, 29)
    assert wide.rows() == [("A", moment, 2.0, 1.0, None), ("B", moment, None, 3.0, None)]
    assert wide.schema["start"] == pl.Datetime("us")
    everything = store.wide(["A"], ["a21026"], LEAP_DAY, LEAP_DAY + DAY, "hour", flags=None)
    assert everything["start"].to_list() == [moment + timedelta(hours=hour) for hour in range(3)]


def test_a_chart_of_ten_years_has_few_marks(store: Store, one: int) -> None:
    count = 3653 * 24
    store.lake.write("hour", hours(one, LEAP_DAY, [float(hour % 24) for hour in range(count)]))
    end = LEAP_DAY + count * HOUR
    reduced = store.scan_reduced([one], LEAP_DAY, end, "hour", points=1000)
    assert 500 < reduced.height <= 1000
    assert reduced["count"].sum() == count
    assert reduced.filter(pl.col("count") == 168).select("mean", "minimum", "maximum").unique().rows() == [(11.5, 0.0, 23.0)]
    assert store.scan_reduced([one], LEAP_DAY, LEAP_DAY + DAY, "hour")["mean"].to_list() == [float(hour) for hour in range(24)]
