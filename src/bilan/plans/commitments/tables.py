"""Rows of tables of indicators: the target and what it starts from, or what became of an earlier target."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bilan.plans.commitments.cells import Cell, read_cell
from bilan.plans.commitments.model import Read
from bilan.plans.commitments.phrases import measure
from bilan.plans.commitments.quantities import quantities
from bilan.plans.commitments.text import brackets, clauses, even
from bilan.plans.commitments.vocabulary import lookup, words
from bilan.plans.reader import Block, Document

YEAR = re.compile(r"(?:19|20)\d{2}")
NAME = re.compile(r"指标(?:名称)?$|^名称$|^项目$|指标名称|考核内容")
TARGET = re.compile(r"目标|规划值|计划值")
ACTUAL = re.compile(r"实际|完成值|达到值|实现值")
PRESENT = re.compile(r"现状|基准|基期|当前值")
NATURE = re.compile(r"属性|性质|类型|类别")
UNIT = re.compile(r"^(?:计量)?单位$")
OTHER = re.compile(r"序号|领域|备注|完成情况|责任|部门|牵头")
TRAILING = re.compile(r"（([^（）]*)）$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column says what: header → its year for targets, actual and present values."""

    name: str
    targets: tuple[tuple[str, str], ...]
    actual: tuple[tuple[str, str], ...]
    present: tuple[tuple[str, str], ...]


def _year(header: str) -> str:
    match = YEAR.search(header)
    return match.group() if match else ""


def columns(headers: tuple[str, ...], document: Document) -> Columns:
    """Tell the columns of a table of indicators apart by their headers.

    Args:
        headers: of all columns; `document`: whose period decides when headers are only years.
    """
    named = [header for header in headers if NAME.search(header) and not NATURE.search(header)]
    name = named[0] if named else next((header for header in headers if not OTHER.search(header)), headers[0])
    targets = [(header, _year(header)) for header in headers if TARGET.search(header) and header != name]
    actual = [(header, _year(header)) for header in headers if ACTUAL.search(header) and header != name]
    present = [(header, _year(header)) for header in headers if PRESENT.search(header) and header != name]
    taken = {header for header, _ in (*targets, *actual, *present)}
    bare = [(header, _year(header)) for header in headers if header not in taken and header != name and _year(header)]
    if targets:
        present += [(header, year) for header, year in bare if not present]
    elif bare:
        base = document.base or int(bare[0][1])
        present += [(header, year) for header, year in bare if int(year) <= base]
        targets = [(header, year) for header, year in bare if int(year) > base]
    finish = str(document.finish) if document.finish else ""
    return Columns(name, tuple((header, year or finish) for header, year in targets), tuple(actual), tuple(present))


@dataclass(frozen=True, slots=True)
class Indicator:
    """Name of an indicator with its unit and nature."""

    name: str
    unit: str
    nature: str


def _indicator(block: Block, name: str) -> Indicator:
    text = even(block.cells.get(name, "")).plain
    parts = [part for part in text.split("|") if part]
    unit = next((cell for header, cell in block.cells.items() if UNIT.search(header)), "")
    bare = []
    for part in parts:
        match = TRAILING.search(part)
        if match and _is_unit(match.group(1)):
            unit = unit or match.group(1)
        bare.append(part[: match.start()] if match and _is_unit(match.group(1)) else part)
    title = bare[0] if len(bare) < 2 else bare[-1] + _head(bare[0])
    nature = next(
        (lookup("natures", "nature")[word] for cell in block.cells.values() for word in words("natures") if word == cell.strip()), ""
    )
    return Indicator(title, re.sub(r"\s", "", unit).replace("％", "%"), nature)


def _head(title: str) -> str:
    head = measure(title)
    return next((long for long in ("排放总量", "排放量", "使用量", "年均浓度") if title.endswith(long)), head)


def _is_unit(text: str) -> bool:
    known = words("units")
    return text in known or "/" in text or bool(re.match(r"^(?:百|千|万|亿)+", text) and re.sub(r"^[百千万亿]+", "", text) in known)


def row(block: Block, document: Document, remarks: set[str]) -> list[Read]:
    """The commitments of one row.

    Args:
        block: the row; `document`: it stands in; `remarks`: remarks in cells that were read before in this document.

    Returns:
        A target for each column of targets; a baseline fact for what was reached; facts for numbers in remarks.
    """
    place = columns(tuple(block.cells), document)
    indicator = _indicator(block, place.name)
    if not place.targets or not indicator.name:
        return []
    found = []
    base_year, base = _base(block, place, indicator)
    for header, year in (*place.targets, *place.actual):
        cell = read_cell(even(block.cells[header]).plain, indicator.unit, indicator.name)
        if cell is None:
            continue
        reached = (header, year) in place.actual
        found.append(_record(block, indicator, cell, year, base_year, base, header, reached))
    for header, year in (*place.present, *place.targets, *place.actual):
        found += _remarks(block, indicator, header, year, remarks)
    return found


def _base(block: Block, place: Columns, indicator: Indicator) -> tuple[str, float | None]:
    for header, year in place.present:
        cell = read_cell(even(block.cells[header]).plain, indicator.unit, indicator.name)
        if cell is not None and cell.value is not None:
            return year, cell.value
    return "", None


def _record(
    block: Block, indicator: Indicator, cell: Cell, year: str, base_year: str, base: float | None, header: str, reached: bool
) -> Read:
    metric = indicator.name + (cell.change if cell.change and not re.search(r"下降|降低|减少|增长|提高", indicator.name) else "")
    said = {
        "value": cell.words,
        "deadline": header,
        "unit": cell.unit,
        "metric": block.cells.get("指标", indicator.name),
        "nature": indicator.nature,
        "kind": header,
    }
    return Read(
        section=block.section,
        sentence=block.text,
        line=block.line,
        block=block.number,
        begin=0,
        finish=len(block.text),
        subject="",
        metric=metric,
        comparator=cell.comparator,
        kind="baseline_fact" if reached else "target",
        value=cell.value,
        wording=cell.wording,
        unit=cell.unit if cell.value is not None else "",
        baseline_year=cell.base_year or base_year,
        baseline=base,
        deadline=year,
        nature=indicator.nature,
        handed_down=cell.handed_down,
        words={key: value for key, value in said.items() if value},
        notes=_notes(block, indicator, cell, header, base),
    )


def _notes(block: Block, indicator: Indicator, cell: Cell, header: str, base: float | None) -> tuple[str, ...]:
    own = (f"{block.section} {block.cells.get('序号', '')}".strip(), header)
    other = base is not None and cell.value is not None and cell.unit != indicator.unit and bool(indicator.unit)
    return (*own, f"baseline unit: {indicator.unit}") if other else own


def _remarks(block: Block, indicator: Indicator, header: str, year: str, seen: set[str]) -> list[Read]:
    plain = even(block.cells[header]).plain
    found: list[Read] = []
    for first, last in brackets(plain, "（"):
        remark = plain[first + 1 : last - 1]
        if remark in seen:
            continue
        seen.add(remark)
        for begin, end in clauses(remark, 0, len(remark)):
            for quantity in quantities(remark[begin:end]):
                left, right = remark[begin : begin + quantity.begin], remark[begin + quantity.end : end]
                name = re.sub(r"^(?:、|其中|根据|按)|共$", "", left) or re.split("、|计算|统计", right)[0]
                thing = name if left.strip("、根据其中按") else re.split("、|计算|统计", right)[0]
                found.append(_fact(block, indicator, thing.strip("、根据其中按"), quantity.value, quantity.unit, year, remark))
    return found


def _fact(block: Block, indicator: Indicator, thing: str, value: float, unit: str, year: str, remark: str) -> Read:
    return Read(
        section=block.section,
        sentence=block.text,
        line=block.line,
        block=block.number,
        begin=0,
        finish=len(block.text),
        subject=indicator.name,
        metric=thing + "数",
        comparator="=",
        kind="baseline_fact",
        value=value,
        unit=unit,
        deadline=year,
        words={"value": f"{value:g}", "metric": thing, "kind": remark},
        notes=("cell remark",),
    )
