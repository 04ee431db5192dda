"""What can be done with a case from where it stands, and why something cannot."""

from __future__ import annotations

from django.utils import timezone

from bilan.casework.models import Case, CaseState, Step
from bilan.casework.moving import effects
from bilan.casework.moving.facts import Facts, StoreFacts, answers
from bilan.casework.moving.filling import values_of
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import Held, read
from bilan.casework.moving.model import Choice
from bilan.pack.expressions import OUTSIDE_KEY
from bilan.pack.flows import Flow, Transition
from bilan.people.models import Person
from bilan.problems import Problem

TURNING = ("transfer", "suspend", "resume", "withdraw", "reopen")
"""Acts that, beside moves to another state, make what somebody saw of a case before them obsolete."""


def available(case: Case, person: Person | None, *, facts: Facts | None = None) -> list[Choice]:
    """The transitions that leave where a case stands, with whether a person may make them.

    Parameters:
        person: None for the platform itself.
        facts: what answers guards about readings; the city's store when left out.
    """
    held, hand = read(case), Hand(person)
    flow, found = held.flow, []
    for state, part in ((case.state, ""), *((state, part) for part, state in case.parts.items())):
        for transition in flow.leaving(state):
            why = [*refusals(held, hand, transition, part)]
            why = why or _guards(held, transition, facts or StoreFacts())
            found.append(Choice(transition, not why, tuple(why), part))
    return found


def refusals(held: Held, hand: Hand, transition: Transition, part: str) -> list[Problem]:
    """Why a transition cannot be made, whatever is filled in."""
    case, flow = held.case, held.flow
    words = {"value": transition.title.zh, "en": transition.title.en}
    if case.standing == CaseState.SUSPENDED:
        return [Problem("case.suspended", {"value": case.code})]
    if case.standing != CaseState.RUNNING:
        return [Problem("case.ended", {"value": case.code})]
    state = case.parts.get(part, "") if part else case.state
    if state not in transition.sources:
        here = flow.state.get(state)
        return [
            Problem(
                "case.not_from_here", {**words, "state": here.title.zh if here else state, "state_en": here.title.en if here else state}
            )
        ]
    problems = hand.refuses(case, transition, held.doers, flow.submits)
    if not part and transition.parts and (running := effects.running_parts(case, flow)):
        titles = {entry.name: entry.title for entry in flow.state[case.state].parallel}
        problems.append(
            Problem("case.parts_running", {"value": [titles[name].zh for name in running], "en": [titles[name].en for name in running]})
        )
    return problems


def part_of(case: Case, flow: Flow, transition: Transition, wanted: str) -> str:
    """The parallel part that a transition moves; empty for the whole case."""
    if wanted or case.state in transition.sources:
        return wanted
    return next((part for part, state in case.parts.items() if state in transition.sources), "")


def conflict(held: Held, version: int | None, part: str = "") -> list[Problem]:
    """Whether a case has moved on since somebody looked at it; comments, evidence, reminders and other parts' moves do not count."""
    case, flow = held.case, held.flow
    if version is None or version >= case.version:
        return []
    for step in Step.objects.filter(case=case, number__gt=version).order_by("-number"):
        if part and step.part not in {"", part}:
            continue
        if step.action in TURNING or (step.action == "move" and step.before != step.after):
            after = flow.state.get(step.after)
            values = {
                "author": step.author,
                "when": f"{timezone.localtime(step.at):%Y-%m-%d %H:%M}",
                "value": after.title.zh if after else step.after,
                "en": after.title.en if after else step.after,
            }
            return [Problem("case.conflict", values)]
    return []


def _guards(held: Held, transition: Transition, facts: Facts) -> list[Problem]:
    """Guards that can be looked at before anything is filled in, and do not hold."""
    later = {entry.name for entry in transition.fields} | ({"findings", "critical"} if transition.checklist else set())
    around = values_of(held)
    found: list[Problem] = []
    for guard in transition.guards:
        if guard.when.names & later or ("evidence",) in {question[:1] for question in guard.when.questions}:
            continue
        if not guard.when.holds({**around, OUTSIDE_KEY: answers(held, guard.when.questions, facts)}):
            found.append(Problem("case.guard", {"value": guard.says.zh, "en": guard.says.en}))
    return found
