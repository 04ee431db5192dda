"""What an outline of a report consists of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bilan.pack.registers.words import SILENT, Bilingual


class PeriodKind(StrEnum):
    """What one issue of a report is about."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Span(StrEnum):
    """Which days the numbers are taken from."""

    PERIOD = "period"
    """Those of the period itself."""
    TO_DATE = "to-date"
    """From the first of January to the end of the period."""


class Style(StrEnum):
    """How the paper looks."""

    REPORT = "report"
    """A title, then chapters."""
    BULLETIN = "bulletin"
    """A red head with the number of the issue."""
    LETTER = "letter"
    """A red head, whom it is sent to, a signature."""


class BlockKind(StrEnum):
    """What a block of a chapter is."""

    TEXT = "text"
    TABLE = "table"
    CHART = "chart"


class Each(StrEnum):
    """Whom a report can be written once for."""

    DEPARTMENTS = "departments"
    DISTRICTS = "districts"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, table or chart.

    Attributes:
        name: of a table or a chart, its name in ``pieces.csv``.
        text: of a paragraph, with numbers in braces; of a table or a chart, its caption.
        when: key of a number that must have a value, or the block is left out.
        most: rows of a table at most; 0 for all of them.
        line: where it stands in its file.
    """

    kind: BlockKind
    text: Bilingual = SILENT
    name: str = ""
    when: str = ""
    most: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with what stands under it."""

    title: Bilingual
    blocks: tuple[Block, ...] = ()
    parts: tuple[Chapter, ...] = ()

    def every(self) -> Iterator[Block]:
        """Its blocks and those of its parts, in order."""
        yield from self.blocks
        for part in self.parts:
            yield from part.every()


@dataclass(frozen=True, slots=True)
class Outline:
    """A report as its file declares it.

    Attributes:
        period: what one issue is about; `span`: which days its numbers come from.
        heading: what stands at the top of the paper; the title when silent.
        addressed: whom a letter is sent to.
        each: whom one paper each is written for; empty for one that tells of all.
        signatures: who signs, side by side at the end: lines of text for each.
        sources: whether a table at the end says where each number comes from.
        laws: what calls for it; `confidence`: how well that is verified; `serves`: rows of the coverage table.
        paper: path of the city's own Word file that it is written on; empty for none.
        source, line: file and line; `text`: the file as it stands.
    """

    name: str
    title: Bilingual
    about: Bilingual
    period: PeriodKind
    span: Span
    style: Style
    chapters: tuple[Chapter, ...]
    heading: Bilingual = SILENT
    addressed: Bilingual = SILENT
    each: tuple[Each, ...] = ()
    signatures: tuple[tuple[Bilingual, ...], ...] = ()
    sources: bool = True
    laws: str = ""
    confidence: str = "convention"
    serves: tuple[str, ...] = ()
    paper: str = ""
    source: str = ""
    line: int = 1
    text: str = ""

    def blocks(self) -> Iterator[Block]:
        """All its blocks in order."""
        for chapter in self.chapters:
            yield from chapter.every()
