"""Where the numbers of reports come from, one module a subject."""

from __future__ import annotations

from bilan.plans.reporting.context import Source
from bilan.plans.reporting.sources import air, appraisal, cases, duty, tasks, waters
from bilan.plans.reporting.sources import targets as promised

SOURCES: dict[str, Source] = {
    "air": air.given,
    "water": waters.given,
    "targets": promised.given,
    "plan": promised.given_of_plan,
    "tasks": tasks.given,
    "duty": duty.given,
    "cases": cases.given,
    "appraisal": appraisal.given,
}
"""First word of a key → what gives everything that begins with it."""
