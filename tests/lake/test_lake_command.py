"""`bilan lake`: what a person types, and what comes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from bilan.lake import LakeTables, parts_by, publish
from bilan.lake.command import lake
from bilan.pack.city import City
from bilan.pack.indicators import tables


@pytest.fixture
def city(tmp_path: Path) -> City:
    made = City(tmp_path / "city", "试验市", "Test", "350500")
    made.write()
    days = {"district": ["", "350502"], "day": [date(2026, 3, 5), date(2026, 4, 5)], "aqi": [63, 120]}
    table = tables()["air_days"]
    frame = pl.DataFrame(days).select(pl.col(name) if name in days else pl.lit(None, pl.String).alias(name) for name in table.columns)
    publish(LakeTables(made.lake), table, parts_by(table, frame))
    return made


def said(city: City, *arguments: str) -> str:
    result = CliRunner().invoke(lake, [*arguments, "--city", str(city.folder)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_tables_are_listed_and_described(city: City) -> None:
    assert "air_days" in said(city, "ls")
    text = said(city, "describe", "air_days")
    assert "µg/m³" in text and "pm25" in text
    assert '"version": 1' in said(city, "describe", "air_days", "--json")


def test_a_query_is_answered_as_csv_and_written_to_a_file(city: City, tmp_path: Path) -> None:
    assert said(city, "query", "select district, aqi from air_days where aqi > 100").splitlines() == ["district,aqi", "350502,120"]
    said(city, "query", "select * from air_days", "--output", str(tmp_path / "a.parquet"))
    assert pl.read_parquet(tmp_path / "a.parquet").height == 2


def test_a_table_is_written_out_for_some_days(city: City, tmp_path: Path) -> None:
    for form in ("csv", "xlsx", "parquet"):
        said(city, "export", "air_days", str(tmp_path / f"out.{form}"), "--from", "2026-04-01")
    assert pl.read_parquet(tmp_path / "out.parquet")["aqi"].to_list() == [120]
    assert (tmp_path / "out.xlsx").stat().st_size > 0 and "350502" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_what_is_compact_stays_as_it_is(city: City) -> None:
    assert said(city, "compact", "air_days", "--keep", "1") == ""
