"""Lines that a page break or a fixed width cut in two become one paragraph again."""

from __future__ import annotations

from collections.abc import Iterable

from bilan.plans.reader.debris import is_page_mark
from bilan.plans.reader.headings import begins_anew, entry, heading
from bilan.plans.reader.lines import Line, Paragraph

CLOSED = "。！？；：.!?;:"
QUOTES = "”’」』）》)】〕"
OPEN = "，、,（(《“—-"
SENTENCE = 30
"""A line of at least this many characters without a full stop is a sentence cut short; a shorter one may be a label …"""
CLAUSES = 15
"""… unless it is at least this long and has a comma or a full stop inside [characters]."""
LONGEST = 20_000


def join(lines: Iterable[Line]) -> list[Paragraph]:
    """Put lines together to paragraphs; blank lines and page numbers between two halves of a sentence are passed over."""
    kept = list(lines)
    width = usual_width([line.text.strip() for line in kept])
    paragraphs: list[Paragraph] = []
    gap = trace = False
    for line in kept:
        text = line.text.strip()
        if not text or (is_page_mark(text) and not line.whole):
            gap, trace = True, trace or bool(line.trace and not text)
            continue
        last = paragraphs[-1] if paragraphs else None
        if last is not None and _goes_on(last, line, text, width, gap):
            _append(last, text, line.number)
        else:
            paragraphs.append(
                Paragraph(text, [(0, line.number)], line.page, line.level, line.trace or trace, gap, line.box, line.contents, line.cell)
            )
        if line.whole:
            paragraphs[-1].text += "\n"
        gap = trace = False
    for paragraph in paragraphs:
        paragraph.text = paragraph.text.rstrip()
    return paragraphs


def usual_width(texts: list[str]) -> int | None:
    """Length of the lines of a text that is broken at a fixed width [characters]; nothing for a text of one paragraph a line."""
    lengths = sorted(len(text) for text in texts if text)
    if len(lengths) < 8:
        return None
    widest = lengths[int(len(lengths) * 0.9)]
    full = sum(1 for length in lengths if 0.8 * widest <= length <= widest + 4)
    return widest if 12 <= widest <= 80 and full >= 0.4 * len(lengths) else None


def _goes_on(last: Paragraph, line: Line, text: str, width: int | None, gap: bool) -> bool:
    """Whether `line` is the rest of the paragraph before it."""
    before = last.text
    if before.endswith("\n") or line.level is not None or last.level is not None or line.cell or line.box != last.box or line.contents:
        return False
    if last.contents or len(before) > LONGEST or before[-1] in CLOSED or begins_anew(text) or entry(before) is not None:
        return False
    found = heading(before)
    if found is not None and not found.lead:
        return False
    if before[-1] in OPEN:
        return True
    if before[-1] in QUOTES and before.rstrip(QUOTES).endswith(tuple(CLOSED)):
        return False
    if width is not None:
        return _last_line(last) >= 0.8 * width
    cut = len(before) >= SENTENCE or (len(before) >= CLAUSES and any(mark in before for mark in "，。"))
    return cut and not (gap and line.trace)


def _last_line(paragraph: Paragraph) -> int:
    """Length of the paragraph's last source line [characters]."""
    return len(paragraph.text) - paragraph.marks[-1][0]


def _append(paragraph: Paragraph, text: str, number: int) -> None:
    """Add a line to a paragraph, with a space between two words in Latin letters."""
    if paragraph.text[-1].isascii() and paragraph.text[-1].isalpha() and text[0].isascii() and text[0].isalpha():
        paragraph.text += " "
    if paragraph.marks[-1][1] != number:
        paragraph.marks.append((len(paragraph.text), number))
    paragraph.text += text
