"""Sea water by GB 3097 and HJ 442: class, zones and coastal status, eutrophication, red-tide risk, share of the area."""

from __future__ import annotations

from bilan.science.standards.sea.areas import AreaShares, area_shares, evaluate_areas
from bilan.science.standards.sea.eutrophication import eutrophication
from bilan.science.standards.sea.geometry import rings_of
from bilan.science.standards.sea.judge import evaluate_periods, judge
from bilan.science.standards.sea.reasons import explain
from bilan.science.standards.sea.redtide import red_tide_risk
from bilan.science.standards.sea.zones import evaluate_zones
from bilan.science.standards.single.explaining import Explanation, ItemVerdict
from bilan.science.standards.single.limits import Item

__all__ = [
    "AreaShares",
    "Explanation",
    "Item",
    "ItemVerdict",
    "area_shares",
    "eutrophication",
    "evaluate_areas",
    "evaluate_periods",
    "evaluate_zones",
    "explain",
    "judge",
    "red_tide_risk",
    "rings_of",
]
