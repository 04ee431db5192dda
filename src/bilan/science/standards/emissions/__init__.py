"""Emissions of stacks and outlets: validity, conversion, limits, rates, replaced data."""

from __future__ import annotations

from bilan.science.standards.emissions.amounts import judge_rates, rate_limit, with_amounts
from bilan.science.standards.emissions.days import evaluate_days
from bilan.science.standards.emissions.explain import Explanation, ItemVerdict, explain
from bilan.science.standards.emissions.gaps import fill_gaps
from bilan.science.standards.emissions.judge import judge
from bilan.science.standards.emissions.limits import Averaging, Choice, Limit, averagings, choose, limits_of, spans
from bilan.science.standards.emissions.marks import Mark, least_hours, marks, with_status
from bilan.science.standards.emissions.oxygen import (
    ANY,
    OxygenRule,
    at_standard_state,
    convert,
    converted,
    converted_values,
    dry,
    excess_air,
    mass_concentration,
    oxygen_of,
    oxygen_rule,
    standard_dry_flow,
)
from bilan.science.standards.emissions.sources import Source, conditions, sources
from bilan.science.standards.emissions.substitute import substitute

__all__ = [
    "ANY",
    "Averaging",
    "Choice",
    "Explanation",
    "ItemVerdict",
    "Limit",
    "Mark",
    "OxygenRule",
    "Source",
    "at_standard_state",
    "averagings",
    "choose",
    "conditions",
    "convert",
    "converted",
    "converted_values",
    "dry",
    "evaluate_days",
    "excess_air",
    "explain",
    "fill_gaps",
    "judge",
    "judge_rates",
    "least_hours",
    "limits_of",
    "marks",
    "mass_concentration",
    "oxygen_of",
    "oxygen_rule",
    "rate_limit",
    "sources",
    "spans",
    "standard_dry_flow",
    "substitute",
    "with_amounts",
    "with_status",
]
