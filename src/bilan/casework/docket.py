"""Alerts and cases as one person may see them: the only door from pages, API and exports to the casework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from bilan.casework.models import Alert, AlertEvent, Campaign, Case, Drawing, Evidence, Step, Window
from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed, NotVisible, Reach, Scope

KERNEL = "casework"


class Docket:
    """Reads of the casework, each limited to what the scope allows.

    Args:
        scope: what the reader may see, from `bilan.people.visibility.visible_to`.
        person: the reader; None for nobody in particular. Cases they own or help with are theirs to see wherever they lie.
    """

    def __init__(self, scope: Scope, person: Any = None) -> None:
        self.scope = scope
        self.person = person if getattr(person, "pk", None) else None

    def can(self, capability: Capability, record: Alert | Case | None = None) -> bool:
        """Whether the reader may do something with alerts and cases, or with one of them."""
        reaches = self.scope.kernel(capability, KERNEL)
        if record is None or not reaches:
            return bool(reaches)
        if any(reach.covers(record.district, record.town, record.organisation) or _shared(reach, record) for reach in reaches):
            return True
        return isinstance(record, Case) and self._own(record)

    def require(self, capability: Capability, record: Alert | Case | None = None) -> None:
        """Insist that the reader may do something.

        Raises:
            NotAllowed: they may not.
        """
        if not self.can(capability, record):
            raise NotAllowed(capability)

    def alerts(self, capability: Capability = Capability.SEE) -> QuerySet[Alert]:
        """All alerts within the reader's reach, those that are over too."""
        return Alert.objects.filter(within(self.scope.kernel(capability, KERNEL)))

    def alert(self, number: int) -> Alert:
        """One alert.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        found = self.alerts().filter(pk=number).select_related("case", "window", "acknowledged_by", "folded", "before").first()
        if found is None:
            raise NotVisible(number)
        return found

    def events(self, alert: Alert) -> QuerySet[AlertEvent]:
        """What happened to a visible alert, oldest first."""
        return AlertEvent.objects.filter(alert=alert).order_by("at", "pk")

    def cases(self, capability: Capability = Capability.SEE) -> QuerySet[Case]:
        """All cases within the reader's reach, ended ones too."""
        reaches = self.scope.kernel(capability, KERNEL)
        if not reaches:
            return Case.objects.none()
        found = within(reaches)
        if self.person is not None and found:  # an empty condition is the whole city, which nothing can be added to
            found |= Q(pk__in=Case.objects.filter(Q(owner=self.person) | Q(helpers=self.person)).values("pk"))
        return Case.objects.filter(found)

    def case(self, code: str) -> Case:
        """One case.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        found = self.cases().filter(code=code).select_related("declared", "owner", "campaign").first()
        if found is None:
            raise NotVisible(code)
        return found

    def steps(self, case: Case) -> QuerySet[Step]:
        """The signed steps of a visible case, oldest first."""
        return Step.objects.filter(case=case).select_related("person").order_by("number")

    def evidence(self, case: Case) -> QuerySet[Evidence]:
        """The evidence of a visible case, oldest first."""
        return Evidence.objects.filter(case=case).select_related("step").order_by("received", "pk")

    def proof(self, number: int) -> Evidence:
        """One piece of evidence of a visible case.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        found = Evidence.objects.filter(pk=number, case__in=self.cases()).select_related("case", "step").first()
        if found is None:
            raise NotVisible(number)
        return found

    def windows(self) -> QuerySet[Window]:
        """Declared windows within the reader's reach, newest first."""
        return Window.objects.filter(within(self.scope.kernel(Capability.SEE, KERNEL), town=False)).order_by("-begin", "-pk")

    def campaigns(self) -> QuerySet[Campaign]:
        """Campaigns that have at least one case within the reader's reach, or that the reader began."""
        if not self.can(Capability.SEE):
            return Campaign.objects.none()
        own = Q(person=self.person) if self.person is not None else Q(pk__in=[])
        return Campaign.objects.filter(own | Q(pk__in=self.cases().exclude(campaign=None).values("campaign"))).order_by("-made")

    def drawings(self) -> QuerySet[Drawing]:
        """Drawings of targets and inspectors: published to everybody who sees casework of the whole city, else only one's own."""
        everywhere = any(reach.districts is None and reach.organisations is None for reach in self.scope.kernel(Capability.SEE, KERNEL))
        own = Q(person=self.person) if self.person is not None else Q(pk__in=[])
        return Drawing.objects.filter(Q() if everywhere else own).order_by("-made")

    def _own(self, case: Case) -> bool:
        return self.person is not None and (case.owner_id == self.person.pk or case.helpers.filter(pk=self.person.pk).exists())


def within(reaches: Sequence[Reach], *, town: bool = True) -> Q:
    """What lies within one of the reaches, as a condition on rows with district, town and organisation.

    Parameters:
        town: whether the rows have a town.
    """
    found = Q(pk__in=[])
    for reach in reaches:
        if reach.districts is None and reach.organisations is None:
            return Q()
        inside = Q()
        if reach.districts is not None:
            inside = Q(district__in=sorted(reach.counties or ()))
            if town:
                inside |= Q(town__in=sorted(reach.towns or ()))
            if reach.organisations is None:
                inside |= Q(district="", organisation="")
        if reach.organisations is not None:
            inside &= Q(organisation__in=sorted(reach.organisations))
        found |= inside
    return found


def _shared(reach: Reach, record: Alert | Case) -> bool:
    """What concerns no district and nobody in particular is the whole city's."""
    return reach.organisations is None and record.district == "" and record.organisation == ""
