from __future__ import annotations

from typing import Any

import pytest

from bilan.pack.registers import Bilingual, Field, FieldType
from bilan.pack.registers.display import NONE, number, shown
from bilan.pack.registers.loading import load

SAID = [
    (FieldType.TEXT, {}, "某某公司", "某某公司", "某某公司"),
    (FieldType.INTEGER, {}, 12345, "12,345", "12,345"),
    (FieldType.DECIMAL, {"unit": "m3/d", "decimals": 1}, 1234.56, "1,234.6 m³/d", "1,234.6 m³/d"),
    (FieldType.DECIMAL, {"unit": "10kCNY"}, 5.0, "5 万元", "5 万元"),
    (FieldType.BOOLEAN, {}, False, "否", "No"),
    (FieldType.CHOICE, {"of": "water-class"}, "3", "Ⅲ类", "Class III"),
    (FieldType.CHOICE, {"of": "water-class", "many": True}, ["2", "3"], "Ⅱ类、Ⅲ类", "Class II, Class III"),
    (FieldType.CHOICE, {"of": "water-class"}, "gone", "gone", "gone"),
    (FieldType.PERIOD, {}, ["2024-01-01", None], "2024-01-01 至 今", "2024-01-01 – open"),
    (FieldType.PARAMETER, {}, {"parameter": "w21003", "limit": 5.0, "unit": "mg/L", "clause": ""}, "NH3-N ≤ 5 mg/L", "NH3-N ≤ 5 mg/L"),
    (FieldType.PERSON, {}, {"name": "某人", "phone": "13800000000"}, "某人 13800000000", "某人 13800000000"),
    (FieldType.TABLE, {}, [{}, {}], "2 行", "2 rows"),
    (FieldType.COMPUTED, {"unit": "%"}, 12.5, "12.5 %", "12.5 %"),
    (FieldType.COMPUTED, {}, True, "是", "Yes"),
    (FieldType.TEXT, {}, None, NONE, NONE),
]


@pytest.mark.parametrize(("kind", "more", "value", "zh", "en"), SAID)
def test_a_value_is_shown(kind: FieldType, more: dict[str, Any], value: Any, zh: str, en: str) -> None:
    field = Field("a", kind, Bilingual("甲", "A"), **more)
    registers = load()
    assert (shown(field, value, "zh-hans", registers), shown(field, value, "en", registers)) == (zh, en)


def test_a_number_keeps_its_digits() -> None:
    assert number(0.1 + 0.2, 2) == "0.30"
    assert number(1e6) == "1,000,000"
