"""A tiny city with a year of judged days and months, and the digests made of them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import polars as pl

from bilan.evaluation import summary
from bilan.pack.areas import areas
from bilan.pack.city import City
from bilan.telemetry import clock
from bilan.telemetry.store import Store
from tests.web import tiny

CITY = "350500"
GOOD = {"so2": 5.0, "no2": 10.0, "co": 0.5, "pm10": 20.0, "o3_8h": 60.0, "o3_1h": 70.0}


def fill(store: Store, city: City) -> int:
    """Write invented days of last year and this one for stations and areas, months of sections, and the digests; gives the time used."""
    now = clock.now(city.timezone)
    today = clock.moment(now).date()
    rows = []
    for number, adcode in enumerate(tiny.DISTRICTS, 1):
        for point in (f"AIR{number}", adcode):
            rows += [_day(point, day, 20.0 + 5 * number) for day in _days(today)]
    rows += [_day(CITY, day, 30.0) for day in _days(today)]
    rows += [_month(f"RIVER{number}", month, number + 1) for number in (1, 2, 3) for month in _months(today)]
    store.verdicts.write(pl.DataFrame(rows))
    summary.refresh(store, areas(city), now)
    return now


def _days(today: date) -> list[date]:
    """The same two weeks up to yesterday in both years, and the first days of both."""
    recent = [today - timedelta(days=at) for at in range(1, 15)]
    return sorted({*recent, *(day - timedelta(days=365) for day in recent), date(today.year, 1, 1), date(today.year - 1, 1, 1)} - {today})


def _months(today: date) -> list[date]:
    return [date(year, month, 1) for year in (today.year - 1, today.year) for month in range(1, 13) if date(year, month, 1) <= today]


def _day(point: str, day: date, pm25: float) -> dict[str, object]:
    grade = 1 if pm25 <= 35 else 2
    detail = json.dumps({**GOOD, "pm25": pm25})
    return _row("air.day", point, day, clock.DAY, pm25 * 2, grade, "" if grade == 1 else "PM2.5", detail)


def _month(point: str, month: date, grade: int) -> dict[str, object]:
    phosphorus = {2: 0.08, 3: 0.15, 4: 0.25}[grade]
    items = {"ph": 7.5, "do": 8.0, "codmn": 1.5, "nh3n": 0.1, "tp": phosphorus}
    detail = json.dumps({**items, "deciding": "TP", "attained": grade <= 3, "target_class": 3})
    return _row("water.month", point, month, 30 * clock.DAY, float(grade), grade, "TP" if grade > 3 else "", detail)


def _row(method: str, point: str, day: date, seconds: int, value: float, grade: int, main: str, detail: str) -> dict[str, object]:
    return {
        "method": method,
        "point": point,
        "start": clock.seconds(datetime(day.year, day.month, day.day)),
        "seconds": seconds,
        "value": value,
        "grade": grade,
        "main": main,
        "standard": "HJ 633" if method.startswith("air") else "GB 3838",
        "version": "2026",
        "detail": detail,
        "valid": True,
        "computed": 1,
    }
