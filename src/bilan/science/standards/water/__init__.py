"""Surface water by GB 3838 and the national evaluation measure: classes, periods, basins, lakes, indices, trends."""

from __future__ import annotations

from bilan.science.standards.water.basins import evaluate_basins
from bilan.science.standards.water.black_odorous import black_odorous, black_odorous_points, black_odorous_waters
from bilan.science.standards.water.classify import classify
from bilan.science.standards.water.compare import compare_published
from bilan.science.standards.water.cwqi import city_index, index_change
from bilan.science.standards.water.drinking import SourceItem, evaluate_sources, judge_drinking, source_items
from bilan.science.standards.water.ecological_flow import ecological_flow
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
from bilan.science.standards.water.units import evaluate_units

__all__ = [
    "CHANGES",
    "Explanation",
    "Item",
    "ItemVerdict",
    "SourceItem",
    "Status",
    "WaterClass",
    "attainment",
    "black_odorous",
    "black_odorous_points",
    "black_odorous_waters",
    "city_index",
    "classify",
    "compare_published",
    "describe",
    "ecological_flow",
    "evaluate_basins",
    "evaluate_lakes",
    "evaluate_periods",
    "evaluate_sources",
    "evaluate_units",
    "explain",
    "index_change",
    "judge_drinking",
    "learn_section_types",
    "ratio_change",
    "rounded_means",
    "source_items",
    "spearman_trend",
    "status_change",
    "statuses",
    "trophic_index",
    "version_at",
    "water_classes",
]
