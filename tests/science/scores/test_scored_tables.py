"""Scored tables: published grades and weights come out, more of what is good never scores less, and a missing value follows its rule."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.pack.scores import RuleKind, load
from bilan.science.scores import change, judge, judge_row
from tests.shared import shared

TABLES = load()
PUBLISHED_EQI = ((62.7, 2), (54.76, 3), (38.44, 4), (32.73, 4), (74.88, 1), (75.0, 1), (59.77, 2))
"""Index and class as governments published them (cases noted beside EQG1 of the reference table)."""


@pytest.mark.parametrize(("index", "grade"), PUBLISHED_EQI)
def test_published_indices_get_their_published_class(index: float, grade: int) -> None:
    row = {"pattern": index, "function": index, "biodiversity": index, "stress": 100 - index}
    judged = judge_row(TABLES["ecological-quality-index"], row)
    assert judged.score == pytest.approx(index) and judged.grade is not None and judged.grade.grade == grade


@pytest.mark.parametrize(("name", "rule_set"), [("ecological-index", "ei_weight"), ("ecological-quality-index", "eqi_weight")])
def test_weights_are_those_of_the_reference_table(name: str, rule_set: str) -> None:
    rows = pl.read_csv(shared("reference", "ecology_rules.csv"), infer_schema=False).filter(pl.col("rule_set") == rule_set)
    assert [item.weight for item in TABLES[name].items] == [float(value) for value in rows["value"]]
    assert sum(item.weight for item in TABLES[name].items) == pytest.approx(1)


def test_an_unverified_table_says_so_in_each_verdict() -> None:
    row = {item.name: 50 for item in TABLES["river-health"].items}
    assert set(judge_row(TABLES["river-health"], row).unverified) == set(row)


@given(st.data())
def test_a_better_value_never_scores_less(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([entry for entry in TABLES.values() if all(i.value.text == i.name for i in entry.items)]))
    row = {item.name: _drawn(item.rule, data) for item in table.items}
    item = data.draw(st.sampled_from([entry for entry in table.items if entry.rule.kind is RuleKind.LINEAR]))
    better = {**row, item.name: row[item.name] + (1 if item.rule.target > item.rule.floor else -1) * data.draw(st.floats(0, 50))}
    assert (judge_row(table, better).score or 0) >= (judge_row(table, row).score or 0)


def _drawn(rule, data):
    return data.draw(st.sampled_from(list(rule.shares))) if rule.kind is RuleKind.CHOICE else data.draw(st.floats(0, 100))


def test_items_left_out_are_made_up_for_until_too_little_is_left() -> None:
    table = TABLES["river-health"]
    assert judge_row(table, {"channel": 80, "water": 80, "service": 80}).score == 80
    assert judge_row(table, {"channel": 80, "water": 80}).score is None


def test_a_cap_holds_the_score_down_and_says_why() -> None:
    village = {"treated_share": 100, "refuse": True, "black_odorous": False, "monitored": True, "sewage": "central"}
    clean, black = judge_row(TABLES["green-village"], village), judge_row(TABLES["green-village"], {**village, "black_odorous": True})
    assert clean.grade is not None and clean.grade.word == "soul" and clean.caps == ()
    assert black.score == 69 and black.grade is not None and black.grade.word == "green" and "黑臭" in black.caps[0].zh


def test_the_worst_item_decides_where_the_table_says_so() -> None:
    judged = judge_row(TABLES["capacity-benchmark"], {"benchmark": "unknown", "offset_ok": True, "eia_approval": "A1"})
    assert judged.score == 50


def test_a_frame_is_judged_as_its_rows_are() -> None:
    frame = pl.DataFrame(
        {"silt": [0.5, 3.0, None], "dustfall": [4.0, 8.0, None], "machine_rate": [95, 70, None], "trucks": [200, 900, 100]}
    )
    judged = judge(TABLES["dust-road"], frame)
    assert judged["score"].to_list() == [judge_row(TABLES["dust-road"], row).score for row in frame.iter_rows(named=True)]
    assert judged["score"][0] == 100 and judged["score"][2] is None and judged["measured"][2] == 10


@pytest.mark.parametrize(
    ("by", "said"), [(4, "clearly better"), (1.99, "slightly better"), (0.99, "stable"), (-1, "slightly worse"), (-4, "clearly worse")]
)
def test_changes_of_the_index_have_the_names_of_the_measure(by: float, said: str) -> None:
    found = change(TABLES["ecological-quality-index"], 60, 60 + by)
    assert found is not None and found.title.en == said
