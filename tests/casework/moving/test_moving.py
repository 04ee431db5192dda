"""Moving a case: who may, what must be filled in, what is written back, and that nothing is half-done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bilan.casework.models import Case, Evidence, Step
from bilan.casework.moving import Move, Opening, available, move, open_case, open_many, verify
from bilan.problems import BilanError
from bilan.registers.models import Entry, Revision
from tests.casework.moving.crew import LAT, LON, a_case, codes, photo, through, titles, who
from tests.registers.entries import outfall


def test_a_new_case_takes_what_its_entry_says_and_gets_the_next_code() -> None:
    first, second = a_case(), a_case()
    assert int(second.code[-4:]) == int(first.code[-4:]) + 1
    assert first.code.startswith(f"TO-{timezone.localdate().year}-")
    assert (first.state, first.district, first.lon, first.subject, first.role) == (
        "assigned",
        "350502",
        LON,
        "entry",
        "enforcement-officer",
    )
    assert first.place_name.startswith("演示排口")
    step = Step.objects.get(case=first)
    assert (step.action, step.number, step.after, step.author) == ("open", 1, "assigned", "chief")


def test_a_case_goes_from_hand_to_hand_to_its_end_and_its_result_stands_in_the_register() -> None:
    case = through(a_case(), "accept")
    assert case.owner == who("officer")
    through(case, "submit")
    assert (case.state, case.owner, case.role) == ("review", None, "reviewer")
    through(case, "approve")
    assert (case.standing, case.result, case.due) == ("closed", "approve", None)
    assert case.closed is not None
    assert case.published is not None
    entry = Entry.objects.get(register="test-outfall", code=case.entry)
    assert (entry.data["flow"], entry.data["kind"]) == (12.5, "rain")
    change = Revision.objects.filter(entry=entry).order_by("-version")[0].change
    assert (change.author, change.source) == ("judge", "case")
    assert case.code in change.reason
    assert verify(case) is None
    assert case.version == Step.objects.filter(case=case).count() == 4


def test_who_lies_outside_the_reach_of_the_case_may_not_move_it() -> None:
    case = a_case()
    for name in ("stranger", "judge", "viewer"):
        with pytest.raises(BilanError) as error:
            move(case, "accept", Move(), who(name))
        assert codes(error) == ["case.role"]
    assert Step.objects.filter(case=case).count() == 1


def test_whoever_submitted_may_not_approve_in_the_same_round_even_after_a_return() -> None:
    case = through(a_case(), "accept", "submit", "return")
    assert case.owner == who("officer"), "a returned case goes back to who handed it in"
    through(case, "submit")
    with pytest.raises(BilanError) as error:
        move(case, "approve", Move(), who("officer"))
    assert codes(error) == ["case.separation"]
    assert move(case, "approve", Move(), who("second")).after == "closed"


def test_only_the_owner_may_do_what_is_the_owners() -> None:
    case = through(a_case(), "accept")
    with pytest.raises(BilanError) as error:
        move(case, "submit", Move({"found_kind": "rain"}, evidence=[photo(case)]), who("second"))
    assert codes(error) == ["case.owner_only"]


def test_fields_are_cleaned_and_refused_as_those_of_a_register() -> None:
    case = through(a_case(), "accept")
    with pytest.raises(BilanError) as error:
        move(case, "submit", Move({"found_kind": "moon", "measured": "many", "colour": 1}, evidence=[photo(case)]), who("officer"))
    columns = {problem.place.column for problem in error.value.problems if problem.place}
    assert {"found_kind", "measured", "colour"} <= columns
    with pytest.raises(BilanError) as error:
        move(case, "submit", Move({"found_kind": "rain", "measured": "1,200"}, evidence=[photo(case)]), who("officer"))
    assert [problem.place.column for problem in error.value.problems if problem.place] == ["remark"]
    move(case, "submit", Move({"found_kind": "rain", "measured": "1,200", "remark": "大"}, evidence=[photo(case)]), who("officer"))
    assert case.data["measured"] == 1200.0


def test_evidence_counts_only_when_it_is_there_near_and_fresh() -> None:
    case = through(a_case(), "accept")
    fields = {"found_kind": "rain"}
    with pytest.raises(BilanError) as error:
        move(case, "submit", Move(fields), who("officer"))
    assert codes(error) == ["case.evidence_missing"]
    far, nowhere = photo(case, LON + 0.01), photo(case, None, None)
    old = photo(case, taken=timezone.now() - timedelta(hours=25))
    with pytest.raises(BilanError) as error:
        move(case, "submit", Move(fields, evidence=[far, nowhere, old]), who("officer"))
    assert sorted(codes(error)) == ["case.evidence_far", "case.evidence_missing", "case.evidence_nowhere", "case.evidence_old"]
    Evidence.objects.filter(case=case).delete()
    good = photo(case, LON, LAT + 0.001)
    step = move(case, "submit", Move(fields, evidence=[good]), who("officer"))
    assert list(step.evidence.values_list("pk", flat=True)) == [good]


def test_what_was_taken_in_time_while_offline_counts_when_it_comes_late() -> None:
    case = through(a_case(), "accept")
    then = timezone.now() - timedelta(hours=30)
    piece = photo(case, taken=then)
    step = move(case, "submit", Move({"found_kind": "rain"}, evidence=[piece], done=then + timedelta(minutes=5)), who("officer"))
    assert step.done == then + timedelta(minutes=5)
    assert step.at > step.done


def test_evidence_of_another_case_is_none() -> None:
    case, other = through(a_case(), "accept"), a_case()
    with pytest.raises(BilanError) as error:
        move(case, "submit", Move({"found_kind": "rain"}, evidence=[photo(other)]), who("officer"))
    assert "case.evidence_unknown" in codes(error)


def test_a_guard_that_does_not_hold_says_why() -> None:
    case = through(a_case(), "accept")
    filled = Move({"found_kind": "rain", "measured": 95000, "remark": "很大"}, evidence=[photo(case)])
    move(case, "submit", filled, who("officer"))
    with pytest.raises(BilanError) as error:
        move(case, "approve", Move(), who("judge"))
    assert error.value.text("en") == "The flow is too large"
    assert titles(next(entry for entry in available(case, who("judge")) if entry.transition.name == "approve").why_not) == ["case.guard"]


def test_when_the_register_refuses_the_whole_move_is_refused_with_its_words() -> None:
    case = through(a_case(), "accept", "submit")
    entry = Entry.objects.get(register="test-outfall", code=case.entry)
    Case.objects.filter(pk=case.pk).update(data={**case.data, "measured": -5.0})
    with pytest.raises(BilanError) as error:
        move(case, "approve", Move(), who("judge"))
    assert "flow" in error.value.text("en")
    case.refresh_from_db()
    assert (case.state, case.version) == ("review", Step.objects.filter(case=case).count())
    assert Entry.objects.get(pk=entry.pk).version == entry.version


def test_the_same_key_sent_twice_is_one_step() -> None:
    case = a_case()
    first = move(case, "accept", Move(key="k-1"), who("officer"))
    again = move(case, "accept", Move(key="k-1"), who("officer"))
    assert first.pk == again.pk
    assert Step.objects.filter(case=case).count() == 2
    with pytest.raises(BilanError) as error:
        move(a_case(), "accept", Move(key="k-1"), who("officer"))
    assert codes(error) == ["case.key_used"]


def test_the_same_opening_sent_twice_is_one_case_and_one_cause_runs_once() -> None:
    entry = outfall("O4001")
    opening = Opening("一", register="test-outfall", entry=entry.code, key="open-1", seed="cause-1")
    first = open_case("test-order", opening, who("chief"))
    assert open_case("test-order", opening, who("chief")) == first
    assert open_case("test-order", Opening("二", subject="task", seed="cause-1"), None) == first
    twins = open_many("test-order", [Opening("双", subject="task", key="twin-in-batch")] * 2, None)
    assert twins[0].case == twins[1].case
    move(first, "cancel", Move(note="重复"), who("chief"))
    assert open_case("test-order", Opening("三", subject="task", seed="cause-1"), None) != first


def test_whoever_looked_at_an_older_version_is_told_who_was_first() -> None:
    case = a_case()
    seen = case.version
    through(case, "accept")
    with pytest.raises(BilanError) as error:
        move(case, "cancel", Move(note="x", version=seen), who("chief"))
    assert codes(error) == ["case.conflict"]
    assert "officer" in error.value.text("zh-hans")
    seen = case.version
    move(case, "press", Move(note="快"), who("chief"))
    assert move(case, "cancel", Move(note="x", version=seen), who("chief")), "who was pressed for it is not hindered"


def test_a_return_and_a_cancel_need_a_reason() -> None:
    case = through(a_case(), "accept", "submit")
    with pytest.raises(BilanError) as error:
        move(case, "return", Move(), who("judge"))
    assert codes(error) == ["case.note_missing"]


def test_the_next_owner_is_one_who_can() -> None:
    case = through(a_case(), "accept")
    for name in ("stranger", "judge"):
        with pytest.raises(BilanError) as error:
            move(case, "hand-on", Move(to=who(name)), who("officer"))
        assert codes(error) == ["case.cannot_own"]
    move(case, "hand-on", Move(to=who("second")), who("officer"))
    assert case.owner == who("second")


def test_what_is_available_says_what_hinders() -> None:
    case = a_case()
    found = {entry.transition.name: entry for entry in available(case, who("officer"))}
    assert found["accept"].allowed
    assert not found["cancel"].allowed
    assert titles(found["cancel"].why_not) == ["case.role"]
    assert "submit" not in found


def test_unknown_transitions_and_states_are_told_with_the_nearest() -> None:
    case = a_case()
    with pytest.raises(BilanError) as error:
        move(case, "acept", Move(), who("officer"))
    assert error.value.problems[0].values["nearest"] == "accept"
    with pytest.raises(BilanError) as error:
        move(case, "approve", Move(), who("judge"))
    assert codes(error) == ["case.not_from_here"]
    with pytest.raises(BilanError) as error:
        open_case("test-ordr", Opening("x"), None)
    assert error.value.problems[0].values["nearest"] == "test-order"


def test_cases_are_opened_by_whom_the_flow_names_about_what_it_takes() -> None:
    for name, opening, code in (
        ("officer", Opening("x", subject="task", district="350502"), "case.opening_role"),
        ("chief", Opening("", subject="task"), "case.title_missing"),
        ("chief", Opening("x", register="test-plant", entry="nothing"), "case.no_entry"),
        ("chief", Opening("x", subject="none"), "case.subject"),
    ):
        with pytest.raises(BilanError) as error:
            open_case("test-order", opening, who(name))
        assert code in codes(error)


@pytest.mark.parametrize("change", [{"note": "另一"}, {"values": {"measured": 1}}, {"author": "别人"}, {"after": "closed"}, {"number": 9}])
def test_a_step_that_was_altered_is_found(change: dict[str, object]) -> None:
    case = through(a_case(), "accept", "submit")
    Step.objects.filter(case=case, number=2).update(**change)
    assert verify(case) == 2


def test_a_step_or_a_proof_that_was_taken_out_is_found() -> None:
    case = through(a_case(), "accept", "submit")
    Evidence.objects.filter(case=case).update(digest="cd" * 32)
    assert verify(case) == 3
    case = through(a_case(), "accept", "submit", "return")
    Step.objects.filter(case=case, number=4).delete()
    assert verify(case) == 4
