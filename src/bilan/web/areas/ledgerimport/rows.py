"""What each row of an import does, kept in the job's folder and read a page at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bilan.problems import Problem
from bilan.registers.importing import Prepared, RowResult
from bilan.tabular.sheets import Heading, Sheet
from bilan.tabular.sheets.refused import column_of
from bilan.tabular.sheets.targets import PLACE

FILE = "rows.parquet"
SIZE = 50
_SCHEMA = {"row": pl.Int64, "outcome": pl.String, "code": pl.String, "name": pl.String, "detail": pl.String}


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of an import.

    Attributes:
        total: how many rows have the outcome that is looked at.
    """

    rows: list[dict[str, Any]]
    number: int
    pages: int
    total: int


def keep(folder: Path, made: Prepared, results: Sequence[RowResult], unreadable: Collection[str]) -> None:
    """Keep the results of all rows; values before and after of fields that may not be read are left out."""
    sheet = made.sheet
    spots = [made.mapping.by_target[name].column for name in PLACE if name in made.mapping.by_target]
    texts = _refused_cells(sheet, {result.row for result in results if result.outcome == "refused"})
    frame = pl.DataFrame(
        {
            "row": [result.row for result in results],
            "outcome": [result.outcome for result in results],
            "code": [result.code for result in results],
            "name": [result.name for result in results],
            "detail": [_detail(result, sheet, spots, texts.get(result.row, ()), unreadable) for result in results],
        },
        schema=_SCHEMA,
    )
    fresh = folder / f"{FILE}.new"
    frame.write_parquet(fresh)
    fresh.replace(folder / FILE)


def _refused_cells(sheet: Sheet, rows: Collection[int]) -> dict[int, list[str | None]]:
    if not rows:
        return {}
    kept = sheet.cells.with_columns(sheet.row.alias("row")).filter(sheet.row.is_in(list(rows)))
    return {row: list(cells) for row, *cells in kept.select("row", *sheet.cells.columns).iter_rows()}


def _detail(result: RowResult, sheet: Sheet, spots: Sequence[Heading], texts: Sequence[str | None], unreadable: Collection[str]) -> str:
    if not (result.differences or result.problems or result.notes):
        return ""
    detail: dict[str, Any] = {}
    if result.differences:
        detail["differences"] = {name: None if name in unreadable else list(pair) for name, pair in result.differences.items()}
    if result.notes:
        detail["notes"] = [note.as_dict() for note in result.notes]
    if result.problems:
        shown: set[str] = set()
        detail["problems"] = [{**problem.as_dict(), "cells": _cells(problem, sheet, spots, texts, shown)} for problem in result.problems]
    return json.dumps(detail, ensure_ascii=False, default=str)


def _cells(problem: Problem, sheet: Sheet, spots: Sequence[Heading], texts: Sequence[str | None], shown: set[str]) -> list[dict[str, str]]:
    """The cells in which a problem can be put right, each under the first problem that it has; a place may stand in several."""
    at = column_of(sheet, problem)
    columns = spots if problem.code.startswith("place.") else [sheet.columns[at]] if at is not None else []
    found = []
    for column in columns:
        if column.letter not in shown:
            shown.add(column.letter)
            found.append({"letter": column.letter, "title": column.title, "text": texts[column.index] or ""})
    return found


def page(folder: Path, outcome: str, number: int) -> Page:
    """One page of the rows with an outcome; of all rows when it is empty."""
    path = folder / FILE
    if not path.is_file():
        return Page([], 1, 1, 0)
    frame = pl.read_parquet(path)
    if outcome:
        frame = frame.filter(pl.col("outcome") == outcome)
    pages = max(1, -(-frame.height // SIZE))
    at = min(max(1, number), pages)
    rows = frame.slice((at - 1) * SIZE, SIZE).to_dicts()
    return Page([{**row, "detail": json.loads(row["detail"]) if row["detail"] else {}} for row in rows], at, pages, frame.height)


def refused(folder: Path) -> dict[int, list[Problem]]:
    """Row → why it is refused."""
    path = folder / FILE
    if not path.is_file():
        return {}
    frame = pl.read_parquet(path).filter(pl.col("outcome") == "refused")
    return {
        row: [
            Problem.from_dict({"code": entry["code"], "values": entry["values"], "place": entry["place"]})
            for entry in json.loads(detail)["problems"]
        ]
        for row, detail in frame.select("row", "detail").iter_rows()
        if detail
    }
