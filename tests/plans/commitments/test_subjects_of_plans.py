"""What a number is about: subject and measure, lists, thresholds, kinds."""

from __future__ import annotations

import pytest

from bilan.plans.reader import BlockKind
from tests.plans.commitments.sentences import numbers


def test_numbers_are_handed_out_to_a_list() -> None:
    found = numbers("到2025年，颗粒物、二氧化硫重点工程减排量分别为300吨、500吨。")
    assert [(one.subject, one.metric, one.value) for one in found] == [
        ("颗粒物", "重点工程减排量", 300),
        ("二氧化硫", "重点工程减排量", 500),
    ]


def test_one_number_for_each_of_two_things() -> None:
    found = numbers("到2025年，煤炭、燃油消费量比2020年各下降8%。")
    assert [(one.subject, one.value, one.baseline_year) for one in found] == [("煤炭", 8, "2020"), ("燃油", 8, "2020")]


def test_a_comparing_word_said_once_holds_for_the_list() -> None:
    found = numbers("到2025年，绿地率、森林覆盖率分别不低于38%、52%。")
    assert [(one.metric, one.comparator, one.value) for one in found] == [("绿地率", ">=", 38), ("森林覆盖率", ">=", 52)]


def test_things_counted_one_after_the_other() -> None:
    found = numbers("到2024年，建成数据中心等4个平台和水质预警等9个模块。")
    assert [(one.value, one.unit, one.kind) for one in found] == [(4, "个", "project"), (9, "个", "project")]


def test_shares_of_those_who_do_something() -> None:
    found = numbers("2024年底前，60%以上市直机关、50%以上区直机关建成绿色机关。")
    assert [(one.subject, one.metric, one.comparator, one.value) for one in found] == [
        ("市直机关", "建成绿色机关比例", ">=", 60),
        ("区直机关", "建成绿色机关比例", ">=", 50),
    ]


def test_a_measure_without_its_subject_takes_the_one_before() -> None:
    found = numbers("建设生态海堤，长度3200米。到2025年，PM2.5浓度低于30微克/立方米，力争达到28微克/立方米。")
    assert [(one.subject, one.metric) for one in found] == [("生态海堤", "长度"), ("", "PM2.5浓度"), ("", "PM2.5浓度")]


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("年用水量超过5万吨的企业，均要安装计量设施。", ">", 5, "万吨"),
        ("全面淘汰每小时20蒸吨及以下燃煤锅炉。", "<=", 20, "蒸吨/小时"),
        ("将年综合能耗3000吨标准煤及以上的单位纳入监测。", ">=", 3000, "吨标准煤"),
    ],
)
def test_who_has_the_duty_is_a_threshold(text: str, comparator: str, value: float, unit: str) -> None:
    (one,) = numbers(text)
    assert one.threshold
    assert (one.comparator, one.value, one.unit, one.kind) == (comparator, value, unit, "task")


def test_the_class_of_what_is_counted_is_only_noted() -> None:
    for text in ("完成9台20蒸吨及以上锅炉节能改造。", "淘汰20蒸吨/小时及以下燃煤锅炉9台。"):
        (one,) = numbers(text)
        assert (one.value, one.unit, one.threshold) == (9, "台", False)
        assert any(note.startswith("class threshold") for note in one.notes)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("到2025年，污泥处置率达到90%。", "target"),
        ("到2025年，污水处理能力达到12万吨/日。", "target"),
        ("到2025年，新建污水管网120公里。", "project"),
        ("建设6座水质自动监测站。", "project"),
        ("开展4个领域专项整治行动。", "task"),
        ("倡导绿色出行（2公里以内步行）。", "task"),
        ("截至2020年底，已建成绿道120公里。", "baseline_fact"),
        ("2020年，优良天数比例为91%。", "baseline_fact"),
        ("2021年，优良天数比例为91%，同比上升2个百分点。", "baseline_fact"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert {one.kind for one in numbers(text)} == {kind}


def test_reports_of_the_past_promise_nothing() -> None:
    text = "污水处理率达到95%，新建管网300公里，完成12台锅炉改造，优良天数比例比2015年提高4个百分点。"
    assert {one.kind for one in numbers(text, "第一章", "第一节“十三五”时期工作成效")} == {"baseline_fact"}
    assert {one.deadline for one in numbers(text, "第一章", "第一节“十三五”时期工作成效")} == {"2020"}
    assert "baseline_fact" not in {one.kind for one in numbers(text, "（三）巩固黑臭水体治理成效")}


def test_a_list_in_a_box_is_a_project() -> None:
    found = numbers("国土绿化工程。完成造林5万亩，森林抚育8万亩，草地修复约1万亩。", kind=BlockKind.BOX)
    assert [(one.value, one.kind) for one in found] == [(5, "project"), (8, "project"), (1, "project")]


def test_numbers_in_brackets_are_facts_of_their_own() -> None:
    found = numbers("2025年，白沙湾（岸线长度12公里）建成美丽海湾。")
    assert [(one.metric, one.value, one.kind, one.deadline) for one in found] == [("岸线长度", 12, "baseline_fact", "")]
