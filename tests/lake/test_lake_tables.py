"""Tables of the lake: a reader sees one version whole; what did not change is shared; the declaration travels with the data."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

from bilan.lake import LakeTables, compact, parts_by, publish, remove_old
from bilan.lake.asking import ask
from bilan.lake.rooms import Limits
from bilan.lake.writing import FOOTER
from bilan.pack.indicators import Column, Table
from bilan.pack.registers.words import Bilingual
from bilan.problems import BilanError


def declared(name: str = "levels") -> Table:
    columns = {
        "point": Column("point", "text", Bilingual("点位", "Point")),
        "day": Column("day", "date", Bilingual("日期", "Day")),
        "value": Column("value", "number", Bilingual("值", "Value"), "µg/m³"),
    }
    return Table(
        name, Bilingual("水平", "Levels"), Bilingual("每行一天", "A row a day"), columns, Bilingual("测", "Made"), "day", ("point", "day")
    )


def rows(first: date, days: int, value: float = 1.0) -> pl.DataFrame:
    span = [first + timedelta(days=at) for at in range(days)]
    return pl.DataFrame({"point": ["b", "a"] * days, "day": [day for day in span for _ in "ba"], "value": [value] * 2 * days})


@pytest.fixture
def lake(tmp_path: Path) -> LakeTables:
    return LakeTables(tmp_path)


def write(lake: LakeTables, frame: pl.DataFrame, **more: bool):
    return publish(lake, declared(), parts_by(declared(), frame), **more)


def test_files_are_cut_by_month_and_sorted(lake: LakeTables) -> None:
    manifest = write(lake, rows(date(2026, 1, 20), 30))
    assert [part.name for part in manifest.parts] == ["2026-01", "2026-02"]
    assert (manifest.version, manifest.rows, manifest.span) == (1, 60, ("2026-01-20", "2026-02-18"))
    january = pl.read_parquet(lake.folder("levels") / "current" / "2026-01.parquet")
    assert january.equals(january.sort("point", "day")) and january.height == 24


def test_months_that_did_not_change_are_the_same_file_in_both_versions(lake: LakeTables) -> None:
    write(lake, rows(date(2026, 1, 1), 59))
    second = write(lake, rows(date(2026, 2, 1), 28, 2.0), whole=False)
    assert second.version == 2 and second.rows == 118
    january = [lake.version_folder("levels", version) / "2026-01.parquet" for version in (1, 2)]
    assert january[0].samefile(january[1])
    assert lake.scan("levels").filter(pl.col("value") == 2.0).collect().height == 56
    assert lake.scan("levels", 1).filter(pl.col("value") == 2.0).collect().height == 0


def test_nothing_new_is_no_new_version(lake: LakeTables) -> None:
    frame = rows(date(2026, 1, 1), 31)
    first, again = write(lake, frame), write(lake, frame.reverse())
    assert (again.version, again.parts, again.written) == (1, first.parts, first.written)


def test_a_table_without_rows_still_has_its_columns(lake: LakeTables) -> None:
    manifest = write(lake, rows(date(2026, 1, 1), 1).clear())
    assert [part.name for part in manifest.parts] == ["all"]
    assert lake.scan("levels").collect().columns == ["point", "day", "value"]
    assert [part.name for part in write(lake, rows(date(2026, 1, 1), 1), whole=False).parts] == ["2026-01"]


def test_a_reader_that_began_with_a_version_ends_with_it(lake: LakeTables) -> None:
    write(lake, rows(date(2026, 1, 1), 31, 1.0))
    begun = lake.scan("levels")
    write(lake, rows(date(2026, 1, 1), 31, 2.0))
    assert begun.collect()["value"].unique().to_list() == [1.0]
    assert lake.scan("levels").collect()["value"].unique().to_list() == [2.0]


def test_a_writer_that_fails_leaves_the_version_before(lake: LakeTables) -> None:
    write(lake, rows(date(2026, 1, 1), 31))

    def parts():
        yield "2026-01", rows(date(2026, 1, 1), 31, 5.0)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        publish(lake, declared(), parts())
    assert lake.scan("levels").collect()["value"].unique().to_list() == [1.0]
    assert [found.name for found in (lake.folder("levels") / "versions").iterdir()] == ["000001"]


def test_rows_with_other_columns_are_refused(lake: LakeTables) -> None:
    with pytest.raises(BilanError) as refused:
        publish(lake, declared(), [("2026-01", rows(date(2026, 1, 1), 1).drop("value"))])
    assert refused.value.problems[0].code == "lake.other_columns"


def test_past_years_become_one_file_and_take_late_months_in(lake: LakeTables) -> None:
    write(lake, rows(date(2024, 12, 1), 500))
    before = lake.scan("levels").collect().sort("day", "point")
    assert [part.name for part in compact(lake, "levels", 2026).parts][:3] == ["2024", "2025", "2026-01"]
    assert lake.scan("levels").collect().sort("day", "point").equals(before)
    late = write(lake, rows(date(2025, 3, 1), 31, 9.0), whole=False)
    assert [part.name for part in late.parts][:3] == ["2024", "2025", "2026-01"]
    after = lake.scan("levels").collect()
    assert after.height == before.height and after.filter(pl.col("value") == 9.0)["day"].dt.month().unique().to_list() == [3]
    assert compact(lake, "levels", 2026).version == late.version


def test_old_versions_are_removed_but_never_the_one_that_stands(lake: LakeTables) -> None:
    for value in range(5):
        write(lake, rows(date(2026, 1, 1), 3, float(value)))
    assert remove_old(lake, "levels", 2) == [1, 2, 3]
    assert lake.versions("levels") == [4, 5] and lake.scan("levels").collect()["value"].unique().to_list() == [4.0]
    with pytest.raises(BilanError):
        lake.scan("levels", 1)


def test_plain_readers_need_nothing_of_ours(lake: LakeTables) -> None:
    manifest = write(lake, rows(date(2026, 1, 20), 30))
    folder = lake.folder("levels") / "current"
    assert len(pd.read_parquet(folder)) == manifest.rows
    assert pl.scan_parquet(folder / "*.parquet").collect().height == manifest.rows
    assert duckdb.sql(f"select count(*) from read_parquet('{folder}/*.parquet')").fetchall() == [(manifest.rows,)]
    footer = json.loads(pl.read_parquet_metadata(folder / "2026-01.parquet")[FOOTER])
    assert footer["columns"][2] == {"name": "value", "type": "number", "unit": "µg/m³", "title": {"zh": "值", "en": "Value"}}


def test_it_answers_select_and_reaches_no_other_file(lake: LakeTables, tmp_path: Path) -> None:
    write(lake, rows(date(2026, 1, 20), 30))
    assert ask(lake, "select point, count(*) as n from levels where day >= date '2026-02-01' group by all order by all").rows == [
        ("a", 18),
        ("b", 18),
    ]
    for sql in (f"select * from read_parquet('{tmp_path}/**')", "drop view levels", "select * from 'x.csv'", "select * from other"):
        with pytest.raises(BilanError):
            ask(lake, sql)
    with pytest.raises(BilanError) as refused:
        ask(lake, "select * from levels", limits=Limits(rows=5))
    assert refused.value.problems[0].code == "lake.too_many_rows"
    with pytest.raises(BilanError):
        ask(lake, "select * from levels", tables=())
