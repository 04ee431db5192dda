"""Indices at and around the breakpoints of the tables."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bilan.science import air
from bilan.science.tables import table

COLUMNS = {"SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3", "PM10": "pm10", "PM2.5": "pm25"}
MOMENTS = {"2012": datetime(2020, 4, 1, 8), "2026": datetime(2026, 4, 1, 8)}
NODES = list(table("air_iaqi"))


@pytest.mark.parametrize("version", ["2012", "2026"])
def test_every_breakpoint_of_the_daily_scale_gives_its_index(version):
    for row in (row for row in NODES if row["version"] == version and row["used_in_daily_report"] == "yes" and row["pollutant"] != "O3"):
        judged = air.judge({COLUMNS[row["pollutant"]]: float(row["bp_hi"])}, MOMENTS[version].date(), version)
        assert judged[f"iaqi_{COLUMNS[row['pollutant']]}"] == int(row["iaqi_hi"]), row


@pytest.mark.parametrize("version", ["2012", "2026"])
def test_every_breakpoint_of_the_hourly_scale_gives_its_index(version):
    for row in (row for row in NODES if row["version"] == version and row["averaging_period"] == "1h"):
        judged = air.judge({COLUMNS[row["pollutant"]]: float(row["bp_hi"])}, MOMENTS[version], version)
        assert judged[f"iaqi_{COLUMNS[row['pollutant']]}"] == int(row["iaqi_hi"]), row


@pytest.mark.parametrize(
    ("values", "moment", "index"),
    [
        ({"pm25": 36}, date(2026, 3, 1), 52),
        ({"pm25": 36}, date(2026, 2, 28), 52),
        ({"pm25": 61}, date(2026, 3, 1), 101),
        ({"pm25": 61}, date(2026, 2, 28), 83),
        ({"pm25": 60.5}, date(2026, 3, 1), 100),
        ({"pm25": 61.5}, date(2026, 3, 1), 102),
        ({"co": 4.05}, date(2026, 3, 1), 100),
        ({"co": 4.15}, date(2026, 3, 1), 101),
        ({"pm25": 501}, date(2026, 3, 1), 500),
        ({"pm25": 0}, date(2026, 3, 1), 0),
    ],
)
def test_rounding_comes_first_and_the_index_is_rounded_up(values, moment, index):
    assert air.judge(values, moment)[f"iaqi_{next(iter(values))}"] == index


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), None])
def test_what_is_no_concentration_is_missing(value):
    judged = air.judge({"pm25": value, "pm10": 160}, datetime(2026, 4, 1, 8))
    assert judged["iaqi_pm25"] is None
    assert "PM2.5" in judged["missing"].split(",")
    assert judged["aqi"] == 116
