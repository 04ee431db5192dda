"""The table of contents, and headings that the text lost but the table of contents still names."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from bilan.plans.reader.grids import Grid
from bilan.plans.reader.headings import CONTENTS, Heading, Rank, entry, heading
from bilan.plans.reader.lines import Paragraph

TRACE = 1.2
"""Credit of a place where something invisible was taken off: more than all likeness of words, which is 1 at most."""
TRACE_SHARE = 0.2
"""Share of paragraphs with a trace above which a trace says nothing: it is then how the document indents."""
BEFORE_NEXT = 0.25
"""Credit of the place right before the next heading, for a lost chapter whose first section still has its heading."""
HEAD = 80
"""Characters of a paragraph in which the words of a lost heading are looked for; longer ones are no heading themselves."""
MOST_PLACES = 300_000
"""Pairs of missing headings and places between two headings up to which the best places are looked for."""
PLAIN_HEADS = frozenset({"前言", "引言", "序言", "总则", "附则", "结语"})


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the table of contents stands (first item, one behind the last) and what it lists."""

    begin: int
    end: int
    entries: tuple[Heading, ...]


def squeeze(text: str) -> str:
    """Text without any white space."""
    return "".join(text.split())


def find(items: list[Paragraph | Grid]) -> Contents:
    """Find the table of contents near the head of a document."""
    for place, item in enumerate(items):
        if isinstance(item, Paragraph) and (CONTENTS.match(item.text) or item.contents or _entries_from(items, place) >= 3):
            return _collect(items, place)
    return Contents(0, 0, ())


def _entries_from(items: list[Paragraph | Grid], place: int) -> int:
    """How many of the next three items look like entries with a page number and a numbered heading."""
    near = items[place : place + 3]
    return sum(1 for item in near if isinstance(item, Paragraph) and (words := entry(item.text)) and heading(words))


def _collect(items: list[Paragraph | Grid], place: int) -> Contents:
    """Take entries from `place` on until something is none."""
    entries: list[Heading] = []
    first = items[place]
    at = place + 1 if isinstance(first, Paragraph) and CONTENTS.match(first.text) else place
    paged = False
    while at < len(items):
        item = items[at]
        if not isinstance(item, Paragraph):
            break
        found = entry(item.text)
        paged = paged or found is not None
        text = found or item.text
        known = heading(text)
        if found is None and not item.contents and (paged or known is None or known.lead):
            break
        named = known or Heading(Rank.PLAIN, "", 0, text)
        if found is None and entries and squeeze(named.text) == squeeze(entries[0].text):
            break
        entries.append(named)
        at += 1
    return Contents(place, at, tuple(entries))


def restore(items: list[Paragraph | Grid], contents: Contents) -> dict[int, list[Heading]]:
    """Say before which items headings are missing: item → the headings that the table of contents has for that place."""
    anchors = _anchors(items, contents)
    traced = sum(1 for item in items if isinstance(item, Paragraph) and item.trace)
    trusted = traced <= TRACE_SHARE * len(items)
    lost: dict[int, list[Heading]] = {}
    bounds = [(-1, contents.end - 1), *anchors, (len(contents.entries), len(items))]
    for (before, begin), (after, end) in pairwise(bounds):
        missing = [listed for listed in contents.entries[before + 1 : after] if listed.rank <= Rank.SECTION]
        if not missing or not anchors or len(missing) * (end - begin) > MOST_PLACES:
            continue
        for lost_one, place in zip(missing, _places(missing, items, begin + 1, end, trusted), strict=False):
            lost.setdefault(place, []).append(lost_one)
    return lost


def _anchors(items: list[Paragraph | Grid], contents: Contents) -> list[tuple[int, int]]:
    """(entry, item) of the headings that still stand in the text, in order."""
    known: dict[str, list[int]] = {}
    for index, named in enumerate(contents.entries):
        known.setdefault(squeeze(named.words), []).append(index)
    anchors: list[tuple[int, int]] = []
    for place in range(contents.end, len(items)):
        item = items[place]
        if not isinstance(item, Paragraph) or len(item.text) > HEAD:
            continue
        found = heading(item.text)
        listed = known.get(squeeze(found.words if found else item.text), [])
        at = bisect_right(listed, anchors[-1][0] if anchors else -1)
        if at < len(listed):
            anchors.append((listed[at], place))
    return anchors


def _places(missing: list[Heading], items: list[Paragraph | Grid], begin: int, end: int, trusted: bool) -> list[int]:
    """Items before which the missing headings fit best, in their order."""
    open_places = [at for at in range(begin, min(end + 1, len(items))) if isinstance(items[at], Paragraph)]
    if not open_places:
        return []
    best = [0.0] * len(open_places)
    steps: list[list[int]] = []
    for index, lost in enumerate(missing):
        together = index > 0 and lost.rank > missing[index - 1].rank
        scores, step, top, top_at = [], [], float("-inf"), -1
        for position, place in enumerate(open_places):
            if index == 0:
                scores.append(_fit(lost, items, place, end, trusted))
                step.append(-1)
                continue
            source = position if together else position - 1
            if source >= 0 and best[source] > top:
                top, top_at = best[source], source
            scores.append(top + _fit(lost, items, place, end, trusted))
            step.append(top_at)
        best = scores
        steps.append(step)
    position = max(range(len(best)), key=lambda at: best[at])
    if best[position] == float("-inf"):
        return []
    found = [position]
    for step in reversed(steps[1:]):
        found.append(step[found[-1]])
    return [open_places[at] for at in reversed(found)]


def _fit(lost: Heading, items: list[Paragraph | Grid], place: int, end: int, trusted: bool) -> float:
    """How well a missing heading fits before an item."""
    item = items[place]
    assert isinstance(item, Paragraph)
    if place == end:
        return BEFORE_NEXT if lost.rank is Rank.CHAPTER else float("-inf")
    known = heading(item.text)
    if known is not None and not known.lead:
        return float("-inf")
    pairs = {lost.words[at : at + 2] for at in range(len(lost.words) - 1)}
    text = item.text[:HEAD]
    shared = sum(1 for pair in pairs if pair in text) / len(pairs) if pairs else 0.0
    return shared + (TRACE if item.trace and trusted else 0.0)
