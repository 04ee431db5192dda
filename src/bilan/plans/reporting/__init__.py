"""Reports that write themselves: an outline's texts, tables and charts filled from data, as Word and PDF, each number with its origin."""

from __future__ import annotations

from bilan.plans.reporting.context import Context
from bilan.plans.reporting.difference import Changed, changes
from bilan.plans.reporting.making import file_of, make, outline, outlines, paper, papers
from bilan.plans.reporting.model import Linker, Number, Origin, Written
from bilan.plans.reporting.periods import Period, latest, period, recent

__all__ = [
    "Changed",
    "Context",
    "Linker",
    "Number",
    "Origin",
    "Period",
    "Written",
    "changes",
    "file_of",
    "latest",
    "make",
    "outline",
    "outlines",
    "paper",
    "papers",
    "period",
    "recent",
]
