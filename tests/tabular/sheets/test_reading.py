from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.tabular.sheets import package, read_sheet
from tests.tabular.sheets.books import book, dirty


def code(caught: pytest.ExceptionInfo[BilanError]) -> str:
    return caught.value.problems[0].code


def test_a_dirty_ledger_keeps_its_rows_numbers_and_letters(tmp_path: Path) -> None:
    sheet = read_sheet(dirty(tmp_path / "台账.xlsx"))
    assert sheet.header == (3, 4)
    assert [column.letter for column in sheet.columns] == list("BCDEFGHI")
    assert [column.title for column in sheet.columns][3:7] == ["位置/经度", "位置/纬度", "负荷/COD(kg/a)", "负荷/氨氮(t/a)"]
    assert [(column.name, column.unit) for column in sheet.columns][5:] == [("COD", "kg/a"), ("氨氮", "t/a"), ("排水量", "m³/d")]
    assert sheet.row.to_list() == [7, 8, 9, 10, 11]
    assert sheet.cells["c2"].to_list() == ["鲤城区"] * 3 + ["丰泽区"] * 2
    assert sheet.columns[1].required


def test_what_is_no_data_is_cut_off_and_told(tmp_path: Path) -> None:
    sheet = read_sheet(dirty(tmp_path / "a.xlsx"))
    assert [(note.row, note.kind) for note in sheet.notes] == [
        (1, "title"), (2, "title"), (5, "numbers"), (6, "group"), (13, "total"), (15, "note"), (16, "note"), (17, "note"),
    ]  # fmt: skip
    assert [problem.code for problem in sheet.problems] == ["sheet.formulas", "sheet.uncomputed"]


def test_the_visible_sheet_with_known_headings_is_chosen(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "说明"
    for row in range(40):
        made.active.append([f"第{row}条", "填写要求", "不要改动"])
    hidden, wanted = made.create_sheet("隐藏"), made.create_sheet("数据")
    hidden.sheet_state = "hidden"
    for sheet in (hidden, wanted):
        sheet.append(["排污口名称", "经度"])
        sheet.append(["某口", 118.5])
    made.save(tmp_path / "a.xlsx")
    read = read_sheet(tmp_path / "a.xlsx", known=["排污口名称", "经度"])
    assert (read.name, read.chosen.code) == ("数据", "sheet.chosen_headings")
    assert dict(read.sheets) == {"说明": True, "隐藏": False, "数据": True}
    assert read_sheet(tmp_path / "a.xlsx", sheet="隐藏").height == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("台账\n\n名称,面积（公顷）\n甲水库,12\n\n乙水库,7\n备注：估算,\n".encode(encoding))
    sheet = read_sheet(path)
    assert sheet.row.to_list() == [4, 6]
    assert (sheet.columns[1].name, sheet.columns[1].unit) == ("面积", "公顷")
    assert [note.kind for note in sheet.notes] == ["title", "note"]


def test_a_row_of_units_and_the_header_once_more(tmp_path: Path) -> None:
    rows: list[list[object]] = [["名称", "面积", "投资"], [None, "亩", "万元"], ["甲", 1, 2], ["名称", "面积", "投资"], ["乙", 3, 4]]
    sheet = read_sheet(book(tmp_path / "a.xlsx", rows))
    assert [column.unit for column in sheet.columns] == ["", "亩", "万元"]
    assert (sheet.row.to_list(), [note.kind for note in sheet.notes]) == ([3, 5], ["repeated"])


def test_empty_formatted_columns_far_to_the_right_do_no_harm(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["名称", "面积"])
    sheet.append(["甲", 1])
    sheet["XFD1"].number_format = "0.00"
    made.save(tmp_path / "a.xlsx")
    assert read_sheet(tmp_path / "a.xlsx").height == 1


@pytest.mark.parametrize("where", ["XFD1048576", "XFD2", "A1048576"])
def test_a_cell_at_the_end_of_the_world_is_refused(tmp_path: Path, where: str) -> None:
    made = openpyxl.Workbook()
    made.active["A1"], made.active[where] = "名称", "x"
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(BilanError) as caught:
        read_sheet(tmp_path / "a.xlsx")
    assert code(caught) in {"sheet.too_wide", "sheet.too_long"}


def repacked(source: Path, target: Path, more: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, more.pop(entry, old.read(entry)))
        for name, content in more.items():
            new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("part", "content", "expected"),
    [
        ("xl/vbaProject.bin", b"x", "sheet.macros"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "sheet.external"),
        ("xl/media/image1.png", b"\0" * (9 << 20), "sheet.bomb"),
        ("xl/workbook.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook", "sheet.damaged"),
        ("EncryptedPackage", b"x", "sheet.locked"),
    ],
)
def test_a_hostile_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, content: bytes, expected: str) -> None:
    monkeypatch.setattr(package, "LARGEST", 8 << 20)
    source = book(tmp_path / "a.xlsx", [["名称", "面积"], ["甲", 1]])
    with pytest.raises(BilanError) as caught:
        read_sheet(repacked(source, tmp_path / "b.xlsx", {part: content}))
    assert code(caught) == expected


def test_sizes_that_lie_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LARGEST", 8 << 20)
    source = book(tmp_path / "a.xlsx", [["名称", "面积"], ["甲", 1]])
    packed = repacked(source, tmp_path / "b.xlsx", {"xl/media/a.png": b"\0" * (9 << 20)}).read_bytes()
    lied = packed.replace((9 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (tmp_path / "c.xlsx").write_bytes(lied)
    with pytest.raises(BilanError) as caught:
        read_sheet(tmp_path / "c.xlsx")
    assert code(caught) == "sheet.bomb"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "sheet.web_page"),
        ("a.ods", b"x", "sheet.other_format"),
        ("a.xlsx", b"PK\x03\x04 nothing", "sheet.damaged"),
        ("a.csv", b"", "table.empty"),
        ("a.csv", b"a," * 600 + b"\n", "sheet.too_wide"),
        ("a.csv", "只有一句话".encode(), "sheet.no_table"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BilanError) as caught:
        read_sheet(tmp_path / name)
    assert code(caught) == expected


@given(content=st.binary(max_size=400))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for name, begin in (("a.csv", b""), ("a.xlsx", b"PK\x03\x04"), ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        (tmp_path / name).write_bytes(begin + content)
        try:
            assert read_sheet(tmp_path / name).height >= 0
        except BilanError as error:
            assert error.text("en") and error.text()


@given(
    rows=st.lists(st.tuples(st.text("甲乙丙丁abc", min_size=1, max_size=6), st.integers(0, 10**9), st.booleans()), min_size=1, max_size=30),
    gap=st.integers(0, 5),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_row_is_data_or_a_note(tmp_path: Path, rows: list[tuple[str, int, bool]], gap: int) -> None:
    lines = (
        [["标题", None, None]]
        + [[None] * 3] * gap
        + [["水库名称", "库容", "在用"]]
        + [[name, size, str(used)] for name, size, used in rows]
    )
    sheet = read_sheet(book(tmp_path / "a.xlsx", lines))
    assert sheet.header == (gap + 2, gap + 2)
    assert sheet.row.to_list() == list(range(gap + 3, gap + 3 + len(rows)))
    assert sheet.cells["c0"].to_list() == [name for name, _size, _used in rows]
