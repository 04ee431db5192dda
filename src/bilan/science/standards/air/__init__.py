"""Ambient air: GB 3095 limits, HJ 633 index, HJ 663 evaluation."""

from __future__ import annotations

from bilan.science.standards.air.categories import Category, categories, category
from bilan.science.standards.air.days import judge_day_means, judge_days
from bilan.science.standards.air.hours import judge_hours
from bilan.science.standards.air.limits import edition_on, limit
from bilan.science.standards.air.pollutants import Pollutant, pollutants
from bilan.science.standards.air.single import judge
from bilan.science.standards.air.sliding import sliding_means
from bilan.science.standards.air.versions import version_on

__all__ = [
    "Category",
    "Pollutant",
    "categories",
    "category",
    "edition_on",
    "judge",
    "judge_day_means",
    "judge_days",
    "judge_hours",
    "limit",
    "pollutants",
    "sliding_means",
    "version_on",
]
