"""From paragraphs and tables to the blocks of a document, each with the section it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bilan.plans.reader import contents
from bilan.plans.reader.contents import PLAIN_HEADS, Contents, squeeze
from bilan.plans.reader.grids import Grid
from bilan.plans.reader.headings import CONTENTS, NEXT_NOTE, NOTE, Heading, Rank, heading
from bilan.plans.reader.lines import Paragraph
from bilan.plans.reader.model import JOINT, Block, BlockKind, Document
from bilan.plans.reader.outline import LEVELS, Outline
from bilan.plans.reader.period import base_year, period
from bilan.problems import Problem

TITLE = re.compile(r"(?:规划|方案|计划|意见|纲要|报告|通知|办法|实施细则|决定|措施|要点|清单)(?:[（(][^）)]{1,30}[）)])?$")
COVER = 12
"""Items at the head of a document among which its title is looked for."""
SHORT = 40
GROUP_LEVEL = 7


def assemble(name: str, items: Sequence[Paragraph | Grid], problems: Sequence[Problem] = ()) -> Document:
    """Give paragraphs and tables their kind and their section."""
    listed = list(items)
    listing = contents.find(listed)
    found = _title(listed, listing)
    walk = _Walk(found, listing, contents.restore(listed, listing) if listing.entries else {}, Outline(_restarts(listed, listing)))
    for place, item in enumerate(listed):
        walk.take(place, item)
    lost = [Problem("plan.headings_lost", {"value": walk.restored})] if walk.restored else []
    begin, finish = period(found, walk.blocks)
    return Document(found or name, tuple(walk.blocks), (*problems, *lost), begin, finish, base_year(walk.blocks))


def _title(items: list[Paragraph | Grid], listing: Contents) -> str:
    """The document's title: the heading that the source marks as the first, or the first lines that end like one."""
    lines: list[str] = []
    for item in items[:COVER]:
        if not isinstance(item, Paragraph) or len(item.text) > 3 * SHORT:
            break
        if item.level is not None and item.level <= 2 and heading(item.text) is None:
            return squeeze(item.text)
        lines.append(item.text)
    for index, text in enumerate(lines):
        if TITLE.search(text) and heading(text) is None and not CONTENTS.match(text):
            before = lines[index - 1] if index else ""
            joined = before and len(before) <= SHORT and re.search(r"[市省县区州盟国]", before) and not re.search(r"[市省县区州盟国]", text)
            return squeeze(before + text if joined else text)
    return ""


def _restarts(items: list[Paragraph | Grid], listing: Contents) -> bool:
    """Whether the articles begin with one again further down."""
    seen: set[int] = set()
    for item in items[listing.end :]:
        found = heading(item.text) if isinstance(item, Paragraph) else None
        if found is not None and found.rank is Rank.ARTICLE:
            if found.value in seen:
                return True
            seen.add(found.value)
    return False


@dataclass(slots=True)
class _Walk:
    """The way through a document from its first item to its last."""

    title: str
    listing: Contents
    lost: dict[int, list[Heading]]
    outline: Outline
    blocks: list[Block] = field(default_factory=list)
    restored: int = 0
    noting: bool = False
    frame: str = ""
    article: int = 0

    def take(self, place: int, item: Paragraph | Grid) -> None:
        """Go on by one item."""
        for heading_ in self.lost.get(place, ()):
            self.outline.enter(heading_)
            self.restored += 1
        if isinstance(item, Grid):
            self._grid(item)
        elif self.listing.begin <= place < self.listing.end:
            self._put(BlockKind.NOTE, item, section="目录")
        elif place < self.listing.begin and squeeze(item.text) != self.title:
            self._put(BlockKind.NOTE, item)
        else:
            self._paragraph(item)

    def _paragraph(self, item: Paragraph) -> None:
        """Take a paragraph or a heading."""
        found = self._heading(item)
        if found is not None and not (found.lead and self._stays_in_box(found)):
            self._enter(found, item)
            if not found.lead:
                self._put(BlockKind.HEADING, item, level=LEVELS[found.rank])
                return
        if squeeze(item.text) == self.title:
            self._put(BlockKind.HEADING, item, level=1)
            return
        self._leave(item)
        self.noting = bool(NOTE.match(item.text)) or (self.noting and bool(NEXT_NOTE.match(item.text)) and not item.gap)
        below_caption = self.outline.within(Rank.TABLE)
        kind = BlockKind.NOTE if self.noting or below_caption else BlockKind.BOX if self._in_box(item) else BlockKind.PARAGRAPH
        self._put(kind, item)

    def _heading(self, item: Paragraph) -> Heading | None:
        """The heading an item is or opens with."""
        found = heading(item.text)
        if found is not None:
            return found
        known = item.level is not None or squeeze(item.text) in PLAIN_HEADS
        if known and len(item.text) <= 2 * SHORT and squeeze(item.text) != self.title:
            return Heading(Rank.PLAIN, "", 0, squeeze(item.text))
        return None

    def _stays_in_box(self, found: Heading) -> bool:
        """Whether a numbered item belongs to the box that is open and is no new article."""
        return self.outline.within(Rank.BOX) and found.rank is Rank.ARTICLE and found.value != self.article + 1

    def _enter(self, found: Heading, item: Paragraph) -> None:
        """Go below a heading."""
        if found.rank is Rank.ARTICLE:
            self.article = found.value
        self.frame = "frame" if item.box else ""
        self.outline.enter(found, item.level or 0)

    def _leave(self, item: Paragraph) -> None:
        """End a table at the first text that is no note to it, and a box where its frame ends."""
        if self.outline.within(Rank.TABLE) and self._ends_table(item):
            self.outline.leave(Rank.TABLE)
        if self.outline.within(Rank.BOX) and self._ends_box(item):
            self.outline.leave(Rank.BOX)
            self.frame = ""
        self.frame = "frame" if item.box else "cell" if item.cell else self.frame

    def _ends_table(self, item: Paragraph) -> bool:
        """Whether a paragraph is neither a note to the table above it nor one of the few words between caption and table."""
        if self.noting:
            return not NEXT_NOTE.match(item.text)
        return not NOTE.match(item.text) and len(item.text) > SHORT // 2

    def _ends_box(self, item: Paragraph) -> bool:
        """Whether a paragraph stands outside the frame, or behind the cell, that the box is made of."""
        if self.frame == "frame":
            return not item.box
        return self.frame == "cell" and (item.trace or (item.gap and not item.cell))

    def _in_box(self, item: Paragraph) -> bool:
        """Whether a paragraph stands in a box."""
        return item.box or self.outline.within(Rank.BOX)

    def _grid(self, table: Grid) -> None:
        """Take a table: its headings, then its rows, with a heading where a group of rows begins."""
        line = Paragraph(JOINT.join(table.heads), [(0, table.head_line)])
        self._put(BlockKind.HEADING, line, level=GROUP_LEVEL)
        titles = self.outline.titles()
        for row in table.rows:
            if row.begins and row.group:
                self._put(BlockKind.HEADING, Paragraph(row.group, [(0, row.group_line)]), level=GROUP_LEVEL)
            above = (*titles, row.group) if row.group else titles
            self.blocks.append(
                Block(len(self.blocks), BlockKind.ROW, row.text, row.line, 0, None, self.outline.name(), above, row.cells, tuple(row.marks))
            )
        self.noting = False

    def _put(self, kind: BlockKind, item: Paragraph, *, level: int = 0, section: str | None = None) -> None:
        """Add a block."""
        name = self.outline.name() if section is None else section
        marks = tuple(item.marks)
        self.blocks.append(Block(len(self.blocks), kind, item.text, item.line, level, item.page, name, self.outline.titles(), {}, marks))
