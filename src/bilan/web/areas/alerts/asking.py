"""Which alerts an address asks for, found in the database; pages, files and the interface share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from bilan.casework.docket import Docket
from bilan.casework.models import Alert, AlertState, Level
from bilan.problems import BilanError, Problem, nearest

STANDING = (str(AlertState.OPEN), str(AlertState.EXPLAINED))
SORTS = {
    "level": ("level", "-opened", "-pk"),
    "opened": ("opened", "pk"),
    "changed": ("changed", "pk"),
    "cleared": ("cleared", "pk"),
    "rule": ("rule", "-level", "pk"),
    "place": ("name", "point", "pk"),
    "district": ("district", "-level", "pk"),
    "number": ("pk",),
    "evaluations": ("evaluations", "pk"),
}
"""Name in the address → columns; ``-`` before the name turns the first of them round."""
USUAL_SORT = "-level"
ACKNOWLEDGED = ("no", "yes", "suppressed")
NAMES = ("level", "least", "rule", "network", "state", "noted", "register", "point", "code", "folded", "role")


@dataclass(frozen=True)
class Wanted:
    """What an address asks for.

    Attributes:
        values: filters by name: ``level``, ``least`` (that level and graver), ``rule``, ``network``, ``register``, ``point``, ``code``,
            ``role``, ``state`` (those not over until chosen; ``all``), ``noted`` (``no``, ``yes``, ``suppressed``), ``folded`` (``1`` shows
            those that are folded under another by themselves).
    """

    values: Mapping[str, str]
    text: str = ""
    district: str = ""
    sort: str = USUAL_SORT

    @classmethod
    def of(cls, query: Mapping[str, str], district: str = "") -> Wanted:
        """Read an address's query.

        Raises:
            BilanError: it asks for an order that there is not.
        """
        sort = str(query.get("sort") or USUAL_SORT)
        if sort.removeprefix("-") not in SORTS:
            values = {"value": sort, "allowed": list(SORTS), "nearest": nearest(sort, SORTS)}
            raise BilanError(Problem("web.unknown_sort", values))
        return cls({name: str(query[name]) for name in NAMES if query.get(name)}, str(query.get("q") or "").strip()[:80], district, sort)

    def alerts(self, docket: Docket) -> QuerySet[Alert]:
        """The alerts asked for, in order, those within the reader's reach only."""
        visible = docket.alerts()
        found = self._standing(self._filtered(visible)).order_by(*self._order())
        if self.values.get("folded") or self.text:
            return found
        return found.exclude(folded__in=visible.filter(state__in=STANDING).values("pk"))

    def _filtered(self, found: QuerySet[Alert]) -> QuerySet[Alert]:
        same = {name: self.values[name] for name in ("rule", "network", "register", "point", "code", "role") if name in self.values}
        if self.district:
            same["district"] = self.district
        found = found.filter(**same)
        level = self.values.get("level", "")
        if level.isascii() and level.isdigit() and int(level[:2]) in Level.values:
            found = found.filter(level=int(level[:2]))
        least = self.values.get("least", "")
        if least.isascii() and least.isdigit():
            found = found.filter(level__gte=int(least[:2]))
        match self.values.get("noted"):
            case "no":
                found = found.filter(acknowledged=None).filter(not_suppressed())
            case "yes":
                found = found.exclude(acknowledged=None)
            case "suppressed":
                found = found.filter(suppressed_until__gt=timezone.now())
        for word in self.text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(code__icontains=word)
                | Q(point__icontains=word)
                | Q(rule__icontains=word)
                | Q(source__icontains=word)
            )
        return found

    def _standing(self, found: QuerySet[Alert]) -> QuerySet[Alert]:
        state = self.values.get("state", "standing")
        if state == "all":
            return found
        return found.filter(state=state) if state in AlertState.values else found.filter(state__in=STANDING)

    def _order(self) -> list[Any]:
        first, *rest = SORTS[self.sort.removeprefix("-")]
        down = self.sort.startswith("-")
        return [F(first).desc(nulls_last=True) if down else F(first).asc(nulls_last=True), *rest]


def not_suppressed() -> Q:
    """About which people are told."""
    return Q(suppressed_until=None) | Q(suppressed_until__lte=timezone.now())


def by_level(docket: Docket, district: str = "") -> dict[int, int]:
    """How many alerts are open, by level; what is explained, suppressed or folded under another is not counted."""
    visible = docket.alerts().filter(state=AlertState.OPEN)
    found = visible.filter(not_suppressed()).exclude(folded__in=visible.values("pk"))
    if district:
        found = found.filter(district=district)
    counted = dict(found.order_by().values_list("level").annotate(n=Count("pk")))
    return {int(value): int(counted.get(value, 0)) for value, _label in reversed(Level.choices)}


def gravest(docket: Docket, district: str = "", most: int = 5) -> list[Alert]:
    """The gravest open alerts that nobody has acknowledged yet first, then the others."""
    visible = docket.alerts().filter(state=AlertState.OPEN)
    found = visible.filter(not_suppressed(), level__gte=Level.WARNING).exclude(folded__in=visible.values("pk"))
    if district:
        found = found.filter(district=district)
    return list(found.order_by("-level", F("acknowledged").asc(nulls_first=True), "-opened")[:most])
