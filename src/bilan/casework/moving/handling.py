"""What is done with a case beside moving it: comments, owners, helpers, other districts, a standing clock, taking back, reopening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from bilan.casework.models import Case, CaseState, Evidence, Step
from bilan.casework.moving import effects
from bilan.casework.moving.dating import moment
from bilan.casework.moving.filling import values_of
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import Held, hold, keep
from bilan.casework.moving.service import sent_before
from bilan.casework.moving.telling import tell
from bilan.casework.terms import shifted
from bilan.pack.flows import Reopening
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.problems import BilanError, Place, Problem, nearest

ENDED = (CaseState.CLOSED, CaseState.CANCELLED)
Content = dict[str, Any]
Apply = Callable[[Held, Hand], Content]
"""Changes the case in memory and gives what the step shall hold; raises when it cannot be."""


def comment(case: Case, text: str, by: Person | None, *, key: str = "", evidence: Sequence[int] = ()) -> Step:
    """Say something about a case, with evidence that no transition asks for where there is some.

    Raises:
        BilanError: there is nothing to say, or the case is out of reach.
    """

    def apply(held: Held, hand: Hand) -> Content:
        _insist(hand.may(Capability.HANDLE, held.case), "case.may_not", held)
        if not text.strip():
            raise BilanError(Problem("case.note_missing", {"value": "评论", "en": "Comment"}, Place("", None, "note")))
        return {"note": text.strip()}

    return _act(case, by, "comment", apply, key=key, evidence=evidence)


def assign(case: Case, to: Person | None, by: Person | None, *, note: str = "", key: str = "") -> Step:
    """Give a case to somebody, or back to its role. Whoever the role fits may take a case that nobody has.

    Raises:
        BilanError: by may not give it, or it cannot be carried on by whom it is given to.
    """

    def apply(held: Held, hand: Hand) -> Content:
        case = held.case
        _running(held)
        takes = to is not None and hand.person == to and case.owner_id is None
        own = hand.person is not None and case.owner_id == hand.person.pk
        _insist(takes or own or hand.may(Capability.ASSIGN, case), "case.may_not_assign", held)
        if to is not None and not effects.carries(held, to):
            allowed = held.flow.responsible(case.state)
            raise BilanError(Problem("case.cannot_own", {"value": str(to), "allowed": allowed}))
        case.owner = to
        return {"note": note.strip(), "values": {"owner": str(to) if to is not None else ""}}

    return _act(case, by, "assign", apply, key=key, kind="case.assigned")


def add_helper(case: Case, person: Person, by: Person | None, *, note: str = "", key: str = "") -> Step:
    """Let somebody help with a case: they see it and may comment and hand in evidence wherever it lies.

    Raises:
        BilanError: by may not.
    """

    def apply(held: Held, hand: Hand) -> Content:
        _running(held)
        own = hand.person is not None and held.case.owner_id == hand.person.pk
        _insist(own or hand.may(Capability.ASSIGN, held.case), "case.may_not_assign", held)
        held.case.helpers.add(person)
        return {"note": note.strip(), "values": {"helper": str(person)}}

    return _act(case, by, "help", apply, key=key, kind="case.assigned")


def remove_helper(case: Case, person: Person, by: Person | None, *, note: str = "", key: str = "") -> Step:
    """Let somebody help no more; who gives up helping may do so themselves.

    Raises:
        BilanError: by may not.
    """

    def apply(held: Held, hand: Hand) -> Content:
        own = hand.person is not None and hand.person.pk in {held.case.owner_id, person.pk}
        _insist(own or hand.may(Capability.ASSIGN, held.case), "case.may_not_assign", held)
        held.case.helpers.remove(person)
        return {"note": note.strip(), "values": {"no_helper": str(person)}}

    return _act(case, by, "help", apply, key=key)


def transfer(case: Case, by: Person | None, *, note: str, district: str | None = None, role: str = "", key: str = "") -> Step:
    """Hand a case on to another district or role; nobody has it until somebody there takes it.

    Parameters:
        note: why.
        district: six-digit code; empty for the city; None to leave it where it is.
        role: role that shall be responsible; the state's when empty.

    Raises:
        BilanError: by may not, gives no reason, or the role has nothing to do in this state.
    """

    def apply(held: Held, hand: Hand) -> Content:
        case = held.case
        _running(held)
        own = hand.person is not None and case.owner_id == hand.person.pk
        _insist(own or hand.may(Capability.ASSIGN, case), "case.may_not_assign", held)
        _because(note)
        allowed = held.flow.responsible(case.state)
        if role and allowed and role not in allowed:
            raise BilanError(Problem("flow.unknown_role", {"value": role, "allowed": allowed, "nearest": nearest(role, allowed)}))
        values = {"district": case.district if district is None else district, "from_district": case.district, "from_role": case.role}
        if district is not None and district != case.district:
            case.district, case.town = district, ""
        case.owner, case.role = None, role or next(iter(allowed), "")
        return {"note": note.strip(), "values": {**values, "role": case.role}}

    return _act(case, by, "transfer", apply, key=key, kind="case.transferred")


def suspend(case: Case, by: Person | None, *, note: str, key: str = "") -> Step:
    """Let the clock of a case stand.

    Raises:
        BilanError: it does not run, by may not, or gives no reason.
    """

    def apply(held: Held, hand: Hand) -> Content:
        _running(held)
        _insist(hand.may(Capability.ASSIGN, held.case), "case.may_not_assign", held)
        _because(note)
        held.case.standing, held.case.suspended = CaseState.SUSPENDED, moment()
        return {"note": note.strip()}

    return _act(case, by, "suspend", apply, key=key)


def resume(case: Case, by: Person | None, *, note: str = "", key: str = "") -> Step:
    """Let the clock run again: every term of the case ends so much later as it stood.

    Raises:
        BilanError: it does not stand, or by may not.
    """

    def apply(held: Held, hand: Hand) -> Content:
        case = held.case
        _insist(case.standing == CaseState.SUSPENDED, "case.not_suspended", held)
        own = hand.person is not None and case.owner_id == hand.person.pk
        _insist(own or hand.may(Capability.ASSIGN, case), "case.may_not_assign", held)
        stood = max(timedelta(), moment() - case.suspended) if case.suspended else timedelta()
        effects.postpone(case, stood)
        case.standing, case.suspended = CaseState.RUNNING, None
        return {"note": note.strip(), "values": {"stood_hours": round(stood.total_seconds() / 3600, 2)}}

    return _act(case, by, "resume", apply, key=key, kind="case.assigned")


def withdraw(case: Case, by: Person | None, *, note: str, key: str = "") -> Step:
    """Take a case back that should not have been opened: by whoever opened it as long as nobody else did anything, or by a dispatcher.

    Raises:
        BilanError: it has ended, by may not, or gives no reason.
    """

    def apply(held: Held, hand: Hand) -> Content:
        case = held.case
        _insist(case.standing not in ENDED, "case.ended", held)
        others = Step.objects.filter(case=case).exclude(person=hand.person).exclude(person=None).exists()
        opened = Step.objects.filter(case=case, action="open", person=hand.person).exists() and hand.person is not None
        _insist((opened and not others) or hand.may(Capability.ASSIGN, case), "case.may_not_assign", held)
        _because(note)
        case.standing, case.closed, case.due, case.suspended = CaseState.CANCELLED, moment(), None, None
        case.result = "withdrawn"
        return {"note": note.strip()}

    return _act(case, by, "withdraw", apply, key=key, kind="case.closed")


def reopen(case: Case, by: Person | None, *, note: str, key: str = "") -> Step:
    """Bring an ended case back, as its flow allows it to persons; a new round begins.

    Raises:
        BilanError: it has not ended, the flow allows none of it (any more), by may not, or gives no reason.
    """

    def apply(held: Held, hand: Hand) -> Content:
        _insist(held.case.standing in ENDED, "case.not_ended", held)
        rules = [rule for rule in held.flow.reopen if rule.on == "person" and in_time(held.case, rule)]
        _insist(bool(rules), "case.no_reopening", held)
        rule = next((rule for rule in rules if hand.role_for(held.case, rule.roles) is not None), None)
        if rule is None:
            raise BilanError(Problem("case.may_not", {"value": held.case.code}))
        _because(note)
        return {"note": note.strip(), **bring_back(held, rule.to)}

    return _act(case, by, "reopen", apply, key=key, kind="case.reopened")


def urge(case: Case, by: Person | None, *, note: str, key: str = "") -> Step:
    """Press for a case; whom it concerns is told.

    Raises:
        BilanError: it does not run, or by may not.
    """

    def apply(held: Held, hand: Hand) -> Content:
        _running(held)
        _insist(hand.may(Capability.ASSIGN, held.case), "case.may_not_assign", held)
        _because(note)
        return {"note": note.strip()}

    return _act(case, by, "remind", apply, key=key, kind="case.urged")


def in_time(case: Case, rule: Reopening) -> bool:
    """Whether a case ended recently enough, and with a result, to be brought back by a rule."""
    recent = rule.within is None or case.closed is None or moment() <= shifted(case.closed, rule.within)
    return recent and (not rule.results or case.result in rule.results)


def bring_back(held: Held, to: str) -> Content:
    """Let an ended case begin a new round in a state, with whoever had it there before where they still can."""
    case, flow = held.case, held.flow
    before, case.round = case.state, case.round + 1
    case.result = ""
    effects.arrive(case, flow, to, max(moment(), held.last.at) if held.last else moment(), values_of(held))
    held.doers.clear()
    held.counts.clear()
    wanted = [person for person in (effects.who_left(case, to), case.owner) if person is not None]
    case.owner = next((person for person in wanted if effects.carries(held, person)), None)
    return {"before": before}


def _act(case: Case, by: Person | None, action: str, apply: Apply, *, key: str = "", kind: str = "", evidence: Sequence[int] = ()) -> Step:
    """Lock a case, apply what is done, sign it, tell of it."""
    hand = Hand(by)
    with transaction.atomic():
        held = hold([case.pk])[case.pk]
        if key and (before := sent_before([key]).get(key)) is not None:
            if before.case_id != case.pk or before.action != action:
                raise BilanError(Problem("case.key_used", {"value": key}))
            return before
        pieces = _loose(held, evidence)
        before_state = held.case.state
        content = apply(held, hand)
        content.setdefault("before", before_state)
        role = next(iter(hand.roles_at(held.case)), "")
        step = held.sign(hand, action, moment(), evidence=pieces, key=key[:40], role=role, **content)
        keep([held])
        if kind:
            tell([(kind, held.case)], hand)
    case.refresh_from_db()
    return step


def _loose(held: Held, numbers: Sequence[int]) -> list[Evidence]:
    unknown = [number for number in numbers if number not in held.loose]
    if unknown:
        raise BilanError(*(Problem("case.evidence_unknown", {"value": number}) for number in unknown))
    return [held.loose[number] for number in numbers]


def _insist(holds: bool, code: str, held: Held) -> None:
    if not holds:
        raise BilanError(Problem(code, {"value": held.case.code}))


def _running(held: Held) -> None:
    if held.case.standing == CaseState.SUSPENDED:
        raise BilanError(Problem("case.suspended", {"value": held.case.code}))
    _insist(held.case.standing == CaseState.RUNNING, "case.ended", held)


def _because(note: str) -> None:
    if not note.strip():
        raise BilanError(Problem("case.reason_missing", {}, Place("", None, "note")))
