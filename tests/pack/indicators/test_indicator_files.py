"""Files of indicators: what they declare, what is told of mistakes, versions, and what holds while a file is wrong."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from bilan.pack.indicators import Direction, Period, Source, check_indicators, current, faults, load, reported, tables
from bilan.pack.indicators.reading import indicator_of
from bilan.problems import BilanError
from tests.pack.indicators.texts import COUNT, LIMIT, put, text


def test_a_file_says_what_its_number_means() -> None:
    found, problems = indicator_of(text(missing="{least: 0.75}"), "fine.sql")
    assert not problems
    assert (found.name, found.unit, found.direction, found.source) == ("fine", "d", Direction.UP, Source.COMPUTED)
    assert found.periods == (Period.YEAR, Period.QUARTER, Period.MONTH)
    assert (found.city, found.districts, found.least) == (True, True, 0.75)
    assert found.parameters["limit"].value == 2
    assert found.sql == COUNT.strip()
    assert text().splitlines()[found.sql_line - 1] == COUNT.splitlines()[0]


@pytest.mark.parametrize(
    ("change", "line", "value", "nearest"),
    [
        (("direction: up", "direktion: up"), 6, "direktion", "direction"),
        (("direction: up", "direction: upp"), 6, "upp", "up"),
        (("by: [city, district]", "by: [city, districts]"), 9, "districts", "district"),
        (("also: [quarter, month]", "also: [weeks]"), 8, "weeks", ""),
        (("title: 晴天 · Fine days", "title: 晴天"), 3, "晴天", ""),
    ],
)
def test_a_mistake_is_told_with_line_and_nearest_word(change: tuple[str, str], line: int, value: str, nearest: str) -> None:
    _found, problems = indicator_of(text().replace(*change), "fine.sql")
    told = [problem for problem in problems if problem.values.get("value") == value]
    assert told
    assert told[0].place
    assert told[0].place.row == line
    assert str(told[0].values.get("nearest", "")) == nearest
    assert all(problem.text("en") and problem.text("zh-hans") for problem in problems)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("select 1", "indicators.no_front"),
        ("/* a: [ */ select 1", "pack.not_yaml"),
        ("x" * 50_000, "indicators.too_long"),
    ],
)
def test_what_is_no_indicator_at_all_is_refused(content: str, code: str) -> None:
    with pytest.raises(BilanError) as refused:
        indicator_of(content, "fine.sql")
    assert [problem.code for problem in refused.value.problems] == [code]


def test_without_query_or_under_another_name_it_is_refused() -> None:
    _found, problems = indicator_of(text(sql=""), "fine.sql")
    assert [problem.code for problem in problems] == ["indicators.no_query"]
    _found, problems = indicator_of(text(), "other.sql")
    assert [problem.code for problem in problems] == ["declaration.file_name"]


def test_a_city_adds_indicators_and_versions(tmp_path: Path) -> None:
    put(tmp_path, "fine.sql", text(more=f"{LIMIT}\nvalid_to: 2025-12-31"))
    put(tmp_path, "fine@2026.sql", text(version="2026", more=f"{LIMIT}\nvalid_from: 2026-01-01"))
    catalogue = load(tmp_path)
    assert [entry.version for entry in catalogue.versions["fine"]] == ["1", "2026"]
    assert catalogue["fine"].version == "2026"
    at = {day: catalogue.at("fine", day) for day in (date(2024, 6, 1), date(2025, 12, 31), date(2026, 1, 1))}
    assert [entry.version for entry in at.values() if entry] == ["1", "1", "2026"]


def test_versions_that_overlap_or_are_twice_are_told(tmp_path: Path) -> None:
    put(tmp_path, "fine.sql", text())
    put(tmp_path, "fine@2026.sql", text(more=f"{LIMIT}\nvalid_from: 2026-01-01\nvalid_to: 2026-12-31"))
    put(tmp_path, "fine@2027.sql", text(version="2027", more=f"{LIMIT}\nvalid_from: 2026-06-01"))
    codes = {name: [problem.code for problem in problems] for name, problems in check_indicators(tmp_path)}
    assert codes["indicators/fine@2026.sql"] == ["indicators.version_twice"]
    assert codes["indicators/fine@2027.sql"] == ["indicators.versions_overlap"]


def test_while_a_file_is_wrong_its_last_good_state_stays(tmp_path: Path) -> None:
    path = put(tmp_path, "fine.sql", text())
    assert current(tmp_path)["fine"].unit == "d"
    path.write_text(text().replace("unit: d", "unit: d\nunknown: 1"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert current(tmp_path)["fine"].unit == "d"
    assert [problem.values["value"] for problem in faults(tmp_path)] == ["unknown"]
    path.write_text(text().replace("unit: d", "unit: days"), encoding="utf-8")
    assert current(tmp_path)["fine"].unit == "days"
    assert not faults(tmp_path)


def test_of_a_city_file_that_never_was_right_the_base_pack_stands(tmp_path: Path) -> None:
    put(tmp_path, "good-days.sql", "nothing")
    assert current(tmp_path)["good-days"].field == "air"
    assert [problem.code for problem in faults(tmp_path)] == ["indicators.no_front"]


def test_the_base_pack_is_sound() -> None:
    assert {name: [problem.text("en") for problem in problems] for name, problems in check_indicators() if problems} == {}
    assert len(load().versions) >= 49


def test_every_table_says_what_its_columns_hold() -> None:
    for table in tables().values():
        assert table.title.complete
        assert table.about.complete
        assert all(column.title.complete and column.example is not None for column in table.columns.values())


def test_reported_figures_are_declared_with_bounds(tmp_path: Path) -> None:
    folder = tmp_path / "indicators"
    folder.mkdir()
    (folder / "reported.yaml").write_text(
        "water-use:\n  title: 用水量 · Water use\n  unit: m³\n  period: year\n  by: [city]\n  least: 0\n", encoding="utf-8"
    )
    found = reported(tmp_path)["water-use"]
    assert (found.least, found.most, found.city, found.districts, found.evidence) == (0, None, True, False, False)
    (folder / "reported.yaml").write_text("water-use:\n  title: 用水量 · Water use\n  period: years\n  by: [city]\n", encoding="utf-8")
    with pytest.raises(BilanError) as refused:
        reported(tmp_path)
    problem = refused.value.problems[0]
    assert (problem.values["value"], problem.values["nearest"]) == ("years", "year")
    assert problem.place
    assert problem.place.row == 3
