"""Ambient air: GB 3095 limits, HJ 633 index, HJ 663 evaluation."""

from __future__ import annotations

from bilan.science.standards.air.categories import Category, categories, category
from bilan.science.standards.air.cities import city_days, city_hours
from bilan.science.standards.air.composite import composite_index, published_weights, rank
from bilan.science.standards.air.counts import DayDefinition, day_definitions, good_days
from bilan.science.standards.air.days import judge_day_means, judge_days
from bilan.science.standards.air.editions import good_days_by_edition, limits_by_edition
from bilan.science.standards.air.explain import Explanation, explain
from bilan.science.standards.air.hours import judge_hours
from bilan.science.standards.air.limits import edition_on, limit
from bilan.science.standards.air.periods import attainment, evaluate_period, period_items
from bilan.science.standards.air.pollutants import Pollutant, pollutants
from bilan.science.standards.air.single import judge
from bilan.science.standards.air.sliding import sliding_means
from bilan.science.standards.air.versions import version_on

__all__ = [
    "Category",
    "DayDefinition",
    "Explanation",
    "Pollutant",
    "attainment",
    "categories",
    "category",
    "city_days",
    "city_hours",
    "composite_index",
    "day_definitions",
    "edition_on",
    "evaluate_period",
    "explain",
    "good_days",
    "good_days_by_edition",
    "judge",
    "judge_day_means",
    "judge_days",
    "judge_hours",
    "limit",
    "limits_by_edition",
    "period_items",
    "pollutants",
    "published_weights",
    "rank",
    "sliding_means",
    "version_on",
]
