"""What the plans keep."""

from __future__ import annotations

from bilan.plans.models.plan import Commitment, Plan
from bilan.plans.models.result import Appeal, Report, Scoring
from bilan.plans.models.target import Figure, IndicatorValue, Odds, Target, TargetChange
from bilan.plans.models.words import Check, Comparator, FigureState, Kind, Nature, PlanState, Stage

__all__ = [
    "Appeal",
    "Check",
    "Commitment",
    "Comparator",
    "Figure",
    "FigureState",
    "IndicatorValue",
    "Kind",
    "Nature",
    "Odds",
    "Plan",
    "PlanState",
    "Report",
    "Scoring",
    "Stage",
    "Target",
    "TargetChange",
]
