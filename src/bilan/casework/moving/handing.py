"""Handing over what somebody has when they leave."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from bilan.casework.models import Case, CaseState
from bilan.casework.moving import effects
from bilan.casework.moving.dating import moment
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import hold, keep
from bilan.casework.moving.model import Done
from bilan.casework.moving.telling import tell
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem


def hand_over(giver: Person, receiver: Person | None, by: Person | None, *, note: str) -> list[Done]:
    """Give all cases that somebody has, or helps with, to somebody else, or back to their roles.

    A case that the receiver cannot carry on (by role, district or because they judged it) goes back to its role, so that none stays with
    who leaves.

    Parameters:
        receiver: who gets them; None to give all back to their roles.
        note: why.

    Returns:
        Each case, with what kept the receiver from having it.

    Raises:
        BilanError: no reason is given, or by may not assign one of the cases; then nothing is done.
    """
    if not note.strip():
        raise BilanError(Problem("case.reason_missing"))
    hand, done = Hand(by), []
    running = Q(standing__in=(CaseState.RUNNING, CaseState.SUSPENDED))
    with transaction.atomic():
        own = Case.objects.filter(running & (Q(owner=giver) | Q(helpers=giver))).distinct()
        helds = hold(own.values_list("pk", flat=True))
        refused = [held.case.code for held in helds.values() if hand.person != giver and not hand.may(Capability.ASSIGN, held.case)]
        if refused:
            raise BilanError(*(Problem("case.may_not_assign", {"value": code}) for code in refused[:20]))
        for held in helds.values():
            case = held.case
            problems: tuple[Problem, ...] = ()
            if case.owner_id == giver.pk:
                fits = receiver is not None and effects.carries(held, receiver)
                case.owner = receiver if fits else None
                if receiver is not None and not fits:
                    problems = (Problem("case.cannot_own", {"value": str(receiver), "allowed": held.flow.responsible(case.state)}),)
            if case.helpers.filter(pk=giver.pk).exists():
                case.helpers.remove(giver)
                if receiver is not None:
                    case.helpers.add(receiver)
            values = {"from": str(giver), "owner": str(case.owner) if case.owner else ""}
            step = held.sign(hand, "assign", moment(), note=note.strip(), values=values)
            done.append(Done(case, step, problems))
        keep(helds.values())
        tell([("case.assigned", held.case) for held in helds.values()], hand)
    return done
