"""Campaigns: a target list × a checklist × a flow; one case a target, opened in bulk, with progress by district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from bilan.casework.docket import Docket
from bilan.casework.models import Campaign, Case, CaseState
from bilan.casework.moving import Opening, open_many
from bilan.casework.targets import arguments_of_query, require_assign
from bilan.people.models import Person
from bilan.people.visibility import visible_to
from bilan.problems import BilanError, Problem
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry

MOST = 20_000
"""Targets a campaign may have."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign to be begun.

    Attributes:
        flow: the flow its cases run; `checklist`: the list of questions asked.
        register, query: where the targets come from, filters written as in the address of the register's list.
        districts: codes it is limited to; empty for all.
    """

    name: str
    flow: str
    register: str
    begin: date
    end: date
    query: str = ""
    checklist: str = ""
    districts: Sequence[str] = ()
    note: str = ""


@dataclass(slots=True)
class Progress:
    """How far a campaign is in one district.

    Attributes:
        states: state of the flow → running cases in it.
        overdue: running ones beyond their term.
    """

    district: str
    total: int = 0
    closed: int = 0
    cancelled: int = 0
    overdue: int = 0
    states: dict[str, int] = field(default_factory=dict)

    @property
    def running(self) -> int:
        """Cases that still ask something of somebody."""
        return self.total - self.closed - self.cancelled

    @property
    def share(self) -> float:
        """Part of the cases that count which are done, 0 to 1."""
        counted = self.total - self.cancelled
        return self.closed / counted if counted else 0.0


def targets_of(by: Person, register: str, query: str = "", districts: Sequence[str] = ()) -> list[Entry]:
    """Entries a campaign of this person would be about.

    Raises:
        NotVisible: the register is not theirs to see.
        BilanError: a filter is not known, or too many entries are kept.
    """
    found = Ledger(visible_to(by)).entries(register, arguments_of_query(query)).order_by("code")
    if districts:
        found = found.filter(district__in=list(districts))
    entries = list(found[: MOST + 1])
    if len(entries) > MOST:
        raise BilanError(Problem("campaign.too_many", {"value": f">{MOST}", "allowed": MOST}))
    return entries


def begin(plan: Plan, by: Person) -> Campaign:
    """Begin a campaign and open a case for each of its targets.

    Raises:
        NotAllowed: the person may not give out cases.
        BilanError: it ends before it begins, has no targets, or a case is refused; then nothing is begun.
    """
    require_assign(by)
    if plan.end < plan.begin:
        raise BilanError(Problem("campaign.dates", {"value": plan.end.isoformat(), "allowed": plan.begin.isoformat()}))
    if not plan.name.strip():
        raise BilanError(Problem("campaign.no_name"))
    with transaction.atomic():
        campaign = Campaign.objects.create(
            name=plan.name.strip()[:200],
            flow=plan.flow,
            checklist=plan.checklist,
            register=plan.register,
            query=plan.query,
            begin=plan.begin,
            end=plan.end,
            districts=list(plan.districts),
            person=by,
            note=plan.note,
        )
        if not extend(campaign, by):
            raise BilanError(Problem("campaign.empty", {"value": plan.query, "register": plan.register}))
    return campaign


def extend(campaign: Campaign, by: Person) -> int:
    """Open cases for targets that came to the list since; those that have one keep it.

    Returns:
        How many were opened.

    Raises:
        NotAllowed: the person may not give out cases.
        BilanError: the campaign is over, or a case is refused; then none is opened.
    """
    require_assign(by)
    if campaign.closed is not None:
        raise BilanError(Problem("campaign.over", {"value": campaign.name}))
    entries = targets_of(by, campaign.register, campaign.query, campaign.districts)
    had = set(Case.objects.filter(campaign=campaign).values_list("entry", flat=True))
    openings = [
        Opening(
            title=f"{campaign.name} · {entry.name or entry.code}"[:300],
            register=campaign.register,
            entry=entry.code,
            seed=f"campaign:{campaign.pk}:{entry.code}",
            campaign=campaign,
        )
        for entry in entries
        if entry.code not in had
    ]
    done = open_many(campaign.flow, openings, by) if openings else []
    problems = [problem for entry in done for problem in entry.problems]
    if problems:
        raise BilanError(*problems[:5])
    return len(done)


def end(campaign: Campaign, by: Person) -> Campaign:
    """End a campaign: no more cases are opened for it; those that run go on to their end.

    Raises:
        NotAllowed: the person may not give out cases.
    """
    require_assign(by)
    if campaign.closed is None:
        campaign.closed = timezone.now()
        campaign.save(update_fields=["closed"])
    return campaign


def progress(campaign: Campaign, docket: Docket) -> list[Progress]:
    """How far a campaign is by district, as far as the reader sees its cases; by code of the district."""
    return progress_of(docket.cases().filter(campaign=campaign))


def progress_of(cases: QuerySet[Case]) -> list[Progress]:
    """How far cases are by district.

    Parameters:
        cases: a query over cases, such as one flow's or one campaign's.
    """
    late = Q(standing=CaseState.RUNNING, due__lt=timezone.now())
    rows = cases.order_by().values("district", "state", "standing")
    counted = rows.annotate(count=Count("pk", distinct=True), late=Count("pk", filter=late, distinct=True))
    found: dict[str, Progress] = {}
    states: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counted:
        district, count = row["district"], row["count"]
        entry = found.setdefault(district, Progress(district))
        entry.total += count
        entry.overdue += row["late"]
        if row["standing"] == CaseState.CLOSED:
            entry.closed += count
        elif row["standing"] == CaseState.CANCELLED:
            entry.cancelled += count
        else:
            states[district][row["state"]] = states[district].get(row["state"], 0) + count
    for district, entry in found.items():
        entry.states = states.get(district, {})
    return [found[district] for district in sorted(found)]
