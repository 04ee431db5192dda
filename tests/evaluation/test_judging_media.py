"""Sea, groundwater, drinking-water sources, noise and outlets are judged by themselves from what arrives."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl
import pytest

from bilan.evaluation.judging import judge_marks
from bilan.evaluation.methods import METHODS, current
from bilan.pack import vocab
from bilan.pack.vocab import networks
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.quality import Check
from bilan.telemetry.store import Store
from bilan.telemetry.store.limits import SCHEMA

DAY = datetime(2026, 6, 1)
FOREVER = 1 << 40


@pytest.fixture
def city(store: Store) -> Store:
    store.catalogue.put_points(
        [
            Point("S1", "sea", "浮标", attributes={"kind": "buoy", "target_class": 2}),
            Point("G1", "groundwater", "监测井", attributes={"target_class": 3}),
            Point("D1", "drinking", "水源地", attributes={"section_type": "river"}),
            Point("N1", "noise", "二类区", attributes={"zone_class": "2"}),
            Point("N2", "noise", "未划区"),
            Point("E1", "source_gas", "排口", attributes={"limits": {"so2": 35.0}, "reference_o2": 6.0}),
            Point("E2", "source_water", "总排口", attributes={"limits": {"cod": 50.0}}),
            Point("E3", "source_gas", "无限值排口"),
            Point("E4", "source_gas", "锅炉", attributes={"source": "gb13223-coal-special"}),
        ]
    )
    return store


def write(
    store: Store,
    point: str,
    values: dict[str, float],
    hours: Iterable[int],
    *,
    interval: str = "hour",
    statistic: str = "mean",
    flag: str = "N",
    quality: int = 0,
) -> None:
    """One value an hour of each column, `hours` after the begin of the day."""
    for column, value in values.items():
        (series,) = store.catalogue.series_ids([SeriesKey(point, vocab.by_column(column).code, statistic, interval)], [""])
        begin, length = clock.seconds(DAY), 0 if interval == "sample" else clock.HOUR
        rows = [Reading(series, begin + hour * clock.HOUR, length, value, flag, quality) for hour in hours]
        store.write(interval, rows, arrived=begin)


def judge(store: Store, now: int = 1) -> int:
    marks = store.dirty.take(10_000)
    written = judge_marks(store, marks, now)
    store.dirty.done(marks)
    return written


def verdicts(store: Store, method: str, point: str) -> list[dict[str, object]]:
    return store.verdicts.scan(method, [point], 0, FOREVER).to_dicts()


def detail(verdict: dict[str, object]) -> dict[str, object]:
    return dict(json.loads(str(verdict["detail"])))


def test_every_network_is_judged_and_has_a_verdict_that_says_how_a_point_stands():
    assert {method.network for method in METHODS} == set(networks())
    assert all(current(network) for network in networks())


def test_sea_is_judged_by_the_day_of_a_buoy_and_by_each_sample(city):
    # GB 3097-1997 Table 1: inorganic nitrogen ≤ 0.20, 0.30, 0.40, 0.50 mg/L.
    write(city, "S1", {"din": 0.25, "do": 7.0}, range(12))
    write(city, "S1", {"din": 0.45, "do": 7.0}, range(12, 24))
    write(city, "S1", {"din": 0.55}, [34], interval="sample")
    judge(city)
    (day,) = verdicts(city, "sea.day", "S1")
    assert (day["grade"], day["main"], day["standard"]) == (3, "DIN", "GB 3097-1997")
    assert (detail(day)["din"], detail(day)["attained"]) == (pytest.approx(0.35), False)
    (sample,) = verdicts(city, "sea.sample", "S1")
    assert (sample["start"], sample["grade"]) == (clock.seconds(DAY) + 34 * clock.HOUR, 5)


def test_groundwater_is_judged_by_the_month_and_late_hours_change_it(city):
    # GB/T 14848-2017 Table 1: ammonia nitrogen ≤ 0.02, 0.10, 0.50, 1.50 mg/L.
    write(city, "G1", {"nh3n": 0.4}, range(24))
    judge(city)
    assert [row["grade"] for row in verdicts(city, "groundwater.month", "G1")] == [3]
    write(city, "G1", {"nh3n": 0.8}, range(48, 72))
    judge(city)
    (month,) = verdicts(city, "groundwater.month", "G1")
    # Mean of two days, not of what is left of the month: 0.6 mg/L.
    assert (month["grade"], detail(month)["nh3n"], detail(month)["samples"]) == (4, pytest.approx(0.6), 2)


def test_a_drinking_source_is_within_or_over_by_tables_1_to_3(city):
    # Manganese ≤ 0.1 mg/L by Table 2; permanganate index ≤ 6 mg/L, class III of Table 1.
    write(city, "D1", {"codmn": 2.0, "mn": 0.05}, range(24))
    judge(city)
    (within,) = verdicts(city, "drinking.month", "D1")
    assert (within["grade"], within["value"], within["valid"], detail(within)["items"]) == (1, 0.0, True, 2)
    write(city, "D1", {"mn": 0.25}, range(24))
    judge(city)
    (over,) = verdicts(city, "drinking.month", "D1")
    assert (over["grade"], over["main"], over["value"]) == (2, "Mn", pytest.approx(1.5))


def test_the_night_of_a_noise_point_ends_on_the_next_morning(city):
    # GB 3096-2008 Table 1, class 2: 60 dB(A) by day, 50 dB(A) by night.
    write(city, "N1", {"leq": 58.0}, range(6, 22), statistic="value")
    judge(city)
    (day,) = verdicts(city, "noise.day", "N1")
    assert (day["grade"], day["valid"]) == (1, False)
    write(city, "N1", {"leq": 53.0}, range(22, 30), statistic="value")
    judge(city)
    (whole,) = verdicts(city, "noise.day", "N1")
    assert (whole["start"], whole["grade"], whole["main"], whole["value"], whole["valid"]) == (clock.seconds(DAY), 2, "Ln", 3.0, True)


def test_noise_hours_with_too_few_minutes_and_points_without_a_zone_do_not_count(city):
    write(city, "N1", {"leq": 58.0}, range(6, 17), statistic="value")
    write(city, "N1", {"leq": 90.0}, range(17, 22), statistic="value", quality=int(Check.PARTIAL))
    write(city, "N2", {"leq": 58.0}, range(24), statistic="value")
    judge(city)
    # Eleven whole hours of the sixteen are too few for a day level.
    assert verdicts(city, "noise.day", "N1") == verdicts(city, "noise.day", "N2") == []


def test_waste_gas_is_converted_to_the_reference_oxygen(city):
    # (21 - 6) / (21 - 11) = 1.5: 20 mg/m³ are 30, 30 are 45 where 35 are permitted.
    write(city, "E1", {"so2": 20.0, "o2": 11.0}, range(20))
    write(city, "E1", {"so2": 30.0, "o2": 11.0}, range(20, 24))
    judge(city)
    hours = verdicts(city, "emission.hour", "E1")
    assert [(row["start"], row["grade"], row["main"]) for row in hours] == [
        (clock.seconds(DAY) + hour * clock.HOUR, 2, "SO2") for hour in range(20, 24)
    ]
    assert hours[0]["value"] == pytest.approx(45 / 35 - 1, abs=1e-6)
    assert detail(hours[0])["converted_so2"] == pytest.approx(45.0)
    (day,) = verdicts(city, "emission.day", "E1")
    assert (day["grade"], detail(day)["so2"], detail(day)["hours_so2"]) == (1, pytest.approx(32.5), 24)


def test_an_hour_without_oxygen_takes_what_the_device_converted(city):
    write(city, "E1", {"so2": 20.0}, [0, 1])
    write(city, "E1", {"o2": 11.0}, [1])
    write(city, "E1", {"so2": 50.0}, [0, 1], statistic="converted_mean")
    judge(city)
    assert [row["start"] for row in verdicts(city, "emission.hour", "E1")] == [clock.seconds(DAY)]


def test_a_day_of_gas_too_thin_to_convert_says_why_it_is_not_judged(city):
    # Above 20 % oxygen nothing is converted: 2 mg/m³ at 20.6 % would be 75 mg/m³ at 6 %.
    write(city, "E1", {"so2": 2.0, "o2": 20.6}, range(24))
    judge(city)
    (day,) = verdicts(city, "emission.day", "E1")
    assert (day["grade"], day["valid"], detail(day)["hours_oxygen_high"]) == (None, False, 24)
    write(city, "E1", {"o2": 11.0}, range(20))
    judge(city)
    (partly,) = verdicts(city, "emission.day", "E1")
    assert (partly["grade"], detail(partly)["hours_so2"], detail(partly)["hours_oxygen_high"]) == (1, 20, 4)


def test_hours_that_do_not_count_are_not_judged_and_an_outlet_without_limits_neither(city):
    write(city, "E1", {"so2": 500.0, "o2": 6.0}, range(24), flag="M")
    write(city, "E3", {"so2": 500.0, "o2": 6.0}, range(24))
    judge(city)
    for method in ("emission.hour", "emission.day"):
        assert verdicts(city, method, "E1") == verdicts(city, method, "E3") == []


def test_the_limits_of_the_standard_hold_for_an_outlet_that_names_its_kind(city):
    # GB 13223-2011 Table 2: 50 mg/m³ of sulphur dioxide at 6 % oxygen.
    write(city, "E4", {"so2": 40.0, "o2": 6.0}, [0])
    write(city, "E4", {"so2": 60.0, "o2": 6.0}, [1])
    judge(city)
    (over,) = verdicts(city, "emission.hour", "E4")
    assert (over["start"], over["standard"], over["value"]) == (clock.seconds(DAY) + clock.HOUR, "GB 13223", pytest.approx(0.2))


def state(store: Store, *rows: tuple[str, str, float, str, str, str, datetime, datetime]) -> None:
    """Let permits and outlets state limits: point, column, value, source, number, clause, from, to."""
    stated = [
        (point, vocab.by_column(column).code, value, *names, clock.seconds(since), clock.seconds(until))
        for point, column, value, *names, since, until in rows
    ]
    store.limits.replace(pl.DataFrame(stated, schema=SCHEMA, orient="row"))


def test_the_permit_that_is_valid_in_an_hour_gives_its_limit(city):
    # 35 mg/m³ at the point; a permit allows 60 up to six o'clock of the day and another one 20 from ten on.
    six, ten = DAY + timedelta(hours=6), DAY + timedelta(hours=10)
    state(
        city,
        ("E1", "so2", 60.0, "permit", "P1", "GB 13223-2011 表2", datetime(2024, 1, 1), six),
        ("E1", "so2", 20.0, "permit", "P2", "", ten, datetime(2030, 1, 1)),
        ("E4", "so2", 30.0, "permit", "P3", "", six, ten),
    )
    write(city, "E1", {"so2": 40.0, "o2": 6.0}, range(24))
    write(city, "E4", {"so2": 55.0, "o2": 6.0}, range(24))
    judge(city)
    hours = {(row["start"] - clock.seconds(DAY)) // clock.HOUR: detail(row) for row in verdicts(city, "emission.hour", "E1")}
    assert sorted(hours) == list(range(6, 24))
    assert [hours[at]["by_so2"] for at in (6, 9, 10)] == ["point||", "point||", "permit|P2|"]
    assert (hours[9]["limit_so2"], hours[10]["limit_so2"], hours[10]["factor_so2"]) == (35.0, 20.0, 1.0)
    of_standard = verdicts(city, "emission.hour", "E4")
    assert {(row["standard"], detail(row)["by_so2"]) for row in of_standard} == {
        ("GB 13223", "standard|GB 13223-2011|Table 2"),
        ("", "permit|P3|"),
    }
    # The strictest of the day decides on it.
    (day,) = verdicts(city, "emission.day", "E1")
    assert (day["grade"], detail(day)["limit_so2"], detail(day)["by_so2"]) == (2, 20.0, "permit|P2|")


def test_a_corrected_hour_withdraws_its_verdict(city):
    write(city, "E1", {"so2": 60.0, "o2": 6.0}, [3])
    judge(city, now=1)
    assert [row["grade"] for row in verdicts(city, "emission.hour", "E1")] == [2]
    write(city, "E1", {"so2": 20.0}, [3])
    judge(city, now=2)
    (withdrawn,) = verdicts(city, "emission.hour", "E1")
    assert (withdrawn["grade"], withdrawn["valid"], withdrawn["computed"]) == (None, False, 2)
    assert judge(city, now=3) == 0


def test_a_day_of_wastewater_is_weighted_by_flow_and_valid_with_twenty_hours(city):
    write(city, "E2", {"cod": 40.0, "flow": 30.0}, range(10))
    write(city, "E2", {"cod": 80.0, "flow": 10.0}, range(10, 19))
    judge(city)
    (short,) = verdicts(city, "emission.day", "E2")
    assert (short["grade"], short["valid"]) == (1, False)
    write(city, "E2", {"cod": 80.0, "flow": 10.0}, [19])
    judge(city)
    (day,) = verdicts(city, "emission.day", "E2")
    # (10 · 30 · 40 + 10 · 10 · 80) / (10 · 30 + 10 · 10) = 50 mg/L, which is not over 50; the plain mean would be 60.
    assert (day["grade"], day["valid"], detail(day)["cod"]) == (1, True, pytest.approx(50.0))


def test_judging_again_writes_the_same(city):
    write(city, "S1", {"din": 0.25}, range(24))
    write(city, "N1", {"leq": 53.0}, range(30), statistic="value")
    judge(city)
    before = [city.verdicts.scan(method.name, None, 0, FOREVER).drop("computed") for method in METHODS]
    city.dirty.add({("S1", "hour", clock.seconds(DAY)), ("N1", "hour", clock.seconds(DAY) + clock.DAY)})
    judge(city, now=9)
    after = [city.verdicts.scan(method.name, None, 0, FOREVER).drop("computed") for method in METHODS]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))
