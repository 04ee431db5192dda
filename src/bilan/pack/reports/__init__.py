"""Outlines of reports, declared as files: what is said, with which numbers, tables and charts, about which kind of period.

An outline names numbers by their keys (``numbers.csv``, and ``indicator.NAME`` for any indicator), tables and charts by theirs
(``pieces.csv``). A city's own file of the same name replaces the base pack's; ``reports/NAME.docx`` in the city's pack gives the
paper (letterhead, styles) on which the Word file is written.
"""

from __future__ import annotations

from bilan.pack.reports.keys import NumberKey, Piece, number_keys, pieces
from bilan.pack.reports.loading import check_reports, current, faults, load
from bilan.pack.reports.model import Block, BlockKind, Chapter, Each, Outline, PeriodKind, Span, Style

__all__ = [
    "Block",
    "BlockKind",
    "Chapter",
    "Each",
    "NumberKey",
    "Outline",
    "PeriodKind",
    "Piece",
    "Span",
    "Style",
    "check_reports",
    "current",
    "faults",
    "load",
    "number_keys",
    "pieces",
]
