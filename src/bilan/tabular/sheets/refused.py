"""Refused rows given back as Excel: each wrong cell marked, the reasons beside the row; corrected, the same file is read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

import xlsxwriter

from bilan.problems import Problem
from bilan.tabular.sheets.model import Sheet
from bilan.tabular.sheets.words import REASONS, ROW

MOST_COMMENTS = 3000
"""So many cells get a comment; all are coloured, and all reasons stand in the last column."""
_WIDTH = 60
_SHEET = {"zh-hans": "退回的行", "en": "Refused rows"}


def write_refused(target: BinaryIO, sheet: Sheet, refused: Mapping[int, Sequence[Problem]], language: str = "zh-hans") -> int:
    """Write the refused rows of a sheet in their original columns.

    A problem belongs to the column that its place names by title or letter; one without a column marks the row's reasons only.

    Args:
        target: an open file, or a buffer.
        refused: row of the sheet → what is wrong with it.

    Returns:
        How many rows were written.
    """
    book = xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True}
    )
    place = 1 if language == "en" else 0
    paper = book.add_worksheet(_SHEET.get(language, _SHEET["zh-hans"]))
    head = book.add_format(
        {"bold": True, "bg_color": "#eef2f6", "border": 1, "border_color": "#c9d3dc", "text_wrap": True, "valign": "top"}
    )
    told = book.add_format({"font_color": "#b42318", "text_wrap": True, "valign": "top"})
    wrong = book.add_format({"bg_color": "#fde2df", "font_color": "#b42318", "border": 1, "border_color": "#b42318", "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    titles = [column.title for column in sheet.columns]
    for at, title in enumerate([*titles, ROW[place], REASONS[place]]):
        paper.write_string(0, at, title, head)
        paper.set_column(at, at, _WIDTH if at > len(titles) else max(10, min(36, 2 * len(title))), None)
    line = 1
    if any(column.unit and column.unit not in column.title for column in sheet.columns):
        for at, column in enumerate(sheet.columns):
            paper.write_string(line, at, column.unit if column.unit not in column.title else "", head)
        line += 1
    paper.freeze_panes(line, 0)
    written, comments = 0, 0
    for row, cells in _rows(sheet, refused):
        reasons = refused[row]
        marked = _by_column(sheet, reasons, language)
        for at, cell in enumerate(cells):
            if at in marked:
                paper.write_string(line, at, cell, wrong)
                if comments < MOST_COMMENTS:
                    paper.write_comment(line, at, marked[at], {"x_scale": 2})
                    comments += 1
            elif cell:
                paper.write_string(line, at, cell, plain)
        paper.write_number(line, len(titles), row)
        paper.write_string(line, len(titles) + 1, "\n".join(_sentence(problem, language) for problem in reasons)[:32_000], told)
        line += 1
        written += 1
    book.close()
    return written


def _rows(sheet: Sheet, refused: Mapping[int, Sequence[Problem]]) -> list[tuple[int, list[str]]]:
    kept = sheet.cells.with_columns(sheet.row.alias("row")).filter(sheet.row.is_in(list(refused)))
    names = [f"c{column.index}" for column in sheet.columns]
    return [(row, [cell or "" for cell in cells]) for row, *cells in kept.select("row", *names).iter_rows()]


def column_of(sheet: Sheet, problem: Problem) -> int | None:
    """Position among the sheet's columns of the one a problem names by title or letter; None when it names none."""
    named = problem.place.column if problem.place else ""
    for at, column in enumerate(sheet.columns):
        if named and named in (column.title, column.letter):
            return at
    return None


def _by_column(sheet: Sheet, problems: Sequence[Problem], language: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for problem in problems:
        at = column_of(sheet, problem)
        if at is not None:
            text = Problem(problem.code, problem.values).text(language)
            found[at] = f"{found[at]}\n{text}" if at in found else text
    return found


def _sentence(problem: Problem, language: str) -> str:
    column = problem.place.column if problem.place else ""
    text = Problem(problem.code, problem.values).text(language)
    return f"{column}: {text}" if column and language == "en" else f"{column}：{text}" if column else text
