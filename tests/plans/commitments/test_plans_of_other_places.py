"""Constructions met in plans and bulletins of other places, said here in words of our own."""

from __future__ import annotations

import pytest

from bilan.plans.commitments import Read, commitments
from bilan.plans.reader import read_text
from tests.plans.commitments.sentences import numbers


def within(title: str, heading: str, text: str) -> list[Read]:
    """The commitments with a number of one paragraph in a document of its own."""
    return [one for one in commitments(read_text(f"# {title}\n\n## {heading}\n\n{text}")) if one.value is not None]


def test_a_plan_for_one_year_gives_its_aims_that_year_and_its_months() -> None:
    aims = within("某市水污染防治2019年行动计划", "一、工作目标", "优良断面比例达到35%，劣Ⅴ类断面比例控制在12.5%以内。")
    assert [one.deadline for one in aims] == ["2019", "2019"]
    tasks = within("某市2019年蓝天工作方案", "二、任务", "8月底前新建公园4个。年底前，绿道要达到40公里以上。")
    assert [one.deadline for one in tasks] == ["2019-08", "2019-12"]


def test_a_year_that_only_bounds_a_longer_plan_is_not_the_year_of_its_aims() -> None:
    (one,) = within("某市2030年前碳达峰实施方案", "一、工作目标", "优良断面比例达到35%。")
    assert one.deadline == ""


@pytest.mark.parametrize(
    ("text", "deadlines"),
    [
        ("（二）到2025年，污泥处置率达到90%。新建公园4个；绿地率达到38%。", ["2025", "2025", "2025"]),
        ("2011年—2015年:新建公园4个;绿地率达到38%以上。", ["2015", "2015"]),
        ("到“十四五”期末，新建公园4个。绿地率达到38%。", ["2025", "2025"]),
    ],
)
def test_a_numbered_lead_or_a_span_of_years_holds_on(text: str, deadlines: list[str]) -> None:
    assert [one.deadline for one in numbers(text)] == deadlines


@pytest.mark.parametrize(
    ("text", "metric", "comparator", "kind"),
    [
        ("进水化学需氧量浓度低于150mg/L的，要制定整治方案。", "浓度", "<", "task"),
        ("禁止使用含硫量高于0.9%的燃料。", "", ">", "task"),
        ("污泥含水率高于60%的企业，限期整改。", "", ">", "task"),
    ],
)
def test_who_is_meant_is_told_from_what_is_promised(text: str, metric: str, comparator: str, kind: str) -> None:
    (one,) = numbers(text)
    assert (one.comparator, one.kind) == (comparator, kind)
    assert metric in one.metric


def test_great_numerals_count_beside_digits_and_measure() -> None:
    found = numbers("建立两百处自然小区、300处湿地小区，改建步道一千公里。")
    assert [(one.value, one.unit) for one in found] == [(200, "处"), (300, "处"), (1000, "公里")]


def test_a_radius_that_names_a_rate_is_no_number_of_its_own() -> None:
    (one,) = numbers("到2025年，公园500米服务半径覆盖率达到88%。")
    assert (one.value, one.deadline) == (88, "2025")


def test_a_ratio_without_unit() -> None:
    (one,) = numbers("到2025年，焦化产能与炼钢产能比控制在0.35左右。")
    assert (one.value, one.unit, one.kind) == (0.35, "", "target")


def test_the_share_it_rises_from_is_the_baseline() -> None:
    risen, reached = numbers("到2025年，湿地保护率将从目前的41.5%再提高超2个百分点，达到44%。")
    assert (risen.value, risen.comparator, risen.baseline) == (2, ">", 41.5)
    assert reached.value == 44


def test_each_share_of_a_list_keeps_its_own_comparing_word() -> None:
    found = numbers("到2025年，氨氮、总磷、总氮、粉尘排放总量分别下降6%、7%、9%以上、11%以上。")
    assert [one.comparator for one in found] == ["=", "=", ">=", ">="]


def test_what_fell_against_last_year_is_what_stood_before() -> None:
    mean, fall = numbers("1月至9月，PM2.5平均浓度为41微克/立方米，同比下降6.5%。")
    assert fall.metric.startswith("PM2.5平均浓度")
    assert {mean.kind, fall.kind} == {"baseline_fact"}


@pytest.mark.parametrize(
    "text",
    [
        "某市海岸线510千米，海岛120个。",
        "全市共涉及12个县（市、区）。",
        "全市各部门共收到投诉320件，开展了专项检查85次。",
        "空气质量连续六年达到二级标准。",
        "1月至9月，市区优良天数201天，优良率为73.6%。",
        "优良天气比例仍不到60%。",
    ],
)
def test_what_is_told_without_any_time_is_a_fact(text: str) -> None:
    found = numbers(text)
    assert found
    assert {one.kind for one in found} == {"baseline_fact"}


def test_how_many_sections_there_are_is_no_aim() -> None:
    count, share = numbers("到2025年，83个国控断面水质优良比例达95%以上。")
    assert (count.kind, count.deadline, count.metric) == ("baseline_fact", "", "国控断面数量")
    assert (share.kind, share.value, share.deadline) == ("target", 95, "2025")


def test_a_place_that_will_build_promises() -> None:
    (one,) = numbers("某某省将新建污水处理厂27座。")
    assert one.kind == "project"


def test_peers_one_is_ranked_among_are_left_out() -> None:
    (one,) = numbers("综合指数在全省58个县（市、区）排名第9。")
    assert (one.value, one.unit) == (9, "名")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("到2025年，降尘强度控制在7.5吨/月·平方公里以下。", "吨/月·平方公里"),
        ("到2025年，供电煤耗降至303克标准煤/千瓦时。", "克标准煤/千瓦时"),
        ("2020年新建管网42.08km。", "km"),
        ("2019年发生重污染95天次。", "天次"),
    ],
)
def test_units_met_elsewhere(text: str, unit: str) -> None:
    (one,) = numbers(text)
    assert one.unit == unit


def test_a_date_within_brackets_governs_what_stands_there() -> None:
    (one,) = numbers("其余部分采用新能源汽车替代（2024年底前替代比例不低于60%）。")
    assert (one.value, one.deadline) == (60, "2024-12")


def test_a_report_of_one_plan_tells_its_last_year() -> None:
    (one, _) = within("“十三五”约束性指标完成情况", "大气", "PM2.5平均浓度达到37微克/立方米，比2015年下降28.8%。")
    assert (one.kind, one.deadline) == ("baseline_fact", "2020")
