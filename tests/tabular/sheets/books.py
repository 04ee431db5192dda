"""Workbooks as dirty as bureaus make them, written by another library than the one that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from bilan.pack.registers import Registers
from bilan.pack.registers.loading import load

DECLARED = """register: test-outfall
title: 入河排污口 · River outfalls
singular: 入河排污口 · River outfall
about: 测试 · Test
group: water
geometry: point
code: {pattern: "{district}-RP-{serial:5}"}
sections:
  - title: 基本信息 · Basics
    fields:
      - {name: class, type: choice, of: outfall-class, title: 排污口类别 · Class, required: true, filter: true, aliases: [类别]}
      - {name: flow, type: decimal, unit: m3/d, min: 0, max: 1000000, decimals: 1, title: 日排放量 · Daily flow, aliases: [排水量]}
      - {name: cod, type: decimal, unit: t/a, min: 0, title: COD 负荷 · COD load, aliases: [COD]}
      - {name: found, type: date, title: 排查日期 · Surveyed}
      - {name: sewage, type: boolean, title: 是否有污水 · Carries sewage}
      - {name: contact, type: person, title: 联系人 · Contact}
"""


def registers(folder: Path) -> Registers:
    """The base pack with a register of its own for tests."""
    (folder / "registers").mkdir(parents=True, exist_ok=True)
    (folder / "registers" / "test-outfall.yaml").write_text(DECLARED, encoding="utf-8")
    return load(folder)


def book(path: Path, rows: Iterable[Sequence[object]], *, merged: Sequence[str] = (), name: str = "台账") -> Path:
    """A workbook with these rows from A1 on."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    made.save(path)
    return path


def dirty(path: Path) -> Path:
    """An outfall ledger: title, two header rows, counted columns, a group, merged districts, a total, notes; begins in column B."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet["B1"], sheet["B2"], sheet["G2"] = "某市入河排污口台账", "填报单位：某局", "填报时间：2026年1月"
    heads = ["序号", "*排污口名称", "所在县区", "位置", None, "负荷", None, "排水量（m³/d）"]
    for letter, text in zip("BCDEFGHI", heads, strict=True):
        sheet[f"{letter}3"] = text
    for letter, text in zip("EFGH", ["经度", "纬度", "COD(kg/a)", "氨氮\n(t/a)"], strict=True):
        sheet[f"{letter}4"] = text
    for letter, text in zip("BCDEFGHI", "甲乙丙12345", strict=True):
        sheet[f"{letter}5"] = text
    sheet["B6"] = "一、鲤城区"
    for row in range(7, 12):
        for letter, value in zip("BCEFGHI", [row - 6, f"口{row}", "118°35′12″", "24°54′", 1500, 0.3, "1,200"], strict=True):
            sheet[f"{letter}{row}"] = value
    sheet["D7"], sheet["D10"], sheet["D11"] = "鲤城区", "丰泽区", "丰泽区"
    sheet["B13"], sheet["G13"] = "合  计", "=SUM(G7:G11)"
    sheet["B15"], sheet["B16"], sheet["B17"], sheet["F17"] = "备注：1.口径为实测", "2.其余估算", "填表人：某", "审核：某"
    for cells in ("B1:I1", "E3:F3", "G3:H3", "B3:B4", "C3:C4", "D3:D4", "I3:I4", "B6:I6", "D7:D9", "B15:I15"):
        sheet.merge_cells(cells)
    made.save(path)
    return path
