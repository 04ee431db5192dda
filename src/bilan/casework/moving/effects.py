"""What becomes of a case when it moves: state, parts, term, owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bilan.casework.models import Case, CaseState, Step
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import Held
from bilan.casework.terms import end_of, ends
from bilan.pack.flows import Flow, Kind, State, Transition
from bilan.people.models import Person

PARTS = "@parts"
"""Where among a case's data the ends of its parts' terms stand."""


def arrive(case: Case, flow: Flow, to: str, at: datetime, values: Mapping[str, Any]) -> None:
    """Let a case stand in a state: its parts begin, its term runs, it ends where the state is final.

    Parameters:
        values: what conditions may name.
    """
    state = flow.state[to]
    case.state, case.entered, case.reminded = to, at, 0
    needed = [part for part in state.parallel if part.when is None or part.when.holds(values)]
    case.parts = {part.name: flow.part_states(part.name)[0].name for part in needed}
    case.data = {name: value for name, value in case.data.items() if name != PARTS}
    if state.final:
        case.standing, case.closed, case.due = CaseState(state.final), at, None
    else:
        case.standing, case.closed = CaseState.RUNNING, None
        part_ends = {name: end for name, part in case.parts.items() if (end := term_end(flow.state[part], case.data, at)) is not None}
        if case.parts:
            case.data[PARTS] = {name: end.isoformat() for name, end in part_ends.items()}
        case.due = min([end for end in (term_end(state, case.data, at), *part_ends.values()) if end is not None], default=None)
        case.role = next(iter(flow.responsible(to)), "")
    if flow.public_after == to and case.published is None:
        case.published = at


def arrive_part(case: Case, flow: Flow, part: str, to: str, at: datetime) -> None:
    """Let a part of a case stand in a state."""
    case.parts = {**case.parts, part: to}
    held = dict(case.data.get(PARTS, {}))
    held.pop(part, None)
    end = None if flow.state[to].ends else term_end(flow.state[to], case.data, at)
    if end is not None:
        held[part] = end.isoformat()
    case.data = {**case.data, PARTS: held}
    own = term_end(flow.state[case.state], case.data, case.entered)
    case.due = min([entry for entry in (own, *map(datetime.fromisoformat, held.values())) if entry is not None], default=None)


def term_end(state: State, data: Mapping[str, Any], at: datetime) -> datetime | None:
    """When the term of a state ends that is entered at a moment; None for never."""
    if state.stands:
        return None
    if state.until:
        return end_of(date.fromisoformat(data[state.until])) if data.get(state.until) else None
    return ends(state.term, at).at if state.term else None


def postpone(case: Case, by: timedelta) -> None:
    """Let every term of a case end so much later."""
    if case.due is not None:
        case.due += by
    if PARTS in case.data:
        later = {name: (datetime.fromisoformat(end) + by).isoformat() for name, end in case.data[PARTS].items()}
        case.data = {**case.data, PARTS: later}


def running_parts(case: Case, flow: Flow) -> list[str]:
    """Parts that have not ended."""
    return [part for part, state in case.parts.items() if state in flow.state and not flow.state[state].ends]


def choose_owner(held: Held, hand: Hand, transition: Transition, to: Person | None) -> None:
    """Who has the case after a transition: who was named, who had it there before, who can go on with it, or nobody."""
    case, flow = held.case, held.flow
    if to is not None:
        case.owner = to
    elif transition.assigns:
        case.owner = None
    elif transition.kind is Kind.RETURN and (before := who_left(case, transition.to)) is not None and carries(held, before):
        case.owner = before
    elif case.standing == CaseState.RUNNING and transition.to and not (case.owner is not None and carries(held, case.owner)):
        case.owner = hand.person if hand.person is not None and carries(held, hand.person) else None
    if case.owner is None and case.standing == CaseState.RUNNING:
        case.role = next(iter(transition.assigns), "") or next(iter(flow.responsible(case.state)), "")


def carries(held: Held, person: Person) -> bool:
    """Whether somebody can bring a case on from where it stands."""
    case, flow = held.case, held.flow
    hand = held.hands(person)
    states = [case.state, *case.parts.values()]
    ways = [way for state in states for way in flow.leaving(state) if way.kind not in {Kind.URGE, Kind.CANCEL}]
    roles = set(hand.roles_at(case))
    return any((roles & set(way.roles) or (roles and not way.roles)) and not hand.barred(way, held.doers, flow.submits) for way in ways)


def who_left(case: Case, state: str) -> Person | None:
    """Who moved the case on from a state last."""
    step = (
        Step.objects.filter(case=case, before=state, action="move", person__isnull=False, person__is_active=True)
        .exclude(after=state)
        .select_related("person")
        .order_by("-number")
        .first()
    )
    return step.person if step is not None else None
