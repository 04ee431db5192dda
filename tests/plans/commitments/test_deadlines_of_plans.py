"""By when something is due, and what it is compared with."""

from __future__ import annotations

import pytest

from bilan.plans.commitments import commitments
from bilan.plans.reader import Block, BlockKind
from tests.plans.commitments.sentences import document, numbers, paragraph, read


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("到2025年，污泥处置率达到90%。", "2025"),
        ("2024年底前，新建公园4个。", "2024-12"),
        ("2023 年 6 月底前，新建公园4个。", "2023-06"),
        ("2030年前，再生水利用率达到35%。", "2030"),
        ("“十四五”期间，新建公园4个。", "2025"),
        ("力争到2024年，污泥处置率达到90%。", "2024"),
        ("新建公园4个，2024年底前全部建成。", "2024-12"),
        ("新建公园4个。", ""),
        ("2022年起，年均新建公园4个。", ""),
        ("每年新建公园4个。", ""),
        ("列入2024年示范名单的公园面积达到20公顷。", "2024"),
    ],
)
def test_dates_in_all_their_forms(text: str, deadline: str) -> None:
    (one,) = numbers(text)
    assert one.deadline == deadline


def test_each_year_governs_what_follows_it() -> None:
    found = numbers("全市湿地面积2023年达12万亩、2025年达13万亩；到2030年，达到15万亩以上。")
    assert [(one.metric, one.value, one.deadline) for one in found] == [
        ("湿地面积", 12, "2023"),
        ("湿地面积", 13, "2025"),
        ("湿地面积", 15, "2030"),
    ]


def test_a_deadline_holds_on_after_a_semicolon_but_not_after_a_full_stop() -> None:
    found = numbers("推进绿化。到2025年，建成绿道40公里；公园面积达到50公顷。改造广场3个。")
    assert [one.deadline for one in found] == ["2025", "2025", ""]
    assert "inherited" in found[1].notes


def test_a_paragraph_of_aims_takes_the_deadline_it_opens_with() -> None:
    found = numbers("到2025年，生态环境持续改善。优良天数比例达到92%。污泥处置率达到90%。到2035年，优良天数比例达到96%。")
    assert [one.deadline for one in found] == ["2025", "2025", "2035"]


def test_aims_listed_below_a_lead_take_its_deadline() -> None:
    blocks = (
        paragraph("今后五年要实现以下主要目标："),
        Block(2, BlockKind.PARAGRAPH, "——水更清。优良断面比例达到85%。", 2),
        Block(3, BlockKind.HEADING, "第二章 任务", 3),
        Block(4, BlockKind.PARAGRAPH, "新建水站4座。", 4),
    )
    found = [one for one in commitments(document(*blocks)) if one.value is not None]
    assert [one.deadline for one in found] == ["2025", ""]


def test_what_it_is_compared_with_is_no_deadline() -> None:
    (one,) = numbers("到2025年，二氧化硫排放量比2020年下降12%。")
    assert (one.baseline_year, one.deadline, one.value) == ("2020", "2025", 12)
    assert "下降" in one.metric


def test_from_so_much_to_so_much() -> None:
    (one,) = numbers("到2025年，绿化覆盖率由2020年的40.5%提高到43%以上。")
    assert (one.baseline_year, one.baseline, one.comparator, one.value) == ("2020", 40.5, ">=", 43)


def test_starting_and_recurring_are_noted() -> None:
    assert "start:2022" in numbers("2022年起，新建公园4个。")[0].notes
    assert "recurring:每年" in numbers("每年新建公园4个。")[0].notes


def test_assessments_of_two_years_stay_apart() -> None:
    found = [one for one in read("在2023年、2025年底，分别对本市方案开展情况进行中期评估和终期评估。") if one.kind == "task"]
    assert [(one.metric, one.deadline) for one in found] == [("中期评估", "2023"), ("终期评估", "2025-12")]
