"""`bilan judge air` on files as people keep them."""

from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner

from bilan.problems import BilanError
from bilan.science.command import judge

HOURS = """监测数据导出,,,,,,,
点位名称,监测时间,二氧化硫(μg/m3),二氧化氮(μg/m3),一氧化碳(mg/m3),臭氧(μg/m3),PM10(μg/m3),PM2.5(μg/m3)
涂山街,2026-03-01 08:00,9,41,0.8,64,119,61
涂山街,2026-03-01 09:00,9,41,0.8,64,,20
万安,2026年3月1日 8时,5,20,0.5,90,40,—
"""


@pytest.fixture
def english(monkeypatch):
    monkeypatch.setenv("BILAN_LANG", "en")


def run(*arguments) -> str:
    result = CliRunner().invoke(judge, ["air", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_verdicts_stand_beside_the_rows_of_the_file(tmp_path, english, ending):
    source, target = tmp_path / "hours.csv", tmp_path / f"judged.{ending}"
    source.write_bytes(HOURS.encode("gb18030"))
    run(source, "--output", target)
    judged = {"csv": pl.read_csv, "xlsx": pl.read_excel, "parquet": pl.read_parquet}[ending](target)
    assert judged.columns[0] == "点位名称"
    assert judged["judged_aqi"].to_list() == [101, None, None]
    assert judged["judged_primary"][0] == "PM2.5"
    assert judged["judged_category"][0] == "Lightly polluted"
    assert "missing: PM10" in judged["judged_reason"][1] and "no AQI" in judged["judged_reason"][1]


def test_the_standard_can_be_forced_and_the_screen_shows_a_table(tmp_path, english):
    source = tmp_path / "hours.csv"
    source.write_text(HOURS)
    output = run(source, "--standard", "2012")
    assert "85" in output and "3 rows, 3 with an AQI" in output


def test_hours_become_days(tmp_path, english):
    source, target = tmp_path / "hours.csv", tmp_path / "days.csv"
    lines = [f"a,2026-03-01 {hour:02d}:00,5,20,0.5,50,30,61" for hour in range(24)]
    source.write_text("\n".join(["station,time,SO2,NO2,CO,O3,PM10,PM2.5", *lines]))
    run(source, "--by", "day", "--output", target)
    row = pl.read_csv(target).row(0, named=True)
    assert (row["day"], row["pm25"], row["n_pm25"], row["aqi"], row["primary"]) == ("2026-03-01", 61, 24, 101, "PM2.5")


def test_a_file_of_days_is_judged_row_by_row(tmp_path, english):
    source, target = tmp_path / "days.csv", tmp_path / "judged.csv"
    source.write_text("city,date,SO2,NO2,CO,O3_8h,PM10,PM2.5\nx,2026-02-28,5,20,0.5,90,40,61\nx,2026-03-01,5,20,0.5,90,40,61\n")
    run(source, "--by", "day", "--output", target)
    assert pl.read_csv(target).select("judged_aqi", "judged_version").rows() == [(83, 2012), (101, 2026)]


def test_a_row_without_a_time_gets_no_verdict_and_is_named(tmp_path, english):
    source, target = tmp_path / "hours.csv", tmp_path / "judged.csv"
    source.write_text("station,time,PM2.5\na,2026-03-01 08:00,80\na,yesterday,80\n")
    output = run(source, "--output", target)
    assert pl.read_csv(target)["judged_aqi"].to_list() == [119, None]
    assert "yesterday" in output and "row 3" in output


def test_a_file_without_a_time_is_refused(tmp_path):
    source = tmp_path / "hours.csv"
    source.write_text("station,PM2.5\na,80\n")
    with pytest.raises(BilanError) as refused:
        CliRunner().invoke(judge, ["air", str(source)], catch_exceptions=False)
    assert refused.value.problems[0].code == "air.no_time"
