"""Radioactive sources: classes by activity, sources kept together, codes."""

from __future__ import annotations

from bilan.science.standards.radiation.judge import aggregate_by, judge
from bilan.science.standards.radiation.sources import (
    EXEMPT,
    Nuclide,
    SourceCode,
    aggregate,
    class_words,
    explain,
    find,
    nuclides,
    ratio,
    read_code,
    source_class,
)

__all__ = [
    "EXEMPT",
    "Nuclide",
    "SourceCode",
    "aggregate",
    "aggregate_by",
    "class_words",
    "explain",
    "find",
    "judge",
    "nuclides",
    "ratio",
    "read_code",
    "source_class",
]
