"""Numbers, units and comparing words."""

from __future__ import annotations

import pytest

from tests.plans.commitments.sentences import numbers


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("到2025年，污泥处置率达到90%以上。", ">=", 90, "%"),
        ("到2025年，臭氧浓度不高于150微克/立方米。", "<=", 150, "微克/立方米"),
        ("到2025年，优良天数比率优于95.5%。", ">", 95.5, "%"),
        ("到2025年，细颗粒物浓度低于25微克每立方米。", "<", 25, "微克每立方米"),
        ("到2025年，再生水利用率提升至 30 ％ 左右。", "=", 30, "%"),
        ("到2025年，湿地面积稳定在12.5万亩。", "=", 12.5, "万亩"),
        ("到2025年，日供水能力达1,200吨。", "=", 1200, "吨"),
        ("到2025年，建成至少三个绿色园区。", ">=", 3, "个"),
        ("到2025年，推动超八成企业接入平台。", ">", 80, "%"),
        ("到2025年，回收率达到百分之六十。", "=", 60, "%"),
        ("到2025年，淘汰35蒸吨以下燃煤锅炉20台。", "=", 20, "台"),
    ],
)
def test_words_decide_the_comparator(text: str, comparator: str, value: float, unit: str) -> None:
    found = numbers(text)
    assert [(one.comparator, one.value, one.unit) for one in found if not one.threshold] == [(comparator, value, unit)]


def test_a_range_keeps_both_ends() -> None:
    (one,) = numbers("到2025年，争取建成2～3个生态公园。")
    assert (one.comparator, one.value, one.upper, one.unit) == ("=", 2, 3, "个")


def test_about_is_said_in_the_notes() -> None:
    (one,) = numbers("到2025年，森林蓄积量达到800万立方米左右。")
    assert one.comparator == "="
    assert any(note.startswith("approx") for note in one.notes)


def test_every_field_keeps_its_words() -> None:
    (one,) = numbers("到 2025 年底，全市污水收集率提高到 80% 以上。")
    assert one.words["value"] == "80"
    assert one.words["deadline"] == "到 2025 年底"
    assert "以上" in one.words["comparator"]
    assert one.metric == "污水收集率"
    assert one.subject == "全市"


@pytest.mark.parametrize(
    "text",
    [
        "落实“三线一单”和“五个百”工程。",
        "印发《大气污染防治条例》（市政发〔2021〕18号）。",
        "推进国道205、省道303沿线绿化。",
        "实施蓝天、碧水、净土三大行动。",
        "开展第三方评估，推进PM2.5和O3协同控制。",
        "空气质量在全国168个重点城市中保持前列。",
        "水质达到Ⅲ类，建立市、县两级联动机制。",
        "完成第二次全国污染源普查。",
    ],
)
def test_names_with_numbers_are_left_out(text: str) -> None:
    assert numbers(text) == []
