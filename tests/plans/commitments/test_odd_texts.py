"""Texts that are no sentences, and sentences that leave things unsaid."""

from __future__ import annotations

import pytest

from tests.plans.commitments.sentences import numbers, read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。",
        "1" * 5000,
        "（" * 3000,
        "“" * 3000,
        "持续" * 2000,
        "90%" * 2000,
        "1:2:3:" * 1000,
        "2025年" * 1000,
        "甲、" * 2000 + "分别为1吨",
    ],
)
def test_debris_neither_fails_nor_promises_much(text: str) -> None:
    assert len(read(text)) < 10


def test_the_words_stand_where_they_are_said_to_stand() -> None:
    text = "推进绿化。 到 2025 年，公园面积 达到 40 公顷； 新建绿道 60 公里。"
    for one in read(text):
        assert text[one.begin : one.finish] == one.sentence


def test_other_areas_share_the_measure_before_them() -> None:
    found = numbers("到2025年，城区充电站覆盖率不低于75%，其他地区不低于50%。")
    assert [(one.subject, one.metric, one.value) for one in found] == [("", "城区充电站覆盖率", 75), ("其他地区", "城区充电站覆盖率", 50)]


def test_the_part_of_a_whole_shares_its_measure() -> None:
    found = numbers("到2025年，全市污水处理率达到97%，其中县城达到93%。")
    assert [(one.subject, one.metric) for one in found] == [("全市", "污水处理率"), ("县城", "污水处理率")]


def test_zero_and_coefficients_need_no_unit() -> None:
    found = numbers("到2025年，劣Ⅴ类断面比例为0，灌溉水有效利用系数提高到0.6以上。")
    assert [(one.value, one.unit, one.comparator) for one in found] == [(0, "%", "="), (0.6, "", ">=")]


def test_a_list_with_two_kinds_of_and() -> None:
    found = numbers("到2025年，甲市及周边地区、乙市煤炭消费量较2020年分别下降9%和6%。")
    assert [one.value for one in found] == [9, 6]
    assert found[0].subject == "甲市及周边地区"


def test_traditional_characters_are_read_and_kept() -> None:
    (one,) = numbers("到2025年，森林蓄積量達到3億立方米以上。")
    assert (one.comparator, one.value, one.unit) == (">=", 3, "億立方米")


def test_spans_of_years_are_due_in_the_last() -> None:
    (one,) = numbers("2023—2025年，新建绿道60公里。")
    assert one.deadline == "2025"
