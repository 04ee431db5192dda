from __future__ import annotations

import pytest

from bilan.pack.vocab import vocabulary
from bilan.tabular import read_table
from bilan.tabular.mapping import recognise


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("二氧化硫(SO2)", "so2", ""),
        ("细颗粒物(PM2.5)(μg/m³)", "pm25", "ug/m3"),
        ("细颗粒物（PM2.5）μg/m³", "pm25", "ug/m3"),
        ("氨氮(NH3-N)mg/L", "nh3n", "mg/L"),
        ("氨氮 mg/L", "nh3n", "mg/L"),
        ("总磷（以P计，μg/L）", "tp", "ug/L"),
        ("铬（六价）(mg/L)", "cr6", "mg/L"),
        ("一氧化碳1小时平均(mg/m³)", "co", "mg/m3"),
        ("臭氧8小时滑动平均", "o3_8h", ""),
        ("NO2小时浓度", "no2", ""),
        ("SO2_ug/m3", "so2", "ug/m3"),
        ("电导率(mS/m)", "cond", "mS/m"),
        ("Temp (°C)", "temp", "degC"),
        ("溶解氧/(mg/L)", "do", "mg/L"),
        ("*pH", "ph", ""),
        ("监测点位", "point", ""),
        ("采样时间", "start", ""),
        ("时间(北京时)", "start", ""),
    ],
)
def test_headers_of_real_files(header, name, unit):
    found = recognise(header, vocabulary())
    assert found is not None
    assert (found.name, found.unit) == (name, unit)


@pytest.mark.parametrize(
    "header", ["AQI", "水质类别", "SO2折算浓度(mg/m3)", "SO2 IAQI", "PM10(IAQI)", "PM2.5 24小时均值", "二氧化硫排放量", "No", ""]
)
def test_what_only_resembles_a_parameter_is_left_alone(header):
    assert recognise(header, vocabulary()) is None


def test_a_unit_nobody_knows_is_refused_and_not_dropped(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("站点,时间,SO2(lb/ft3),水温(K)\nA,2026-03-01 08:00,5,290\n", encoding="utf-8")
    read = read_table(path)
    assert read.parameters == []
    assert [(problem.code, problem.values["value"]) for problem in read.problems] == [("table.unit", "lb/ft3"), ("table.unit", "K")]
