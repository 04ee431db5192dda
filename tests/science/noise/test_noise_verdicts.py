"""Verdicts on noise against published evaluations of provinces and cities."""

from __future__ import annotations

import csv

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import noise
from tests.shared import shared

few = settings(max_examples=15, deadline=None)


def test_every_limit_of_the_table_is_a_bound():
    """GB 3096-2008 Table 1 as transcribed."""
    with shared("reference", "noise_limits.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["table"] == "environmental_quality"]
    assert len(rows) == 12
    for period, column in (("day", "ld"), ("night", "ln")):
        own = [row for row in rows if row["period"] == period]
        frame = pl.DataFrame({"zone_class": [row["zone_class"] for row in own], column: [float(row["limit"]) for row in own]})
        at, above = noise.judge(frame), noise.judge(frame.with_columns(pl.col(column) + 0.1))
        assert at[f"attained_{column}"].to_list() == [True] * 6
        assert above[f"attained_{column}"].to_list() == [False] * 6
        assert above[f"factor_{column}"].to_list() == [0.1] * 6


ZONES_OF_HUNAN = {"1": (18, 15, 14), "2": (85, 83, 82), "3": (29, 29, 28), "4a": (24, 24, 15)}
"""Zone → site-times, of which met by day and by night: from the rates of zones and the totals that are printed."""


def test_attainment_of_hunan_in_the_fourth_quarter_of_2021():
    """湖南省 2021 年第四季度城市功能区声环境质量: 151 of 156 by day 96.8 %, 139 by night 89.1 %; rates of zones 1, 2 and 3 as printed."""
    limits = noise.zone_limits()
    parts = [
        pl.DataFrame(
            {
                "zone_class": [zone] * times,
                "ld": [limits[zone, "day"].limit + (0.0 if at < day else 2.0) for at in range(times)],
                "ln": [limits[zone, "night"].limit + (0.0 if at < night else 2.0) for at in range(times)],
            }
        )
        for zone, (times, day, night) in ZONES_OF_HUNAN.items()
    ]
    judged = noise.judge(pl.concat(parts))
    total = noise.attainment(judged, ()).row(0, named=True)
    assert (total["times_day"], total["attained_day"], total["rate_day"], total["rate_night"]) == (156, 151, 96.8, 89.1)
    zones = {row["zone_class"]: (row["rate_day"], row["rate_night"]) for row in noise.attainment(judged).iter_rows(named=True)}
    assert zones == {"1": (83.3, 77.8), "2": (97.6, 96.5), "3": (100.0, 96.6), "4a": (100.0, 62.5)}


@pytest.mark.parametrize(
    ("topic", "column", "mean", "level"),
    [
        ("area", "ld", 54.5, 2),  # Xuancheng 2018: 较好
        ("area", "ln", 46.1, 3),  # Xuancheng 2018: 一般
        ("road", "ld", 59.3, 1),  # Xuancheng 2018: 好
        ("road", "ln", 51.4, 1),  # Xuancheng 2018: 好
        ("road", "ld", 69.6, 2),  # Changsha 2016: 二级, 较好
    ],
)
def test_grades_that_cities_published(topic, column, mean, level):
    """宣城市 2018 年声环境质量; 长沙市 2016 年城区主要道路昼间交通噪声."""
    frame = pl.DataFrame({column: [mean - 1, mean + 1], "length": [2.0, 2.0]})
    found = (noise.evaluate_area if topic == "area" else noise.evaluate_roads)(frame).row(0, named=True)
    assert (found[column], found["level_day" if column == "ld" else "level_night"]) == (mean, level)


def test_every_grade_of_the_table_is_a_bound():
    """HJ 640-2012 grades as transcribed: the upper bound belongs to its grade."""
    for topic, evaluate in (("urban_area", noise.evaluate_area), ("road_traffic", noise.evaluate_roads)):
        for period, column in (("day", "ld"), ("night", "ln")):
            uppers = [level.upper for level in noise.levels(topic, period) if level.upper is not None]
            assert len(uppers) == 4
            values = [*uppers, *(upper + 0.1 for upper in uppers)]
            frame = pl.DataFrame({"city": [str(at) for at in range(8)], column: values, "length": [1.0] * 8})
            assert evaluate(frame, ["city"]).sort("city")[f"level_{period}"].to_list() == [1, 2, 3, 4, 2, 3, 4, 5]


def test_area_weighting_and_coverage():
    cells = pl.DataFrame({"ld": [50.0, 60.0, None], "area": [3.0, 1.0, 9.0]})
    assert noise.evaluate_area(cells, weight="area").select("ld", "ln", "cells").row(0) == (52.5, None, 3)
    found = noise.coverage(cells, weights=["area"]).sort("level")
    assert found.select("level", "share_area").rows() == [(1, 75.0), (3, 25.0)]
    with pytest.raises(BilanError) as caught:
        noise.evaluate_area(cells, weight="people")
    assert "people" in caught.value.text()


def test_a_boundary_with_background_and_night_peaks():
    """HJ 706-2014 5.4: corrected levels in whole decibels; 6.1: within the limit nothing is corrected; GB 12348-2008 4.1.2, 4.1.3."""
    frame = pl.DataFrame(
        {
            "period": ["夜间"] * 5,
            "zone_class": ["3"] * 5,
            "leq": [55.4, 58.0, 58.0, 58.0, 54.0],
            "background": [55.0, 45.0, 50.0, 56.0, None],
            "lmax": [None, None, None, None, 66.0],
            "sudden": [None, None, None, None, "frequent"],
        }
    )
    found = noise.judge_boundary(frame)
    assert found["level"].to_list() == [55.0, 58.0, 57.0, None, 54.0]
    assert found["attained"].to_list() == [True, False, False, None, False]
    assert found["factor_lmax"].to_list()[-1] == 1.0
    assert found["unverified"].to_list() == ["", "", "noise_rules background", "", ""]
    site = noise.judge_boundary(pl.DataFrame({"period": ["night"], "leq": [55.0], "lmax": [70.0]}), "GB 12523")
    assert site.select("limit_leq", "limit_lmax", "attained", "standard", "unverified").row(0) == (55.0, 70.0, True, "GB 12523-2025", "")
    with pytest.raises(BilanError):
        noise.judge_boundary(frame, "GB 12349")


level = st.one_of(st.none(), st.floats(min_value=25, max_value=95))


@few
@given(st.sampled_from(noise.ZONES), level, level, st.floats(min_value=0, max_value=30))
def test_more_noise_never_helps_and_the_explanation_agrees(zone, ld, ln, more):
    frame = pl.DataFrame({"zone_class": [zone], "ld": [ld], "ln": [ln]}, schema_overrides={"ld": pl.Float64, "ln": pl.Float64})
    row = noise.judge(frame).row(0, named=True)
    louder = noise.judge(frame.with_columns(pl.col("ld", "ln") + more)).row(0, named=True)
    for column in ("ld", "ln"):
        assert (row[f"attained_{column}"] is None) == (row[column] is None)
        assert not (louder[f"attained_{column}"] and not row[f"attained_{column}"])
    why = noise.explain(row)
    assert (why.grade, why.main, why.attained) == (row["grade"], tuple(row["main"].split(",")) if row["main"] else (), row["attained"])


@pytest.mark.parametrize(("ld", "ln", "over"), [(54.0, None, False), (56.0, None, True), (None, 44.0, False), (None, 46.0, True)])
def test_half_a_day_says_that_limits_are_not_met_but_never_that_both_are(ld, ln, over):
    """GB 3096-2008 Table 1 limits day and night: one over its limit is enough, one met is not."""
    frame = pl.DataFrame({"zone_class": ["1"], "ld": [ld], "ln": [ln]}, schema_overrides={"ld": pl.Float64, "ln": pl.Float64})
    row = noise.judge(frame).row(0, named=True)
    assert (row["attained"], row["valid"]) == (False if over else None, False)
    assert {row["attained_ld"], row["attained_ln"]} == {None, not over}
    why = noise.explain(row)
    assert why.attained is row["attained"]
    assert ("不评价昼夜是否都达标" in why.text()) is not over


def test_an_unknown_zone_is_not_judged():
    found = noise.judge(pl.DataFrame({"zone_class": ["5", None, "4b类"], "ld": [50.0] * 3, "ln": [58.0] * 3}))
    assert found.select("attained", "valid").rows() == [(None, False), (None, False), (True, True)]
    assert noise.explain({"zone_class": None, "ld": 50.0}).text().startswith("没有声级或功能区类别")
