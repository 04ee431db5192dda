"""Values as people write them come out in one form, or are refused with a reason in both languages."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bilan.pack.registers.validation import clean
from bilan.pack.registers.values import choices
from tests.pack.registers.packs import register

TODAY = date(2026, 11, 21)
KINDS = (
    "code,zh,en,valid_from,valid_to\nold,旧类,Old kind,,2020-12-31\nnew,新类,New kind,,\nboth,酒、饮料,Wine and drinks,,\nnone,无,None,,\n"
)


def one(folder: Path, declared: str, value: Any, **more: Any) -> tuple[Any, list[str]]:
    """What one field makes of a value: what is kept, and the codes of what is wrong."""
    files = {"vocab/choices/kind.csv": KINDS}
    found, registers = register(folder, f"{{name: a, title: 甲 · A, {declared}}}", **files)
    cleaned, problems = clean(found, registers, {"a": value}, today=TODAY, **more)
    for problem in problems:
        assert problem.place is not None
        assert problem.place.column.split("[")[0] == "a"
        assert problem.text("zh-hans") != problem.text("en")
    return cleaned.get("a"), [problem.code for problem in problems]


TAKEN = [
    ("type: text", "  某某　有限公司\n", "某某 有限公司"),
    ("type: text", 13800000000.0, "13800000000"),
    ("type: text", "a\x00b\ud800", "ab"),
    ("type: text", "—", None),
    ("type: long", " 一\r\n二 ", "一\n二"),
    ("type: integer", "１，２３４", 1234),
    ("type: integer", "12.0", 12),
    ("type: integer, unit: 台", "3台", 3),
    ("type: decimal, unit: m3/d", "1,234.5 m³/d", 1234.5),
    ("type: decimal, unit: m3/d", "200立方米/天", 200.0),
    ("type: decimal, unit: t", "1.2万吨", 12000.0),
    ("type: decimal", "1 234 567.25", 1234567.25),
    ("type: decimal", "无", None),
    ("type: decimal", "-3e-2", -0.03),
    ("type: date", "2024/5/1", "2024-05-01"),
    ("type: date", "2024年5月1日", "2024-05-01"),
    ("type: date", "２０２４．５．１", "2024-05-01"),
    ("type: date", "20240501", "2024-05-01"),
    ("type: date", 20240501, "2024-05-01"),
    ("type: date", 45413, "2024-05-01"),
    ("type: date", "45413.5", "2024-05-01"),
    ("type: date", "2024-05-01 08:30:00", "2024-05-01"),
    ("type: date", datetime(2024, 5, 1, 8, 30), "2024-05-01"),
    ("type: date", "May 1, 2024", "2024-05-01"),
    ("type: date", "31/5/2024", "2024-05-31"),
    ("type: date", "2024年5月", "2024-05-01"),
    ("type: date", "2024-02-29", "2024-02-29"),
    ("type: period", "2024.1.1-2024.12.31", ["2024-01-01", "2024-12-31"]),
    ("type: period", "2024年1月1日起", ["2024-01-01", None]),
    ("type: period", "2024-01-01 至 长期", ["2024-01-01", None]),
    ("type: period", ["2024/1/1", None], ["2024-01-01", None]),
    ("type: boolean", "是", True),
    ("type: boolean", "√", True),
    ("type: boolean", "No", False),
    ("type: boolean", "无", False),
    ("type: boolean", 0, False),
    ("type: choice, of: kind", "新类", "new"),
    ("type: choice, of: kind", " NEW KIND ", "new"),
    ("type: choice, of: kind", "无", "none"),
    ("type: choice, of: kind, many: true", "新类，酒、饮料", ["new", "both"]),
    ("type: choice, of: kind, many: true", "酒、饮料", ["both"]),
    ("type: choice, of: kind, many: true", ["new", "new"], ["new"]),
    ("type: parameter", "氨氮≤5mg/L", {"parameter": "w21003", "limit": 5.0, "unit": "mg/L", "clause": ""}),
    ("type: parameter", {"parameter": "w21003"}, {"parameter": "w21003", "limit": None, "unit": "", "clause": ""}),
    ("type: person", "某人（0595-22000000）", {"name": "某人", "phone": "0595-22000000"}),
    ("type: person", "某人 0595-22000000、13800000000", {"name": "某人", "phone": "0595-22000000、13800000000"}),
    ("type: person", "某人", {"name": "某人", "phone": ""}),
    ("type: link, of: plant", "A-1", "A-1"),
    ("type: link, of: plant, many: true", "A-1，A-2", ["A-1", "A-2"]),
    ("type: organisation", "350500-env", "350500-env"),
    ("type: district", 350503, "350503"),
    ("type: district", "350503000000", "350503"),
    ("type: url", "rtsp://10.0.0.1/1", "rtsp://10.0.0.1/1"),
    ("type: text, check: uscc", "91350100m000100y43", "91350100M000100Y43"),
    ("type: text, check: phone", "138 0000 0000", "13800000000"),
    ('type: text, pattern: "[A-Z]{2}"', "AB", "AB"),
    ("type: table, columns: [{name: day, type: date, title: 日 · Day}]", [{"day": "2024/5/1"}, {"day": None}], [{"day": "2024-05-01"}]),
    ("type: table, columns: [{name: day, type: date, title: 日 · Day}]", '[{"day": "2024/5/1"}]', [{"day": "2024-05-01"}]),
]


@pytest.mark.parametrize(("declared", "value", "kept"), TAKEN)
def test_a_value_is_brought_to_its_form(declared: str, value: Any, kept: Any, tmp_path: Path) -> None:
    assert one(tmp_path, declared, value) == (kept, [])


REFUSED = [
    ("type: text", ["a", "b"], "entry.one_only"),
    ("type: text", {"a": 1}, "entry.not_text"),
    ("type: text", "长" * 1001, "entry.too_long"),
    ("type: integer", "12.5", "entry.not_whole"),
    ("type: integer", "十二", "value.not_a_number"),
    ("type: integer", True, "value.not_a_number"),
    ("type: decimal", float("nan"), "value.infinite"),
    ("type: decimal", "1e400", "value.infinite"),
    ("type: decimal", 10**400, "value.infinite"),
    ("type: decimal", "1,23,4", "value.not_a_number"),
    ("type: decimal, unit: t", "12 kg", "entry.other_unit"),
    ("type: decimal, min: 0", -1, "entry.too_small"),
    ("type: decimal, max: 14", "15", "entry.too_large"),
    ("type: date", "2023-02-29", "entry.not_date"),
    ("type: date", "1/5/2024", "entry.ambiguous_date"),
    ("type: date", "2024", "entry.not_date"),
    ("type: date", True, "entry.not_date"),
    ("type: period", "2024-05-01 至 2024-04-01", "entry.period_order"),
    ("type: period", [1, 2, 3], "entry.not_period"),
    ("type: boolean", "也许", "entry.not_boolean"),
    ("type: choice, of: kind", "新种类", "entry.unknown_term"),
    ("type: choice, of: kind", "旧类", "entry.expired_term"),
    ("type: parameter", "氨胺氮", "entry.unknown_parameter"),
    ("type: person", "某人 123456", "entry.not_phone"),
    ("type: link, of: plant", "A 1", "entry.not_code"),
    ("type: district", "3505", "entry.not_district"),
    ("type: url", "javascript:alert(1)", "entry.not_url"),
    ("type: url", "//evil.example/x", "entry.not_url"),
    ("type: attachment", [{"id": "1"}], "entry.not_attachment"),
    ("type: text, check: uscc", "91350100M000100Y44", "entry.uscc_check"),
    ("type: text, check: uscc", "9135", "entry.not_uscc"),
    ("type: text, check: phone", "110119", "entry.not_phone"),
    ("type: text, check: mn", "短", "entry.not_mn"),
    ("type: text, check: section_code", "断面", "entry.not_section"),
    ('type: text, pattern: "[A-Z]{2}"', "abc", "entry.pattern"),
    ("type: table, columns: [{name: day, type: date, title: 日 · Day}]", "x", "entry.not_rows"),
    ("type: table, columns: [{name: day, type: date, title: 日 · Day}]", [{"dy": 1}], "entry.unknown_column"),
    ("type: table, columns: [{name: day, type: date, title: 日 · Day}]", [{}] * 1001, "entry.too_many"),
    ("type: text, required: true", " ", "entry.required"),
]


@pytest.mark.parametrize(("declared", "value", "code"), REFUSED)
def test_a_value_is_refused_with_a_reason(declared: str, value: Any, code: str, tmp_path: Path) -> None:
    assert one(tmp_path, declared, value) == (None, [code])


def test_the_nearest_choice_is_told(tmp_path: Path) -> None:
    found, registers = register(tmp_path, "{name: a, title: 甲 · A, type: choice, of: kind}", **{"vocab/choices/kind.csv": KINDS})
    problem = clean(found, registers, {"a": "新类别"}, today=TODAY)[1][0]
    assert problem.values["nearest"] == "新类"
    assert "新类 · New kind" in problem.text("en")


def test_the_place_inside_a_table_is_told(tmp_path: Path) -> None:
    columns = "columns: [{name: day, type: date, title: 日 · Day, required: true}, {name: n, type: integer, title: 数 · N}]"
    found, registers = register(tmp_path, f"{{name: t, title: 表 · T, type: table, {columns}}}")
    rows = [{"day": "2024-01-01"}, {"day": "never", "n": "x"}, {"n": 1}]
    cleaned, problems = clean(found, registers, {"t": rows}, today=TODAY)
    assert cleaned == {}
    assert sorted(problem.place.column for problem in problems if problem.place) == ["t[2].day", "t[2].n", "t[3].day"]


CONDITIONS = (
    "{name: kind, title: 类 · Kind, type: text}",
    "{name: flow, title: 流量 · Flow, type: decimal, visible: \"kind == 'wet'\"}",
    '{name: remedy, title: 措施 · Remedy, type: text, required: "flow > 10"}',
    "{name: double, title: 双 · Double, type: computed, formula: twice / 2}",
    "{name: twice, title: 倍 · Twice, type: computed, formula: flow * 4}",
    "{name: begun, title: 始 · Begun, type: date}",
    "{name: ended, title: 终 · Ended, type: date}",
)
RULE = 'rules:\n  - {holds: "days(begun, ended) >= 0", says: 先后颠倒 · Ended before it began}\n'


def test_conditions_rules_and_computed_fields(tmp_path: Path) -> None:
    found, registers = register(tmp_path, *CONDITIONS, rest=RULE)

    def result(**values: Any) -> tuple[dict[str, Any], list[str]]:
        cleaned, problems = clean(found, registers, values, today=TODAY)
        return cleaned, [problem.text("en") for problem in problems]

    assert result(kind="wet", flow="3") == ({"kind": "wet", "flow": 3.0, "twice": 12.0, "double": 6.0}, [])
    assert result(kind="dry", flow="30") == ({"kind": "dry"}, [])
    assert result(kind="dry", flow="thirty") == ({"kind": "dry"}, [])
    assert result(kind="wet", flow="30")[1] == ['column remedy: "Remedy" must be filled in']
    assert result(begun="2024-05-01", ended="2024-04-01")[1] == ["column begun: Ended before it began"]
    assert result(begun="2024-05-01")[1] == []
    assert result(double=7)[0] == {}


def test_common_values_stand_in_expressions(tmp_path: Path) -> None:
    declared = "type: text, required: \"status == 'closed'\""
    assert one(tmp_path, declared, None, common={"status": "closed"}) == (None, ["entry.required"])
    assert one(tmp_path, declared, None, common={"status": "active"}) == (None, [])


@pytest.mark.parametrize(
    "code",
    ["91330100799655058B", "9144030071526726XG", "914403001922038216", "91110000802100433B", "91350100M000100Y43"],
)
def test_published_credit_codes_pass(code: str, tmp_path: Path) -> None:
    assert one(tmp_path, "type: text, check: uscc", code) == (code, [])


def test_a_choice_made_in_its_time_stays(tmp_path: Path) -> None:
    declared = "type: choice, of: kind"
    assert one(tmp_path, declared, "old", held={"a": "old"}) == ("old", [])
    assert one(tmp_path, declared, "old", held={"a": "new"}) == (None, ["entry.expired_term"])
    assert one(tmp_path, declared, "gone", held={"a": "gone"}) == (None, ["entry.unknown_term"])
    assert one(tmp_path, f"{declared}, many: true", ["old", "new"], held={"a": ["old", "new"]}) == (["old", "new"], [])


def test_many_wrong_choices_do_not_hold_up_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices._patience, "began", time.monotonic())
    monkeypatch.setattr(choices._patience, "spent", 60.0)
    found, registers = register(tmp_path, "{name: a, title: 甲 · A, type: choice, of: kind}", **{"vocab/choices/kind.csv": KINDS})
    problem = clean(found, registers, {"a": "新类别"}, today=TODAY)[1][0]
    assert (problem.code, problem.values["nearest"]) == ("entry.unknown_term", "")
