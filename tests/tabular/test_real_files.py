from __future__ import annotations

from datetime import datetime

from bilan.tabular import read_table
from tests.shared import shared_data


def test_hourly_air_quality_of_the_national_stations():
    read = read_table(shared_data("aqi_hourly_stations", "station_hourly_20200324_20200405.csv.gz"))
    assert read.frame.height == 149_130
    assert read.problem_count == 0
    assert set(read.parameters) == {"pm25", "pm10", "co", "no2", "o3", "o3_8h", "so2"}
    first = read.frame.row(0, named=True)
    assert (first["city"], first["point"], first["start"]) == ("大兴安岭地", "公安局", datetime(2020, 3, 7, 21))
    assert read.raw.columns[:7] == ["Date", "Hour", "city", "WatchPoint", "AQI", "Level", "PrimaryPollution"]


def test_one_hour_of_the_national_feed():
    read = read_table(shared_data("aqi_hourly_stations", "cnemc_snapshot_20180220T07_part1.csv.gz"))
    assert (read.frame.height, read.problem_count) == (748, 0)
    assert read.mapping["pm25"] == "pm2_5"
    assert read.frame.row(0, named=True)["point"] == "1001A"
    assert read.frame["start"].unique().to_list() == [datetime(2018, 2, 20, 7)]


WATER = {"wt", "ph", "do", "cond", "turb", "codmn", "nh3n", "tp", "tn", "chla", "algae"}


def test_surface_water_as_published():
    read = read_table(shared_data("cnemc_surface_water", "raw_as_published_National_Water_20260712.csv.gz"))
    assert read.frame.height == 14_013
    assert set(read.parameters) == WATER
    first = read.frame.row(0, named=True)
    assert (first["point"], first["start"], first["ph"], first["tn"]) == ("鼓楼外大街", datetime(2026, 7, 12), 7.33, 4.302)


def test_surface_water_saved_by_another_tool():
    read = read_table(shared_data("cnemc_surface_water", "national_other_schema_20260701_20260708.csv.gz"))
    assert set(read.parameters) == WATER
    assert read.frame["chla"][0] is None
    assert read.frame["start"].null_count() == 0


def test_surface_water_of_fujian():
    read = read_table(shared_data("cnemc_surface_water", "fujian_20260709_20260809.csv.gz"))
    assert (read.frame.height, read.frame["point"].n_unique()) == (18_208, 44)


def test_surface_water_as_parquet():
    read = read_table(shared_data("cnemc_surface_water", "national_20260709_20260809.parquet"))
    assert (read.frame.height, read.header_row) == (629_291, 0)
    assert set(read.parameters) == WATER
