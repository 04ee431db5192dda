"""What is done with cases beside moving them, and the sweep that looks after terms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bilan.casework.models import Alert, Case, Step
from bilan.casework.moving import (
    Move,
    Opening,
    add_helper,
    assign,
    comment,
    dispatch,
    hand_over,
    move,
    open_case,
    overdue,
    relapse,
    remove_helper,
    transfer,
    urge,
    verify,
    withdraw,
)
from bilan.problems import BilanError
from bilan.registers.models import Entry
from tests.casework.moving.crew import LAT, LON, a_case, codes, through, who
from tests.registers.entries import outfall, point
from tests.web.running import Site


def an_alert(source: str, rule: str = "fraud-constant", **more: Any) -> Alert:
    values = {"subject": "series", "district": "350502", "name": "演示", "level": 3, **more}
    return Alert.objects.create(rule=rule, source=source, **values)


def test_a_comment_is_signed_and_hinders_nobody() -> None:
    case = a_case()
    seen = case.version
    comment(case, "请注意安全", who("second"), key="c-1")
    comment(case, "请注意安全", who("second"), key="c-1")
    assert Step.objects.filter(case=case, action="comment").count() == 1
    move(case, "accept", Move(version=seen), who("officer"))
    with pytest.raises(BilanError) as error:
        comment(case, "  ", who("second"))
    assert codes(error) == ["case.note_missing"]
    with pytest.raises(BilanError) as error:
        comment(case, "外人", who("stranger"))
    assert codes(error) == ["case.may_not"]
    assert verify(case) is None


def test_a_case_that_nobody_has_may_be_taken_and_one_that_somebody_has_only_given() -> None:
    case = a_case()
    assign(case, who("officer"), who("officer"))
    with pytest.raises(BilanError) as error:
        assign(case, who("second"), who("second"))
    assert codes(error) == ["case.may_not_assign"]
    assign(case, who("second"), who("officer"), note="休假")
    assert case.owner == who("second")
    with pytest.raises(BilanError) as error:
        assign(case, who("stranger"), who("chief"))
    assert codes(error) == ["case.cannot_own"]
    assign(case, None, who("chief"))
    assert case.owner is None


def test_a_helper_from_elsewhere_may_comment_but_not_decide() -> None:
    case = a_case()
    add_helper(case, who("stranger"), who("chief"))
    assert comment(case, "我来帮忙", who("stranger"))
    remove_helper(case, who("stranger"), who("stranger"))
    with pytest.raises(BilanError):
        comment(case, "再说", who("stranger"))


def test_a_transferred_case_is_the_other_districts() -> None:
    case = through(a_case(), "accept")
    with pytest.raises(BilanError) as error:
        transfer(case, who("officer"), note="", district="350503")
    assert codes(error) == ["case.reason_missing"]
    transfer(case, who("officer"), note="排口在乙区", district="350503")
    assert (case.district, case.owner, case.role) == ("350503", None, "enforcement-officer")
    with pytest.raises(BilanError):
        assign(case, who("officer"), who("officer"))
    assign(case, who("stranger"), who("stranger"))


def test_a_case_is_withdrawn_by_who_opened_it_only_while_nobody_else_did_anything() -> None:
    case = a_case("test-parts", by="officer")
    withdraw(case, who("officer"), note="重复")
    assert (case.standing, case.result, case.due) == ("cancelled", "withdrawn", None)
    case = a_case("test-parts", by="officer")
    comment(case, "已看", who("second"))
    with pytest.raises(BilanError) as error:
        withdraw(case, who("officer"), note="重复")
    assert codes(error) == ["case.may_not_assign"]
    withdraw(case, who("chief"), note="重复")


def test_pressing_needs_the_right_and_a_word() -> None:
    case = a_case()
    with pytest.raises(BilanError):
        urge(case, who("officer"), note="快")
    assert urge(case, who("chief"), note="快").action == "remind"


def test_all_that_somebody_has_is_handed_over_when_they_leave() -> None:
    first, second, helped = through(a_case(), "accept"), through(a_case(), "accept"), a_case()
    add_helper(helped, who("officer"), who("chief"))
    done = hand_over(who("officer"), who("second"), who("chief"), note="调离")
    assert {first.pk, second.pk, helped.pk} <= {entry.case.pk for entry in done if entry.case}
    first.refresh_from_db()
    assert first.owner == who("second")
    assert list(helped.helpers.all()) == [who("second")]
    assert not Case.objects.filter(owner=who("officer"), standing="running").exists()
    hand_over(who("second"), who("stranger"), who("chief"), note="调离")
    first.refresh_from_db()
    assert (first.owner, first.role) == (None, "enforcement-officer"), "who cannot carry it on does not get it"
    with pytest.raises(BilanError):
        hand_over(who("chief"), who("second"), who("stranger"), note="x") or through(a_case(), "accept")
        hand_over(who("officer"), who("second"), who("second"), note="x")


def test_alerts_and_entries_are_dispatched_together_and_once() -> None:
    alerts = [an_alert(f"D{number}|w01018") for number in range(3)]
    done = dispatch("test-order", alerts, who("chief"), like=Opening("核查", values={"demand": "三日内核实"}))
    assert len({entry.case.pk for entry in done if entry.case}) == 3
    assert all(entry.case and entry.case.subject == "alert" and entry.case.level == 3 for entry in done)
    assert Alert.objects.filter(pk__in=[alert.pk for alert in alerts], case__isnull=False).count() == 3
    again = dispatch("test-order", alerts, who("chief"), like=Opening("核查"))
    assert [entry.case for entry in again] == [entry.case for entry in done]
    assert all(entry.step is None for entry in again)
    entries = [outfall(f"O{number}", geometry=point(LON, LAT)) for number in (9101, 9102)]
    assert all(entry.case and entry.case.entry for entry in dispatch("test-order", entries, who("chief"), like=Opening("巡查")))


def test_an_alert_of_the_same_source_brings_its_case_back_while_it_may() -> None:
    alert = an_alert("R1|w01018")
    case = dispatch("test-order", [alert], who("chief"), like=Opening("核查"))[0].case
    assert case is not None
    assert relapse(an_alert("R1|w01018", rule="fraud-clipped")) == case, "a running case takes what its source shows"
    through(case, "accept", "submit", "approve")
    other = an_alert("R2|w01018")
    assert relapse(other) is None
    mild = an_alert("R1|w01018", rule="hour-over")
    assert relapse(mild) is None, "the rule is none of those that reopen"
    again = an_alert("R1|w01018", rule="fraud-copied")
    assert relapse(again) == case
    case.refresh_from_db()
    assert (case.standing, case.state, case.round, case.owner) == ("running", "handling", 2, who("officer"))
    assert again.case == case
    assert verify(case) is None
    through(case, "submit", "approve")
    Case.objects.filter(pk=case.pk).update(closed=timezone.now() - timedelta(days=31))
    assert relapse(an_alert("R1|w01018", rule="fraud-stair")) is None, "it was too long ago"


def test_terms_are_reminded_of_and_escalated_each_once() -> None:
    Case.objects.filter(standing="running").update(due=None)
    case = a_case(level=2)
    assert case.due is not None
    assert overdue(case.due - timedelta(hours=2)).looked in {0, 1}
    assert overdue(case.due - timedelta(minutes=30)).reminded == 1
    assert overdue(case.due - timedelta(minutes=20)).reminded == 0
    case.refresh_from_db()
    assert (case.reminded, case.level) == (1, 2)
    assert overdue(case.due + timedelta(minutes=1)).escalated == 1
    case.refresh_from_db()
    assert (case.reminded, case.level) == (2, 3)
    assert overdue(case.due - timedelta(hours=3)).escalated == 0, "a clock that went back does nothing twice"
    assign(case, who("officer"), who("officer"))
    assert overdue(case.due + timedelta(hours=25)).escalated == 1
    case.refresh_from_db()
    assert (case.reminded, case.level, case.owner, case.role) == (3, 4, None, "duty-chief")
    assert verify(case) is None
    assert [step.action for step in Step.objects.filter(case=case).order_by("number")] == [
        "open",
        "remind",
        "escalate",
        "assign",
        "escalate",
    ]


def test_a_service_that_was_down_catches_up() -> None:
    Case.objects.filter(standing="running").update(due=None)
    case = a_case()
    assert case.due is not None
    assert overdue(case.due + timedelta(days=3)).escalated == 1
    case.refresh_from_db()
    assert case.reminded == 3


def test_a_step_never_stands_before_the_one_it_follows() -> None:
    case = a_case()
    ahead = timezone.now() + timedelta(hours=1)
    Step.objects.filter(case=case).update(at=ahead)
    step = move(case, "accept", Move(), who("officer"))
    assert step.at == ahead


def test_a_running_case_stays_on_the_version_it_began_with(site: Site) -> None:
    file = site.city.pack / "flows" / "test-order.yaml"
    before = file.read_text(encoding="utf-8")
    case = a_case()
    try:
        file.write_text(before.replace("transition: accept, title", "transition: take, title"), encoding="utf-8")
        later = a_case()
        assert later.declared_id != case.declared_id
        assert move(case, "accept", Move(), who("officer")).after == "handling"
        assert move(later, "take", Move(), who("officer")).after == "handling"
        file.write_text(before.replace("to: handling", "to: nowhere"), encoding="utf-8")
        assert move(a_case(), "take", Move(), who("officer")), "while the file is wrong the last good one stays"
    finally:
        file.write_text(before, encoding="utf-8")


def test_many_are_opened_in_one_go_with_codes_of_their_own() -> None:
    done = [open_case("test-order", Opening(f"任务 {number}", subject="task", district="350502"), None) for number in range(3)]
    assert len({case.code for case in done}) == 3
    assert Entry.objects.filter(register="test-outfall", code="").count() == 0
