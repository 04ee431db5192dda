"""Appraisals of districts: scores by declared rules with their reasons, appeals, what would be if."""

from __future__ import annotations

from bilan.plans.appraising.making import Book, Outcome, answer, appeal, appraisal, appraisals, attach, final, provisional, reckon
from bilan.plans.appraising.scoring import Grant, Scored, score, settled, totals

__all__ = [
    "Book",
    "Grant",
    "Outcome",
    "Scored",
    "answer",
    "appeal",
    "appraisal",
    "appraisals",
    "attach",
    "final",
    "provisional",
    "reckon",
    "score",
    "settled",
    "totals",
]
