"""Filling the demo city's plans."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from bilan.demo.districts import districts
from bilan.demo.plans import document, entries, signing
from bilan.pack.city import City
from bilan.pack.indicators import current, reported
from bilan.people.models import Person
from bilan.plans.models import Target

PLANNER = "chief"
"""Demo account under which the plan is confirmed."""


def _quiet(_share: float, _text: str) -> None:
    """Say nothing."""


def fill(city: City, progress: Callable[[float, str], None] = _quiet, seed: int = 0) -> int:
    """Give the demo city its reported figures, the entries its indicators need, and its plan with targets.

    What is there already stays; it can be run again.

    Parameters:
        city: a demo city whose registers are filled.
        seed: what the figures depend on.

    Returns:
        How many targets there are.

    Raises:
        BilanError: the plan's text cannot be read, or entries are refused.
    """
    pack = city.pack if city.pack.is_dir() else None
    now = timezone.localtime(timezone.now())
    progress(0.02, "figures")
    signing.sign_all(districts(), reported(pack), now, seed)
    progress(0.3, "entries")
    entries.fill_in(now)
    progress(0.7, "plan")
    document.make(current(pack), Person.objects.filter(username=PLANNER).first())
    return int(Target.objects.count())
