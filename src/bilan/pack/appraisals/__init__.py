"""Appraisals of districts, declared as files: weighted items over indicators, tasks and cases, each scored by a rule."""

from __future__ import annotations

from bilan.pack.appraisals.loading import check_appraisals, current, faults, load
from bilan.pack.appraisals.model import Appraisal, Item, Measure, MeasureKind
from bilan.pack.scores.rules import Missing, Rule, RuleKind

__all__ = [
    "Appraisal",
    "Item",
    "Measure",
    "MeasureKind",
    "Missing",
    "Rule",
    "RuleKind",
    "check_appraisals",
    "current",
    "faults",
    "load",
]
