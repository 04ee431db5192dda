"""The hourly index, level and primary pollutants equal the officially published ones, row by row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bilan.science import air
from tests.shared import shared_data

NAMES = {
    "二氧化硫": "SO2",
    "二氧化氮": "NO2",
    "颗粒物(PM10)": "PM10",
    "细颗粒物(PM2.5)": "PM2.5",
    "臭氧1小时": "O3",
    "一氧化碳": "CO",
}
LEVELS = {"优": 1, "良": 2, "轻度污染": 3, "中度污染": 4, "重度污染": 5, "严重污染": 6}

PUBLISHED_WITHOUT_ITS_VALUE = [
    {"point": "长春 岱山公园", "start": "2020-04-05 23:00", "aqi": 500, "official_primary": "PM10,PM2.5", "absent": "PM10"},
]
"""The publication names a primary pollutant whose concentration it left empty: no rule can find it from the row."""


def official_2020(path: Path) -> pl.DataFrame:
    frame = pl.read_csv(path, schema_overrides={"Date": pl.String, "Hour": pl.String, "CO": pl.Float64})
    start = (pl.col("Date") + pl.col("Hour") + "00").str.to_datetime("%Y%m%d%H%M", time_unit="us")
    return frame.select(
        point=pl.col("city") + " " + pl.col("WatchPoint"),
        start=start,
        so2="SO2",
        no2="NO2",
        co="CO",
        o3="O3_1h",
        pm10="PM10",
        pm25="PM2.5",
        official_aqi="AQI",
        official_level=pl.col("Level").replace_strict(LEVELS, return_dtype=pl.Int32),
        official_primary=symbols("PrimaryPollution"),
    )


def official_2018(path: Path) -> pl.DataFrame:
    """The snapshot; its column o3_24h holds the hour's ozone and o3 the day's highest hour."""
    frame = pl.read_csv(path, schema_overrides={"co": pl.Float64})
    return frame.select(
        point="stationcode",
        start=pl.col("timepoint").str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us"),
        so2="so2",
        no2="no2",
        co="co",
        o3="o3_24h",
        pm10="pm10",
        pm25="pm2_5",
        official_aqi="aqi",
        official_level=pl.col("quality").replace_strict(LEVELS, return_dtype=pl.Int32),
        official_primary=symbols("primarypollutant"),
    )


def symbols(column: str) -> pl.Expr:
    """Published names as the symbols of the standard, in the published order."""
    return pl.col(column).fill_null("").str.replace_many(list(NAMES), list(NAMES.values()))


FILES = [
    ("station_hourly_20200324_20200405.csv.gz", official_2020, 149_130, 129_017, PUBLISHED_WITHOUT_ITS_VALUE),
    ("cnemc_snapshot_20180220T07_part1.csv.gz", official_2018, 748, 741, []),
]


@pytest.mark.parametrize(("name", "read", "rows", "published", "exceptions"), FILES, ids=["2020", "2018"])
def test_every_published_hour_is_equal(name, read, rows, published, exceptions):
    judged = air.judge_hours(read(shared_data("aqi_hourly_stations", name)))
    assert judged.height == rows
    official = judged.filter(pl.col("official_aqi").is_not_null())
    assert official.height == published
    assert official.filter(pl.col("aqi").ne_missing(pl.col("official_aqi"))).is_empty()
    assert official.filter(pl.col("level").ne_missing(pl.col("official_level"))).is_empty()
    different = official.filter(pl.col("primary") != pl.col("official_primary"))
    found = different.select("point", pl.col("start").dt.strftime("%Y-%m-%d %H:%M"), "aqi", "official_primary", absent="missing").to_dicts()
    assert found == exceptions


@pytest.mark.parametrize(("name", "read", "rows", "published", "exceptions"), FILES, ids=["2020", "2018"])
def test_the_publication_withholds_hours_only_when_particles_are_missing(name, read, rows, published, exceptions):
    """Where an AQI stands by the rule and none was published, a value is missing: the publication withheld it by review."""
    judged = air.judge_hours(read(shared_data("aqi_hourly_stations", name)))
    withheld = judged.filter(pl.col("official_aqi").is_null() & pl.col("aqi").is_not_null())
    assert withheld.filter(pl.col("missing") == "").is_empty()


def test_the_hour_is_judged_alone_not_by_the_eight_hours_before():
    """The sliding eight-hour ozone that the publication carries would give another AQI in many rows: it is not part of the hourly AQI."""
    frame = pl.read_csv(shared_data("aqi_hourly_stations", FILES[0][0]), schema_overrides={"Date": pl.String, "Hour": pl.String})
    hours = official_2020(shared_data("aqi_hourly_stations", FILES[0][0])).with_columns(
        o3_8h=frame["O3_8h"], pm10_24h="pm10", pm25_24h="pm25"
    )
    judged = air.judge_hours(hours, method="text").filter(pl.col("official_aqi").is_not_null())
    assert judged.filter(pl.col("aqi") != pl.col("official_aqi")).height > 1000
