from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from bilan.pack.registers.loading import load
from bilan.problems import Place, Problem
from bilan.tabular.sheets import read_sheet
from bilan.tabular.sheets.mapping import propose
from bilan.tabular.sheets.refused import write_refused
from bilan.tabular.sheets.targets import known_headings
from bilan.tabular.sheets.template import columns, write_template
from tests.tabular.sheets.books import dirty, registers


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_is_understood_when_it_comes_back(tmp_path: Path, language: str) -> None:
    declared = registers(tmp_path / "pack")
    register = declared.registers["test-outfall"]
    path = tmp_path / "template.xlsx"
    with path.open("wb") as file:
        write_template(file, register, declared, language, districts=["鲤城区", "丰泽区"])
    mapping = propose(read_sheet(path, known=known_headings(register)), register, declared.vocabularies)
    assert [entry.target for entry in mapping.proposals] == [target.name for target in columns(register)]
    assert all(entry.sure for entry in mapping.proposals) and not mapping.missing


def test_every_declared_choice_can_be_chosen(tmp_path: Path) -> None:
    declared = registers(tmp_path / "pack")
    buffer = io.BytesIO()
    write_template(buffer, declared.registers["test-outfall"], declared, districts=["鲤城区"])
    book = openpyxl.load_workbook(buffer)
    data = book["数据"]
    checks = {next(iter(check.sqref.ranges)).min_col: check.formula1 for check in data.data_validations.dataValidation}
    heads = {str(cell.value): cell for cell in data[1]}
    source = str(checks[heads["*排污口类别"].column])
    terms = {term.title.zh for term in declared.vocabularies["outfall-class"].terms}
    if source.startswith('"'):
        assert set(source.strip('"').split(",")) == terms
    else:
        name, _, cells = source.replace("$", "").partition("!")
        assert {row[0].value for row in book[name.strip("'=")][cells]} == terms
    comment = heads["日排放量（m3/d）"].comment
    assert comment is not None and "1,000,000" in comment.text and "Daily flow" in comment.text


def test_every_register_of_the_pack_has_a_template_that_comes_back(tmp_path: Path) -> None:
    declared = load(None)
    lost: dict[str, list[tuple[str, str]]] = {}
    for register in declared.registers.values():
        path = tmp_path / f"{register.name}.xlsx"
        with path.open("wb") as file:
            write_template(file, register, declared)
        mapping = propose(read_sheet(path, known=known_headings(register)), register, declared.vocabularies)
        found, wanted = [entry.target for entry in mapping.proposals], [target.name for target in columns(register)]
        lost |= {register.name: [pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1]]} if found != wanted else {}
    assert lost == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_refused_rows_come_back_in_their_columns_and_are_read_again(tmp_path: Path, language: str) -> None:
    sheet = read_sheet(dirty(tmp_path / "a.xlsx"))
    reasons = {
        8: [Problem("value.not_a_number", {"value": "x"}, Place("a.xlsx", 8, "负荷/COD(kg/a)"))],
        10: [Problem("sheet.damaged", {}, Place("a.xlsx", 10)), Problem("value.not_a_number", {"value": "y"}, Place("a.xlsx", 10, "I"))],
    }
    path = tmp_path / "b.xlsx"
    with path.open("wb") as file:
        assert write_refused(file, sheet, reasons, language) == 2
    again = read_sheet(path)
    assert again.signature == sheet.signature
    assert again.cells.rows() == [row for number, row in zip(sheet.row, sheet.cells.rows(), strict=True) if number in reasons]
    paper = openpyxl.load_workbook(path).worksheets[0]
    heads = {str(cell.value): cell.column for cell in paper[1]}
    wrong = paper.cell(2, heads["负荷/COD(kg/a)"])
    assert wrong.comment is not None and "x" in wrong.comment.text
    assert paper.cell(3, heads["排水量（m³/d）"]).comment is not None
    assert str(paper.cell(3, paper.max_column).value).count("\n") == 1
