"""What the items of an appraisal look at: values of indicators, tasks and cases of each district in a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from bilan.casework.docket import Docket
from bilan.casework.models import CaseState
from bilan.pack.appraisals import Item, Measure, MeasureKind
from bilan.plans.models import IndicatorValue, Target
from bilan.plans.reporting.sources.targets import due_in
from bilan.plans.tasks import Task, progress, tasks
from bilan.registers.ledger import Ledger

Values = dict[str, float | None]
"""District → value."""


class Measures:
    """Reads what is measured, once a year and measure.

    Args:
        assumed: what a simulation puts in place of what was measured: ``INDICATOR|DISTRICT`` (or ``INDICATOR|`` for all) → value.
    """

    def __init__(
        self, docket: Docket, ledger: Ledger, districts: Sequence[str], year: int, today: date, assumed: Mapping[str, float] | None = None
    ) -> None:
        self.districts, self.year, self.today = districts, year, today
        self._docket, self._ledger, self._assumed = docket, ledger, assumed or {}
        self._tasks: list[Task] | None = None
        self._targets: dict[tuple[str, str], float] | None = None

    def of(self, measure: Measure) -> Values:
        """The value of each district; None where there is none."""
        match measure.kind:
            case MeasureKind.INDICATOR:
                return self._indicator(measure.of)
            case MeasureKind.TASKS:
                return {district: self._of_tasks(measure.of, district) for district in self.districts}
        return self._of_cases(measure)

    def target(self, indicator: str, district: str) -> float | None:
        """What the plan asks of a district in the year: its own target, its share of the city's, else the city's."""
        if self._targets is None:
            self._targets = self._read_targets()
        return self._targets.get((indicator, district), self._targets.get((indicator, "")))

    def evidence(self, item: Item, district: str) -> dict[str, Any]:
        """Where a value can be looked up: page, arguments and query."""
        year = str(self.year)
        match item.measure.kind:
            case MeasureKind.INDICATOR:
                return {"page": "indicator-rows", "arguments": [item.measure.of], "query": {"place": district, "period": year}}
            case MeasureKind.TASKS:
                return {"page": "tasks", "arguments": [], "query": {"district": district, "year": year}}
        return {
            "page": "cases",
            "arguments": [],
            "query": {"district": district, **({"flow": item.measure.flow} if item.measure.flow else {})},
        }

    def _indicator(self, name: str) -> Values:
        found = IndicatorValue.objects.filter(indicator=name, period=str(self.year), latest=True, district__in=self.districts)
        measured = {entry.district: entry.value for entry in found}
        everywhere = self._assumed.get(f"{name}|")
        return {
            district: self._assumed.get(f"{name}|{district}", everywhere if everywhere is not None else measured.get(district))
            for district in self.districts
        }

    def _of_tasks(self, number: str, district: str) -> float | None:
        if self._tasks is None:
            self._tasks = tasks(self._ledger, self.today, year=self.year)
        stands = progress([task for task in self._tasks if task.district == district], district, self.today)
        if not stands.total:
            return None
        return {"share": stands.share, "progress": stands.mean, "late": float(stands.late)}[number]

    def _of_cases(self, measure: Measure) -> Values:
        cases = self._docket.cases().filter(district__in=self.districts)
        if measure.flow:
            cases = cases.filter(flow=measure.flow)
        closed = Q(closed__year=self.year)
        counted = {
            row["district"]: row
            for row in cases.values("district").annotate(
                count_opened=Count("pk", filter=Q(opened__year=self.year)),
                count_reopened=Count("pk", filter=Q(opened__year=self.year, round__gt=1)),
                closed_all=Count("pk", filter=closed),
                closed_late=Count("pk", filter=closed & Q(closed__gt=F("due"))),
                count_overdue=Count("pk", filter=Q(standing__in=(CaseState.RUNNING, CaseState.SUSPENDED), due__lt=timezone.now())),
            )
        }
        return {district: _number(counted.get(district), measure.of) for district in self.districts}

    def _read_targets(self) -> dict[tuple[str, str], float]:
        found: dict[tuple[str, str], float] = {}
        for target in Target.objects.exclude(value=None).filter(year__gte=self.year).order_by("-year"):
            due = due_in(target, self.year)
            if due is not None:
                found[target.indicator, target.district] = due
            for district, share in target.shares.items():
                found.setdefault((target.indicator, district), float(share))
        return found


def _number(row: Mapping[str, Any] | None, of: str) -> float | None:
    if row is None:
        return None
    if of == "on_time":
        return 100.0 * (row["closed_all"] - row["closed_late"]) / row["closed_all"] if row["closed_all"] else None
    return float(row[f"count_{of}"])
