"""Drinking-water sources, rural black waters, ecological flow and control units."""

from __future__ import annotations

import csv

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.pack import vocab
from bilan.problems import BilanError
from bilan.science import groundwater, water
from tests.shared import shared

ITEMS = {entry.column: entry for entry in water.source_items()}


def test_all_items_of_tables_2_and_3_carry_the_printed_limits():
    with shared("reference", "surface_water_limits.csv").open(encoding="utf-8") as file:
        printed = [row for row in csv.DictReader(file) if row["table"] in ("2", "3")]
    assert len(printed) == 85
    for row in printed:
        entry = ITEMS[vocab.parameters()[row["code"]].column]
        assert (entry.upper["river"], entry.upper["lake"]) == (float(row["limit_value"]),) * 2
        assert entry.clause == f"表{row['table']} 第{row['item_no']}项"
        assert entry.monthly == (row["table"] == "2" or row["preferred_33"] == "1")


@pytest.mark.parametrize(
    ("values", "attained", "exceeded"),
    [
        # GB 3838-2002: class III of Table 1, limits of Tables 2 and 3.
        ({"codmn": 6.0, "do": 5.0, "ph": 6.0}, True, ""), ({"codmn": 6.1}, False, "CODMn"), ({"do": 4.9}, False, "DO"),
        ({"ph": 9.1}, False, "pH"), ({"so4": 250.1}, False, "SO4(2-)"), ({"no3n": 10.0}, True, ""), ({"mn": 0.11}, False, "Mn"),
        ({"chloroform": 0.061}, False, "chloroform"), ({"tl": 0.0001}, True, ""), ({"bap_water": 2.9e-6}, False, "bap_water"),
        ({"cod": 90.0, "tn": 9.0, "codmn": 1.0}, True, ""), ({"fc": 50000.0, "codmn": 1.0}, True, ""), ({"codmn": None}, None, ""),
    ],
)  # fmt: skip
def test_sources_by_all_three_tables(values, attained, exceeded):
    judged = water.judge_drinking(pl.DataFrame([values], schema=dict.fromkeys(values, pl.Float64)))
    assert judged.select("attained", "exceeded").row(0) == (attained, exceeded)


def test_phosphorus_of_a_reservoir_and_coliforms_for_the_report():
    rows = pl.DataFrame({"tp": [0.06, 0.06], "fc": [20000.0, 9000.0], "section_type": ["river", "lake"]})
    assert water.judge_drinking(rows).select("attained", "exceeded", "reported").rows() == [(True, "", "FC"), (False, "TP", "")]


def test_what_an_analysis_still_lacks_is_told():
    columns = {name: [0.0000001] for name, entry in ITEMS.items() if entry.monthly and name not in ("ph", "do")}
    judged = water.judge_drinking(pl.DataFrame({**columns, "ph": [7.0], "do": [8.0]}))
    assert judged.select("items", "due", "missing", "valid", "attained").row(0) == (58, 58, "", True, True)
    yearly = water.judge_drinking(pl.DataFrame({**columns, "ph": [7.0], "do": [8.0]}), "yearly")
    assert (yearly["due"].item(), yearly["missing"].item().count(",") + 1, yearly["valid"].item()) == (105, 47, False)


def test_shares_of_sources_by_count_and_volume():
    rows = pl.DataFrame({"city": ["a", "a", "b"], "attained": [True, False, True], "volume": [300.0, 100.0, None]})
    assert water.evaluate_sources(rows, "city").select("city", "share_attained", "share_volume").rows() == [
        ("a", 0.5, 0.75), ("b", 1.0, None),
    ]  # fmt: skip
    wells = groundwater.judge(pl.DataFrame({"fe": [0.3, 0.31]})).with_columns(attained=pl.col("grade") <= 3)
    assert water.evaluate_sources(wells)["share_attained"].item() == 0.5


def test_rural_waters_by_items_senses_and_answers():
    # 环办土壤函[2019]826号: any of transparency < 25 cm, oxygen < 2 mg/L, ammonia > 15 mg/L; senses; 60 % of the people asked.
    rows = pl.DataFrame(
        {"sd": [0.25, 0.24, 0.5, 0.5, 0.5, 0.09], "do": [2.0, 3.0, 1.9, 3.0, 3.0, 3.0], "nh3n": [15.0, 1.0, 1.0, 1.0, 1.0, 1.0],
         "survey": [0.1, 0.1, 0.1, 0.6, 0.1, 0.1], "senses": [False, False, False, False, True, False],
         "depth": [1.0, 1.0, 1.0, 1.0, 1.0, 0.2]}
    )  # fmt: skip
    graded = water.black_odorous(rows, "rural")
    # The last is 0.2 m deep: the threshold is 40 % of the depth, 8 cm, and 9 cm can be seen through.
    assert graded["black_odorous"].to_list() == [0, 1, 1, 1, 1, 0]
    only = water.black_odorous(pl.DataFrame({"survey": [0.7]}), "rural")
    assert only["black_odorous"].to_list() == [1]


def test_a_water_body_is_severe_when_most_of_its_points_are():
    points = pl.DataFrame({"water": ["a"] * 5 + ["b"] * 5, "black_odorous": [2, 2, 2, 0, 0, 2, 0, 2, 0, 1]})
    found = water.black_odorous_waters(points).sort("water")
    assert found["black_odorous"].to_list() == [2, 1]


def test_ecological_flow_with_targets_of_the_season():
    rows = pl.DataFrame(
        {"point": ["w"] * 10, "river_flow": [2.0] * 9 + [0.9], "target_flow": [2.0] * 5 + [1.0] * 5, "required_rate": [90.0] * 10}
    )
    found = water.ecological_flow(rows)
    assert found.select("days", "days_met", "share_met", "attained", "shortest").row(0) == (10, 9, 0.9, True, 0.9)
    assert water.ecological_flow(rows.with_columns(required_rate=95.0))["attained"].item() is False


def test_a_control_unit_keeps_its_target_when_all_its_sections_do():
    rows = pl.DataFrame({"unit": ["u", "u", "v"], "target_class": [2, 3, 3], "codmn": [5.0, 5.0, 5.0], "do": [6.5, 6.5, 5.5]})
    found = water.evaluate_units(water.classify(rows, against="target"))
    # 5 mg/L against 4 mg/L of class II: a fifth must go.
    assert found.select("attained", "attained_sections", "main", "cut_codmn").rows() == [(False, 1, "CODMn", 0.2), (True, 1, "", None)]


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from([name for name, entry in ITEMS.items() if entry.counted and entry.lower is None]), st.floats(0, 1e4), st.floats(0, 1e4)
)
def test_a_source_that_attains_attains_with_less(column, one, other):
    judged = water.judge_drinking(pl.DataFrame({column: [min(one, other), max(one, other)]}))["attained"].to_list()
    assert judged[0] or not judged[1]


def test_an_unknown_analysis_is_a_problem():
    with pytest.raises(BilanError):
        water.judge_drinking(pl.DataFrame({"codmn": [1.0]}), "weekly")
