"""The evaluation measure's own rows and worked numbers, computed by hand from its formulas."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from bilan.science import water
from tests.shared import shared


def rules(rule_set):
    rows = pl.read_csv(shared("reference", "surface_water_rules.csv"), infer_schema=False)
    return rows.filter(pl.col("rule_set") == rule_set).to_dicts()


def test_section_status_of_every_class():
    for row in rules("section_status"):
        for grade in range(int(row["lower"]), int(row["upper"]) + 1):
            described = water.describe(pl.DataFrame({"grade": [grade]})).row(0, named=True)
            assert (described["status"], described["status_zh"]) == (int(row["seq"]), row["name_zh"])


def basin(*grades):
    items = {1: 0.02, 2: 0.1, 3: 0.2, 4: 0.3, 5: 0.4, 6: 0.9}
    rows = pl.DataFrame({"basin": ["b"] * len(grades), "tp": [items[grade] for grade in grades]})
    return water.evaluate_basins(water.classify(rows)).row(0, named=True)


@pytest.mark.parametrize(
    ("grades", "status"),
    [
        ([2] * 9 + [6], 1),
        ([3] * 3 + [4], 1 + 2),
        ([2] * 15 + [4] * 5, 2),
        ([3] * 7 + [4] * 3, 3),
        ([3] * 6 + [4] * 2 + [6] * 2, 4),
        ([3] * 5 + [4] + [6] * 4, 5),
        ([3] * 6 + [6] * 4, 5),
    ],
)
def test_basin_status(grades, status):
    assert basin(*grades)["status"] == status


def test_fewer_than_five_sections_use_the_mean():
    result = basin(2, 2, 6)
    assert (result["method"], result["grade"], result["main"]) == ("mean", 5, "TP")


def test_basin_main_pollutants_by_share_of_sections_over_class_three():
    rows = pl.DataFrame(
        {"basin": ["b"] * 5, "codmn": [7.0, 7, 7, 5, 5], "nh3n": [1.2, 1.2, 0.5, 0.5, 0.5], "tp": [0.25, 0.25, 0.25, 0.25, 0.1]}
    )
    result = water.evaluate_basins(water.classify(rows)).row(0, named=True)
    assert (result["status"], result["main"]) == (3, "TP,CODMn,NH3-N")


def test_trophic_index_of_each_item_at_one():
    # With x = 1 the logarithm is nil: the index is ten times the constant of the item (chlorophyll a: 1 mg/m3).
    row = water.trophic_index(pl.DataFrame({"chla": [0.001], "tp": [1.0], "tn": [1.0], "sd": [1.0], "codmn": [1.0]})).row(0, named=True)
    for item, expected in {"chla": 25.0, "tp": 94.36, "tn": 54.53, "sd": 51.18, "codmn": 1.09}.items():
        assert row[f"tli_{item}"] == pytest.approx(expected)
    weights = {"chla": 0.2663, "tp": 0.1879, "tn": 0.1790, "sd": 0.1834, "codmn": 0.1834}
    assert row["tli"] == pytest.approx(sum(row[f"tli_{item}"] * weight for item, weight in weights.items()), abs=0.01)


@pytest.mark.parametrize(("chla", "grade"), [(0.0015, 1), (0.0016, 2), (0.00999, 2), (0.011, 3), (0.026, 4), (0.064, 5)])
def test_trophic_grades(chla, grade):
    # 10 (2.5 + 1.086 ln x) passes 30, 50, 60, 70 at x = 1.585, 9.994, 25.10, 63.02 mg/m3.
    assert water.trophic_index(pl.DataFrame({"chla": [chla]}), partial=True)["trophic"].to_list() == [grade]


def test_city_index_by_hand():
    # River: 4.5/6 + 5/10 + (8-7)/2 = 1.75 from the mean of two sections; lake: TP 0.1/0.05 + 5/5 + 0 = 3 with one point.
    rows = pl.DataFrame(
        {
            "city": ["甲"] * 3,
            "section_type": ["river", "river", "lake"],
            "codmn": [3.0, 6.0, None],
            "do": [8.0, 12.0, 5.0],
            "ph": [8.0, 8.0, 7.0],
            "tp": [None, None, 0.1],
        }
    )
    row = water.city_index(rows).row(0, named=True)
    assert (row["cwqi_river"], row["cwqi_lake"]) == (pytest.approx(1.75), pytest.approx(3.0))
    assert row["cwqi"] == pytest.approx((1.75 * 2 + 3.0) / 3)


def test_ph_mean_goes_through_the_hydrogen_ion():
    # (10^-6 + 10^-8) / 2 = 5.05e-7, whose negative logarithm is 6.297.
    rows = pl.DataFrame({"point": ["a", "a"], "start": [datetime(2026, 7, 1), datetime(2026, 7, 2)], "ph": [6.0, 8.0]})
    assert water.evaluate_periods(rows)["ph"][0] == pytest.approx(6.2967, abs=1e-4)


def test_year_is_the_mean_of_months_and_needs_twelve():
    days = [datetime(2025, month, 5) for month in range(1, 13)] + [datetime(2025, 1, 20)]
    rows = pl.DataFrame({"point": ["a"] * 13, "start": days, "nh3n": [0.0] * 11 + [1.2, 2.4]})
    year = water.evaluate_periods(rows, "year").row(0, named=True)
    assert (year["nh3n"], year["samples"], year["months"], year["valid"]) == (pytest.approx(0.2), 13, 12, True)
    assert not water.evaluate_periods(rows.filter(pl.col("start").dt.month() < 12), "year")["valid"][0]


def test_lake_means_points_over_time_then_over_points():
    rows = pl.DataFrame(
        {
            "lake": ["湖"] * 3,
            "point": ["a", "a", "b"],
            "start": [datetime(2026, 7, 1), datetime(2026, 7, 9), datetime(2026, 7, 1)],
            "tp": [0.02, 0.06, 0.10],
        }
    )
    row = water.evaluate_lakes(rows).row(0, named=True)
    assert (row["tp"], row["points"], row["samples"], row["grade"]) == (pytest.approx(0.07), 2, 3, 4)


@pytest.mark.parametrize(
    ("before", "after", "change"), [(3, 3, "none"), (3, 2, "better"), (4, 2, "clearly_better"), (1, 2, "worse"), (1, 4, "clearly_worse")]
)
def test_change_of_status(before, after, change):
    assert water.status_change(before, after) == change


@pytest.mark.parametrize(
    ("good", "worst", "change"),
    [
        (0.60, 0.20, "none"),
        (0.61, 0.20, "better"),
        (0.70, 0.20, "better"),
        (0.71, 0.20, "clearly_better"),
        (0.40, 0.31, "clearly_worse"),
    ],
)
def test_ratio_method(good, worst, change):
    assert water.ratio_change(0.50, 0.20, good, worst).change == change


def test_spearman_must_exceed_the_tabled_value():
    values = pl.DataFrame({"point": ["a"] * 5 + ["b"] * 5, "start": [*range(5), *range(5)], "do": [1.0, 2, 3, 4, 5, 1, 2, 3, 5, 4]})
    result = water.spearman_trend(values, "do").sort("point")
    assert result["rs"].to_list() == [pytest.approx(1.0), pytest.approx(0.9)]
    assert result["better"].to_list() == [True, None]
    few = water.spearman_trend(values.filter(pl.col("start") < 4), "do")
    assert few["rs"].to_list() == [None, None]
