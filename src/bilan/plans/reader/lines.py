"""The smallest pieces a source gives: lines of text, and the tables that a source marks as such."""

from __future__ import annotations

from dataclasses import dataclass, field

from bilan.problems import Problem


@dataclass(slots=True)
class Line:
    """One line or one paragraph of a source, cleaned.

    Attributes:
        number: place in the source, from 1: line of a text, paragraph of a Word file, page of a PDF.
        level: of a heading that the source itself marks as one; 0 for the title, nothing for plain text.
        trace: whether something invisible was taken off its beginning, as where a heading got lost.
        cell: whether it begins a cell of a table.
        whole: whether it is a paragraph by itself, never to be joined with the next.
        box: whether it stands in a frame or in a table of one cell.
        contents: whether it is an entry of the table of contents.
    """

    number: int
    text: str
    page: int | None = None
    level: int | None = None
    trace: bool = False
    cell: bool = False
    whole: bool = False
    box: bool = False
    contents: bool = False


@dataclass(slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        covered: whether a cell that began further up reaches into this row.
        column: heading it stands below, counted from 0; nothing when the source does not say.
        whole: whether it covers all columns.
    """

    text: str
    line: int
    covered: bool = False
    column: int | None = None
    whole: bool = False


@dataclass(slots=True)
class Table:
    """A table as the source gives it: rows of cells, the first `heads` of which are column headings (nothing: to be found out)."""

    rows: list[list[Cell]]
    line: int
    page: int | None = None
    heads: int | None = None


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, joined; what is not named here is as of the first line.

    Attributes:
        marks: (offset in `text`, line of the source) wherever the line changes.
        gap: whether a blank line stands before it.
    """

    text: str
    marks: list[tuple[int, int]]
    page: int | None = None
    level: int | None = None
    trace: bool = False
    gap: bool = False
    box: bool = False
    contents: bool = False
    cell: bool = False

    @property
    def line(self) -> int:
        """Line of the source it begins on."""
        return self.marks[0][1]


@dataclass(slots=True)
class Source:
    """What a file gives before its structure is known; `problems` were met on the way and did not stop it."""

    name: str
    items: list[Line | Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
