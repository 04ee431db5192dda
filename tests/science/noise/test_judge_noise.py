"""`bilan judge noise` on files as bureaus have them."""

from __future__ import annotations

import gzip

import polars as pl
import pytest
from click.testing import CliRunner

from bilan.problems import BilanError
from bilan.science.judge_noise import noise
from tests.shared import shared_data

TEXT = """测点名称,功能区类别,昼间等效声级(dB(A)),夜间等效声级
公园,1类,55.0,45.2
路口,4a,71.2,55
工厂,,60,50
"""


def judge(tmp_path, monkeypatch, text, *options, language="zh"):
    monkeypatch.setenv("BILAN_LANG", language)
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(noise, [str(source), "-o", str(target), *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result, pl.read_csv(target)


def test_rows_with_levels(tmp_path, monkeypatch):
    result, written = judge(tmp_path, monkeypatch, TEXT)
    assert written["judged_result"].to_list() == ["1 类区超标", "4a 类区超标", "没有声级或功能区类别，不评价"]
    assert written["judged_main"].to_list()[:2] == ["Ln", "Ld"]
    assert "限值 45；超标 0.2 dB" in written["judged_reason"][0]
    assert "3 行，其中 2 行有结论" in result.output


def test_days_of_a_real_monitor(tmp_path, monkeypatch):
    text = gzip.decompress(shared_data("noise_levels", "laeq1m.csv.gz").read_bytes()).decode().replace("LEQ dB -A", "LAeq (dB(A))")
    _, written = judge(tmp_path, monkeypatch, text, "--by", "day", "--zone", "1", language="en")
    whole = written.filter(pl.col("ldn").is_not_null())
    assert whole.height >= 10
    assert set(whole["judged_attained"]) <= {True, False}
    assert whole["judged_reason"][0].startswith("Day level")


def test_days_need_times(tmp_path, monkeypatch):
    with pytest.raises(BilanError) as caught:
        judge(tmp_path, monkeypatch, TEXT, "--by", "day")
    assert "时间" in caught.value.text()
