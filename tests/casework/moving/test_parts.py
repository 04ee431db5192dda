"""Parallel parts, checklists and terms of a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bilan.casework.models import Case
from bilan.casework.moving import Move, available, move, reopen, resume, suspend, verify
from bilan.casework.terms import Light, light, shows
from bilan.problems import BilanError
from tests.casework.moving.crew import a_case, codes, photo, through, titles, who

ANSWERS = [{"item": "sign", "answer": "no", "note": "缺失"}, {"item": "smell", "answer": "no"}, {"item": "depth", "answer": "1.5"}]


def test_all_parts_must_end_before_the_whole_goes_on() -> None:
    case = a_case("test-parts", by="officer")
    assert case.parts == {"industry": "industry-doing", "dust": "dust-doing"}
    filled = Move(checklist=ANSWERS)
    with pytest.raises(BilanError) as error:
        move(case, "check", filled, who("officer"))
    assert codes(error) == ["case.parts_running"]
    move(case, "industry-finish", Move(), who("officer"))
    assert case.parts["industry"] == "industry-done"
    assert case.state == "response"
    move(case, "dust-finish", Move(), who("second"))
    move(case, "dust-again", Move(note="不实"), who("second"))
    assert titles(next(entry for entry in available(case, who("officer")) if entry.transition.name == "check").why_not) == [
        "case.parts_running"
    ]
    move(case, "dust-finish", Move(), who("second"))
    step = move(case, "check", filled, who("officer"))
    assert (case.state, case.parts, step.part) == ("checked", {}, "")
    assert verify(case) is None


def test_a_part_begins_only_when_it_is_needed() -> None:
    case = a_case("test-parts", by="officer", values={"only_industry": True})
    assert case.parts == {"industry": "industry-doing"}


def test_the_term_of_a_case_is_that_of_its_most_urgent_part() -> None:
    case = a_case("test-parts", by="officer")
    assert case.due == case.entered + timedelta(hours=1)
    move(case, "dust-finish", Move(), who("officer"))
    assert case.due == case.entered + timedelta(hours=2)
    move(case, "industry-finish", Move(), who("officer"))
    assert case.due is None


def test_two_may_move_two_parts_at_once_but_not_the_same() -> None:
    case = a_case("test-parts", by="officer")
    seen = case.version
    move(case, "dust-finish", Move(version=seen), who("second"))
    move(case, "industry-finish", Move(version=seen), who("officer"))
    with pytest.raises(BilanError) as error:
        move(case, "dust-again", Move(note="x", version=seen), who("officer"))
    assert codes(error) == ["case.conflict"]


def test_cancelling_does_not_wait_for_parts() -> None:
    case = a_case("test-parts", by="officer")
    move(case, "cancel", Move(note="取消"), who("officer"))
    assert (case.standing, case.due) == ("cancelled", None)


def a_checked_case() -> Case:
    case = a_case("test-parts", by="officer", values={"only_industry": True})
    move(case, "industry-finish", Move(), who("officer"))
    return case


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        (ANSWERS[:2], ["case.answer_missing"]),
        ([*ANSWERS, {"item": "colour", "answer": "red"}], ["case.answer_unknown"]),
        ([{"item": "sign", "answer": "no"}, *ANSWERS[1:]], ["case.answer_note"]),
        ([ANSWERS[0], {"item": "smell", "answer": "yes", "note": "臭"}, ANSWERS[2]], ["case.answer_photo"]),
        ([*ANSWERS[:2], {"item": "depth", "answer": "11"}], ["case.answer_wrong"]),
        ([*ANSWERS[:2], {"item": "depth", "answer": "na"}], ["case.answer_na"]),
        ([{"item": "sign", "answer": "maybe"}, *ANSWERS[1:]], ["case.answer_wrong"]),
        ([{"item": "sign", "answer": "yes"}, *ANSWERS[1:]], ["case.answer_missing"]),
        ([{"item": "sign", "answer": "yes"}, *ANSWERS[1:], {"item": "kind", "answer": "moon"}], ["case.answer_wrong"]),
    ],
)
def test_answers_of_a_checklist_are_complete_and_allowed(answers: list[dict[str, str]], wanted: list[str]) -> None:
    with pytest.raises(BilanError) as error:
        move(a_checked_case(), "check", Move(checklist=answers), who("officer"))
    assert codes(error) == wanted


def test_what_a_checklist_finds_is_counted_and_decides() -> None:
    case = a_checked_case()
    bad = [ANSWERS[0], {"item": "smell", "answer": "yes", "note": "臭", "evidence": [photo(case)]}, ANSWERS[2]]
    step = move(case, "check", Move(checklist=bad), who("officer"))
    assert [entry["bad"] for entry in step.checklist] == [True, True, False]
    assert step.evidence.count() == 1
    with pytest.raises(BilanError) as error:
        move(case, "lift", Move(), who("officer"))
    assert codes(error) == ["case.guard"]
    good = a_checked_case()
    move(good, "check", Move(checklist=ANSWERS), who("officer"))
    assert move(good, "lift", Move(), who("officer")).after == "closed"


def test_a_standing_clock_gives_the_time_back() -> None:
    case = a_case()
    due = case.due
    suspend(case, who("chief"), note="等待检测报告")
    assert light(case) is Light.STANDING
    with pytest.raises(BilanError) as error:
        move(case, "accept", Move(), who("officer"))
    assert codes(error) == ["case.suspended"]
    Case.objects.filter(pk=case.pk).update(suspended=timezone.now() - timedelta(hours=5))
    resume(case, who("chief"))
    assert due is not None
    assert case.due is not None
    assert timedelta(hours=5) <= case.due - due < timedelta(hours=5, minutes=1)
    with pytest.raises(BilanError) as error:
        resume(case, who("chief"))
    assert codes(error) == ["case.not_suspended"]


def test_a_clock_that_went_back_takes_no_time_away() -> None:
    case = a_case()
    due = case.due
    suspend(case, who("chief"), note="x")
    Case.objects.filter(pk=case.pk).update(suspended=timezone.now() + timedelta(hours=3))
    resume(case, who("chief"))
    assert case.due == due


def test_a_state_in_which_others_are_waited_for_has_no_term() -> None:
    case = through(a_case(), "accept", "wait")
    assert (case.due, light(case)) == (None, Light.NONE)
    through(case, "go-on")
    assert case.due is not None


def test_lights_of_one_case_are_those_of_the_list() -> None:
    case = a_case()
    for due in (timedelta(hours=-1), timedelta(hours=3), timedelta(days=3)):
        now = timezone.now()
        Case.objects.filter(pk=case.pk).update(due=now + due)
        case.refresh_from_db()
        shown = [entry for entry in Light if Case.objects.filter(shows(entry, now), pk=case.pk).exists()]
        assert shown == [light(case, now)]


def test_a_case_is_reopened_by_whom_its_flow_names_as_a_new_round() -> None:
    case = through(a_case(), "accept", "submit", "approve")
    with pytest.raises(BilanError) as error:
        reopen(case, who("officer"), note="x")
    assert codes(error) == ["case.may_not"]
    reopen(case, who("chief"), note="群众反映")
    assert (case.state, case.round, case.standing, case.closed) == ("handling", 2, "running", None)
    through(case, "submit")
    Case.objects.filter(pk=case.pk).update(standing="closed", closed=timezone.now() - timedelta(days=31))
    with pytest.raises(BilanError) as error:
        reopen(case, who("chief"), note="x")
    assert codes(error) == ["case.no_reopening"]
