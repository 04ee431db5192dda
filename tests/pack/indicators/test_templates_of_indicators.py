"""Templates: one query, many indicators; what is told of mistakes; what a city may replace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bilan.pack.indicators import check_indicators, current, faults, load, readable
from bilan.pack.indicators.reading import indicator_of
from bilan.pack.indicators.templates import template_of
from bilan.problems import BilanError
from tests.pack.indicators.texts import put, text

TEMPLATE = """/*
template: fine-days
title: 晴天 · Fine days
about: 测试 · For tests
parameters:
  limit: {title: 级别 · Level}
  places: {value: ["350502", o'k], title: 地点 · Places}
  kind: {value: all, allowed: [all, valid], title: 范围 · Which days}
common:
  unit: d
  direction: up
  period: year
  by: [city, district]
  version: "1"
behind: select district, period_of(day) as period, day from air_days where grade <= $limit
*/
select district, period_of(day) as period, count(*) as value -- of $limit
from air_days
where grade <= $limit and array_contains($places, district) and ('$kind' <> $kind or valid) and day between $begin and $end
group by all
"""
OWN = """indicator: fine
template: fine-days
values: {limit: 2, kind: valid}
title: 晴天 · Fine days
about: 测试 · For tests
unit: 天
"""
KNOWN = {"fine-days": template_of(TEMPLATE, "templates/fine-days.sql")[0]}


def test_an_indicator_takes_query_and_common_keys_of_its_template() -> None:
    assert not template_of(TEMPLATE, "templates/fine-days.sql")[1]
    found, problems = indicator_of(OWN, "fine.yaml", KNOWN)
    assert not problems
    assert (found.name, found.unit, found.version, found.template) == ("fine", "天", "1", "fine-days")
    assert {name: entry.value for name, entry in found.parameters.items()} == {"limit": 2, "places": ["350502", "o'k"], "kind": "valid"}
    assert (found.sql, found.behind) == (KNOWN["fine-days"].sql, KNOWN["fine-days"].behind)
    assert TEMPLATE.splitlines()[found.sql_line - 1] == found.sql.splitlines()[0]
    assert (found.file, found.sql_file) == ("fine.yaml", "templates/fine-days.sql")


def test_the_query_is_read_with_its_values_in_it() -> None:
    found, _problems = indicator_of(OWN, "fine.yaml", KNOWN)
    lines = readable(found).splitlines()
    assert lines[0].endswith("-- of $limit")
    assert lines[2].startswith("where grade <= 2 and array_contains(['350502', 'o''k'], district) and ('$kind' <> 'valid' or valid) and")
    assert lines[2].endswith("day between $begin and $end")


@pytest.mark.parametrize(
    ("change", "code", "line", "nearest"),
    [
        (("template: fine-days", "template: fine-dayz"), "indicators.unknown_template", 2, "fine-days"),
        (("limit: 2", "limits: 2"), "pack.unknown_key", 3, "limit"),
        (("limit: 2, ", ""), "pack.missing_key", 3, None),
        (("kind: valid", "kind: vali"), "value.unknown_choice", 3, "valid"),
        (("limit: 2", "limit: {a: 1}"), "pack.wrong_type", 3, None),
        (("unit: 天", "behind: select 1"), "indicators.of_template", 6, None),
        (("unit: 天", "units: 天"), "pack.unknown_key", 6, "unit"),
    ],
)
def test_a_mistake_is_told_with_line_and_nearest_word(change: tuple[str, str], code: str, line: int, nearest: str | None) -> None:
    try:
        problems = list(indicator_of(OWN.replace(*change), "fine.yaml", KNOWN)[1])
    except BilanError as error:
        problems = list(error.problems)
    (told,) = (problem for problem in problems if problem.code == code)
    assert told.place
    assert (told.place.file, told.place.row) == ("fine.yaml", line)
    assert nearest is None or told.values["nearest"] == nearest
    assert told.text("en")
    assert told.text("zh-hans")


def test_a_file_with_a_query_takes_none_of_a_template() -> None:
    _found, problems = indicator_of(text(more="template: fine-days"), "fine.sql", KNOWN)
    assert [problem.code for problem in problems] == ["indicators.not_with_query"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("  unit: d", "  title: a · b"), "pack.unknown_key"),
        (("template: fine-days", "template: fine"), "declaration.file_name"),
        (("limit: {title", "limit: {titel"), "pack.unknown_key"),
    ],
)
def test_mistakes_of_a_template_are_told(change: tuple[str, str], code: str) -> None:
    _found, problems = template_of(TEMPLATE.replace(*change), "templates/fine-days.sql")
    assert code in [problem.code for problem in problems]


def test_a_city_replaces_an_indicator_whichever_way_it_is_written(tmp_path: Path) -> None:
    assert load()["cod-cut"].template == "emission-cut"
    put(tmp_path, "cod-cut.sql", text(name="cod-cut"))
    assert load(tmp_path)["cod-cut"].unit == "d"
    put(tmp_path, "good-days.yaml", OWN.replace("fine\n", "good-days\n"))
    put(tmp_path, "templates/fine-days.sql", TEMPLATE)
    assert (load(tmp_path)["good-days"].template, load(tmp_path)["good-days"].unit) == ("fine-days", "天")


def test_a_city_replaces_a_template_for_all_that_take_it(tmp_path: Path) -> None:
    path = put(tmp_path, "templates/fine-days.sql", TEMPLATE)
    put(tmp_path, "fine.yaml", OWN)
    assert current(tmp_path)["fine"].decimals == 1
    path.write_text(TEMPLATE.replace("  unit: d", "  decimals: 3"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert current(tmp_path)["fine"].decimals == 3
    before = current(tmp_path).signature
    path.write_text(TEMPLATE.replace("grade <= $limit and", "grade < $limit and"), encoding="utf-8")
    assert current(tmp_path).signature != before


def test_while_a_template_is_wrong_the_last_good_state_stays(tmp_path: Path) -> None:
    path = put(tmp_path, "templates/fine-days.sql", TEMPLATE)
    put(tmp_path, "fine.yaml", OWN)
    assert current(tmp_path)["fine"].unit == "天"
    path.write_text(TEMPLATE.replace("template: fine-days", "templat: fine-days"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert current(tmp_path)["fine"].unit == "天"
    assert {problem.values.get("value") for problem in faults(tmp_path)} >= {"templat", "fine-days"}
    shown = {name for name, problems in check_indicators(tmp_path) if problems}
    assert shown == {"indicators/templates/fine-days.sql", "indicators/fine.yaml"}
