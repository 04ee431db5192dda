from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner

from bilan.cli import bilan
from bilan.problems import BilanError
from bilan.science.judge_water import water
from tests.shared import shared_data

TEXT = """断面名称,监测时间,水质类别,pH(无量纲),溶解氧(mg/L),高锰酸盐指数(mg/L),氨氮(mg/L),总磷(mg/L)
湖心,2026-07-01 00:00,Ⅳ类,7.1,8.0,2.0,0.10,0.06
湖心,2026-07-01 04:00,Ⅲ类,7.1,8.0,2.0,0.10,0.05
桥,2026-07-01 00:00,Ⅱ类,7.1,6.2,2.0,<0.025,0.06
桥,2026-07-02 00:00,劣Ⅴ类,7.1,1.0,2.0,0.10,0.06
"""


def judge(tmp_path, monkeypatch, *options, language="zh", text=TEXT, suffix="xlsx"):
    monkeypatch.setenv("BILAN_LANG", language)
    source, target = tmp_path / "in.csv", tmp_path / f"out.{suffix}"
    source.write_bytes(text.encode("gb18030"))
    result = CliRunner().invoke(water, [str(source), "-o", str(target), *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result, pl.read_excel(target) if suffix == "xlsx" else pl.read_csv(target)


def test_verdicts_stand_beside_the_rows(tmp_path, monkeypatch):
    result, written = judge(tmp_path, monkeypatch)
    assert result.exit_code == 0
    assert written["断面名称"].to_list() == ["湖心", "湖心", "桥", "桥"]
    assert written["judged_class"].to_list() == ["Ⅳ类", "Ⅲ类", "Ⅱ类", "劣Ⅴ类"]
    assert written["judged_section_type"].to_list() == ["湖库", "湖库", "河流", "河流"]
    assert written["judged_main"].to_list() == ["TP", None, None, "DO"]
    assert written["judged_reason"][0] == "TP 0.06: Ⅳ类 (≤0.1, 表1 第8项) 超Ⅲ类限值 0.2 倍"
    assert set(written["judged_difference"]) == {"一致"}
    assert "湖库 1 个，河流 1 个" in result.output


def test_english_headers_and_reasons(tmp_path, monkeypatch):
    result, written = judge(tmp_path, monkeypatch, language="en", suffix="csv")
    assert written["judged_class"].to_list()[-1] == "Worse than class V"
    assert written["judged_reason"].to_list()[-1] == "DO 1.0: Worse than class V (<2, Table 1, item 3)"
    assert "4 rows, 4 with a class" in result.output


def test_forced_section_type(tmp_path, monkeypatch):
    _, written = judge(tmp_path, monkeypatch, "--section-type", "lake")
    assert written["judged_grade"].to_list() == [4, 3, 4, 6]


def test_by_month_rounds_the_means(tmp_path, monkeypatch):
    _, written = judge(tmp_path, monkeypatch, "--by", "month")
    by_section = {row["point"]: row for row in written.to_dicts()}
    assert by_section["桥"]["do"] == 3.6
    assert by_section["桥"]["nh3n"] == 0.06
    assert (by_section["桥"]["judged_class"], by_section["桥"]["samples"], by_section["湖心"]["judged_class"]) == ("Ⅳ类", 2, "Ⅳ类")


def test_own_columns_of_the_file_stay_as_they_are(tmp_path, monkeypatch):
    header, *rows = TEXT.splitlines()
    text = "\n".join([f"主要污染指标,{header}", *(f"无,{row}" for row in rows)])
    _, written = judge(tmp_path, monkeypatch, text=text)
    assert written["主要污染指标"].to_list() == ["无"] * 4


def test_without_output_the_rows_are_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("BILAN_LANG", "en")
    (tmp_path / "in.csv").write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(bilan, ["judge", "water", str(tmp_path / "in.csv")])
    assert result.exit_code == 0
    assert "Worse than class V" in result.output


def test_periods_need_a_time(tmp_path, monkeypatch):
    with pytest.raises(BilanError, match="no column with a time"):
        judge(tmp_path, monkeypatch, "--by", "month", text="断面名称,pH,溶解氧\n桥,7,8\n")


def test_a_file_without_items_says_what_is_known(tmp_path, monkeypatch):
    with pytest.raises(BilanError, match="codmn"):
        judge(tmp_path, monkeypatch, text="断面名称,监测时间,PM2.5\n桥,2026-07-01,35\n")


def test_a_published_file_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("BILAN_LANG", "zh")
    source = shared_data("cnemc_surface_water", "fujian_20260709_20260809.csv.gz")
    target = tmp_path / "out.parquet"
    result = CliRunner().invoke(water, [str(source), "-o", str(target)])
    assert "与公布类别比较：一致 18,208" in result.output
    assert pl.read_parquet(target).height == 18208
