"""The measure of the reader: what counts as found, as right, as read in vain; and the commands around it."""

from __future__ import annotations

import csv

import pytest
from click.testing import CliRunner

from bilan.plans.command import plan
from bilan.plans.goldfile import COLUMNS, Row, load, ranges
from bilan.plans.measuring import measure
from bilan.problems import BilanError
from tests.shared import shared_plans

SENTENCE = "到2030年，全市优良天数比例达到95%以上，新建管网20公里。"


def row(**values: str) -> Row:
    known = {"sentence_zh": SENTENCE, "metric_zh": "优良天数比例", "comparator": ">=", "value": "95", "unit": "%", "deadline": "2030"}
    return {column: {**known, "kind": "target", "line": "3", **values}.get(column, "") for column in COLUMNS}


def test_the_same_commitment_is_found_with_all_fields_right():
    scores = measure([row()], [row(sentence_zh="全市优良天数比例 达到95%以上", unit="％", value="95.0")])
    assert (scores.finding.f1, scores.whole.f1, scores.kinds["target"].right) == (1.0, 1.0, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("comparator", "="), ("deadline", "2030-12"), ("kind", "task"), ("metric_zh", "管网")],
    ids=str,
)
def test_a_wrong_field_is_counted_against_that_field_only(field, value):
    scores = measure([row()], [row(**{field: value})])
    assert scores.finding.f1 == 1.0
    assert {name for name, found in scores.fields.items() if found.right == 0} == {field}
    assert scores.whole.right == 0


@pytest.mark.parametrize("other", [{"value": "96"}, {"unit": "个"}, {"sentence_zh": "每年报告一次河道巡查的情况。"}])
def test_another_number_unit_or_place_is_another_commitment(other):
    scores = measure([row()], [row(**other)])
    assert (scores.finding.right, len(scores.missed), len(scores.vain)) == (0, 1, 1)


def test_each_is_matched_once_and_with_the_one_it_fits_best():
    scores = measure([row(), row(deadline="2035")], [row(deadline="2035"), row(), row()])
    assert (scores.finding.right, scores.fields["deadline"].right, scores.finding.precision) == (2, 2, 2 / 3)


def test_commitments_without_a_number_are_counted_apart():
    worded = {"value": "基本消除", "comparator": "qualitative", "metric_zh": "黑臭水体"}
    scores = measure([row(), row(**worded)], [row(**worded)])
    assert (scores.finding.gold, scores.finding.read, scores.worded.right) == (1, 0, 1)


def test_lines_written_wrongly_are_refused():
    with pytest.raises(BilanError) as told:
        ranges("1-50,sechs")
    assert told.value.problems[0].values == {"value": "sechs"}


def test_a_table_without_a_needed_column_is_refused(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text("sentence_zh,value\n", encoding="utf-8")
    with pytest.raises(BilanError) as told:
        load(path)
    assert told.value.problems[0].values["value"] == "metric_zh"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "规划.txt"
    path.write_text(f"临泽市清洁城市规划\n\n一、目标\n{SENTENCE}\n", encoding="utf-8")
    return path


def test_a_plan_is_read_into_the_columns_of_annotated_ones_and_measured_against_itself(file, tmp_path):
    out = tmp_path / "read.csv"
    assert CliRunner().invoke(plan, ["read", str(file), "--csv", str(out)], catch_exceptions=False).exit_code == 0
    with out.open(encoding="utf-8-sig", newline="") as written:
        assert tuple(next(csv.reader(written))) == COLUMNS
    (days,) = [found for found in load(out) if found["unit"] == "%"]
    assert (days["value"], days["deadline"], days["article_or_section"], days["line"]) == ("95", "2030", "一、目标", "4")
    told = CliRunner().invoke(plan, ["score", str(out), str(file), "--least", "1"], catch_exceptions=False)
    assert told.exit_code == 0 and "finding" in told.output


def test_a_measure_below_the_least_fails(file, tmp_path):
    gold = tmp_path / "gold.csv"
    with gold.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        writer.writerow(row(value="77"))
    told = CliRunner().invoke(plan, ["score", str(gold), str(file), "--lines", "1-9", "--least", "0.5", "--misses"])
    assert told.exit_code == 1
    assert any(line.startswith("- 3 优良天数比例") for line in told.output.splitlines())


def test_blocks_are_shown(file):
    told = CliRunner().invoke(plan, ["read", str(file), "--blocks"], catch_exceptions=False)
    assert f"4\tparagraph\t一、目标\t{SENTENCE}" in told.output.splitlines()


@pytest.mark.parametrize(("city", "lines"), [("xiamen", "1-50"), ("quanzhou", "1-390,600-698")])
def test_the_annotated_parts_of_the_real_plans_are_read_well(city, lines):
    gold = shared_plans(f"gold_{city}_part.csv")
    (path,) = gold.parent.glob(f"{city}_*.txt")
    told = CliRunner().invoke(plan, ["score", str(gold), str(path), "--lines", lines, "--least", "0.95"])
    assert told.exit_code == 0, told.output
