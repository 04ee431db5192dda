"""`bilan judge soil` on files as bureaus have them."""

from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner

from bilan.cli import bilan
from bilan.problems import BilanError
from bilan.science.judge_soil import soil

FARM = """点位,土地利用类型,pH,镉(mg/kg),砷（μg/kg）,总铬(mg/kg),铜,苯并[a]芘
A1,水田,5.2,0.9,<500,120,30,0.1
A2,果园,6.8,0.2,45000,210,220,
A3,旱地,,0.2,45000,210,220,
"""
PLOT = """监测点,用地类别,砷,铅(mg/kg),六价铬,石油烃(C10-C40)
S1,第一类用地,25,401,<0.5,900
S2,第二类用地,25,401,6.0,900
"""


def judge(tmp_path, monkeypatch, text, *options, language="zh"):
    monkeypatch.setenv("BILAN_LANG", language)
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(text.encode("gb18030"))
    result = CliRunner().invoke(soil, [str(source), "-o", str(target), *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result, pl.read_csv(target)


def test_farmland_in_chinese(tmp_path, monkeypatch):
    result, written = judge(tmp_path, monkeypatch, FARM)
    assert written["judged_class"].to_list() == ["2 类（安全利用类）", "2 类（安全利用类）", None]
    assert written["judged_main"].to_list() == ["Cd", "As,Cu,Cr", ""]
    assert written["judged_reason"][0] == "镉 0.9 mg/kg：超筛选值；筛选值 0.3、管制值 1.5；超标 2.00 倍；决定结果；表 1, 表 3，一个来源核实"
    assert "3 行，其中 2 行有结论" in result.output
    assert "未核实的" not in result.output


def test_construction_land_in_english(tmp_path, monkeypatch):
    _, written = judge(tmp_path, monkeypatch, PLOT, language="en")
    assert written["judged_class"].to_list() == ["Class 2, detailed survey and risk assessment"] * 2
    assert written["judged_main"].to_list() == ["As,C10-C40,Pb", "Cr6+"]


def test_the_class_of_land_may_be_given(tmp_path, monkeypatch):
    _, written = judge(tmp_path, monkeypatch, FARM, "--class", "1")
    assert written["judged_grade"].to_list() == [1, 2, 2]


def test_construction_without_a_class_is_refused(tmp_path, monkeypatch):
    with pytest.raises(BilanError) as caught:
        judge(tmp_path, monkeypatch, FARM, "--land", "construction")
    assert "第一类" in caught.value.text()


def test_the_group_lists_soil():
    assert "soil" in CliRunner().invoke(bilan, ["judge", "--help"]).output
