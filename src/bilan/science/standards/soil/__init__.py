"""Soil of farmland by GB 15618 and of construction land by GB 36600: classes, units with crops, indices."""

from __future__ import annotations

from bilan.science.standards.explaining import Explanation, ItemVerdict
from bilan.science.standards.soil.construction import judge_construction
from bilan.science.standards.soil.explain import explain_construction, explain_farmland
from bilan.science.standards.soil.farmland import judge_farmland
from bilan.science.standards.soil.indices import pollution_index
from bilan.science.standards.soil.limits import LAND_USES, ConstructionItem, FarmlandItem, construction_at, farmland_at
from bilan.science.standards.soil.units import adjust_by_crops, evaluate_units, safe_use_rate
from bilan.science.standards.soil.words import CONSTRUCTION, FARMLAND

__all__ = [
    "CONSTRUCTION",
    "FARMLAND",
    "LAND_USES",
    "ConstructionItem",
    "Explanation",
    "FarmlandItem",
    "ItemVerdict",
    "adjust_by_crops",
    "construction_at",
    "evaluate_units",
    "explain_construction",
    "explain_farmland",
    "farmland_at",
    "judge_construction",
    "judge_farmland",
    "pollution_index",
    "safe_use_rate",
]
