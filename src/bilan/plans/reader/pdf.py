"""PDF files that hold text: lines by page, without running heads and feet."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bilan.plans.reader import pdflayout
from bilan.plans.reader.debris import strip
from bilan.plans.reader.lines import Source
from bilan.plans.reader.pdflayout import Field, Placed
from bilan.plans.reader.pdftables import Open, arrange, continues, is_caption
from bilan.problems import BilanError, Problem

MOST_PAGES = 2000
SECONDS = 120.0
"""Longest that a file is read before it is given up [s]."""
FEWEST = 15
"""Characters a page must have to count as one with text."""
SCANNED = 0.8
"""Share of pages without text from which on a file is taken for a scan."""
EDGE = 2
"""Lines at the head and at the foot of a page among which running ones are looked for."""
OFTEN = 0.5
SHORTEST = 5
"""Characters a running line has at least; page numbers are known otherwise."""
TOLD = 20
"""Pages without text that are named."""
NUMBER = re.compile(r"\d+|[IVXivx]+")
CLAUSE = re.compile("[，。；]")
LARGEST_PAGE = 4 * 2**20
"""Largest description of one page that is taken apart [bytes]."""


def source(path: Path, name: str) -> Source:
    """Lines of a PDF file with the pages they stand on.

    Raises:
        BilanError: it is damaged, protected, a scan, too long, or takes too long.
    """
    try:
        import pypdf  # noqa: PLC0415 - reading PDF is an extra: without its library everything else works
    except ImportError as error:
        raise BilanError(Problem("plan.no_pdf", {"name": name})) from error
    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise BilanError(Problem("plan.locked", {"name": name}))
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise BilanError(Problem("plan.too_many_pages", {"name": name, "value": count, "allowed": MOST_PAGES}))
        pages = _pages(reader, name)
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise BilanError(Problem("plan.broken", {"name": name, "reason": type(error).__name__})) from error
    return _lines(name, pages)


def _pages(reader: Any, name: str) -> list[list[Placed]]:
    """Lines of each page."""
    begin = time.monotonic()
    pages: list[list[Placed]] = []
    for number, page in enumerate(reader.pages, start=1):
        if time.monotonic() - begin > SECONDS:
            raise BilanError(Problem("plan.too_slow", {"name": name, "value": number, "allowed": round(SECONDS)}))
        contents = page.get_contents()
        if contents is None or len(contents.get_data()) > LARGEST_PAGE:
            pages.append([])
            continue
        pages.append(_page(page, pages[-1] if pages else []))
    return pages


def _page(page: Any, before: list[Placed]) -> list[Placed]:
    """Lines of a page; where a table is announced, or goes on from the page before, with the places of their fields."""
    texts = [strip(line) for line in page.extract_text().splitlines()]
    if any(is_caption(text) for text in texts) or continues(before):
        return pdflayout.lines(page)
    return [Placed(0.0, [Field(text, 0.0, 0.0)]) for text in texts]


def _lines(name: str, pages: list[list[Placed]]) -> Source:
    """Drop running lines; those of the first page stay, as the title may be among them.

    Raises:
        BilanError: most pages hold no text.
    """
    bare = [number for number, page in enumerate(pages, start=1) if sum(len(line.text) for line in page) < FEWEST]
    if not pages or len(bare) >= SCANNED * len(pages):
        raise BilanError(Problem("plan.scanned", {"name": name, "value": len(pages)}))
    running = _running(pages)
    told = [Problem("plan.some_scanned", {"value": len(bare), "pages": bare[:TOLD]})] if bare else []
    found = Source(name, problems=told)
    open_table: Open | None = None
    for number, page in enumerate(pages, start=1):
        edges = {*range(EDGE), *range(len(page) - EDGE, len(page))}
        kept = [line for index, line in enumerate(page) if number == 1 or not (index in edges and _pattern(line.text) in running)]
        items, open_table = arrange(kept, number, open_table)
        found.items += items
    return found


def _running(pages: list[list[Placed]]) -> set[str]:
    """Lines that stand at the edge of at least half the pages, whatever their page number."""
    seen: Counter[str] = Counter()
    for page in pages:
        edge = [line.text for line in [*page[:EDGE], *page[-EDGE:]]]
        seen.update({_pattern(text) for text in edge if len(text) >= SHORTEST and not CLAUSE.search(text)})
    return {pattern for pattern, count in seen.items() if count >= max(3, OFTEN * len(pages))}


def _pattern(line: str) -> str:
    """A line with its numbers left open."""
    return NUMBER.sub("#", "".join(line.split()))
