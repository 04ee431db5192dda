from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner

from bilan.cli import bilan
from bilan.problems import BilanError

SEA = """站位,采样时间,pH,溶解氧(mg/L),化学需氧量(mg/L),无机氮(mg/L),活性磷酸盐(mg/L)
S1,2026-05-12 09:00,8.1,7.0,1.0,0.25,0.014
S2,2026-05-12 10:00,8.1,7.0,3.0,0.62,0.030
S2,2026-05-20 10:00,8.1,7.0,3.0,0.18,<0.004
"""
WELLS = """点位,采样时间,pH,总硬度(mg/L),铁(mg/L),三氯甲烷(mg/L),总大肠菌群(个/L)
W1,2026-04-02,7.1,120,0.05,0.0004,10
W2,2026-04-02,7.1,120,2.5,0.0004,10
"""


def judged(tmp_path, monkeypatch, medium, text, *options, language="zh"):
    monkeypatch.setenv("BILAN_LANG", language)
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(bilan, ["judge", medium, str(source), "-o", str(target), *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result, pl.read_csv(target)


def test_sea_verdicts_stand_beside_the_rows(tmp_path, monkeypatch):
    result, written = judged(tmp_path, monkeypatch, "sea", SEA)
    assert written["judged_class"].to_list() == ["二类", "劣四类", "二类"]
    assert written["judged_reason"][0] == "DIN 0.25: 二类 (≤ 0.3, 表1 第12项)"
    # E = 3 · 0.62 · 0.030 · 10⁶ / 4500 = 12.4
    assert written["judged_eutrophication"][1] == 12.4
    assert "二类 2, 劣四类 1" in result.output


def test_sea_by_month_takes_means(tmp_path, monkeypatch):
    _, written = judged(tmp_path, monkeypatch, "sea", SEA, "--by", "month", language="en")
    assert written["judged_class"].to_list() == ["Class II", "Class III"]
    assert written.select("din", "samples").row(1) == (0.4, 2)


def test_wells_are_judged(tmp_path, monkeypatch):
    result, written = judged(tmp_path, monkeypatch, "groundwater", WELLS, language="en")
    assert written["judged_class"].to_list() == ["Class I", "Class V"]
    assert written["judged_reason"][1] == "Fe 2.5: Class V (beyond ≤ 2, Table 1, item 10)"
    assert "classes: Class I 1, Class V 1" in result.output


def test_without_an_item_or_a_time_it_says_so(tmp_path, monkeypatch):
    with pytest.raises(BilanError) as told:
        judged(tmp_path, monkeypatch, "sea", "站位,总磷(mg/L)\nS1,0.1\n")
    assert told.value.problems[0].code == "single.no_items"
    with pytest.raises(BilanError) as told:
        judged(tmp_path, monkeypatch, "sea", "站位,无机氮(mg/L)\nS1,0.1\n", "--by", "year")
    assert told.value.problems[0].code == "single.no_time"


def test_on_the_screen(tmp_path, monkeypatch):
    monkeypatch.setenv("BILAN_LANG", "en")
    source = tmp_path / "in.csv"
    source.write_text(SEA, encoding="utf-8")
    result = CliRunner().invoke(bilan, ["judge", "sea", str(source)])
    assert result.exit_code == 0
    assert "Worse than class IV" in result.output
