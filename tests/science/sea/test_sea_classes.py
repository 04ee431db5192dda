"""Sea water: printed limits, published judgements, and what must hold of any rule of this kind."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import sea, tables
from bilan.science.standards.single import limits
from bilan.science.standards.single.limits import version_at

PUBLISHED_2017 = [
    # 2017 中国近岸海域生态环境质量公报 and 2017 中国生态环境状况公报: shares of class I, II and worse than IV [%] and the judgement.
    ("全国", 34.5, 33.3, 15.6, "一般"),
    ("渤海", 19.8, 48.1, 9.9, "一般"),
    ("黄海", 37.4, 45.1, 2.2, "良好"),
    ("东海", 15.9, 31.0, 31.0, "差"),
    ("南海", 57.6, 18.2, 15.2, "一般"),
]


@pytest.mark.parametrize(("name", "first", "second", "worst", "said"), PUBLISHED_2017)
def test_the_published_judgements_of_2017_come_out(name, first, second, worst, said):
    counts = {1: round(first * 10), 2: round(second * 10), 5: round(worst * 10)}
    counts[3] = 1000 - sum(counts.values())
    grades = [grade for grade, count in counts.items() for _ in range(count)]
    found = sea.evaluate_zones(pl.DataFrame({"grade": grades}))
    assert found["share_good"].item() == pytest.approx((first + second) / 100, abs=1e-3)
    assert found["status_zh"].item() == said
    assert found["unverified"].item() == "seawater_status"


@pytest.mark.parametrize(
    ("values", "grade"),
    [
        # GB 3097-1997 Table 1, limits as printed: at the limit the better class holds; dissolved oxygen must be over it.
        ({"din": 0.20}, 1), ({"din": 0.201}, 2), ({"din": 0.30}, 2), ({"din": 0.40}, 3), ({"din": 0.50}, 4), ({"din": 0.51}, 5),
        ({"dip": 0.015}, 1), ({"dip": 0.030}, 2), ({"dip": 0.045}, 4), ({"dip": 0.046}, 5),
        ({"do": 6.1}, 1), ({"do": 6.0}, 2), ({"do": 3.0}, 5), ({"do": 3.1}, 4),
        ({"cod": 2.0}, 1), ({"cod": 5.1}, 5), ({"ph": 7.8}, 1), ({"ph": 8.6}, 3), ({"ph": 6.7}, 5),
        ({"bap_water": 0.0000025}, 1), ({"bap_water": 0.0000026}, 5), ({"fc": 2001.0}, 4), ({"oil": 0.05}, 1), ({"oil": 0.06}, 3),
        ({"cd": 0.01}, 3), ({"cd": 0.011}, 5), ({"floating_matter": 1.0}, 4), ({"cs137": 0.8}, 5), ({"hg": 0.0002}, 2),
    ],
)  # fmt: skip
def test_limits_as_printed(values, grade):
    assert sea.judge(pl.DataFrame([values]))["grade"].item() == grade


def test_every_item_of_the_standard_is_there():
    items = version_at("seawater_limits").items
    assert len({entry.clause for entry in items.values()}) == 34  # item 6 is for shellfish only
    assert "pathogens" in version_at("seawater_limits", use="shellfish").items


def test_temperature_rise_is_stricter_in_summer():
    rows = pl.DataFrame({"start": [datetime(2026, 7, 1), datetime(2026, 4, 1)], "wt_rise": [1.5, 1.5]})
    judged = sea.judge(rows)
    assert judged["grade"].to_list() == [3, 1]
    assert judged["unverified"].to_list() == ["wt_rise", "wt_rise"]
    assert sea.judge(rows.drop("start"))["grade"].to_list() == [3, 3]


def test_waters_for_raw_shellfish_have_limits_of_their_own():
    rows = pl.DataFrame({"fc": [150.0]})
    assert (sea.judge(rows)["grade"].item(), sea.judge(rows, use="shellfish")["grade"].item()) == (1, 4)


def test_before_the_standard_nothing_is_judged():
    judged = sea.judge(pl.DataFrame({"start": [datetime(1998, 6, 30), datetime(1998, 7, 1)], "din": [0.1, 0.1]}))
    assert judged.select("grade", "valid").rows() == [(None, False), (1, True)]


def test_targets_of_function_zones():
    judged = sea.judge(pl.DataFrame({"din": [0.45, 0.45], "target_class": [4, 1]}), targeted=True)
    assert judged.select("attained", "factor_din", "main").rows() == [(True, None, ""), (False, 1.25, "DIN")]


def test_the_index_at_the_limits_of_the_classes():
    # Published: class limits give E = 1.33, 6, 10.67, 25 (seawater_rules EU0).
    rows = pl.DataFrame({"cod": [2.0, 3.0, 4.0, 5.0], "din": [0.2, 0.3, 0.4, 0.5], "dip": [0.015, 0.03, 0.03, 0.045]})
    assert sea.eutrophication(rows)["eutrophication"].round(2).to_list() == [1.33, 6.0, 10.67, 25.0]
    assert sea.eutrophication(rows)["eutrophication_grade"].to_list() == [2, 3, 4, 4]
    assert sea.eutrophication(rows, "hj442")["eutrophication_grade"].to_list() == [2, 4, 4, 5]


def test_a_missing_nutrient_leaves_no_index():
    rows = pl.DataFrame({"cod": [None, 1.0], "din": [0.2, 0.2], "dip": ["<0.004", "<0.004"]})
    assert sea.eutrophication(rows)["eutrophication"].to_list() == [None, pytest.approx(1 * 0.2 * 0.002 * 1e6 / 4500, abs=1e-6)]


def test_a_published_bloom_is_a_red_tide_and_a_little_less_is_not():
    # HY/T 069-2005 as cited of the bloom of August 2018 in Qinzhou Bay: base density of Akashiwo sanguinea 5.00e5, measured 4.37e5.
    rows = pl.DataFrame({"algae": [4.37e5, 5.0e5], "organism": ["Akashiwo sanguinea"] * 2})
    assert sea.red_tide_risk(rows)["red_tide_risk"].to_list() == [0, 3]


def test_unknown_names_are_told_with_the_nearest():
    with pytest.raises(BilanError) as told:
        sea.judge(pl.DataFrame({"din": [1.0]}), items=["dinn"])
    assert told.value.problems[0].code == "single.unknown_item"
    assert "din" in told.value.problems[0].text("en")
    with pytest.raises(BilanError):
        sea.judge(pl.DataFrame({"tp": [1.0]}))
    with pytest.raises(BilanError):
        sea.eutrophication(pl.DataFrame({"cod": [1.0], "din": [1.0], "dip": [1.0]}), "hj")


def test_reasons_are_told_in_both_languages():
    why = sea.explain({"din": 0.45, "ph": 8.2, "ss_increase": 12.0, "target_class": 3})
    chinese, english = why.text(), why.text("en")
    assert "海水四类：GB 3097-1997" in chinese
    assert "无机氮 0.45 mg/L：四类；一至四类限值 ≤ 0.2 / ≤ 0.3 / ≤ 0.4 / ≤ 0.5；超标 0.50 倍；决定类别；表1 第12项" in chinese
    assert "目标三类，未达标" in chinese
    assert "未核实" not in chinese
    assert "Table 1, item 12, checked in two or more sources" in english
    assert why.as_dict()["items"][0]["water_class"] == 4
    assert "没有可参评的值" in sea.explain({"din": None}).text()


UPPER = [entry.column for entry in version_at("seawater_limits").items.values() if entry.direction == "below"]
VALUES = st.floats(min_value=0, max_value=1e5, allow_nan=False)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(UPPER), VALUES, VALUES)
def test_more_of_it_is_never_better(column, one, other):
    judged = sea.judge(pl.DataFrame({column: [min(one, other), max(one, other)]}))["grade"].to_list()
    assert judged[0] <= judged[1]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(min_value=0, max_value=1, allow_nan=False), min_size=1, max_size=8), st.randoms())
def test_order_of_rows_and_columns_does_not_matter(values, random):
    frame = pl.DataFrame({"din": values, "dip": values[::-1], "row": range(len(values))})
    mixed = frame.sample(fraction=1, shuffle=True, seed=random.randint(0, 9)).select("dip", "row", "din")
    assert sea.judge(frame)["grade"].to_list() == sea.judge(mixed).sort("row")["grade"].to_list()


@settings(deadline=None, max_examples=40)
@given(VALUES)
def test_a_missing_item_never_makes_it_worse(value):
    whole = sea.judge(pl.DataFrame({"din": [value], "dip": [0.02]}))["grade"].item()
    assert sea.judge(pl.DataFrame({"din": [None], "dip": [0.02]}, schema={"din": pl.Float64, "dip": pl.Float64}))["grade"].item() <= whole


def test_another_limit_gives_another_class(monkeypatch):
    rows = tuple({**row, "class_2": "0.25"} if row["column"] == "din" else row for row in tables.table("seawater_limits"))
    monkeypatch.setattr(limits, "table", lambda name: rows)
    limits.versions.cache_clear()
    try:
        assert sea.judge(pl.DataFrame({"din": [0.28]}))["grade"].item() == 3
    finally:
        limits.versions.cache_clear()
