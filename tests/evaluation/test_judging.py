"""What arrives is judged by the standard of its day, for its station, district and city, and nothing else is touched."""

from __future__ import annotations

import json
from datetime import datetime

import polars as pl
import pytest

from bilan.evaluation.judging import judge_marks
from bilan.evaluation.methods import METHODS, spans
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

CLEAN = {"so2": 5.0, "no2": 10.0, "co": 0.5, "o3": 20.0, "pm10": 20.0}
FOREVER = 1 << 40


def judge(store: Store, now: int = 1) -> int:
    marks = store.dirty.take(10_000)
    written = judge_marks(store, marks, now)
    store.dirty.done(marks)
    return written


def verdict(store: Store, method: str, point: str, begin: datetime) -> dict[str, object]:
    stamp = clock.seconds(begin)
    return store.verdicts.scan(method, [point], stamp, stamp + 1).row(0, named=True)


def test_version_follows_the_day_of_the_reading(store, fill):
    # 75 µg/m³ is the breakpoint of IAQI 100 until 2026-02-28; from 2026-03-01 it lies between 60 (100) and 115 (150): 113.6, rounded up.
    fill("A1", datetime(2026, 2, 28), 48, pm25=75.0, **CLEAN)
    judge(store)
    old, new = verdict(store, "air.day", "A1", datetime(2026, 2, 28)), verdict(store, "air.day", "A1", datetime(2026, 3, 1))
    assert (old["version"], old["value"], old["grade"], old["main"]) == ("2012", 100, 2, "PM2.5")
    assert (new["version"], new["value"], new["grade"], new["main"]) == ("2026", 114, 3, "PM2.5")


def test_areas_are_judged_from_the_mean_of_their_city_stations(store, fill):
    fill("A1", datetime(2026, 6, 1), 24, pm25=10.0, **CLEAN)
    fill("A2", datetime(2026, 6, 1), 24, pm25=60.0, **CLEAN)
    fill("AT", datetime(2026, 6, 1), 24, pm25=400.0, **CLEAN)
    judge(store)
    city = verdict(store, "air.day", "350500", datetime(2026, 6, 1))
    assert json.loads(str(city["detail"]))["pm25"] == 35.0
    assert city["value"] == 50
    assert verdict(store, "air.hour", "350502", datetime(2026, 6, 1, 5))["value"] == 20


def test_late_data_judges_only_what_it_touches(store, fill):
    fill("A1", datetime(2026, 6, 1), 72, pm25=30.0, **CLEAN)
    fill("A2", datetime(2026, 6, 1), 72, pm25=30.0, **CLEAN)
    judge(store, now=100)
    fill("A1", datetime(2026, 6, 2, 7), 1, pm25=300.0)
    judge(store, now=200)
    hours = store.verdicts.scan("air.hour", None, 0, FOREVER).filter(pl.col("computed") == 200)
    assert sorted(hours["point"].to_list()) == ["350500", "350502", "A1"]
    assert hours["start"].unique().to_list() == [clock.seconds(datetime(2026, 6, 2, 7))]
    days = store.verdicts.scan("air.day", None, 0, FOREVER).filter(pl.col("computed") == 200)
    assert days["start"].unique().to_list() == [clock.seconds(datetime(2026, 6, 2))]


def test_judging_twice_changes_nothing(store, fill):
    fill("A1", datetime(2026, 6, 1), 30, pm25=42.0, **CLEAN)
    judge(store)
    before = store.verdicts.scan("air.hour", None, 0, FOREVER)
    fill("A1", datetime(2026, 6, 1), 30, pm25=42.0, **CLEAN)
    assert judge(store) == 0
    assert store.verdicts.scan("air.hour", None, 0, FOREVER).equals(before)


def test_nutrients_hold_for_four_hours_and_no_longer(store, fill):
    fill("W1", datetime(2026, 6, 1), 8, ph=7.5, do=8.0, codmn=1.5)
    fill("W1", datetime(2026, 6, 1), [0], nh3n=0.1, tp=0.35)
    judge(store)
    grades = store.verdicts.scan("water.hour", ["W1"], 0, FOREVER)["grade"].to_list()
    # Phosphorus of 0.35 mg/L is class V for rivers (0.3 to 0.4); without it the section would be class I.
    assert grades == [5, 5, 5, 5, 1, 1, 1, 1]


def test_a_section_that_repeats_its_values_is_judged_by_what_it_sent(store, fill):
    store.catalogue.put_points([Point("W2", "surface_water", "断面", attributes={"section_type": "river", "carry_hours": 0})])
    fill("W2", datetime(2026, 6, 1), 3, ph=7.5, do=8.0)
    fill("W2", datetime(2026, 6, 1), [0, 2], tp=0.35)
    judge(store)
    assert store.verdicts.scan("water.hour", ["W2"], 0, FOREVER)["grade"].to_list() == [5, 1, 5]


def test_month_takes_the_mean_of_acidity_not_of_ph(store, fill):
    fill("W1", datetime(2026, 6, 1), 1, ph=5.0, do=8.0)
    fill("W1", datetime(2026, 6, 2), 1, ph=9.0, do=8.0)
    judge(store)
    detail = json.loads(str(verdict(store, "water.month", "W1", datetime(2026, 6, 1))["detail"]))
    # -log10((1e-5 + 1e-9) / 2) = 5.301; the plain mean would be 7.
    assert detail["ph"] == pytest.approx(5.301, abs=0.001)
    assert detail["class_ph"] == 6


def test_marks_of_years_ago_and_of_now_do_not_judge_what_lies_between():
    hourly = next(method for method in METHODS if method.name == "air.hour")
    long_ago, lately = clock.seconds(datetime(2023, 1, 1, 5)), clock.seconds(datetime(2026, 1, 1, 5))
    assert spans(hourly, [lately, long_ago]) == [(long_ago, long_ago + clock.HOUR), (lately, lately + clock.HOUR)]
