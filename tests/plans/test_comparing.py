"""Two plans side by side: what is tighter, looser, the same, dropped, added."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bilan.plans.comparing import Outcome, compare


@dataclass(frozen=True)
class Promise:
    """A commitment as comparing sees it."""

    metric: str
    value: float | None = None
    comparator: str = "="
    unit: str = "%"
    subject: str = ""
    kind: str = "target"
    wording: str = ""
    indicator: str = ""
    deadline: str = ""
    upper: float | None = None


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (Promise("空气质量优良天数比例", 97, ">="), Promise("空气质量优良天数比例", 98, ">="), Outcome.TIGHTER),
        (Promise("空气质量优良天数比例", 97, ">="), Promise("空气质量优良天数比例", 96, ">="), Outcome.LOOSER),
        (Promise("细颗粒物浓度", 20, "<=", "ug/m3"), Promise("细颗粒物年均浓度", 18, "<=", "ug/m3"), Outcome.TIGHTER),
        (Promise("细颗粒物浓度", 20, "=", "ug/m3"), Promise("细颗粒物浓度", 22, "=", "ug/m3"), Outcome.LOOSER),
        (Promise("单位GDP能耗下降率", 13), Promise("单位GDP能耗下降率", 14), Outcome.TIGHTER),
        (Promise("单位GDP能耗", 0.5, unit="吨"), Promise("单位GDP能耗", 0.4, unit="吨"), Outcome.TIGHTER),
        (Promise("劣Ⅴ类水体比例", 1), Promise("劣Ⅴ类水体比例", 0), Outcome.TIGHTER),
        (Promise("黑臭水体消除比例", 90), Promise("黑臭水体消除比例", 100), Outcome.TIGHTER),
        (Promise("森林覆盖率", 58), Promise("森林覆盖率", 58), Outcome.SAME),
        (Promise("湿地公园", 5, unit="个"), Promise("湿地公园", 300, unit="公顷"), Outcome.DIFFERENT),
        (Promise("重污染天气", wording="基本消除"), Promise("重污染天气", wording="全面消除"), Outcome.DIFFERENT),
        (Promise("重污染天气", wording="基本消除"), Promise("重污染天气", wording="基本消除"), Outcome.SAME),
    ],
)
def test_what_became_of_a_promise(before: Promise, after: Promise, outcome: Outcome) -> None:
    assert [pair.outcome for pair in compare([before], [after])] == [outcome]


def test_an_indicator_joins_what_is_worded_differently_and_says_which_way_is_better() -> None:
    before = Promise("PM2.5浓度", 20, unit="ug/m3", indicator="pm25")
    after = Promise("细颗粒物年均值", 22, unit="ug/m3", indicator="pm25")
    assert [pair.outcome for pair in compare([before], [after], lambda name: name != "pm25")] == [Outcome.LOOSER]


def test_what_only_one_of_them_says_is_dropped_or_added_and_each_is_taken_once() -> None:
    older = [Promise("优良天数比例", 97), Promise("公交车新增数量", 300, unit="辆")]
    newer = [Promise("优良天数比例", 98), Promise("优良天数比例", 99), Promise("碧道长度", 20, unit="公里")]
    pairs = compare(older, newer)
    assert [pair.outcome for pair in pairs] == [Outcome.TIGHTER, Outcome.ADDED, Outcome.ADDED, Outcome.DROPPED]
    assert pairs[-1].before is older[1]


def test_a_task_is_not_taken_for_a_target() -> None:
    assert len(compare([Promise("污水管网长度", 800, kind="project")], [Promise("污水管网长度", 900)])) == 2
