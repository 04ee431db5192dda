"""Moving cases by the transitions of their flows, one or many, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from bilan.casework.models import Case, CaseState, Evidence, Step
from bilan.casework.moving import effects
from bilan.casework.moving.answering import answered
from bilan.casework.moving.dating import moment
from bilan.casework.moving.facts import Facts, StoreFacts, answers
from bilan.casework.moving.filling import cleaned, handed_in, values_of
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import Held, hold, keep
from bilan.casework.moving.model import Done, Move
from bilan.casework.moving.standing import conflict, part_of, refusals
from bilan.casework.moving.telling import tell
from bilan.casework.moving.writeback import draft_of, write_back
from bilan.pack.expressions import OUTSIDE_KEY
from bilan.pack.flows import Kind, Transition
from bilan.pack.registers import Registers
from bilan.people.models import Person
from bilan.problems import BilanError, Place, Problem, nearest
from bilan.registers.declared import declared
from bilan.registers.portions import portions
from bilan.registers.writing import Draft

EVENTS = {Kind.RETURN: "case.returned", Kind.URGE: "case.urged", Kind.CLOSE: "case.closed", Kind.CANCEL: "case.closed"}
"""What whom it concerns is told a transition was."""
Ask = tuple[Case, str, Move]
"""A case, the name of a transition, and what is filled in."""


def move(case: Case, transition: str, filled: Move, by: Person | None, *, facts: Facts | None = None) -> Step:
    """Move a case by a transition of its flow.

    Parameters:
        by: who moves it; None for the platform itself.
        facts: what answers guards about readings; the city's store when left out.

    Returns:
        The signed step; the one that was made then when the same key was sent before. `case` itself is brought up to date.

    Raises:
        BilanError: with everything that keeps it from being done; then nothing is done.
    """
    done = move_many([(case, transition, filled)], by, facts=facts)[0]
    if done.step is None:
        raise BilanError(*done.problems)
    case.refresh_from_db()
    return done.step


def move_many(asks: Sequence[Ask], by: Person | None, *, accept: str = "all", facts: Facts | None = None, reason: str = "") -> list[Done]:
    """Move many cases at once; what they write back to a register is one change set.

    Parameters:
        accept: ``all`` moves only when none is refused; ``rows`` moves those that can be.
        reason: why, for the history of the entries.

    Returns:
        What became of each, in order; with ``all`` and one refused, none has a step.
    """
    work = _Work(Hand(by), facts or StoreFacts(), declared(), moment())
    with transaction.atomic():
        helds = hold(case.pk for case, _name, _filled in asks)
        sent = sent_before([filled.key for _case, _name, filled in asks if filled.key])
        plans = [_planned(work, helds.get(case.pk), name, filled, sent) for case, name, filled in asks]
        _twice(plans)
        work.refused = accept == "all" and any(plan.problems for plan in plans)
        if not work.refused:
            _write(work, plans, accept, reason)
        if work.refused:
            transaction.set_rollback(True)
    return [
        Done(plan.held.case if plan.held else case, None if work.refused or plan.problems else plan.step, tuple(plan.problems))
        for plan, (case, _name, _filled) in zip(plans, asks, strict=True)
    ]


@dataclass
class _Work:
    hand: Hand
    facts: Facts
    known: Registers
    now: datetime
    refused: bool = False


@dataclass
class _Plan:
    """One move on its way."""

    held: Held | None
    filled: Move
    transition: Transition | None = None
    part: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    around: dict[str, Any] = field(default_factory=dict)
    checklist: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    step: Step | None = None
    draft: Draft | None = None

    @property
    def fresh(self) -> bool:
        """Whether there is something to do."""
        return not self.problems and self.step is None


def sent_before(keys: Sequence[str]) -> dict[str, Step]:
    """Steps that were made under these keys; look after the cases are locked, so that nobody is about to make one."""
    found: dict[str, Step] = {}
    for part in portions(sorted(set(keys))):
        found |= {step.key: step for step in Step.objects.filter(key__in=part).select_related("case")}
    return found


def _planned(work: _Work, held: Held | None, name: str, filled: Move, sent: dict[str, Step]) -> _Plan:
    """Work out what a move would do, and everything that keeps it from being done."""
    plan = _Plan(held, filled)
    if held is None:
        plan.problems.append(Problem("case.gone"))
        return plan
    if (before := sent.get(filled.key)) is not None:
        if before.case_id != held.case.pk or before.transition != name:
            plan.problems.append(Problem("case.key_used", {"value": filled.key}))
        plan.step = before
        return plan
    flow = held.flow
    transition = flow.transition.get(name)
    if transition is None:
        values = {"value": name, "allowed": sorted(flow.transition), "nearest": nearest(name, flow.transition)}
        plan.problems.append(Problem("case.no_transition", values))
        return plan
    plan.transition, plan.part = transition, part_of(held.case, flow, transition, filled.part)
    plan.problems += conflict(held, filled.version, plan.part)
    plan.problems += refusals(held, work.hand, transition, plan.part)
    if not plan.problems:
        _fill(work, plan, held, transition)
    return plan


def _fill(work: _Work, plan: _Plan, held: Held, transition: Transition) -> None:
    """Take what was filled in, and look whether it is enough."""
    filled, case = plan.filled, held.case
    around = values_of(held)
    plan.values, problems = cleaned(transition.fields, filled.values, case.data, around, work.known)
    plan.problems += problems
    around |= {entry.name: plan.values.get(entry.name) for entry in transition.fields}
    if transition.checklist:
        result, problems = answered(held.flow.checklists[transition.checklist], filled.checklist, around, work.known)
        plan.problems += problems
        plan.checklist = result.answers
        around |= {"findings": result.findings, "critical": result.critical}
    done = min(filled.done or work.now, work.now)
    plan.evidence, problems = handed_in(held, transition.evidence, _numbers(plan), around, done)
    plan.problems += problems
    plan.around = around
    if transition.note and not filled.note.strip():
        plan.problems.append(
            Problem("case.note_missing", {"value": transition.title.zh, "en": transition.title.en}, Place("", None, "note"))
        )
    _check_next_owner(plan, held, transition)
    if not plan.problems:
        _guarded(work, plan, held, transition)


def _numbers(plan: _Plan) -> list[int]:
    """Evidence named by the move and by the answers of its checklist."""
    return list(dict.fromkeys([*plan.filled.evidence, *(number for entry in plan.checklist for number in entry["evidence"])]))


def _check_next_owner(plan: _Plan, held: Held, transition: Transition) -> None:
    to = plan.filled.to
    if to is None:
        return
    hand = held.hands(to)
    if not transition.assigns:
        plan.problems.append(Problem("case.assigns_nobody", {"value": transition.title.zh, "en": transition.title.en}))
    elif not any(hand.covers(held.case, role) for role in transition.assigns):
        plan.problems.append(Problem("case.cannot_own", {"value": str(to), "allowed": transition.assigns}))


def _guarded(work: _Work, plan: _Plan, held: Held, transition: Transition) -> None:
    for guard in transition.guards:
        values = {**plan.around, OUTSIDE_KEY: answers(held, guard.when.questions, work.facts, plan.evidence)}
        if not guard.when.holds(values):
            plan.problems.append(Problem("case.guard", {"value": guard.says.zh, "en": guard.says.en}))
    if not plan.problems:
        plan.draft = draft_of(held, transition.writes, {**plan.around, **plan.values})


def _twice(plans: Sequence[_Plan]) -> None:
    """A case is moved once at a time."""
    seen: set[int] = set()
    for plan in plans:
        if plan.held is not None and plan.fresh:
            if plan.held.case.pk in seen:
                plan.problems.append(Problem("case.twice", {"value": plan.held.case.code}))
            seen.add(plan.held.case.pk)


def _write(work: _Work, plans: Sequence[_Plan], accept: str, reason: str) -> None:
    """Write entries first: a case whose entry refuses does not move."""
    drafts = [(plan.held, plan.draft) for plan in plans if plan.held and plan.draft and plan.fresh]
    refused = write_back(drafts, work.hand, reason or _reason(plans))
    for plan in plans:
        if plan.held is not None and plan.fresh:
            plan.problems += refused.get(plan.held.case.pk, ())
    if refused and accept == "all":
        work.refused = True
        return
    happened = []
    for plan in plans:
        if plan.held is not None and plan.transition is not None and plan.fresh:
            plan.step = _made(work, plan, plan.held, plan.transition)
            happened.append((EVENTS.get(plan.transition.kind, "case.moved"), plan.held.case))
    keep(plan.held for plan in plans if plan.held is not None)
    tell(happened, work.hand)


def _reason(plans: Sequence[_Plan]) -> str:
    first = next((plan for plan in plans if plan.fresh and plan.held and plan.transition), None)
    if first is None or first.held is None or first.transition is None:
        return ""
    return f"{first.held.case.code} {first.transition.title.zh}"


def _made(work: _Work, plan: _Plan, held: Held, transition: Transition) -> Step:
    """Move the case in memory and sign the step."""
    case, flow, filled = held.case, held.flow, plan.filled
    before = case.parts[plan.part] if plan.part else case.state
    role = work.hand.role_for(case, transition.roles) or ""
    at = max(work.now, held.last.at) if held.last else work.now
    case.data = {**case.data, **plan.values}
    for name in {entry.name for entry in transition.fields} - plan.values.keys():
        case.data.pop(name, None)
    if transition.checklist:
        case.data |= {"@findings": plan.around["findings"], "@critical": plan.around["critical"]}
    if plan.part and transition.to and flow.state[transition.to].part:
        effects.arrive_part(case, flow, plan.part, transition.to, at)
    elif transition.to:
        effects.arrive(case, flow, transition.to, at, plan.around)
    after = case.parts.get(plan.part, case.state) if plan.part else case.state
    if case.standing in {CaseState.CLOSED, CaseState.CANCELLED}:
        case.result = transition.result
    step = held.sign(
        work.hand,
        "move",
        work.now,
        evidence=plan.evidence,
        transition=transition.name,
        part=plan.part,
        before=before,
        after=after,
        role=role,
        note=filled.note.strip(),
        values=plan.values,
        checklist=plan.checklist,
        done=min(filled.done, work.now) if filled.done else None,
        lon=filled.lon,
        lat=filled.lat,
        accuracy=filled.accuracy,
        key=filled.key[:40],
    )
    if not plan.part or transition.assigns:
        effects.choose_owner(held, work.hand, transition, filled.to)
    return step
