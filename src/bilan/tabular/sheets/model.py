"""What was found in a file: the sheet, its columns, its rows, and what was cut off."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl

from bilan.problems import Problem
from bilan.tabular.sheets.words import normal

MOST_ROWS = 300_000
"""A sheet has at most so many rows."""
MOST_COLUMNS = 500
"""A sheet has at most so many columns."""
MOST_CELLS = 20_000_000
"""Rows times columns of a sheet, empty ones counted."""
LARGEST = 512 << 20
"""A file is at most this large, unpacked [byte]."""


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells: rows and columns from 0, all ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one sheet as they stand in the file.

    Attributes:
        name: name of the sheet; empty for text.
        cells: one text column each; the first row is row 1 of the sheet.
        left: position of the first column in the sheet, from 0.
        merged: merged cells, by rows of the sheet and columns of `cells`.
        visible: whether the sheet is shown.
        formulas: how many cells are computed by formulas.
        uncomputed: cells whose formula was never computed: row and column from 0.
        exact: whether `merged` is known (it is not for text and old Excel).
    """

    name: str
    cells: pl.DataFrame
    left: int = 0
    merged: tuple[Span, ...] = ()
    visible: bool = True
    formulas: int = 0
    uncomputed: tuple[tuple[int, int], ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a sheet.

    Attributes:
        index: its position among the columns of `Sheet.cells`.
        letter: its letter in the sheet.
        title: what stands above it, two rows joined with ``/``; line breaks as spaces.
        name: the lower row's text without its unit.
        above: the upper row's text; empty for one row.
        unit: unit as written in brackets, behind a slash or in a row of its own; empty when none is.
        required: whether it carries a mark such as ``*``.
    """

    index: int
    letter: str
    title: str
    name: str
    above: str = ""
    unit: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A row that is no data.

    Attributes:
        row: in the sheet, from 1.
        text: what stands in it.
        kind: ``title``, ``note`` (remarks and signatures), ``total``, ``group`` (a title between rows), ``repeated`` (the header once
            more) or ``numbers`` (columns counted below the header).
    """

    row: int
    text: str
    kind: str


@dataclass(frozen=True)
class Sheet:
    """A table found in a file.

    Attributes:
        file: name of the file.
        name: name of the sheet; empty for text.
        chosen: why this sheet was read, as a problem's code and values.
        sheets: names of all sheets with whether each is visible.
        header: first and last row of the header, from 1.
        columns: the columns with a heading or a value.
        row: row of the sheet of each row of `cells`, from 1.
        cells: text or null, columns named ``c0``, ``c1``, … as `Heading.index` counts.
        notes: rows that are no data.
        problems: what a person should know: formulas, cells without a value, rows beyond the header.
    """

    file: str
    name: str
    chosen: Problem
    sheets: tuple[tuple[str, bool], ...]
    header: tuple[int, int]
    columns: tuple[Heading, ...]
    row: pl.Series
    cells: pl.DataFrame
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def height(self) -> int:
        """How many rows of data there are."""
        return self.cells.height

    @property
    def signature(self) -> str:
        """The same for files with the same headings, whatever their order of rows: under it a mapping is remembered."""
        text = "\n".join(normal(column.title) for column in self.columns)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def titles(self) -> list[str]:
        """What stood above the header."""
        return [note.text for note in self.notes if note.kind == "title"]


def letter(index: int) -> str:
    """Letter of a column.

    Examples:
        >>> letter(0), letter(25), letter(26), letter(16383)
        ('A', 'Z', 'AA', 'XFD')
    """
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def position(letters: str) -> int:
    """Position of a column by its letters, from 0.

    Examples:
        >>> position("A"), position("XFD")
        (0, 16383)
    """
    found = 0
    for sign in letters:
        found = found * 26 + ord(sign) - 64
    return found - 1
