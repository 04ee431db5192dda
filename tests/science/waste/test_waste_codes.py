"""Hazardous-waste codes against the list as transcribed and against what the ministry says of the list of 2025."""

from __future__ import annotations

import csv
import random
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import waste
from tests.shared import shared


def codes():
    with shared("reference", "waste_codes.csv").open(encoding="utf-8") as table:
        return {row["waste_code"]: row for row in csv.DictReader(table)}


def test_every_code_of_the_list_is_known_however_it_is_written():
    """国家危险废物名录 2021 年版: 467 codes in 46 categories."""
    listed = codes()
    assert (len(listed), len(waste.categories())) == (467, 46)
    for code, row in listed.items():
        for text in (code, code.replace("-", ""), f"{row['category']} {code}", code.replace("-", "－")):
            found = waste.check(text)
            assert (found.valid, found.category, found.hazards) == (True, row["category"], row["hazards"]), text


def test_what_is_known_of_the_list_of_2025():
    """生态环境部令第 36 号: 470 kinds; 2 merged, 1 split, 4 of tin smelting added: 467 - 2 + 1 + 4."""
    changes = {row["change_type"]: row["count"] for row in waste.changes_of_2025()}
    merged, split, added = (int(changes[kind]) for kind in ("merged", "split", "added"))
    assert len(codes()) - merged + split + added == int(changes["total"])
    assert waste.check("900-000-49").valid
    tin = waste.check("321-099-48", date(2025, 3, 1))
    assert tin.problem is not None
    assert tin.problem.code == "waste.changed_2025"
    assert tin.unverified
    before = waste.check("321-099-48", date(2024, 3, 1))
    assert before.problem is not None
    assert (before.problem.code, before.unverified) == ("waste.unknown_code", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("900-249-99", "waste.unknown_category"),
        ("HW49 900-249-08", "waste.wrong_category"),
        ("900-24-08", "waste.unreadable"),
        ("", "waste.unreadable"),
    ],
)
def test_what_is_wrong_is_said(text, code):
    found = waste.check(text)
    assert found.problem is not None
    assert (found.valid, found.problem.code) == (False, code)
    assert found.problem.text()
    assert found.problem.text("en")


def test_a_swapped_digit_finds_its_code():
    """The code of waste mineral oil with two digits swapped."""
    assert "900-249-08" in waste.check("900-294-08").nearest


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_no_text_escapes(text):
    found = waste.check(text)
    assert found.valid or found.problem is not None


def test_a_column_of_codes():
    listed = list(codes())
    sample = random.Random(1).sample(listed, 50)
    found = waste.judge(pl.DataFrame({"waste_code": [*sample, None, "900-041-94"]}))
    assert found["valid"].to_list() == [True] * 50 + [None, False]
    assert "900-041-94" in found["reason_zh"].to_list()[-1]
    with pytest.raises(BilanError):
        waste.judge(pl.DataFrame({"code": ["1"]}))
