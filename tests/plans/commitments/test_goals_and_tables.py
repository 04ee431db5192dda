"""Goals in words, what the province will set, and rows of tables."""

from __future__ import annotations

import pytest

from bilan.plans.commitments import commitments
from tests.plans.commitments.sentences import document, read, row


@pytest.mark.parametrize(
    ("text", "metric", "wording", "kind"),
    [
        ("到2025年，水环境质量持续改善。", "水环境质量", "持续改善", "target"),
        ("到2025年，基本消除城市黑臭水体。", "城市黑臭水体", "基本消除", "target"),
        ("2023年底前完成全市噪声功能区划定。", "全市噪声功能区划定", "完成", "task"),
        ("到2024年，全面完成园区污水管网建设。", "园区污水管网建设", "全面完成", "project"),
        ("到2025年，声环境质量保持全国领先。", "声环境质量", "保持全国领先", "target"),
        ("严格执行重型货车国六排放标准。", "重型货车国六排放标准", "严格执行", "task"),
    ],
)
def test_goals_in_words(text: str, metric: str, wording: str, kind: str) -> None:
    (one,) = read(text)
    assert (one.comparator, one.value) == ("qualitative", None)
    assert (one.metric, one.wording, one.kind) == (metric, wording, kind)


@pytest.mark.parametrize(
    "text",
    ["到2025年，碳排放强度降低比例完成省下达指标。", "能源消费总量控制在省下达的目标范围以内。", "自然岸线保有率不低于省要求。"],
)
def test_what_the_province_sets_is_marked(text: str) -> None:
    (one,) = read(text)
    assert one.handed_down
    assert one.value is None


@pytest.mark.parametrize("text", ["推进绿色低碳发展，完善治理体系。", "坚持源头防治，深化改革创新。", "确保耕地面积不减少。"])
def test_statements_without_number_or_date_are_left_out(text: str) -> None:
    assert read(text) == []


def test_a_table_of_targets_starts_from_its_present_values() -> None:
    cells = {"序号": "3", "指标": "再生水利用率（%）", "现状值（2020年）": "21.5", "目标值（2025年）": "≥30", "属性": "约束性"}
    (one,) = commitments(document(row(**cells)))
    assert (one.metric, one.comparator, one.value, one.unit) == ("再生水利用率", ">=", 30, "%")
    assert (one.baseline_year, one.baseline, one.deadline, one.nature, one.kind) == ("2020", 21.5, "2025", "约束性", "target")


def test_a_table_of_results_gives_the_target_and_what_became_of_it() -> None:
    cells = {
        "指标名称": "氨氮排放量（吨/年） | 生活源",
        "2015年": "900",
        "2020年目标值": "比2015年下降4%",
        "2020年实际值": "下降6.5%",
        "属性": "预期性",
    }
    found = commitments(document(row(**cells)))
    assert [(one.kind, one.value, one.unit, one.deadline) for one in found] == [
        ("target", 4, "%", "2020"),
        ("baseline_fact", 6.5, "%", "2020"),
    ]
    assert {(one.baseline_year, one.baseline) for one in found} == {("2015", 900)}
    assert all("下降" in one.metric for one in found)


def test_remarks_in_cells_are_facts_once() -> None:
    cells = {
        "指标": "海水优良比例（%）",
        "现状值（2020年）": "88（按12个国控点位计算）",
        "目标值（2025年）": "完成省下达目标",
        "属性": "约束性",
    }
    found = commitments(document(row(**cells), row(**cells)))
    assert [(one.kind, one.value, one.handed_down) for one in found] == [
        ("target", None, True),
        ("baseline_fact", 12, False),
        ("target", None, True),
    ]


def test_columns_headed_by_years_only() -> None:
    cells = {"指标": "森林覆盖率", "单位": "%", "2020年": "51", "2023年": "52", "2025年": "53", "性质": "约束性"}
    found = commitments(document(row(**cells)))
    assert [(one.value, one.unit, one.deadline, one.baseline) for one in found] == [(52, "%", "2023", 51), (53, "%", "2025", 51)]
