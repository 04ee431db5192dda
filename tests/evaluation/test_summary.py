"""Digests say of every area what its pages show, once for all areas together."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from bilan.evaluation import summary, summary_years
from bilan.evaluation.judging import judge_marks
from bilan.pack.areas import Area
from bilan.telemetry import clock
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store

CLEAN = {"so2": 5.0, "no2": 10.0, "co": 0.5, "o3": 20.0, "pm10": 20.0}
AREAS = [Area("350500", "演示市", "", city=True), Area("350502", "甲区", ""), Area("350503", "乙区", "")]


def digests(store: Store, now: datetime) -> dict[str, dict]:
    marks = store.dirty.take(100_000)
    judge_marks(store, marks, 1)
    store.dirty.done(marks)
    summary.refresh(store, AREAS, clock.seconds(now))
    return {area.adcode: store.digests.get(summary.key(area.adcode)) for area in AREAS}


def test_each_area_has_its_own_year_and_the_city_its_districts(store, fill):
    fill("A1", datetime(2026, 6, 1), 72, pm25=10.0, **CLEAN)
    fill("A2", datetime(2026, 6, 1), 48, pm25=100.0, **CLEAN)
    found = digests(store, datetime(2026, 6, 4))
    assert (found["350502"]["air"]["year"]["days"], found["350502"]["air"]["year"]["good"]) == (3, 3)
    # 100 µg/m³ lies between 60 (AQI 100) and 115 (150) of HJ 633-2026.
    assert (found["350503"]["air"]["year"]["days"], found["350503"]["air"]["year"]["good"]) == (2, 0)
    # The mean of 10 and 100 is 55, between 35 (50) and 60 (100): a good day.
    assert found["350500"]["air"]["year"]["good"] == 3
    assert [row["district"] for row in found["350500"]["districts"]] == ["350502", "350503"]
    assert found["350502"].get("gateway") is None
    assert found["350500"]["gateway"] == {"claims": 0, "quarantine": 0, "fault": None}


def test_good_days_by_either_edition():
    # 70 µg/m³ of PM2.5 is within 75 (AQI 100 of 2012) and above 60 (AQI 100 of 2026), whatever the day.
    row = {"so2": 5.0, "no2": 10.0, "co": 0.5, "pm10": 20.0, "pm25": 70.0, "o3_8h": 20.0, "o3_1h": 20.0}
    days = pl.DataFrame([{"point": "350502", "day": day, **row} for day in (date(2026, 2, 1), date(2026, 4, 1))])
    assert summary_years.editions(days) == {"350502": {"2012": 2, "2026": 0}}


def test_days_are_counted_by_primary_pollutant():
    days = pl.DataFrame({"point": ["c"] * 4, "level": [2, 2, 1, 2], "primary": ["PM2.5,O3", "O3", "", "PM10"]})
    assert summary_years.primaries(days) == {"c": {"O3": 2, "PM10": 1, "PM2.5": 1}}


def test_an_area_without_days_is_empty_and_not_missing(store):
    found = digests(store, datetime(2026, 6, 4))
    year = found["350502"]["air"]["year"]
    assert year == {"by_edition": {}, "items": [], "primaries": {}}
    assert found["350502"]["air"]["now"]["area"] is None


def test_now_names_polluted_stations_and_the_last_day_of_hours(store, fill):
    fill("A1", datetime(2026, 6, 1), 30, pm25=10.0, **CLEAN)
    fill("A2", datetime(2026, 6, 1), 30, pm25=200.0, **CLEAN)
    now = digests(store, datetime(2026, 6, 2, 6))["350500"]["air"]["now"]
    assert [row["point"] for row in now["polluted"]] == ["A2"]
    assert now["polluted"][0]["name_zh"] == "二号"
    assert now["hours"][-1] == [now["area"]["start"], now["area"]["value"]]
    assert now["area"]["start"] - clock.DAY in [start for start, _value in now["hours"]]


def test_silent_devices_and_failing_sections_carry_their_names(store, fill):
    store.catalogue.put_devices([Device("MN1", "A1"), Device("MN2", "A2")])
    fill("W1", datetime(2026, 6, 1), 6, ph=7.0, do=8.0, codmn=2.0, nh3n=0.2, tp=0.35)
    heard = clock.seconds(datetime(2026, 5, 31))
    store.database.bulk_upsert("device_status", ("mn", "seen"), [("MN1", heard)], ["mn"])
    found = digests(store, datetime(2026, 6, 1, 6))
    silent = found["350502"]["online"]["silent"]
    assert [(row["mn"], row["name_zh"], row["network"]) for row in silent] == [("MN1", "一号", "air")]
    # Phosphorus of 0.35 mg/L is class V for rivers; the target is class III.
    failing = found["350502"]["water"]["failing"]
    assert [(row["point"], row["name_zh"], row["grade"], row["target"]) for row in failing] == [("W1", "断面", 5, 3)]
    assert found["350500"]["districts"][0]["targeted"] == 1
