"""Scored tables, declared as files: items with rules, how they add up, the grades they give."""

from __future__ import annotations

from bilan.pack.scores.loading import SHEET, check_scores, current, faults, load
from bilan.pack.scores.model import Aggregate, Cap, Change, Grade, Score, ScoreItem
from bilan.pack.scores.rules import Missing, Rule, RuleKind

__all__ = [
    "SHEET",
    "Aggregate",
    "Cap",
    "Change",
    "Grade",
    "Missing",
    "Rule",
    "RuleKind",
    "Score",
    "ScoreItem",
    "check_scores",
    "current",
    "faults",
    "load",
]
