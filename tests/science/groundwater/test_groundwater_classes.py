"""Groundwater: printed limits of both tables, the composite score, reasons."""

from __future__ import annotations

import csv
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.pack import vocab
from bilan.problems import BilanError
from bilan.science import groundwater
from bilan.science.standards.single.limits import version_at
from bilan.science.tables import table
from tests.shared import shared

ITEMS = version_at("groundwater_limits").items
SCALES = {("ug/L", "mg/L"): "0.001", ("MPN/100mL", "count/L"): "10", ("CFU/mL", "count/L"): "1000"}


@pytest.mark.parametrize(
    ("values", "grade"),
    [
        # GB/T 14848-2017 Tables 1 and 2, limits as printed; µg/L, MPN/100 mL and CFU/mL in the units of the vocabulary.
        ({"nh3n": 0.02}, 1), ({"nh3n": 0.5}, 3), ({"nh3n": 1.5}, 4), ({"nh3n": 1.51}, 5),
        ({"ph": 6.5}, 1), ({"ph": 6.4}, 4), ({"ph": 8.6}, 4), ({"ph": 9.0}, 4), ({"ph": 9.1}, 5), ({"ph": 5.5}, 4), ({"ph": 5.4}, 5),
        ({"f": 1.0}, 1), ({"f": 1.01}, 4), ({"hg": 0.0001}, 1), ({"hg": 0.0011}, 4),
        ({"chloroform": 0.06}, 3), ({"chloroform": 0.061}, 4), ({"chloroform": 0.31}, 5), ({"bap_water": 0.00001}, 3),
        ({"tc": 30.0}, 1), ({"tc": 31.0}, 4), ({"bacteria": 1e5}, 1), ({"bacteria": 1.1e6}, 5),
        ({"alpha": 0.5}, 3), ({"alpha": 0.6}, 4), ({"odour": 0.0}, 1), ({"odour": 1.0}, 5), ({"tl": 0.0001}, 1), ({"tl": 0.0002}, 4),
        ({"las": "<0.05"}, 1), ({"las": "0.05"}, 2), ({"las": 0.0}, 1), ({"colour": 15.0}, 3), ({"glyphosate": 0.7}, 3),
    ],
)  # fmt: skip
def test_limits_as_printed(values, grade):
    assert groundwater.judge(pl.DataFrame([values]))["grade"].item() == grade


def test_all_93_items_carry_the_printed_limits():
    with shared("reference", "groundwater_limits.csv").open(encoding="utf-8") as file:
        printed = list(csv.DictReader(file))
    ours = {row["clause"]: row for row in table("groundwater_limits")}
    assert len(ours) == len(printed) == len(ITEMS) == 93
    for row in printed:
        own = ours[f"表{row['table']} 第{row['item_no']}项"]
        assert (own["item_zh"], own["confidence"]) == (row["item_zh"], row["confidence"])
        if row["comparator"] != "descriptive":
            assert [own[f"class_{number}"] for number in (1, 2, 3, 4)] == [row[f"class_{number}"] for number in (1, 2, 3, 4)]
            assert own["unit"] == row["unit"]


@pytest.mark.parametrize("name", ["groundwater_limits", "seawater_limits"])
def test_scales_lead_from_printed_units_to_those_of_the_vocabulary(name):
    for row in table(name):
        pair = (row["unit"], vocab.by_column(row["column"]).unit)
        assert row["scale"] == SCALES.get(pair, "1"), row["column"]
        if row["scale"] == "1":
            same = {("Cel", "degC"), ("Pt-Co unit", "degree"), ("dimensionless", "1"), ("", "1")}
            assert pair[0] == pair[1] or pair in same, pair


def test_the_worst_item_decides_and_is_named():
    judged = groundwater.judge(pl.DataFrame({"nh3n": [0.6], "mn": [0.5], "cl": [20.0], "target_class": [4]}))
    assert judged.select("grade", "main", "deciding", "attained", "items", "valid", "version").row(0) == (
        4, "Mn,NH3-N", "Mn,NH3-N", True, 3, True, "2017",
    )  # fmt: skip


def test_a_year_is_judged_by_its_means():
    rows = pl.DataFrame({"point": ["a", "a"], "start": [datetime(2025, 4, 1), datetime(2025, 9, 1)], "nh3n": ["<0.02", "1.0"]})
    year = groundwater.evaluate_periods(rows)
    assert year.select("nh3n", "samples", "grade").row(0) == (0.505, 2, 4)


def test_the_share_of_class_five_of_an_area():
    found = groundwater.evaluate_areas(pl.DataFrame({"city": ["x"] * 4 + ["y"], "grade": [1, 3, 5, None, 4]}), "city")
    assert found.select("city", "wells", "share_worst", "share_fourth").rows() == [
        ("x", 3, pytest.approx(1 / 3), pytest.approx(2 / 3)),
        ("y", 1, 0.0, 1.0),
    ]


def test_the_score_of_1993_leaves_bacteria_out():
    judged = groundwater.judge(pl.DataFrame({"fe": [0.1], "mn": [0.1], "tc": [1e6]}))
    found = groundwater.composite_score(judged)
    # GB/T 14848-93 6.3: scores 0 and 3 (class III manganese): mean 1.5, max 3 → √((2.25 + 9) / 2).
    assert found["score"].item() == pytest.approx((11.25 / 2) ** 0.5, abs=1e-4)
    assert (found["score_grade"].item(), found["unverified"].item()) == (2, "")


def test_the_uses_are_those_of_the_version_in_force():
    """GB/T 14848-2017 4.1: class III is set by GB 5749-2006; 以人体健康基准值为依据 was the wording of 1993."""
    words = {row["numeral"]: row["use_zh"] for row in table("groundwater_classes")}
    assert "GB 5749" in words["III"]
    assert not any("基准值" in said for said in words.values())


def test_reasons_are_told_in_both_languages():
    why = groundwater.explain({"chloroform": 0.07, "nh3n": 0.1, "odour": 1.0})
    assert "地下水Ⅴ类：GB/T 14848-2017" in why.text()
    assert "三氯甲烷 0.07 mg/L：Ⅳ类；一至四类限值 ≤ 0.0005 / ≤ 0.006 / ≤ 0.06 / ≤ 0.3；超标 0.17 倍；表1 第34项" in why.text()
    assert "Odour and taste 1.0: Class V" in why.text("en")


def test_no_item_is_a_problem():
    with pytest.raises(BilanError) as told:
        groundwater.judge(pl.DataFrame({"salinity": [1.0]}))
    assert told.value.problems[0].code == "single.no_items"


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([name for name, entry in ITEMS.items() if entry.direction == "below"]),
    st.lists(st.floats(0, 1e7), min_size=2, max_size=2),
)
def test_more_of_it_is_never_better(column, values):
    judged = groundwater.judge(pl.DataFrame({column: sorted(values)}))["grade"].to_list()
    assert judged[0] <= judged[1]
