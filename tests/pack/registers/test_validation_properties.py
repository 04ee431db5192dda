"""Cleaning is idempotent, never raises, and loses nothing unseen."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.pack.registers import Register, Registers
from bilan.pack.registers.display import shown
from bilan.pack.registers.fields import FieldType
from bilan.pack.registers.validation import clean
from tests.pack.registers.packs import register

TODAY = date(2026, 11, 21)
COLUMNS = ", ".join(
    (
        "{name: d, type: date, title: 日 · D}",
        "{name: n, type: decimal, unit: t, title: 数 · N}",
        "{name: k, type: choice, of: water-class, title: 类 · K}",
    )
)
SIMPLE = ("text", "long", "integer", "decimal", "date", "period", "boolean", "parameter", "person", "organisation", "district", "url")
FIELDS = (
    *(f"{{name: {kind}_, type: {kind}, title: 甲 · A}}" for kind in SIMPLE),
    "{name: choice_, type: choice, of: water-class, title: 甲 · A}",
    "{name: choices, type: choice, of: industry, many: true, title: 甲 · A}",
    "{name: links, type: link, of: plant, many: true, title: 甲 · A}",
    "{name: parameters, type: parameter, many: true, title: 甲 · A}",
    "{name: uscc, type: text, check: uscc, title: 甲 · A}",
    "{name: phone, type: text, check: phone, title: 甲 · A}",
    "{name: attachment_, type: attachment, title: 甲 · A}",
    f"{{name: rows, type: table, title: 表 · T, columns: [{COLUMNS}]}}",
    '{name: sum_, type: computed, formula: "decimal_ * 2", title: 和 · Sum}',
)
NAMES = [declared.split(",")[0].removeprefix("{name: ") for declared in FIELDS]

WORDS = [
    "是",
    "否",
    "无",
    "—",
    "2024年5月1日",
    "20240501",
    "45413",
    "2024-01-01至2024-12-31",
    "1,234.5",
    "１２",
    "1.2万吨",
    "Ⅲ类",
    "3",
    "氨氮≤5mg/L",
    "某人（13800000000）",
    "91350100M000100Y43",
    "350503000000",
    "A-1，A-2",
    "https://a.b",
    "C26",
    "化学原料和化学制品制造业",
    "[]",
    '[{"d":1}]',
]
KEYS = ["d", "n", "k", "parameter", "limit", "name", "phone", "id", "from", "to"]

words = st.sampled_from(WORDS)
numbers = st.booleans() | st.integers() | st.floats() | st.just(10**400)
scalars = st.none() | numbers | st.text(max_size=60) | words | st.dates() | st.datetimes() | st.binary(max_size=8)
keys = st.text(max_size=8) | st.sampled_from(KEYS)
hostile = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12)
entries = st.dictionaries(st.sampled_from(NAMES), hostile)


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Register, Registers]:
    folder: Path = tmp_path_factory.mktemp("pack")
    return register(folder, *FIELDS)


NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "无数据", "n/a", "N/A", "#N/A", "null", "NULL", "None", "nan", "NaN"}


def empty(value: Any) -> bool:
    """Whether a value says nothing."""
    if isinstance(value, str):
        return value.strip() in NOTHING
    if isinstance(value, list | tuple):
        return all(empty(item) for item in value)
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or (isinstance(value, dict) and all(empty(item) for item in value.values()))
    )


def without_signs(value: Any) -> bool:
    """Whether a text has nothing in it that can be seen."""
    return isinstance(value, str) and not any(sign.isprintable() and not sign.isspace() for sign in value)


@settings(max_examples=120, deadline=None)
@given(values=entries)
def test_never_raises_and_loses_nothing(values: dict[str, Any], declared: tuple[Register, Registers]) -> None:
    cleaned, problems = clean(*declared, values, today=TODAY)
    json.dumps(cleaned, allow_nan=False).encode("utf-8")
    told = {problem.place.column.split("[")[0] for problem in problems if problem.place}
    for problem in problems:
        problem.text("zh-hans").encode("utf-8")
        problem.text("en").encode("utf-8")
    for name, value in values.items():
        if declared[0].fields[name].type is not FieldType.COMPUTED:
            assert name in cleaned or name in told or empty(value) or without_signs(value)


@settings(max_examples=120, deadline=None)
@given(values=entries)
def test_clean_stays_clean(values: dict[str, Any], declared: tuple[Register, Registers]) -> None:
    cleaned, _ = clean(*declared, values, today=TODAY)
    again, problems = clean(*declared, json.loads(json.dumps(cleaned)), today=TODAY)
    assert (again, problems) == (cleaned, [])


@settings(max_examples=120, deadline=None)
@given(values=entries)
def test_everything_kept_can_be_shown(values: dict[str, Any], declared: tuple[Register, Registers]) -> None:
    cleaned, _ = clean(*declared, values, today=TODAY)
    for name, value in cleaned.items():
        for language in ("zh-hans", "en"):
            assert shown(declared[0].fields[name], value, language, declared[1])


@settings(max_examples=120, deadline=None)
@given(day=st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)), moment=st.times())
def test_every_notation_of_a_day_is_the_same_day(day: date, moment: time, declared: tuple[Register, Registers]) -> None:
    year, month, number = day.year, day.month, day.day
    notations: list[Any] = [
        day,
        datetime.combine(day, moment),
        f"{year}/{month}/{number}",
        f"{year}年{month}月{number}日",
        f"{year}.{month:02}.{number:02}",
        f"{year}{month:02}{number:02}",
        f"{day.isoformat()} 00:00:00",
    ]
    found = [clean(*declared, {"date_": notation}, today=TODAY)[0].get("date_") for notation in notations]
    assert found == [day.isoformat()] * len(notations)


@settings(max_examples=120, deadline=None)
@given(value=st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_a_number_survives_its_separators(value: float, declared: tuple[Register, Registers]) -> None:
    value = round(value, 6)
    cleaned, problems = clean(*declared, {"decimal_": f"{value:,.6f}"}, today=TODAY)
    assert not problems
    assert cleaned["decimal_"] == pytest.approx(value, rel=1e-12, abs=1e-6)


def test_a_number_too_long_to_be_written_is_refused(declared: tuple[Register, Registers]) -> None:
    values = {name: 10**5000 for name in NAMES if name != "sum_"}
    cleaned, problems = clean(*declared, values, today=TODAY)
    assert cleaned == {}
    assert {problem.place.column.split("[")[0] for problem in problems if problem.place} == set(values)
