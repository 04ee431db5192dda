"""All outfalls of the city through the five steps, in bulk and singly, and the conditions of every step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Q

from bilan.casework.campaigns import progress_of
from bilan.casework.models import Case, Evidence, Step
from bilan.casework.moving import Move, move, reopen, verify
from bilan.problems import BilanError
from bilan.registers.models import ChangeSet, Entry, Revision
from tests.casework.outfalls import (
    BANNED,
    DISTRICTS,
    FLOW,
    HEADLINE,
    KEPT,
    crew,
    filled,
    opened,
    outfalls,
    proofs,
    step,
    through,
    who,
)
from tests.web.running import Site


@pytest.fixture(scope="module", autouse=True)
def _crew(site: Site, _renewed: None) -> None:
    crew(type(site.person("viewer")).objects)


def fresh(**more: object) -> Case:
    """One case about an outfall of its own."""
    return opened(outfalls(1, **more))[0]


def refused(case: Case, transition: str, by: str = "officer", **more: object) -> str:
    """Why a transition is refused, in English; nothing moved."""
    before = (case.state, case.version)
    proofs([case], transition)
    with pytest.raises(BilanError) as error:
        move(case, transition, filled(transition, **more), who(by))
    Evidence.objects.filter(case=case, step=None).delete()
    case.refresh_from_db()
    assert (case.state, case.version) == before
    assert all(problem.text("zh-hans") for problem in error.value.problems)
    return "; ".join(problem.text("en") for problem in error.value.problems)


def test_all_outfalls_of_the_city_go_through_the_five_steps_in_bulk() -> None:
    cases = opened(outfalls(HEADLINE))
    assert len(cases) == HEADLINE
    kept, banned, waiting = cases[:900], cases[900:1200], cases[1200:]
    through(kept, KEPT)
    through(banned, BANNED, decide={"treatment": "ban"})
    through(waiting, KEPT[:3])

    progress = {entry.district: entry for entry in progress_of(Case.objects.filter(pk__in=[case.pk for case in cases]))}
    assert set(progress) == set(DISTRICTS)
    assert sum(entry.total for entry in progress.values()) == HEADLINE
    assert sum(entry.closed for entry in progress.values()) == 1200
    assert all(entry.states == {"deciding": entry.running} for entry in progress.values())
    assert progress["350502"].share == pytest.approx(600 / 657)

    states = Entry.objects.filter(register="river-outfall", code__in=[case.entry for case in cases])
    assert {name: states.filter(status=name).count() for name in ("managed", "closed", "traced")} == {
        "managed": 900,
        "closed": 300,
        "traced": 114,
    }
    assert all(entry.data["treatment"] == "regulate" and entry.data["cancel_number"] for entry in states.filter(status="managed")[:50])
    assert Step.objects.filter(case__in=cases, action="move").count() == 900 * len(KEPT) + 300 * len(BANNED) + 114 * 3
    assert all(verify(Case.objects.get(pk=case.pk)) is None for case in cases[::97])


def test_what_is_moved_together_is_one_change_of_the_register() -> None:
    cases = opened(outfalls(40))
    before = ChangeSet.objects.count()
    through(cases, ("record-survey", "record-sample"))
    assert ChangeSet.objects.count() == before + 2
    assert Revision.objects.filter(change=ChangeSet.objects.order_by("-pk")[0]).count() == 40


def test_one_outfall_goes_through_singly_and_ends_in_daily_care() -> None:
    case = fresh()
    for name in KEPT:
        step(case, name)
    assert (case.standing, case.state, case.result) == ("closed", "managed", "managed")
    entry = Entry.objects.get(register="river-outfall", code=case.entry)
    assert (entry.status, entry.data["verdict"], entry.data["sign"], entry.data["patrol"]) == ("managed", "met", "good", "每月1次")
    assert [row["cod"] for row in entry.data["samples"]] == [32.0, 28.0]
    assert entry.data["traced_on"] == date.today().isoformat()
    assert verify(case) is None


def test_a_survey_needs_two_photos_near_the_outfall() -> None:
    case = fresh()
    Evidence.objects.create(
        case=case, requirement="mouth", kind="photo", name="a.jpg", lon=case.lon, lat=case.lat + 0.01, taken=case.opened
    )
    with pytest.raises(BilanError) as error:
        move(case, "record-survey", filled("record-survey"), who("grid"))
    assert {"case.evidence_far", "case.evidence_missing"} <= {problem.code for problem in error.value.problems}


def test_what_flows_must_be_measured_and_what_is_dry_is_visited_twice() -> None:
    case = step(fresh(), "record-survey")
    assert "COD and NH3-N" in refused(case, "record-sample", nh3n=None)
    assert "visited twice" in refused(case, "record-sample", verdict="no-flow", cod=None, nh3n=None, tp=None)
    step(case, "dry")
    step(case, "record-sample", verdict="no-flow", cod=None, nh3n=None, tp=None)
    assert case.state == "tracing"


def test_four_fifths_of_the_inflow_must_be_explained_and_somebody_be_responsible() -> None:
    case = step(step(fresh(), "record-survey"), "record-sample")
    assert "four fifths" in refused(case, "finish-tracing", share=50)
    step(case, "add-source")
    assert "exceed 100" in refused(case, "finish-tracing", share=61)
    assert "Nobody responsible" in refused(case, "finish-tracing", share=50, responsible_text=None)
    step(case, "finish-tracing", share=50)
    rows = Entry.objects.get(register="river-outfall", code=case.entry).data["tracing"]
    assert [row["share"] for row in rows] == [40, 50]


def test_an_industrial_outfall_is_traced_to_an_enterprise() -> None:
    Entry.objects.create(register="enterprise", code="E9001", name="演示厂", district="350502")
    case = step(fresh(), "record-survey", **{"class": "industrial-enterprise"})
    step(case, "record-sample")
    assert "traced to an enterprise" in refused(case, "finish-tracing")
    step(case, "finish-tracing", responsible="E9001")
    assert Entry.objects.get(register="river-outfall", code=case.entry).data["responsible"] == "E9001"


@pytest.mark.parametrize(
    ("survey", "sample", "treatment", "said"),
    [
        ({"zone_reason": "source"}, {}, "regulate", "must be banned"),
        ({"zone_reason": "reserve"}, {}, "merge", "must be banned"),
        ({"class": "other-town-life"}, {}, "keep", "cannot be kept"),
        ({}, {"verdict": "exceeded"}, "keep", "cannot be kept"),
        ({}, {}, "keep", ""),
        ({"zone_reason": "source"}, {}, "ban", ""),
        ({"class": "other-town-life"}, {}, "merge", ""),
    ],
)
def test_the_class_is_decided_by_rules(survey: dict[str, str], sample: dict[str, str], treatment: str, said: str) -> None:
    case = step(fresh(), "record-survey", **survey)
    step(step(case, "record-sample", **sample), "finish-tracing")
    if said:
        assert said in refused(case, "decide", by="judge", treatment=treatment)
    else:
        assert step(case, "decide", treatment=treatment).state == "treatment"


def test_who_traced_does_not_decide_and_the_term_lies_ahead() -> None:
    case = step(step(fresh(), "record-survey"), "record-sample")
    proofs([case], "finish-tracing")
    move(case, "finish-tracing", filled("finish-tracing"), who("chief"))
    assert "same" in refused(case, "decide", by="chief") or case.state == "deciding"
    past = (date.today() - timedelta(days=1)).isoformat()
    assert "past" in refused(case, "decide", by="judge", due=past)
    step(case, "decide")
    assert case.due is not None
    assert case.due.date() >= date.today() + timedelta(days=199)


def test_treatment_is_proved_by_a_sample_and_a_sign_before_the_number_is_cancelled() -> None:
    case = fresh()
    for name in KEPT[:4]:
        step(case, name, **({"verdict": "exceeded"} if name == "record-sample" else {}))
    said = refused(case, "apply", sign="missing")
    assert "sign" in said
    assert "over its limits" in said
    step(case, "resample", verdict="exceeded", cod=180.0)
    assert "over its limits" in refused(case, "apply")
    step(case, "resample")
    step(case, "apply")
    assert case.state == "acceptance"
    assert refused(case, "check")
    move(case, "back-to-treatment", Move(note="标志牌不清"), who("judge"))
    step(step(case, "apply"), "check")
    assert "objections" in refused(case, "cancel-number", by="chief", objections=2)
    assert "goes into management" in refused(case, "close-outfall", by="chief")
    step(case, "cancel-number")
    assert "patrolled" in refused(case, "settle", by="judge")


def test_a_banned_outfall_is_closed_and_never_managed() -> None:
    case = fresh()
    for name in BANNED[:-1]:
        step(case, name, **({"treatment": "ban"} if name == "decide" else {}))
    assert "closed instead" in refused(case, "cancel-number", by="chief")
    step(case, "close-outfall")
    assert (case.state, case.result) == ("closed", "closed")
    assert Entry.objects.get(register="river-outfall", code=case.entry).status == "closed"


def test_an_outfall_that_relapses_is_sampled_and_traced_anew() -> None:
    case = fresh()
    for name in KEPT:
        step(case, name)
    reopen(case, who("chief"), note="监测复发超标")
    assert (case.standing, case.state, case.round) == ("running", "sampling", 2)
    step(case, "record-sample", verdict="exceeded", cod=300.0)
    assert "exceed 100" in refused(case, "finish-tracing")
    step(case, "clear-tracing")
    step(step(case, "finish-tracing"), "decide")
    assert Entry.objects.get(register="river-outfall", code=case.entry).status == "treating"
    assert verify(case) is None


def test_what_is_no_outfall_leaves_the_list_with_a_reason() -> None:
    case = fresh()
    with pytest.raises(BilanError):
        move(case, "not-an-outfall", Move(), who("chief"))
    move(case, "not-an-outfall", Move(note="与 PK-1 重复"), who("chief"))
    assert (case.standing, case.result) == ("cancelled", "not-an-outfall")
    progress = progress_of(Case.objects.filter(Q(pk=case.pk), flow=FLOW))
    assert (progress[0].cancelled, progress[0].share) == (1, 0.0)
