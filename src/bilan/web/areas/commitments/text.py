"""The text of a plan as HTML, in which every commitment is marked.

What stands between the tags is the text of the blocks to the letter, so that a place in the page is a place in the block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from bilan.plans.reader.model import JOINT

Span = tuple[int, int, int, str]
"""Begin, end, number and state of a commitment within its block."""
DEEPEST = 4


def html(blocks: Sequence[dict[str, Any]], spans: Iterable[tuple[int, int, int, int, str]]) -> SafeString:
    """All blocks of a document.

    Parameters:
        spans: block, begin, end, number and state of each commitment.
    """
    by_block: defaultdict[int, list[Span]] = defaultdict(list)
    for place, begin, finish, number, state in spans:
        by_block[place].append((begin, finish, number, state))
    page, parts = None, []
    for at, block in enumerate(blocks):
        turned = block.get("page") if block.get("page") != page else None
        page = block.get("page")
        parts.append(_block(at, block, by_block.get(at, []), turned))
    return mark_safe("\n".join(parts))  # every text in it is escaped by `marked`


def sections(blocks: Sequence[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """Headings of a document: block, level and text."""
    return [(at, block.get("level", 0), block["text"]) for at, block in enumerate(blocks) if block["kind"] == "heading"]


def marked(text: str, spans: Sequence[Span], offset: int = 0) -> str:
    """Text in which the spans are marked; where they overlap, a mark names all of them.

    Parameters:
        offset: of the text within its block.

    Examples:
        >>> marked("达到80%。", [(2, 5, 7, "open")])
        '达到<mark class="open" data-c="7" data-n="7">80%</mark>。'
    """
    cut = [(max(0, begin - offset), min(len(text), finish - offset), number, state) for begin, finish, number, state in spans]
    cut = [span for span in cut if span[0] < span[1]]
    if not cut:
        return escape(text)
    begins = {number: begin - offset for begin, _finish, number, _state in spans}
    bounds = sorted({0, len(text), *(span[0] for span in cut), *(span[1] for span in cut)})
    return "".join(
        _piece(text[start:stop], start, [span for span in cut if span[0] <= start and stop <= span[1]], begins)
        for start, stop in pairwise(bounds)
    )


def _piece(text: str, start: int, over: Sequence[Span], begins: Mapping[int, int]) -> str:
    if not over:
        return escape(text)
    numbers = [number for _begin, _finish, number, _state in over]
    first = [number for number in numbers if begins[number] == start]
    label = f' data-n="{_together(first)}"' if first else ""
    return f'<mark class="{_state(over)}" data-c="{" ".join(map(str, numbers))}"{label}>{escape(text)}</mark>'


def _state(over: Sequence[Span]) -> str:
    states = {state for *_place, state in over}
    if "open" in states:
        return "open"
    return "rejected" if states == {"rejected"} else "done"


def _together(numbers: Sequence[int]) -> str:
    """Numbers as a label: the first and the last when they follow each other.

    Examples:
        >>> _together([3]), _together([3, 4, 5]), _together([3, 9])
        ('3', '3–5', '3, 9')
    """
    if len(numbers) > 1 and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))


def _block(at: int, block: dict[str, Any], spans: Sequence[Span], turned: int | None) -> str:
    kind, text = block["kind"], block["text"]
    attributes = f'class="b {kind}" id="b{at}" data-block="{at}"' + (f' data-page="{turned}"' if turned else "")
    if kind == "heading":
        level = min(max(block.get("level", 1), 1), DEEPEST) + 2
        return f"<h{level} {attributes}>{marked(text, spans)}</h{level}>"
    if kind == "row":
        return f"<div {attributes}>{_cells(text, spans)}</div>"
    return f"<p {attributes}>{marked(text, spans)}</p>"


def _cells(text: str, spans: Sequence[Span]) -> str:
    """Cells of a row; the joints between them stay in the text, unseen."""
    parts, offset = [], 0
    for number, cell in enumerate(text.split(JOINT)):
        if number:
            parts.append(f'<span class="joint">{JOINT}</span>')
            offset += len(JOINT)
        parts.append(f'<span class="cell">{marked(cell, spans, offset)}</span>')
        offset += len(cell)
    return "".join(parts)
