"""Ecology: status of regions from land cover, where vegetation fell and how much, trends pixel by pixel."""

from __future__ import annotations

from bilan.science.ecology.change import Change, Patch, vegetation_change
from bilan.science.ecology.explaining import explain_status
from bilan.science.ecology.indices import ndvi, otsu
from bilan.science.ecology.land import land_areas
from bilan.science.ecology.status import judge_status
from bilan.science.ecology.terms import Term, land_classes, terms
from bilan.science.ecology.trend import PixelTrend, pixel_trend
from bilan.science.ecology.years import judge_changes

__all__ = [
    "Change",
    "Patch",
    "PixelTrend",
    "Term",
    "explain_status",
    "judge_changes",
    "judge_status",
    "land_areas",
    "land_classes",
    "ndvi",
    "otsu",
    "pixel_trend",
    "terms",
    "vegetation_change",
]
