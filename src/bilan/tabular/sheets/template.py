"""The Excel file in which a register's rows are collected: headings with units, drop-downs, comments, instructions, vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from bilan.pack.registers import Bilingual, Field, FieldType, Register, Registers
from bilan.tabular.sheets.targets import Target, hidden, targets

ROWS = 5000
"""Drop-downs and checks reach so many rows down."""
_INLINE = 255
"""Excel takes a list of choices of at most so many characters inside a cell's check."""
_LEFT_OUT = {"longitude.minutes", "longitude.seconds", "latitude.minutes", "latitude.seconds", "place"}
_SHEETS = {"zh-hans": ("数据", "填写说明", "词表"), "en": ("Data", "Instructions", "Vocabularies")}
_YES = {"zh-hans": ["是", "否"], "en": ["Yes", "No"]}
_KINDS = {
    "text": "文本 · text", "long": "多行文本 · long text", "integer": "整数 · whole number", "decimal": "数字 · number",
    "date": "日期 · date (2026-03-01)", "period": "起止日期 · two dates (2026-01-01 至 2026-12-31)", "boolean": "是/否 · yes or no",
    "choice": "从词表选 · choice", "parameter": "监测因子 · parameter", "person": "姓名 · name of a person", "place": "坐标 · coordinate",
    "organisation": "单位 · organisation", "district": "行政区 · district", "link": "另一台账的编号或名称 · code or name elsewhere",
    "url": "网址 · address",
}  # fmt: skip


def write_template(
    target: BinaryIO, register: Register, registers: Registers, language: str = "zh-hans", *, districts: Sequence[str] = ()
) -> None:
    """Write the template of a register.

    Args:
        target: an open file, or a buffer.
        registers: for vocabularies and the titles of linked registers.
        language: of headings and choices; comments and instructions are in both.
        districts: names of the city's districts, for their drop-down.
    """
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": register.title.text(language), "subject": register.name})
    _Template(book, register, registers, language, districts).write()
    book.close()


def columns(register: Register) -> list[Target]:
    """The columns of a register's template."""
    return [
        target
        for target in targets(register)
        if target.name not in _LEFT_OUT and not target.name.endswith((".begin", ".end")) and not hidden(target, register)
    ]


def heading(target: Target, language: str) -> str:
    """Heading of a column: the mark of what must be filled, title and unit.

    Examples:
        >>> heading(Target("flow", Bilingual("流量", "Flow"), "decimal", "m3/d", True), "zh-hans")
        '*流量（m3/d）'
    """
    unit = f" ({target.unit})" if language == "en" else f"（{target.unit}）"
    return f"{'*' if target.required else ''}{target.title.text(language)}{unit if target.unit else ''}"


class _Template:
    def __init__(self, book: Any, register: Register, registers: Registers, language: str, districts: Sequence[str]) -> None:
        self.book, self.register, self.registers, self.language, self.districts = book, register, registers, language, districts
        self.columns = columns(register)
        names = _SHEETS.get(language, _SHEETS["zh-hans"])
        self.data, self.help, self.words = (book.add_worksheet(name) for name in names)
        self.words_name = names[2]
        self.lists = 0
        border = {"border": 1, "border_color": "#c9d3dc", "valign": "top", "text_wrap": True}
        self.head = book.add_format({**border, "bold": True, "bg_color": "#eef2f6"})
        self.needed = book.add_format({**border, "bold": True, "bg_color": "#dbeafe"})
        self.cell = book.add_format(border)
        self.dated = book.add_format({"num_format": "yyyy-mm-dd"})
        self.worded = book.add_format({"num_format": "@"})

    def write(self) -> None:
        self.data.freeze_panes(1, 2)
        for at, target in enumerate(self.columns):
            text = heading(target, self.language)
            self.data.write_string(0, at, text, self.needed if target.required else self.head)
            comment = self._told(target)
            self.data.write_comment(0, at, comment, {"x_scale": 2.2, "y_scale": max(1.0, 0.35 * (comment.count("\n") + 2))})
            worded = target.kind in {"text", "person", "link", "long", "url", "organisation"}
            style = self.dated if target.kind == "date" else self.worded if worded else None
            self.data.set_column(at, at, max(10, min(32, 2 * len(text) + 2)), style)
            check = self._check(target)
            if check:
                self.data.data_validation(1, at, ROWS, at, check)
        self._instructions()

    def _check(self, target: Target) -> dict[str, Any] | None:
        field = target.field
        choices = self._choices(target)
        if choices:
            found: dict[str, Any] = {"validate": "list", "source": self._source(heading(target, self.language), choices)}
            if field and field.many:
                found["error_type"] = "information"
        elif target.kind == "date":
            found = {"validate": "date", "criteria": "between", "minimum": date(1900, 1, 1), "maximum": date(2200, 12, 31)}
        elif field and field.numeric and not target.name.partition(".")[2]:
            found = self._number(field)
        else:
            return None
        shown = self._told(target).replace("\n", "; ")
        return {**found, "error_title": target.title.text(self.language)[:32], "error_message": shown[:255]}

    @staticmethod
    def _number(field: Field) -> dict[str, Any]:
        kind = "integer" if field.type is FieldType.INTEGER else "decimal"
        low, high = field.lower, field.upper
        if low is not None and high is not None:
            return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
        if low is not None:
            return {"validate": kind, "criteria": ">=", "value": low}
        return {"validate": kind, "criteria": "<=", "value": high if high is not None else 1e15}

    def _choices(self, target: Target) -> list[str]:
        field = target.field
        if field and not target.name.partition(".")[2]:
            if field.type is FieldType.CHOICE and field.of in self.registers.vocabularies:
                today = date.today().isoformat()
                terms = self.registers.vocabularies[field.of].terms
                return [term.title.text(self.language) for term in terms if not term.valid_to or term.valid_to >= today]
            if field.type is FieldType.BOOLEAN:
                return _YES.get(self.language, _YES["zh-hans"])
        if target.name == "status":
            return [state.title.text(self.language) for state in self.register.states]
        return list(self.districts) if target.name == "district" else []

    def _source(self, title: str, choices: list[str]) -> Any:
        """The choices inside the check, or where they stand when they are too many for it."""
        at = self.lists
        self.lists += 1
        self.words.write_string(0, at, title.lstrip("*"), self.head)
        self.words.set_column(at, at, max(12, min(40, 2 * max(len(choice) for choice in choices))))
        self.words.write_column(1, at, choices)
        inline = ",".join(choices)
        if len(inline) <= _INLINE and not any("," in choice for choice in choices):
            return choices
        letters = xl_col_to_name(at, col_abs=True)
        return f"='{self.words_name}'!{letters}$2:{letters}${len(choices) + 1}"

    def _told(self, target: Target) -> str:
        """What a heading's comment says, in both languages."""
        field = target.field
        lines = [_both(target.title), _KINDS.get(target.kind, target.kind)]
        if target.required:
            lines.append("必填 · required")
        elif field and field.required:
            lines.append(f"在此条件下必填 · required when: {getattr(field.required, 'text', '')}")
        if field and (field.lower is not None or field.upper is not None):
            lines.append(f"范围 · from … to: {_bound(field.lower)} … {_bound(field.upper)} {field.unit}")
        if field and field.type is FieldType.LINK and field.of in self.registers.registers:
            lines.append(f"→ {_both(self.registers.registers[field.of].title)}")
        if field and field.many:
            lines.append("多个值用“、”隔开 · several values separated by 、")
        if target.name == "code" and self.register.code.pattern:
            lines.append(f"新增时可空，自动编号 · may stay empty for new entries: {self.register.code.pattern}")
        if target.kind == "place":
            lines.append("118.58678 或 118°35′12″ · decimal degrees or degrees, minutes, seconds")
        if field and field.pattern:
            lines.append(f"格式 · pattern: {field.pattern}")
        if field and field.help.zh:
            lines.append(_both(field.help))
        return "\n".join(lines)

    def _instructions(self) -> None:
        self.help.set_column(0, 1, 26)
        self.help.set_column(2, 2, 12)
        self.help.set_column(3, 3, 90)
        self.help.write_string(0, 0, _both(self.register.title), self.book.add_format({"bold": True, "font_size": 14}))
        self.help.write_string(1, 0, _both(self.register.about))
        rules = [
            "每行一条；不要改动第一行的列名，可以删去不用的列 · One entry a row; keep the first row, unused columns may go",
            "蓝底的列必填；鼠标停在列名上可看说明 · Blue columns must be filled; rest the mouse on a heading to read about it",
            "编号相同的行更新已有条目，空单元格不改动原值 · A row with a known code updates that entry; empty cells leave what is there",
        ]
        for at, text in enumerate(rules, 3):
            self.help.write_string(at, 0, text)
        top = 7
        for at, title in enumerate(("字段", "Field", "单位 · Unit", "说明 · About")):
            self.help.write_string(top, at, title, self.head)
        for line, target in enumerate(self.columns, top + 1):
            told = self._told(target).split("\n")[1:]
            texts = (target.title.zh, target.title.text("en"), target.unit, "\n".join(told))
            for at, text in enumerate(texts):
                self.help.write_string(line, at, text, self.cell)


def _both(text: Bilingual) -> str:
    return f"{text.zh} · {text.en}" if text.en else text.zh


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:,.6f}".rstrip("0").rstrip(".")
