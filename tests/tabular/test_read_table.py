from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
import xlsxwriter

from bilan.problems import BilanError
from bilan.tabular import read_table, write_table

EIGHT = datetime(2026, 3, 1, 8)


def _csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "读数.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path, encoding, sign):
    text = "站点,时间,二氧化硫(μg/m3),一氧化碳\n溪东,2026-03-01 08:00,12,0.8\n洪文,2026-03-01 08:00,13,0.9\n".replace(",", sign)
    text = text.replace("μg", "ug") if encoding == "gbk" else text
    read = read_table(_csv(tmp_path, text, encoding))
    assert read.frame.drop("row").rows() == [("溪东", EIGHT, 12.0, 0.8), ("洪文", EIGHT, 13.0, 0.9)]
    assert read.problems == []


def test_title_rows_notes_and_units_in_brackets(tmp_path):
    title = "某市环境空气小时报\n制表：监测站\n"
    text = title + "监测点位,监测时间,PM2.5(mg/m³),臭氧（微克/立方米）,溶解氧\n溪东,2026年3月1日8时,0.035,88,\n\n注：数据未经审核,,,,\n"
    read = read_table(_csv(tmp_path, text))
    assert read.header_row == 3
    assert read.frame.select("row", "point", "start", "pm25", "o3").rows() == [(4, "溪东", EIGHT, 35.0, 88.0)]


def test_a_unit_that_measures_something_else_is_refused_with_its_name(tmp_path):
    read = read_table(_csv(tmp_path, "站点,时间,SO2(ppb),NO2\nA,2026-03-01 08:00,5,6\n"))
    assert "so2" not in read.frame.columns
    assert [problem.code for problem in read.problems] == ["table.unit"]
    assert "ug/m3" in read.problems[0].text("en")


def test_bad_cells_are_null_and_named_with_their_place(tmp_path):
    text = "站点,时间,SO2,pH\nA,2026-03-01 08:00,12.5x,7\nA,someday,NaN,7\nA,2026-03-01 10:00,-999,15.2\nA,2026-03-01 11:00,8,7\n"
    read = read_table(_csv(tmp_path, text))
    assert read.frame["so2"].to_list() == [None, None, None, 8.0]
    found = {(problem.place.row, problem.place.column, problem.code) for problem in read.problems}
    assert found == {
        (2, "SO2", "value.not_a_number"),
        (3, "时间", "value.not_a_time"),
        (3, "SO2", "value.nan"),
        (4, "SO2", "value.impossible"),
        (4, "pH", "value.impossible"),
    }
    assert "0.0–14.0" in next(p.text("en") for p in read.problems if p.place.column == "pH")


def test_detection_limits(tmp_path):
    read = read_table(_csv(tmp_path, "断面,时间,氨氮,总磷,石油类\nA,2026-03-01,0.02L,<0.01,未检出\n"))
    assert read.frame.select("nh3n", "tp", "oil").row(0) == (0.01, 0.005, None)
    assert read.below.rows() == [(2, "nh3n"), (2, "tp")]
    assert [problem.code for problem in read.problems] == ["value.not_detected"]


def test_names_shared_by_media_follow_the_table(tmp_path):
    water = read_table(_csv(tmp_path, "断面,时间,温度,溶解氧,氨氮,铅\nA,2026-03-01,20,8,0.1,0.001\n"))
    air = read_table(_csv(tmp_path, "站点,时间,温度,SO2,PM10,铅\nA,2026-03-01,20,8,50,0.1\n"))
    assert {"wt", "do", "pb"} <= set(water.frame.columns)
    assert {"temp", "so2", "pb_air"} <= set(air.frame.columns)


def test_emission_units(tmp_path):
    path = _csv(tmp_path, "排放口,时间,SO2,颗粒物,含氧量\nDA001,2026-03-01 08:00,35,10,6.1\n")
    assert read_table(path, units="emission").frame.select("so2", "dust", "o2").row(0) == (35.0, 10.0, 6.1)


def test_a_column_without_a_unit_whose_values_fit_only_another(tmp_path):
    read = read_table(_csv(tmp_path, "站点,时间,气压\nA,2026-03-01 08:00,1013.2\nA,2026-03-01 09:00,1013\n"))
    assert read.frame["press"].to_list() == [101.32, 101.3]
    assert [problem.code for problem in read.problems] == ["table.unit_assumed"]


def test_one_value_a_row(tmp_path):
    head = "监测点,采样时间,监测项目,监测值,单位\n"
    text = head + "井1,2026-03-01,氨氮,0.5,mg/L\n井1,2026-03-01,汞,0.02,μg/L\n井2,2026-03-01,氨氮,0.7,mg/L\n井2,2026-03-01,氨单,1,mg/L\n"
    read = read_table(_csv(tmp_path, text))
    assert read.frame.select("point", "nh3n", "hg").rows() == [("井1", 0.5, 0.00002), ("井2", 0.7, None)]
    assert read.problems[0].values["nearest"] == ""
    assert read.raw.height == 2


def test_a_person_can_decide_a_column(tmp_path):
    path = _csv(tmp_path, "某列,时间,怪名\nA,2026-03-01 08:00,5\n")
    read = read_table(path, names={"某列": "point", "怪名": "so2"})
    assert read.frame.select("point", "so2").row(0) == ("A", 5.0)


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "小时.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "请看第二张表")
        sheet = book.add_worksheet("数据")
        moment = book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.merge_range(2, 1, 2, 6, "某市空气质量")
        for column, text in enumerate(["站点", "时间"], start=1):
            sheet.merge_range(3, column, 4, column, text)
        sheet.merge_range(3, 3, 3, 6, "监测项目")
        for column, text in enumerate(["二氧化硫(μg/m3)", "CO(mg/m3)", "PM2.5", "分指数"], start=3):
            sheet.write(4, column, text)
        sheet.merge_range(5, 1, 6, 1, "溪东")
        sheet.write_datetime(5, 2, EIGHT, moment)
        sheet.write_row(5, 3, [12, "0.8", "３５"])
        sheet.write(6, 2, 46082.375)
        sheet.write_row(6, 3, [12.5, "--", "1,234"])
        sheet.write(9, 1, "注：未审核")
    return path


def test_merged_cells_two_header_rows_and_serial_dates(workbook):
    read = read_table(workbook)
    assert (read.sheet, read.header_row) == ("数据", 5)
    assert read.frame.rows() == [
        (6, "溪东", EIGHT, 12.0, 0.8, 35.0),
        (7, "溪东", datetime(2026, 3, 1, 9), 12.5, None, 1234.0),
    ]


def test_an_unknown_sheet_names_the_nearest(workbook):
    with pytest.raises(BilanError) as caught:
        read_table(workbook, sheet="数 据")
    assert caught.value.problems[0].values["nearest"] == "数据"


def test_pollutants_merged_over_value_and_index(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "城市")
        sheet.merge_range(0, 1, 1, 1, "日期")
        for column, name in ((2, "SO2"), (4, "NO2")):
            sheet.merge_range(0, column, 0, column + 1, name)
            sheet.write_row(1, column, ["浓度(μg/m3)".replace("(μg/m3)", ""), "分指数"])
        sheet.write_row(2, 0, ["厦门市", "2026-03-01", 5, 5, 20, 10])
    read = read_table(path)
    assert read.frame.select("city", "so2", "no2").row(0) == ("厦门市", 5.0, 20.0)


def test_units_in_a_row_of_their_own(tmp_path):
    read = read_table(_csv(tmp_path, "断面,时间,水温,溶解氧,汞\n,,℃,mg/L,μg/L\nA,2026-03-01 8:00,20,8.1,0.05\n"))
    assert read.frame.select("row", "wt", "do", "hg").rows() == [(3, 20.0, 8.1, 0.00005)]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_what_is_written_reads_back(tmp_path, ending):
    frame = pl.DataFrame({"point": ["=1+1", "B"], "start": [EIGHT, EIGHT], "so2": [1.5, None], "pm25": [3.0, 4.0]})
    path = tmp_path / f"out{ending}"
    write_table(frame, path)
    assert read_table(path).frame.drop("row").equals(frame)


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(BilanError) as caught:
        write_table(pl.DataFrame({"a": [1]}), tmp_path / "a.xls")
    assert ".xlsx" in caught.value.text("en")


def test_no_file(tmp_path):
    with pytest.raises(BilanError):
        read_table(tmp_path / "none.csv")
