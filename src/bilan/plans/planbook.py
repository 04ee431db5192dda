"""Plans and all that follows from them as one person may see it: the only door from pages, API and exports to the plans."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed, NotVisible, Reach, Scope
from bilan.plans.models import Appeal, Commitment, Figure, IndicatorValue, Odds, Plan, Report, Scoring, Target, TargetChange

KERNEL = "plans"


class Planbook:
    """Reads of the plans, each limited to what the scope allows.

    What stands for the whole city (a plan, its commitments, city targets and values) is seen by everybody who may see plans at all; what
    stands for one district, by those whose reach covers it.

    Args:
        scope: what the reader may see, from `bilan.people.visibility.visible_to`.
        person: the reader; None for nobody in particular.
    """

    def __init__(self, scope: Scope, person: Any = None) -> None:
        self.scope = scope
        self.person = person if getattr(person, "pk", None) else None

    def can(self, capability: Capability, district: str | None = None, organisation: str = "") -> bool:
        """Whether the reader may do something with plans, or with what stands for one district (empty for the whole city)."""
        reaches = self.scope.kernel(capability, KERNEL)
        if district is None:
            return bool(reaches)
        return any(_covers(reach, district, organisation) for reach in reaches)

    def require(self, capability: Capability, district: str | None = None, organisation: str = "") -> None:
        """Insist that the reader may do something.

        Raises:
            NotAllowed: they may not.
        """
        if not self.can(capability, district, organisation):
            raise NotAllowed(capability)

    def plans(self) -> QuerySet[Plan]:
        """All plans, newest first."""
        return Plan.objects.all() if self.can(Capability.SEE) else Plan.objects.none()

    def plan(self, code: str) -> Plan:
        """One plan.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        return _one(self.plans().filter(code=code), code)

    def commitments(self, plan: Plan | None = None) -> QuerySet[Commitment]:
        """Commitments of a plan, or of all plans."""
        found = Commitment.objects.filter(plan__in=self.plans()).select_related("plan")
        return found.filter(plan=plan) if plan is not None else found

    def targets(self) -> QuerySet[Target]:
        """Targets of the city and of the districts within reach."""
        return Target.objects.filter(self._within()).select_related("plan", "commitment").defer("plan__blocks")

    def target(self, code: str) -> Target:
        """One target.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        return _one(self.targets().filter(code=code), code)

    def changes(self, target: Target) -> QuerySet[TargetChange]:
        """What changed in a visible target, oldest first."""
        return TargetChange.objects.filter(target=target).select_related("person")

    def odds(self) -> QuerySet[Odds]:
        """The odds of all visible targets."""
        return Odds.objects.filter(target__in=self.targets())

    def values(self) -> QuerySet[IndicatorValue]:
        """Values of indicators, of the city and the districts within reach; older ones too."""
        return IndicatorValue.objects.filter(self._within())

    def figures(self) -> QuerySet[Figure]:
        """Reported figures of the city and the districts within reach, and those of the reader's own organisation."""
        return Figure.objects.filter(self._within(organisations=True)).select_related("person", "checker")

    def scorings(self) -> QuerySet[Scoring]:
        """Runs of appraisals; simulations only for who made them. What they say of districts out of reach is left out by `scores`."""
        if not self.can(Capability.SEE):
            return Scoring.objects.none()
        return Scoring.objects.filter(~Q(stage="trial") | Q(person=self.person)).select_related("person")

    def scores(self, scoring: Scoring) -> list[dict[str, Any]]:
        """The scores of a run, of the districts within reach."""
        return [entry for entry in scoring.scores if self.can(Capability.SEE, entry["who"])]

    def appeals(self) -> QuerySet[Appeal]:
        """Appeals to scores, within reach."""
        found = self._within("who")
        return Appeal.objects.filter(found).select_related("scoring", "person", "answered_by")

    def reports(self) -> QuerySet[Report]:
        """Reports that were written; they tell of the whole city, so only those who see all of it see them, or all when published."""
        if not self.can(Capability.SEE):
            return Report.objects.none()
        return Report.objects.all() if self.everywhere() else Report.objects.filter(published=True)

    def everywhere(self, capability: Capability = Capability.SEE) -> bool:
        """Whether the reader's reach is the whole city."""
        return any(reach.districts is None and reach.organisations is None for reach in self.scope.kernel(capability, KERNEL))

    def _within(self, column: str = "district", *, organisations: bool = False) -> Q:
        reaches = self.scope.kernel(Capability.SEE, KERNEL)
        if not reaches:
            return Q(pk__in=[])
        found = Q(**{column: ""})
        for reach in reaches:
            if reach.organisations is not None:
                found |= Q(organisation__in=reach.organisations) if organisations else Q(pk__in=[])
            elif reach.districts is None:
                return Q()
            else:
                found |= Q(**{f"{column}__in": reach.counties})
        return found


def _covers(reach: Reach, district: str, organisation: str) -> bool:
    return reach.covers(district, "", organisation)


def _one(found: QuerySet[Any], code: object) -> Any:
    entry = found.first()
    if entry is None:
        raise NotVisible(code)
    return entry
