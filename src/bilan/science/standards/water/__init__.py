"""Surface water by GB 3838 and the national evaluation measure: classes, periods, basins, lakes, indices, trends."""

from __future__ import annotations

from bilan.science.standards.water.basins import evaluate_basins
from bilan.science.standards.water.black_odorous import black_odorous, black_odorous_points
from bilan.science.standards.water.classify import classify
from bilan.science.standards.water.compare import compare_published
from bilan.science.standards.water.cwqi import city_index, index_change
from bilan.science.standards.water.explain import Explanation, ItemVerdict, explain
from bilan.science.standards.water.lakes import evaluate_lakes
from bilan.science.standards.water.learn import learn_section_types
from bilan.science.standards.water.limits import Item, version_at
from bilan.science.standards.water.means import rounded_means
from bilan.science.standards.water.periods import evaluate_periods
from bilan.science.standards.water.status import Status, WaterClass, describe, statuses, water_classes
from bilan.science.standards.water.targets import attainment
from bilan.science.standards.water.trend import CHANGES, ratio_change, spearman_trend, status_change
from bilan.science.standards.water.trophic import trophic_index

__all__ = [
    "CHANGES",
    "Explanation",
    "Item",
    "ItemVerdict",
    "Status",
    "WaterClass",
    "attainment",
    "black_odorous",
    "black_odorous_points",
    "city_index",
    "classify",
    "compare_published",
    "describe",
    "evaluate_basins",
    "evaluate_lakes",
    "evaluate_periods",
    "explain",
    "index_change",
    "learn_section_types",
    "ratio_change",
    "rounded_means",
    "spearman_trend",
    "status_change",
    "statuses",
    "trophic_index",
    "version_at",
    "water_classes",
]
