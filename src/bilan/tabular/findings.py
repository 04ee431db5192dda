"""Problems found cell by cell, counted in full and listed up to a bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from bilan.problems import Place, Problem


class Findings:
    """Collects problems of one file.

    Attributes:
        problems: the first `bound` problems.
        count: how many there are altogether.
    """

    def __init__(self, file: str, bound: int) -> None:
        self.file = file
        self.bound = bound
        self.problems: list[Problem] = []
        self.count = 0

    def add(self, code: str, values: Mapping[str, Any], row: int | None = None, column: str = "") -> None:
        """Note one problem."""
        self.count += 1
        if len(self.problems) < self.bound:
            self.problems.append(Problem(code, dict(values), Place(self.file, row, column)))

    def add_cells(self, cells: pl.DataFrame, column: str, **values: Any) -> None:
        """Note every row of `cells` (row, text, trouble) whose trouble is not null."""
        troubled = cells.filter(pl.col("trouble").is_not_null())
        listed = troubled.head(max(0, self.bound - len(self.problems)))
        for row, text, trouble in listed.select(
            "row", pl.col("text").cast(pl.String, strict=False).str.slice(0, 100), "trouble"
        ).iter_rows():
            self.problems.append(Problem(trouble, {"value": text, **values}, Place(self.file, row, column)))
        self.count += troubled.height
