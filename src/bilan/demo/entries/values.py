"""Values of the fields of one sample entry, by type and by hint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from bilan.demo.entries.hints import Hint, Plan
from bilan.demo.entries.numbers import Calendar, fitted, number
from bilan.demo.entries.people import person, social_credit_code
from bilan.demo.names import Name
from bilan.pack.registers import Field, FieldType, Register, Registers
from bilan.pack.vocab import parameters

FILLED = 0.82
"""Share of optional fields that hold something; no ledger is complete."""
CONDITIONAL = 0.06
"""The same for fields whose condition for being required is not met."""
YES = 0.7
ITEMS = {"w01018": 50.0, "w21003": 5.0, "w21011": 0.5, "w21001": 15.0}
"""Parameters with limits [mg/L] where nothing is hinted."""
NEVER = {FieldType.ATTACHMENT, FieldType.URL, FieldType.COMPUTED, FieldType.LINK, FieldType.ORGANISATION}
PHRASES: dict[str, tuple[str, ...]] = {
    "note": ("资料齐全", "待补充验收材料", "已现场核实坐标"),
    "policy": ("控源截污、完善管网，定期监测", "纳管处理，规范采样口，落实巡查", "提标改造治理设施，安装用电监控"),
    "plan": ("分两期实施，年底前完成主体工程", "完善收集系统并加强运维监管"),
    "measure": ("清理整治并设置隔离", "完善防渗与应急设施", "限期整改，复查销号"),
    "problem": ("进水不足，运行不连续", "管网破损，雨天溢流", "标志牌缺失"),
}
_FALLBACK = ("演示内容", "示例说明", "示例文本")


class Values:
    """Draws values for the fields of one register.

    Args:
        plan: hints.
        today: day that dates count from.
    """

    def __init__(self, register: Register, registers: Registers, plan: Plan, random: np.random.Generator, today: date) -> None:
        self.register, self._registers, self._plan, self._random, self._today = register, registers, plan, random, today
        self.kinds = {name: plan.kinds(register.name, name) for name in ("code", "name", "status", "geometry", *register.fields)}
        self._terms: dict[str, list[str]] = {}

    def calendar(self) -> Calendar:
        """The days of one entry."""
        return Calendar(self._today, self._random)

    def wanted(self, field: Field, held: Mapping[str, Any]) -> bool:
        """Whether this entry fills the field."""
        hints = self.kinds.get(field.name, {})
        if "skip" in hints or field.type in NEVER:
            return False
        if field.required is True:
            return True
        if "fill" in hints:
            return bool(self._random.random() < float(hints["fill"].parts[0]))
        if field.required:
            return field.required.holds(held) or bool(self._random.random() < CONDITIONAL)
        return bool(self._random.random() < FILLED)

    def status(self, index: int) -> str:
        """A state: as hinted, else mostly the early ones."""
        codes = [state.code for state in self.register.states]
        hints = self.kinds["status"]
        if "rank" in hints:
            return hints["rank"].ranked(index)
        if "share" in hints:
            return self._drawn(hints["share"].shares())
        weights = np.array([1.0 if state.active else 0.15 for state in self.register.states]) / (np.arange(len(codes)) + 1.0)
        return codes[int(self._random.choice(len(codes), p=weights / weights.sum()))]

    def value(self, field: Field, held: Mapping[str, Any], index: int, calendar: Calendar, words: Mapping[str, str]) -> Any:
        """A value of a field; None when there is nothing sensible to say."""
        hints = self.kinds.get(field.name, {})
        return self._value(field, hints, held, index, calendar, words)

    def _value(
        self, field: Field, hints: Mapping[str, Hint], held: Mapping[str, Any], index: int, calendar: Calendar, words: Mapping[str, str]
    ) -> Any:
        match field.type:
            case FieldType.TEXT | FieldType.LONG:
                return self._text(field, hints, held, index, words)
            case FieldType.INTEGER | FieldType.DECIMAL:
                return self._number(field, hints, held, index)
            case FieldType.DATE:
                return self._date(hints, held, calendar)
            case FieldType.PERIOD:
                begin = calendar.next()
                return [begin, calendar.after(begin, Hint("after", ("", "120", "900")))]
            case FieldType.BOOLEAN if "rank" in hints:
                return hints["rank"].ranked(index) == "true"
            case FieldType.BOOLEAN:
                share = hints["share"].shares().get("true", YES) if "share" in hints else YES
                return bool(self._random.random() < share)
            case FieldType.CHOICE:
                return self._choice(field, hints, index)
            case FieldType.PARAMETER:
                return self._parameter(field, hints)
            case FieldType.PERSON:
                return person(self._random)
            case FieldType.DISTRICT:
                return words.get("adcode")
            case FieldType.TABLE:
                return self._rows(field, hints, held, index, calendar, words)
        return None

    def text(self, hint: Hint, index: int, words: Mapping[str, str]) -> str:
        """One of the hint's texts with its placeholders filled."""
        template = hint.parts[int(self._random.integers(len(hint.parts)))]
        return re.sub(r"\{(\w+)(?::(\d+))?\}", lambda found: self._word(found, index, words), template)

    def _word(self, found: re.Match[str], index: int, words: Mapping[str, str]) -> str:
        name, width = found[1], int(found[2] or 0)
        if name == "n":
            return str(index + 1).zfill(width)
        if name == "random":
            return "".join(str(digit) for digit in self._random.integers(10, size=width or 4))
        return words.get(name, "")

    def _text(self, field: Field, hints: Mapping[str, Hint], held: Mapping[str, Any], index: int, words: Mapping[str, str]) -> str | None:
        if field.check == "uscc":
            return social_credit_code(words.get("adcode", ""), self._random)
        if field.check == "phone":
            return person(self._random)["phone"]
        if "rank" in hints:
            return hints["rank"].ranked(index)
        if "text" in hints:
            return self.text(hints["text"], index, words)
        if field.check or field.pattern:
            return None
        if field.unique:
            return f"{words['brand']}-{index + 1:04d}"
        for name, phrases in PHRASES.items():
            if name in field.name:
                return phrases[int(self._random.integers(len(phrases)))]
        if field.type is FieldType.LONG or field.required:
            return _FALLBACK[int(self._random.integers(len(_FALLBACK)))]
        return None

    def _number(self, field: Field, hints: Mapping[str, Hint], held: Mapping[str, Any], index: int) -> float | int | None:
        if "rank" in hints:
            lower, _, upper = hints["rank"].ranked(index).partition("..")
            return fitted(field, self._random.uniform(float(lower), float(upper or lower)))
        if "of" in hints:
            name, lower, upper = hints["of"].parts
            base = held.get(name)
            return None if not isinstance(base, int | float) else fitted(field, base * self._random.uniform(float(lower), float(upper)))
        return number(field, hints.get("range"), self._random)

    def _date(self, hints: Mapping[str, Hint], held: Mapping[str, Any], calendar: Calendar) -> str | None:
        if "after" in hints:
            day = held.get(hints["after"].parts[0])
            return calendar.after(str(day), hints["after"]) if day else None
        hint = hints.get("date") or hints.get("range")
        return calendar.hinted(hint) if hint else calendar.next()

    def _choice(self, field: Field, hints: Mapping[str, Hint], index: int) -> str | list[str]:
        if "rank" in hints:
            found = hints["rank"].ranked(index)
            return [found] if field.many else found
        shares = hints["share"].shares() if "share" in hints else dict.fromkeys(self._leaves(field.of), 1.0)
        if not field.many:
            return self._drawn(shares)
        return list(dict.fromkeys(self._drawn(shares) for _ in range(int(self._random.integers(1, 4)))))

    def _leaves(self, vocabulary: str) -> list[str]:
        if vocabulary not in self._terms:
            terms = self._registers.vocabularies[vocabulary].terms
            parents = {term.parent for term in terms}
            now = self._today.isoformat()
            self._terms[vocabulary] = [term.code for term in terms if term.code not in parents and term.valid_on(now)] or [terms[0].code]
        return self._terms[vocabulary]

    def _drawn(self, shares: Mapping[str, float]) -> str:
        names = list(shares)
        weights = np.array([shares[name] for name in names])
        return names[int(self._random.choice(len(names), p=weights / weights.sum()))]

    def _parameter(self, field: Field, hints: Mapping[str, Hint]) -> Any:
        known = hints["items"].shares() if "items" in hints else ITEMS
        codes = list(known)
        found = [{"parameter": code, "limit": known[code] or None, "unit": parameters()[code].unit} for code in codes]
        return found if field.many else found[int(self._random.integers(len(found)))]

    def _rows(
        self, field: Field, hints: Mapping[str, Hint], held: Mapping[str, Any], index: int, calendar: Calendar, words: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        span = hints["rows"].parts if "rows" in hints else ("1", "3")
        rows = []
        for _ in range(int(self._random.integers(int(span[0]), int(span[1]) + 1))):
            rows.append(dict(self._row(field, held, index, calendar, words)))
        return rows

    def _row(
        self, field: Field, held: Mapping[str, Any], index: int, calendar: Calendar, words: Mapping[str, str]
    ) -> Iterator[tuple[str, Any]]:
        row: dict[str, Any] = {}
        for column in field.columns:
            hints = self._plan.kinds(self.register.name, f"{field.name}.{column.name}") or self._plan.kinds("*", column.name)
            if column.type in NEVER or "skip" in hints or (not column.required and self._random.random() > 0.9):
                continue
            found = self._value(column, hints, {**held, **row}, index, calendar, words)
            if found is not None:
                row[column.name] = found
                yield column.name, found


def words_of(name: Name, district_zh: str, adcode: str) -> dict[str, str]:
    """Words that the templates of one entry may use."""
    return {"brand": name.zh, "brand_en": name.en, "district": district_zh, "adcode": adcode, "town": f"{district_zh}{name.zh}镇"}
