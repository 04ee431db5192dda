"""Filling the demo city's plans."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from bilan.demo.districts import districts
from bilan.demo.plans import answers, document, entries, signing, tasks
from bilan.pack.city import City
from bilan.pack.indicators import Period, current, reported
from bilan.people.models import Person
from bilan.plans.indicators.computing import compute
from bilan.plans.indicators.keeping import keep
from bilan.plans.indicators.spans import spans
from bilan.plans.indicators.tables import Tables
from bilan.plans.models import Target
from bilan.telemetry.store import Store

PLANNER = "chief"
"""Demo account under which the plan is confirmed."""
FIRST_YEAR = 2020
"""First year whose values are computed."""


def _quiet(_share: float, _text: str) -> None:
    """Say nothing."""


def fill(city: City, store: Store, progress: Callable[[float, str], None] = _quiet, seed: int = 0) -> int:
    """Give the demo city its figures, the entries its indicators need, its plan with targets, values, tasks, an appraisal and reports.

    What is there already stays; it can be run again.

    Parameters:
        city: a demo city whose registers are filled.
        store: its observations and verdicts.
        seed: what the figures depend on.

    Returns:
        How many targets there are.

    Raises:
        BilanError: the plan's text cannot be read, entries are refused, or an indicator cannot be computed.
    """
    pack = city.pack if city.pack.is_dir() else None
    now = timezone.localtime(timezone.now())
    progress(0.02, "figures")
    signing.sign_all(districts(), reported(pack), now, seed)
    progress(0.3, "entries")
    entries.fill_in(now)
    progress(0.5, "plan")
    catalogue = current(pack)
    plan = document.make(catalogue, Person.objects.filter(username=PLANNER).first())
    progress(0.6, "indicators")
    years = spans(Period.YEAR, FIRST_YEAR, now.year)
    keep(compute(catalogue, catalogue.names, Tables.now(city, store), years))
    progress(0.75, "tasks")
    tasks.fill_in(plan, districts(), now.date())
    answers.fill_in(now.date(), progress)
    return int(Target.objects.count())
