"""The catalogue of tables: nothing lies beside it, editions compare as the standards' own tables do, recollections are all listed."""

from __future__ import annotations

import csv
from importlib import resources

import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science import catalogue

FOLDER = resources.files("bilan.science.standards").joinpath("tables")
FILES = sorted(
    entry.name.removesuffix(".csv") for entry in FOLDER.iterdir() if entry.name.endswith(".csv") and entry.name != "catalogue.csv"
)


def test_every_table_is_in_the_catalogue_and_every_entry_is_a_table() -> None:
    assert sorted(entry.name for entry in catalogue.tables()) == FILES


@pytest.mark.parametrize("entry", catalogue.tables(), ids=lambda entry: entry.name)
def test_what_the_catalogue_says_of_a_table_is_there(entry: catalogue.TableInfo) -> None:
    with FOLDER.joinpath(f"{entry.name}.csv").open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    assert set(entry.keys) | set(entry.values) <= set(header) and entry.values
    assert entry.title_zh and entry.title_en and entry.medium


def test_limits_that_the_standard_of_2026_tightens() -> None:
    # GB 3095-2026 tables 1 and 2 against GB 3095-2012 with its amendment of 2018: the transition lowers particles only.
    changed = catalogue.compare("air_limits", "GB 3095/2012+A1:2018/single", "GB 3095/2026/transition").filter(change="changed")
    found = {(row["pollutant"], row["averaging_period"]): (row["before"], row["after"]) for row in changed.iter_rows(named=True)}
    assert found == {
        ("PM10", "annual"): ("70", "60"),
        ("PM10", "24h"): ("150", "120"),
        ("PM2.5", "annual"): ("35", "30"),
        ("PM2.5", "24h"): ("75", "60"),
    }


def test_an_edition_compared_with_itself_changes_nothing() -> None:
    assert catalogue.compare("air_iaqi", "HJ 633/2026", "HJ 633/2026")["change"].unique().to_list() == ["same"]


def test_each_row_of_recollection_is_listed_once() -> None:
    held = {
        (name, number)
        for name in FILES
        for number, row in enumerate(csv.DictReader(FOLDER.joinpath(f"{name}.csv").read_text(encoding="utf-8").splitlines()), start=2)
        if row.get("confidence") == "memory_only"
    }
    listed = catalogue.unverified().filter(pl.col("confidence") == "memory_only").select("table", "row").rows()
    assert set(listed) == held and len(listed) == len(held)


@pytest.mark.parametrize(("table", "edition", "said"), [("air_limit", "", "air_limits"), ("air_iaqi", "HJ 633/2027", "HJ 633/2026")])
def test_a_wrong_name_gets_the_nearest(table: str, edition: str, said: str) -> None:
    with pytest.raises(BilanError) as told:
        catalogue.rows(table, edition)
    assert said in told.value.problems[0].text("en")
