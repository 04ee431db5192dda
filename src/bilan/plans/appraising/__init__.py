"""Appraisals of districts: scores by declared rules with their reasons, appeals, what would be if."""

from __future__ import annotations

from bilan.plans.appraising.making import Book, Outcome, answer, appeal, appraisal, appraisals, final, provisional, reckon
from bilan.plans.appraising.scoring import Scored, score, totals

__all__ = ["Book", "Outcome", "Scored", "answer", "appeal", "appraisal", "appraisals", "final", "provisional", "reckon", "score", "totals"]
