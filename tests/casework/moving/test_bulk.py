"""Bulk, two at once, and any order of moves."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bilan.casework.models import Case, Step
from bilan.casework.moving import (
    Move,
    Opening,
    assign,
    available,
    comment,
    dispatch,
    flow_of,
    listen,
    move,
    move_many,
    open_many,
    overdue,
    reopen,
    resume,
    suspend,
    telling,
    verify,
)
from bilan.problems import BilanError
from bilan.registers.models import ChangeSet, Entry
from bilan.registers.writing import Draft, write
from tests.casework.moving.crew import LAT, LON, a_case, photo, who
from tests.registers.entries import PLATFORM, point

OUTFALLS = 1314


def test_all_outfalls_of_a_city_are_carried_through_in_one_go_a_step_and_one_change_set() -> None:
    drafts = [
        Draft({"name": f"排口{n}", "district": "350502", "kind": "rain", "geometry": point(LON, LAT)}, code=f"O{200000 + n}")
        for n in range(OUTFALLS)
    ]
    assert write("test-outfall", drafts, PLATFORM).change is not None
    entries = list(Entry.objects.filter(register="test-outfall", code__startswith="O20"))
    done = dispatch("test-order", entries, who("chief"), like=Opening("普查"))
    cases = [entry.case for entry in done if entry.case]
    assert len({case.code for case in cases}) == OUTFALLS
    assert all(entry.step for entry in move_many([(case, "accept", Move()) for case in cases], who("officer")))
    asks = [(case, "submit", Move({"found_kind": "rain", "measured": 5}, evidence=[photo(case)])) for case in cases]
    assert all(entry.step for entry in move_many(asks, who("officer")))
    before = ChangeSet.objects.count()
    assert all(entry.step for entry in move_many([(case, "approve", Move()) for case in cases], who("judge")))
    assert ChangeSet.objects.count() == before + 1
    assert Entry.objects.filter(register="test-outfall", code__startswith="O20", data__flow=5.0).count() == OUTFALLS
    assert Case.objects.filter(pk__in=[case.pk for case in cases], standing="closed", version=4).count() == OUTFALLS
    assert verify(Case.objects.get(pk=cases[700].pk)) is None


def test_of_many_all_or_only_those_that_can() -> None:
    good, bad = a_case(), a_case(district="350503")
    asks = [(good, "accept", Move(key="b-1")), (bad, "accept", Move(key="b-2")), (good, "accept", Move())]
    done = move_many(asks, who("officer"))
    assert [entry.step for entry in done] == [None, None, None]
    assert Step.objects.filter(case=good).count() == 1
    done = move_many(asks, who("officer"), accept="rows")
    assert [bool(entry.step) for entry in done] == [True, False, False]
    assert [entry.code for entry in done[2].problems] == ["case.twice"]
    again = move_many(asks[:1], who("officer"))
    assert again[0].step == done[0].step


def test_when_some_entries_refuse_the_others_are_written() -> None:
    cases = [a_case(), a_case()]
    for case in cases:
        move(case, "accept", Move(), who("officer"))
        move(case, "submit", Move({"found_kind": "rain", "measured": 5}, evidence=[photo(case)]), who("officer"))
    Case.objects.filter(pk=cases[0].pk).update(data={**cases[0].data, "measured": -1.0})
    asks = [(case, "approve", Move()) for case in cases]
    assert not any(entry.step for entry in move_many(asks, who("judge")))
    assert [bool(entry.step) for entry in move_many(asks, who("judge"), accept="rows")] == [False, True]


def test_a_few_are_told_of_each_and_many_once() -> None:
    told: list[tuple[str, int, list[str]]] = []

    def listener(kind: str, case: Case, persons: Any) -> None:
        told.append((kind, case.pk, sorted(person.username for person in persons)))

    listen(listener)
    try:
        case = a_case()
        assert told[0][0] == "case.assigned"
        assert {"officer", "second"} <= set(told[0][2])
        assert "stranger" not in told[0][2]
        told.clear()
        open_many(
            "test-order", [Opening(f"{number}", subject="task", district="350502") for number in range(telling.FEW + 1)], who("chief")
        )
        assert {kind for kind, _case, _persons in told} == {"case.batch"}
        assert len([1 for _kind, _case, persons in told if persons == ["officer"]]) == 1
        told.clear()
        Case.objects.exclude(pk=case.pk).update(due=None)
        assert case.due is not None
        overdue(case.due + timedelta(minutes=1))
        assert told[0][0] == "case.overdue"
        assert {"officer", "chief"} <= set(told[0][2]), "whose turn it is, and who is named by the escalation"
        told.clear()
        assign(case, who("officer"), who("officer"))
        assert told == [], "nobody is told of what they did themselves"
    finally:
        telling._listeners.remove(listener)


def test_two_move_one_case_at_once_and_one_of_them_is_told() -> None:
    case = a_case()
    seen, gate = case.version, threading.Barrier(2)
    outcomes: list[str] = []

    def accept(name: str) -> None:
        try:
            person, own = who(name), Case.objects.get(pk=case.pk)
            gate.wait(20)
            move(own, "accept", Move(version=seen, key=f"race-{name}"), person)
            outcomes.append("moved")
        except BilanError as error:
            outcomes.append(error.problems[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("officer", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["case.conflict", "moved"]
    case.refresh_from_db()
    assert (case.version, case.state) == (2, "handling")
    assert verify(case) is None


def test_the_same_opening_from_two_sides_at_once_is_one_case() -> None:
    gate = threading.Barrier(2)
    found: list[int] = []

    def opened() -> None:
        try:
            gate.wait(20)
            done = open_many("test-order", [Opening("同", subject="task", district="350502", key="twin", seed="twin")], None)
            found.append(done[0].case.pk if done[0].case else 0)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=opened) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 2
    assert len(set(found)) == 1


class AnyOrder(RuleBasedStateMachine):
    """Whatever is done in whatever order, what is kept of a case holds together."""

    def __init__(self) -> None:
        super().__init__()
        self.case = a_case()
        self.acts = 1

    def act(self, work: Any) -> None:
        before = self.case.version
        try:
            work()
        except BilanError:
            self.case.refresh_from_db()
            assert self.case.version == before, "what was refused left nothing"
        else:
            self.case.refresh_from_db()
            self.acts += self.case.version - before

    @rule(name=st.sampled_from(["officer", "second", "judge", "chief", "stranger"]), pick=st.integers(0, 9), measured=st.integers(0, 99000))
    def move(self, name: str, pick: int, measured: int) -> None:
        choices = available(self.case, who(name))
        if not choices:
            return
        choice = choices[pick % len(choices)]
        values = {"found_kind": "rain", "measured": measured, "remark": "x"} if choice.transition.name == "submit" else {}
        evidence = [photo(self.case)] if choice.transition.name == "submit" else []
        filled = Move(values, note="意见", evidence=evidence, version=self.case.version)
        before = self.case.version
        self.act(lambda: move(self.case, choice.transition.name, filled, who(name)))
        if not choice.allowed:
            assert self.case.version == before, "what is not offered cannot be done"

    @rule(name=st.sampled_from(["officer", "chief", "stranger"]), to=st.sampled_from(["officer", "second", "judge", None]))
    def give(self, name: str, to: str | None) -> None:
        self.act(lambda: assign(self.case, who(to) if to else None, who(name)))

    @rule()
    def say(self) -> None:
        self.act(lambda: comment(self.case, "评论", who("second")))

    @rule(hours=st.integers(-100, 300))
    def sweep(self, hours: int) -> None:
        due = self.case.due
        if due is not None:
            self.act(lambda: overdue(due + timedelta(hours=hours)))

    @rule()
    def stop(self) -> None:
        self.act(lambda: suspend(self.case, who("chief"), note="x"))

    @rule()
    def go(self) -> None:
        self.act(lambda: resume(self.case, who("chief")))

    @precondition(lambda self: self.case.closed is not None)
    @rule()
    def again(self) -> None:
        self.act(lambda: reopen(self.case, who("chief"), note="x"))

    @invariant()
    def holds_together(self) -> None:
        case = Case.objects.get(pk=self.case.pk)
        flow = flow_of(case)
        assert case.version == Step.objects.filter(case=case).count() == self.acts
        assert verify(case) is None
        assert case.state in flow.state
        assert bool(flow.state[case.state].final) == (case.standing in {"closed", "cancelled"})
        assert (case.closed is not None) == (case.standing in {"closed", "cancelled"})
        assert case.standing in {"running", "suspended"} or case.due is None


def test_any_order_of_acts_holds_together() -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        AnyOrder, settings=settings(max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=slow)
    )


@pytest.mark.parametrize("wrong", [{"note": "changed"}, {"previous": "0" * 64}])
def test_the_chain_of_steps_is_one(wrong: dict[str, str]) -> None:
    case = a_case()
    move(case, "accept", Move(), who("officer"))
    Step.objects.filter(case=case, number=1).update(**wrong)
    assert verify(case) == 1
    assert connection.vendor in {"sqlite", "postgresql"}
