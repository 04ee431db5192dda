"""From the blocks of a document to its commitments."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace

from bilan.plans.commitments import goals, kinds, tables
from bilan.plans.commitments.assemble import drafts
from bilan.plans.commitments.building import build
from bilan.plans.commitments.dates import Date, Use, dates, plans
from bilan.plans.commitments.distribution import hand_out
from bilan.plans.commitments.due import AIM_HEADING, NONE, Due, governing, lead
from bilan.plans.commitments.leftout import kept, titles
from bilan.plans.commitments.model import Read
from bilan.plans.commitments.phrases import bare_measure, measure, strip_lead
from bilan.plans.commitments.place import Place
from bilan.plans.commitments.quantities import Quantity, quantities
from bilan.plans.commitments.rows import Draft
from bilan.plans.commitments.text import Text, brackets, clauses, even, mask, sentences
from bilan.plans.reader import Block, BlockKind, Document

CONTENTS = "目录"
AIMS = re.compile(r"目标[：:。]?$|目标(?:如下|是)")
OTHERS = ("地区", "区域", "城市", "县城", "乡镇", "农村", "城镇", "企业", "园区", "机关")
MOST = 60
NOTHING = Quantity(0, 0, 0, 0, 0, 0.0, "", "")
STEM = re.compile(r"^——")


@dataclass(slots=True)
class Reading:
    """State of the reading of one document: what was announced above holds for what follows."""

    document: Document
    announced: Due = NONE
    remarks: set[str] = field(default_factory=set)
    found: list[Read] = field(default_factory=list)

    def run(self) -> list[Read]:
        """All commitments in the order of the text."""
        if not any(block.kind is BlockKind.HEADING for block in self.document.blocks):
            self.announced = announced(self.document.title, self.document)
        for block in self.document.blocks:
            if block.kind is BlockKind.HEADING:
                self.announced = announced(block.text, self.document)
            elif block.kind is BlockKind.ROW:
                self.found += tables.row(block, self.document, self.remarks)
            elif block.kind in (BlockKind.PARAGRAPH, BlockKind.BOX) and block.section != CONTENTS:
                self.found += Paragraph(self, block).read()
        return self.found


def announced(heading: str, document: Document) -> Due:
    """The deadline that a heading of aims announces: that of the five-year plan it names, else the end of the plan."""
    if not AIM_HEADING.search(heading):
        return NONE
    era = next((date for date in plans(heading, document.finish) if date.year), None)
    if era is not None:
        return Due(era.deadline, heading, True, era.year)
    return Due(str(document.finish), heading, True, document.finish) if document.finish else NONE


@dataclass(slots=True)
class Paragraph:
    """Reads one paragraph: sentence by sentence, the deadline of its first words holding on."""

    reading: Reading
    block: Block
    text: Text = field(init=False)
    plain: str = field(init=False)
    open: str = field(init=False)
    blotted: str = field(init=False)
    closed: str = field(init=False)
    inner: list[tuple[int, int]] = field(init=False)
    days: list[Date] = field(init=False)
    inside: list[Date] = field(init=False)
    status: str = field(init=False)
    held: Due = NONE
    part: Due = NONE
    last: Draft | None = None

    def __post_init__(self) -> None:
        document = self.reading.document
        self.text = even(self.block.text)
        self.plain = self.text.plain
        self.open = mask(self.plain, titles(self.plain))
        found = dates(self.plain, self.open, document.finish, document.begin)
        self.inner = brackets(self.plain, "（")
        self.blotted = mask(self.open, [(date.begin, date.end) for date in found])
        self.closed = mask(self.blotted, self.inner)
        self.days = [date for date in found if not _inside(date.begin, self.inner)]
        self.inside = [date for date in found if _inside(date.begin, self.inner)]
        self.status = kinds.status((*self.block.headings, document.title))

    def read(self) -> list[Read]:
        """The commitments of the paragraph."""
        found: list[Read] = []
        for number, (begin, end) in enumerate(sentences(self.plain)):
            self.last = replace(self.last, verb="", role="") if self.last is not None and self.last.quantity is not NOTHING else None
            if number and self.plain[begin - 1] != "；":
                self.part = NONE
                self.last = None
            days = self._days(begin, end)
            opening = lead(days, self.plain, begin)
            if opening and (number == 0 or self.held is not NONE) and not kinds.status_only(self.status):
                self.held = Due(opening.deadline, self.text.words(opening.begin, opening.end), True, opening.year)
            found += self._sentence(number, begin, end, days)
            due = [date for date in days if date.use is Use.DUE]
            if due:
                self.part = Due(due[-1].deadline, self.text.words(due[-1].begin, due[-1].end), True, due[-1].year)
        self._announce()
        return found

    def _days(self, begin: int, end: int) -> list[Date]:
        first = bisect_left(self.days, begin, key=lambda date: date.begin)
        return self.days[first : bisect_left(self.days, end, key=lambda date: date.begin)]

    def _announce(self) -> None:
        if not AIMS.search(self.plain):
            return
        coming = [date for date in self.days if date.use is Use.DUE]
        if coming:
            date = coming[-1]
            self.reading.announced = Due(date.deadline, self.text.words(date.begin, date.end), True, date.year)

    def _sentence(self, number: int, begin: int, end: int, days: list[Date]) -> list[Read]:
        place = Place(self.reading.document, self.block, self.text, begin, end, self.status, days)
        found = [quantity.moved(begin) for quantity in quantities(self.closed[begin:end])]
        rows: list[Read] = []
        for span in clauses(self.plain, begin, end):
            mine = self._mine(found, span)
            made = hand_out(self.plain, span, drafts(self.plain, self.blotted, span, mine)) if mine else []
            self._inherit(made, "其中" in self.plain[span[0] : span[0] + 3])
            if not made:
                self._topic(span)
            rows += [build(place, draft, self._due(days, draft.quantity.begin, end), span) for draft in _dated(made, days)]
            rows += self._bracketed(place, span)
            if number == 0 and STEM.match(self.plain):
                continue
            rows += goals.read(place, span, made, self._due(days, span[1] - 1, end))
        return rows

    def _mine(self, found: list[Quantity], span: tuple[int, int]) -> list[Quantity]:
        """The numbers of one clause; a clause with more than anybody would say is no sentence."""
        first = bisect_left(found, span[0], key=lambda one: one.begin)
        mine = found[first : bisect_left(found, span[1], key=lambda one: one.begin)]
        return kept(self.plain, mine, span) if len(mine) <= MOST else []

    def _due(self, days: list[Date], place: int, end: int) -> Due:
        date = governing(days, place, self.plain, end)
        if date and date.use is Use.START:
            return Due("", self.text.words(date.begin, date.end), False, 0, date.note)
        if date:
            return Due(date.deadline, self.text.words(date.begin, date.end), False, date.year, date.note)
        for due in (self.part, self.held, self.reading.announced):
            if due is not NONE:
                return due
        return NONE

    def _inherit(self, made: list[Draft], inside: bool) -> None:
        for draft in made:
            before = self.last
            if (
                before is not None
                and (draft.shape == "after" or before.quantity is not NOTHING)
                and not draft.verb
                and not draft.reached
                and before.role == "build"
            ):
                draft.verb, draft.role = before.verb, before.role
            if before is not None and draft.shape == "after":
                self._take_over(draft, before, inside)
                if not draft.subject and bare_measure(draft.metric):
                    draft.subject = before.subject
            if draft.shape != "threshold":
                self.last = draft

    def _take_over(self, draft: Draft, before: Draft, inside: bool) -> None:
        """Say again what the clause leaves unsaid: PM2.5浓度低于35，力争达到30；处理率达到98%，其中县城达到95%."""
        if not draft.measured:
            said = before.measured or before.metric
            draft.subject = draft.subject or before.subject
            draft.metric = said + draft.metric if draft.change or not draft.metric else draft.metric
            draft.measured = said
        elif draft.loose and measure(before.measured) and (inside or draft.measured.endswith(OTHERS)):
            draft.subject, draft.metric = draft.measured, before.measured
            draft.measured = before.measured

    def _topic(self, span: tuple[int, int]) -> None:
        """A clause without a number can name what the next clause measures: 建设海堤，长度2公里."""
        phrase = strip_lead(self.plain, *span, self.blotted)
        if phrase.noun and phrase.role == "build":
            self.last = Draft(NOTHING, subject=phrase.noun, verb=phrase.verb, role=phrase.role)

    def _bracketed(self, place: Place, span: tuple[int, int]) -> list[Read]:
        rows: list[Read] = []
        start_at, stop_at = (bisect_left(self.inner, (edge, 0)) for edge in span)
        for first, last in self.inner[start_at:stop_at]:
            if not any(glyph.isdigit() for glyph in self.plain[first:last]):
                continue
            inner = [quantity.moved(first + 1) for quantity in quantities(self.blotted[first + 1 : last - 1])]
            for start, stop in clauses(self.plain[first + 1 : last - 1], 0, last - first - 2):
                piece = (start + first + 1, stop + first + 1)
                mine = self._mine(inner, piece)
                for draft in drafts(self.plain, self.blotted, piece, mine):
                    draft.bracketed = True
                    outer = strip_lead(self.plain, *span, self.blotted)
                    if outer.role in ("encourage", "act") and not draft.verb:
                        draft.verb, draft.role = outer.verb, outer.role
                    if not draft.subject:
                        draft.subject = re.split(r"[，。；、和及]", self.plain[span[0] : first])[-1]
                    own = [date for date in self.inside if first < date.begin < last and date.use is Use.DUE]
                    rows.append(build(place, draft, self._due(own or place.days, draft.quantity.begin, span[1]), span))
        return rows


def _inside(place: int, stretches: list[tuple[int, int]]) -> bool:
    """Whether a place lies within one of the stretches, which stand in order."""
    before = bisect_left(stretches, (place, 0)) - 1
    return before >= 0 and stretches[before][0] < place < stretches[before][1]


def _dated(made: list[Draft], days: list[Date]) -> list[Draft]:
    """Numbers handed out to dates: 2018年、2019年上半年分别居第七名、第四名."""
    due = [date for date in days if date.use is Use.DUE]
    if len(due) == len(made) >= 2 and all(date.end <= made[0].quantity.begin for date in due) and made[1].listed:
        for draft, date in zip(made, due, strict=True):
            draft.notes.append(f"year:{date.deadline}")
    return made
