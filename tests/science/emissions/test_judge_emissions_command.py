"""`bilan judge gas` and `bilan judge wastewater` on files as people keep them."""

from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner

from bilan.problems import BilanError
from bilan.science.command import judge

GAS = """排放口,时间,二氧化硫(mg/m3),氮氧化物(mg/m3),颗粒物(mg/m3),含氧量(%),工况
1号炉,2026-04-01 00:00,30,60,5,7,N
1号炉,2026-04-01 01:00,40,90,6,11,N
1号炉,2026-04-01 02:00,400,90,6,12,St
1号炉,2026-04-01 03:00,400,20,6,12,B
"""
WATER = """排放口,时间,COD(mg/L),氨氮(mg/L),总磷(mg/L),pH
总排口,2026-02-01,30,6,0.3,7.1
总排口,2026-02-02,51,1,0.3,9.1
"""


def run(*words):
    return CliRunner().invoke(judge, [str(word) for word in words], catch_exceptions=False)


def test_gas_hours_with_reasons_beside_the_rows(tmp_path):
    source, output = tmp_path / "gas.csv", tmp_path / "out.csv"
    source.write_text(GAS, encoding="utf-8")
    result = run("gas", source, "--source", "gb13223-coal-special", "-o", output)
    assert result.exit_code == 0, result.output
    written = pl.read_csv(output)
    assert written["judged_main"].to_list()[1] == "SO2,NOx"
    assert written["judged_converted_so2"].to_list() == [pytest.approx(32.143), 60.0, None, None]
    assert written["judged_verdict"].n_unique() == 3


def test_wastewater_days_by_the_limits_of_their_date(tmp_path):
    source, output = tmp_path / "water.csv", tmp_path / "out.csv"
    source.write_text(WATER, encoding="utf-8")
    run("wastewater", source, "--source", "gb18918-1a", "--condition", "cold", "-o", output)
    assert pl.read_csv(output)["judged_main"].fill_null("").to_list() == ["", "CODCr,pH"]


def test_days_are_made_of_hours(tmp_path):
    source, output = tmp_path / "hours.csv", tmp_path / "out.csv"
    rows = "\n".join(f"1号炉,2026-04-01 {hour:02d}:00,{90 if hour < 12 else 74},11" for hour in range(24))
    source.write_text(f"排放口,时间,二氧化硫,含氧量(%)\n{rows}\n", encoding="utf-8")
    run("gas", source, "--source", "gb18485", "--by", "days", "-o", output)
    assert pl.read_csv(output).select("so2", "judged_main").row(0) == (82.0, "SO2")


def test_kinds_of_sources_are_listed():
    listed = run("gas", "--sources").output
    assert "gb18485" in listed
    assert "gb18918-1a" not in listed
    assert "w_flame" in listed


def test_an_unknown_source_is_refused(tmp_path):
    source = tmp_path / "gas.csv"
    source.write_text(GAS, encoding="utf-8")
    with pytest.raises(BilanError):
        run("gas", source, "--source", "gb1322")
