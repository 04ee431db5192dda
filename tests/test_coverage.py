"""What docs/coverage.csv claims is there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS = list(csv.DictReader((ROOT / "docs" / "coverage.csv").read_text(encoding="utf-8").splitlines()))
STATUS = {"works", "partly", "not yet"}


def test_every_row_of_the_two_plans_is_there_once():
    assert len({row["id"] for row in ROWS}) == len(ROWS) == 429
    assert {row["status"] for row in ROWS} <= STATUS


@pytest.mark.parametrize("row", [row for row in ROWS if row["status"] != "not yet"], ids=lambda row: row["id"])
def test_files_of_a_realised_row_exist_and_it_says_what_is_missing(row):
    files = [name for name in row["files"].split(";") if name]
    assert files and all((ROOT / name).exists() for name in files), [name for name in files if not (ROOT / name).exists()]
    if row["status"] == "works":
        path, _, name = row["test"].partition("::")
        assert name and f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), row["test"]
    else:
        assert row["note"], "a partly realised row says what is missing"
