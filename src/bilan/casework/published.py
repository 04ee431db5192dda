"""What the public may know of cases: names only once the flow makes them public, before that no more than how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from bilan.casework.models import Case
from bilan.casework.moving.versions import flows_of

MOST = 2000


@dataclass(frozen=True, slots=True)
class Published:
    """A case that is public.

    Attributes:
        flow, state: titles of both as (Chinese, English).
        name: whom or what it concerns.
    """

    code: str
    flow: tuple[str, str]
    state: tuple[str, str]
    name: str
    district: str
    published: datetime


def decisions() -> list[Published]:
    """Cases that are public, the newest first."""
    cases = list(Case.objects.filter(published__isnull=False).select_related("declared").order_by("-published", "-pk")[:MOST])
    declared = flows_of(cases)
    found = []
    for case in cases:
        flow = declared[case.declared_id]
        state = flow.state.get(case.state)
        titles = [(entry.zh, entry.en) for entry in (flow.title, state.title if state else flow.title)]
        found.append(Published(case.code, titles[0], titles[1], case.place_name, case.district, case.published))
    return found


def unnamed() -> dict[str, int]:
    """How many running cases each district has that are not public: no more is told of them."""
    counted = Case.objects.filter(published__isnull=True, standing__in=["running", "suspended"]).values_list("district")
    return dict(counted.annotate(number=Count("pk")).order_by("district"))
