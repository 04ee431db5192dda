"""Outfalls and what is filled in to carry them through the five steps, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from bilan.casework.models import Case, Evidence
from bilan.casework.moving import Move, Opening, flow_named, move, move_many, open_many
from bilan.people.models import Person
from bilan.registers.writing import Draft, write
from tests.registers.entries import PLATFORM, point

FLOW = "outfall-five-steps"
DISTRICTS = ("350502", "350503")
HEADLINE = 1314
"""River and lake outfalls of the city (Quanzhou, box 5): 完成全市1314个入河（湖）排水口的“查、测、溯、治、管”五项主要任务."""
LATER = (date.today() + timedelta(days=200)).isoformat()
CREW = {
    "chief": "duty-chief",
    "officer": "enforcement-officer",
    "second": "enforcement-officer",
    "judge": "reviewer",
    "grid": "grid-member",
}
ANSWERS = {"record-survey": "outfall-survey", "check": "outfall-acceptance", "patrol": "outfall-patrol"}
VALUES: dict[str, dict[str, Any]] = {
    "record-survey": {"class": "other-ditch", "form": "pipe"},
    "record-sample": {"verdict": "met", "cod": 32.0, "nh3n": 2.4, "tp": 0.3},
    "add-source": {"upstream": "上游村庄", "share": 40, "proof": "管网图"},
    "finish-tracing": {"upstream": "沿街餐饮", "share": 90, "proof": "染色", "responsible_text": "演示镇人民政府"},
    "decide": {"treatment": "regulate", "reason": "来水明确", "policy": "规范采样口", "measures": ["port"], "due": LATER},
    "resample": {"verdict": "met", "cod": 28.0, "nh3n": 1.9, "tp": 0.2},
    "apply": {"work_done": "已规范整治", "sign": "good"},
    "cancel-number": {"cancel_number": "泉演销〔2026〕1号", "objections": 0},
    "close-outfall": {"cancel_number": "泉演销〔2026〕2号", "objections": 0},
    "settle": {"patrol_frequency": "每月1次"},
}
DOERS = {"decide": "judge", "check": "judge", "cancel-number": "chief", "close-outfall": "chief", "settle": "judge", "patrol": "grid"}
KEPT = ("record-survey", "record-sample", "finish-tracing", "decide", "resample", "apply", "check", "cancel-number", "patrol", "settle")
BANNED = ("record-survey", "record-sample", "finish-tracing", "decide", "apply", "check", "close-outfall")


def crew(persons: Any) -> None:
    """Everybody the five steps need, for the whole city."""
    for username, role in CREW.items():
        if not persons.filter(username=username).exists():
            persons.create_user(username, role=role, name=username)


def who(name: str) -> Person:
    """One of the crew, as fresh as in a request."""
    found: Person = Person.objects.get(username=name)
    return found


def outfalls(count: int, **more: Any) -> list[str]:
    """Write outfalls over the districts; their codes."""
    values = {"class": "other-ditch", "found_on": "2026-01-05", **more}
    drafts = [
        Draft({"name": f"演示排口{number}", "district": DISTRICTS[number % 2], "geometry": point(118.6 + number * 1e-4, 24.9), **values})
        for number in range(count)
    ]
    outcome = write("river-outfall", drafts, PLATFORM)
    assert not outcome.refused, outcome.refused[0].problems
    return [result.code for result in outcome.results]


def opened(codes: Iterable[str], by: str = "chief") -> list[Case]:
    """Cases about outfalls."""
    done = open_many(FLOW, [Opening(f"五步 {code}", register="river-outfall", entry=code) for code in codes], who(by))
    assert not any(entry.problems for entry in done), next(entry.problems for entry in done if entry.problems)
    return [entry.case for entry in done if entry.case is not None]


def proofs(cases: Sequence[Case], transition: str) -> None:
    """Evidence for a transition of many cases, taken on the spot just now."""
    now = timezone.now()
    needs = flow_named(cases[0].flow).transition[transition].evidence
    pieces = [
        Evidence(
            case=case,
            requirement=need.name,
            kind=need.kind,
            name=f"{need.name}.{'pdf' if need.kind == 'document' else 'jpg'}",
            digest=f"{case.pk:060x}{number:04x}",
            lon=case.lon,
            lat=case.lat,
            accuracy=5.0,
            taken=now,
        )
        for case in cases
        for need in needs
        for number in range(need.least)
    ]
    Evidence.objects.bulk_create(pieces, batch_size=500)


def answers(transition: str) -> list[dict[str, Any]]:
    """A checklist without a finding."""
    if transition not in ANSWERS:
        return []
    items = flow_named(FLOW).checklists[ANSWERS[transition]].items
    return [
        {"item": name, "answer": "1.2" if item.answer == "number" else next(word for word in ("yes", "no") if word not in item.bad)}
        for name, item in items.items()
    ]


def filled(transition: str, **more: Any) -> Move:
    """What is filled in for a transition."""
    return Move({**VALUES.get(transition, {}), **more}, checklist=answers(transition), note="意见")


def step(case: Case, transition: str, **more: Any) -> Case:
    """Make one transition of one case, with its evidence, by who usually does."""
    proofs([case], transition)
    move(case, transition, filled(transition, **more), who(DOERS.get(transition, "officer")))
    return case


def through(cases: Sequence[Case], names: Sequence[str], **more: dict[str, Any]) -> None:
    """Carry many cases through transitions, each in one go.

    Parameters:
        more: transition (``_`` for ``-``) → values of its own.
    """
    for name in names:
        proofs(cases, name)
        own = more.get(name.replace("-", "_"), {})
        done = move_many([(case, name, filled(name, **own)) for case in cases], who(DOERS.get(name, "officer")))
        assert not any(entry.problems for entry in done), (name, [str(problem) for entry in done for problem in entry.problems][:3])
