"""Groundwater by GB/T 14848: class of a sample, periods, shares of an area, and the composite score of 1993."""

from __future__ import annotations

from bilan.science.standards.groundwater.composite import composite_score
from bilan.science.standards.groundwater.judge import evaluate_areas, evaluate_periods, judge
from bilan.science.standards.groundwater.reasons import explain
from bilan.science.standards.single.explaining import Explanation, ItemVerdict
from bilan.science.standards.single.limits import Item

__all__ = ["Explanation", "Item", "ItemVerdict", "composite_score", "evaluate_areas", "evaluate_periods", "explain", "judge"]
