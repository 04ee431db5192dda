"""Commitments find the indicator that measures them by their own words, and none by chance."""

from __future__ import annotations

import pytest

from bilan.pack.indicators import load
from bilan.plans.linking import SURE, linked, links

INDICATORS = tuple(load())
CLEAR = (
    ("", "空气质量优良天数比率", "%", "good-days"),
    ("全市", "细颗粒物（PM2.5）浓度", "微克每立方米", "pm25"),
    ("县级以上集中式饮用水水源地", "水质达标率", "%", "drinking-source-share"),
    ("海洋功能区", "水质达标率", "%", "sea-function-share"),
    ("受污染耕地", "安全利用率", "%", "safe-farmland"),
    ("污染地块", "安全利用率", "%", "safe-plots"),
    ("全市主要河流", "Ⅰ-Ⅲ类水质比例", "%", "water-good-share"),
    ("主要流域国控断面", "I -III 类水体比例", "%", "water-national-share"),
    ("近岸海域", "优良水质（一、二类）面积比例", "%", "sea-good-area"),
    ("", "单位 GDP 能耗降低率(%)", "%", "energy-intensity-cut"),
    ("", "美丽海湾数量（个）", "个", "beautiful-bays"),
    ("", "重现土著鱼类或水生植物的健康水体数量（种）", "种", "native-species"),
    ("", "放射源辐射事故年发生率（起/每万枚）", "起/每万枚", "radiation-accident-rate"),
    ("建成区黑臭水体", "整治成效", "", "black-odorous-cleared"),
)


@pytest.mark.parametrize(("subject", "metric", "unit", "name"), CLEAR)
def test_clear_words_link(subject: str, metric: str, unit: str, name: str) -> None:
    assert linked(metric, "", INDICATORS, subject, unit) == name


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [("生态环境治理体系", "生态环境治理体系更加完善"), ("", "到2025年，完成一批任务"), ("新建污水管网长度", "新建污水管网800公里")],
)
def test_words_of_something_else_link_to_nothing(metric: str, sentence: str) -> None:
    assert linked(metric, sentence, INDICATORS) == ""


def test_a_count_is_not_linked_to_a_share() -> None:
    found = links("绿盈乡村", "建成绿盈乡村1080个", INDICATORS, unit="个")
    assert [(link.indicator, link.sure) for link in found] == [("green-villages", False)]


def test_words_in_the_sentence_only_are_a_proposal() -> None:
    found = links("达到", "空气质量优良天数比例达到98%以上", INDICATORS, unit="%")
    assert found[0].indicator == "good-days"
    assert found[0].score < SURE


def test_no_alias_stands_for_two_indicators() -> None:
    owners: dict[str, set[str]] = {}
    for indicator in INDICATORS:
        for alias in indicator.aliases:
            owners.setdefault(alias, set()).add(indicator.name)
    assert {alias: names for alias, names in owners.items() if len(names) > 1} == {}
