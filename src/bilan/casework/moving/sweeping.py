"""Looking after terms: reminding before they end, escalating after, by what each flow declares; kept, so that no restart loses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bilan.casework.models import Case, CaseState
from bilan.casework.moving.dating import moment
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import CHUNK, Held, hold, keep
from bilan.casework.moving.telling import tell
from bilan.casework.moving.versions import flows
from bilan.casework.terms import shifted
from bilan.pack.flows import LEVELS, Escalation

AHEAD = timedelta(days=60)
"""How long before the end of a term a reminder may be declared at most."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: cases looked at, reminded of, escalated."""

    looked: int
    reminded: int
    escalated: int


def overdue(now: datetime | None = None) -> Swept:
    """Remind of terms that are nearly over and escalate those that are, each once, whenever and however often it is called.

    Parameters:
        now: aware moment; the clock's when left out. A clock that went back does nothing twice.
    """
    now = now or moment()
    ahead = _ahead()
    looked = reminded = escalated = 0
    last = 0
    while True:
        waiting = Case.objects.filter(standing=CaseState.RUNNING, due__lte=now + ahead, pk__gt=last).order_by("pk")
        numbers = list(waiting.values_list("pk", flat=True)[:CHUNK])
        if not numbers:
            return Swept(looked, reminded, escalated)
        last = numbers[-1]
        looked += len(numbers)
        with transaction.atomic():
            helds = hold(numbers)
            swept = [(held.case, lines) for held in helds.values() if (lines := _swept(held, now))]
            happened = [("case.overdue" if lines[-1].after is not None else "case.due", case) for case, lines in swept]
            keep(helds.values())
            tell(happened, Hand(None), roles={case.pk: [entry.role for entry in lines if entry.role] for case, lines in swept})
        reminded += sum(kind == "case.due" for kind, _case in happened)
        escalated += sum(kind == "case.overdue" for kind, _case in happened)


def planned(held_due: datetime, entries: tuple[Escalation, ...]) -> list[tuple[datetime, Escalation]]:
    """When each line of an escalation is due, the first first."""
    found = []
    for entry in entries:
        if entry.before is not None:
            found.append((shifted(held_due, entry.before, back=True), entry))
        elif entry.after is not None:
            found.append((shifted(held_due, entry.after), entry))
    return sorted(found, key=lambda pair: pair[0])


def _swept(held: Held, now: datetime) -> list[Escalation]:
    """Do what is due for one case; gives the lines that were."""
    case = held.case
    if case.standing != CaseState.RUNNING or case.due is None:
        return []
    lines = planned(case.due, held.flow.escalation(case.state))
    due = [entry for at, entry in lines if at <= now][case.reminded :]
    hand = Hand(None)
    for entry in due:
        case.reminded += 1
        late = entry.after is not None
        if entry.level:
            case.level = max(case.level, LEVELS.index(entry.level) + 1)
        if entry.role and entry.takes:
            case.owner, case.role = None, entry.role
        values = {"role": entry.role, "level": case.level, "line": case.reminded}
        held.sign(hand, "escalate" if late else "remind", now, note=entry.says.zh, values=values)
    return due


def _ahead() -> timedelta:
    """The longest time before the end of a term at which any flow reminds."""
    known = flows().flows.values()
    spans = [entry.before for flow in known for state in flow.states for entry in flow.escalation(state.name) if entry.before is not None]
    return min(AHEAD, max((timedelta(hours=span.hours) for span in spans), default=timedelta()) * 2)
