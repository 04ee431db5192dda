"""Confirming what was read from a plan: nothing is lost, nobody overwrites another, every act is in the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.people.models import AuditEntry
from bilan.plans import confirming, targeting
from bilan.plans.histories import since
from bilan.plans.models import Check, Commitment, Plan, Target
from bilan.plans.reader.model import Block, BlockKind, Document
from bilan.plans.taking import Heading, take
from bilan.problems import BilanError
from tests.web.running import Site

TEXT = "到2025年，市区空气质量优良天数比例达到97.5%以上，建成湿地公园5个和驿站12个。"


@pytest.fixture
def planner(site: Site) -> Any:
    return site.person("administrator")


@pytest.fixture
def plan(planner: Any) -> Plan:
    """A plan of two paragraphs with three commitments that nobody has looked at."""
    known = Plan.objects.count()
    plan = Plan.objects.create(
        code=f"own-{known}",
        title="本市生态环境保护规划",
        begin=2021,
        end=2025,
        blocks=[
            {"kind": "heading", "level": 1, "text": "第一章 目标", "line": 1, "page": None, "section": "第一章"},
            {"kind": "paragraph", "level": 0, "text": TEXT, "line": 3, "page": None, "section": "第一章"},
        ],
    )
    _commitment(plan, 1, metric="空气质量优良天数比例", comparator=">=", value=97.5, unit="%", deadline="2025", words={"value": "97.5%"})
    _commitment(plan, 2, kind="project", metric="湿地公园和驿站", comparator="=", value=5, unit="个")
    _commitment(plan, 3, kind="project", metric="", subject="驿站", comparator="=", value=12, unit="个", words={"value": "12个"})
    return plan


def _commitment(plan: Plan, number: int, **values: Any) -> Commitment:
    place = {"section": "第一章", "sentence": TEXT, "line": 3, "block": 1, "begin": 0, "finish": len(TEXT)}
    return Commitment.objects.create(plan=plan, number=number, **{"kind": "target", **place, **values})


def one(plan: Plan, number: int) -> Commitment:
    return plan.commitments.get(number=number)


def codes(error: pytest.ExceptionInfo[BilanError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_confirming_says_who_and_when_and_is_in_the_log(plan: Plan, planner: Any) -> None:
    held = confirming.confirm(one(plan, 1), planner, version=0)
    assert (held.check_state, held.checked_by, held.version) == (Check.CONFIRMED, planner, 1)
    assert held.checked is not None
    entry = AuditEntry.objects.order_by("-number").first()
    assert entry is not None
    assert (entry.action, entry.about, entry.who) == ("plan.confirm", f"{plan.code}-1", "administrator")


def test_who_was_overtaken_is_told_by_whom(plan: Plan, planner: Any) -> None:
    confirming.correct(one(plan, 1), {"value": "98"}, planner, version=0)
    with pytest.raises(BilanError) as error:
        confirming.correct(one(plan, 1), {"value": "96"}, planner, version=0)
    assert codes(error) == ["planbook.conflict"]
    assert "administrator" in error.value.text("en")
    assert one(plan, 1).value == 98


def test_a_correction_keeps_what_was_read(plan: Plan, planner: Any) -> None:
    held = confirming.correct(one(plan, 1), {"value": "98．5", "unit": "%", "deadline": "2025-12"}, planner)
    assert (held.value, held.deadline, held.check_state) == (98.5, "2025-12", Check.CORRECTED)
    again = confirming.correct(held, {"value": "99"}, planner)
    assert again.as_read["value"] == 97.5


def test_a_form_sent_back_unchanged_confirms(plan: Plan, planner: Any) -> None:
    held = confirming.correct(one(plan, 1), {"value": "97.5", "unit": "%"}, planner)
    assert (held.check_state, held.as_read) == (Check.CONFIRMED, {})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"value": "很多"}, "planbook.number"),
        ({"value": "nan"}, "planbook.number"),
        ({"value": ""}, "planbook.without_value"),
        ({"upper": "90"}, "planbook.range_reversed"),
        ({"deadline": "明年"}, "planbook.deadline"),
        ({"kind": "wish"}, "planbook.choice"),
        ({"metric": "", "subject": ""}, "planbook.nameless"),
        ({"unit": "个" * 41}, "planbook.too_long"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(plan: Plan, planner: Any, given: dict[str, str], code: str) -> None:
    with pytest.raises(BilanError) as error:
        confirming.correct(one(plan, 1), given, planner)
    assert codes(error) == [code]
    assert all(error.value.text(language) for language in ("zh-hans", "en"))
    assert one(plan, 1).version == 0


def test_many_are_confirmed_at_once_and_decided_ones_are_left(plan: Plan, planner: Any) -> None:
    confirming.reject(one(plan, 2), planner)
    assert confirming.confirm_many(plan.commitments.all(), planner, chosen={"kind": ""}) == 2
    assert [entry.check_state for entry in plan.commitments.order_by("number")] == [Check.CONFIRMED, Check.REJECTED, Check.CONFIRMED]
    assert confirming.confirm_many(plan.commitments.all(), planner) == 0


def test_a_rejected_one_must_come_back_before_it_is_confirmed(plan: Plan, planner: Any) -> None:
    held = confirming.reject(one(plan, 1), planner)
    with pytest.raises(BilanError) as error:
        confirming.confirm(held, planner)
    assert codes(error) == ["planbook.rejected"]
    assert confirming.confirm(confirming.reopen(held, planner), planner).check_state == Check.CONFIRMED


def test_parts_of_a_split_one_get_the_next_numbers_and_say_where_they_come_from(plan: Plan, planner: Any) -> None:
    parts = confirming.split(one(plan, 2), [{"metric": "湿地公园"}, {"metric": "驿站", "value": "12"}], planner, version=0)
    assert [(part.number, part.metric, part.value, part.block) for part in parts] == [(4, "湿地公园", 5, 1), (5, "驿站", 12, 1)]
    whole = one(plan, 2)
    assert whole.check_state == Check.REJECTED
    assert {part.source for part in parts} == {whole}
    with pytest.raises(BilanError) as error:
        confirming.split(one(plan, 3), [{"metric": "驿站"}], planner)
    assert codes(error) == ["planbook.parts"]


def test_a_part_that_cannot_be_leaves_everything_as_it_was(plan: Plan, planner: Any) -> None:
    with pytest.raises(BilanError):
        confirming.split(one(plan, 2), [{"metric": "湿地公园"}, {"value": "许多"}], planner)
    assert plan.commitments.count() == 3
    assert one(plan, 2).check_state == Check.OPEN


def test_merging_keeps_the_first_and_fills_it_from_the_others(plan: Plan, planner: Any) -> None:
    kept = confirming.merge([one(plan, 3), one(plan, 2)], planner, versions={2: 0, 3: 0})
    assert (kept.number, kept.subject, kept.metric, kept.words) == (2, "驿站", "湿地公园和驿站", {"value": "12个"})
    assert one(plan, 3).check_state == Check.REJECTED
    assert "merged: 2" in one(plan, 3).notes
    with pytest.raises(BilanError) as error:
        confirming.merge([one(plan, 1), one(plan, 3)], planner)
    assert codes(error) == ["planbook.merge"]


def test_merging_tells_every_one_that_was_changed_meanwhile_and_changes_none(plan: Plan, planner: Any, site: Site) -> None:
    confirming.correct(one(plan, 1), {"value": "98"}, planner)
    confirming.link(one(plan, 3), "stations-test", site.person("operator"))
    before = list(plan.commitments.order_by("number").values())
    with pytest.raises(BilanError) as error:
        confirming.merge([one(plan, 1), one(plan, 2), one(plan, 3)], planner, versions={1: 0, 2: 0, 3: 0})
    told = [(problem.code, problem.values["number"], problem.values["author"]) for problem in error.value.problems]
    assert told == [("planbook.conflict", 1, "administrator"), ("planbook.conflict", 3, "operator")]
    assert list(plan.commitments.order_by("number").values()) == before
    assert [event.act for event in since(one(plan, 3), 0)] == ["plan.link"]


@given(versions=st.lists(st.integers(0, 2), min_size=3, max_size=3), changes=st.lists(st.integers(0, 2), min_size=3, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_merging_goes_through_exactly_when_all_were_seen_as_they_are(
    plan: Plan, planner: Any, versions: list[int], changes: list[int]
) -> None:
    with transaction.atomic():
        for number, count in enumerate(changes, 1):
            for at in range(count):
                confirming.link(one(plan, number), f"indicator-{at}", planner)
        seen = dict(enumerate(versions, 1))
        try:
            confirming.merge(list(plan.commitments.all()), planner, versions=seen)
        except BilanError as error:
            assert [problem.values["number"] for problem in error.problems] == [at + 1 for at in range(3) if versions[at] != changes[at]]
            assert not plan.commitments.exclude(check_state=Check.OPEN).exists()
        else:
            assert versions == changes
        transaction.set_rollback(True)


def test_words_of_the_text_become_a_commitment(plan: Plan, planner: Any) -> None:
    begin = TEXT.index("建成")
    made = confirming.add(plan, 1, begin, len(TEXT), {"metric": "湿地公园", "comparator": "=", "value": "5", "kind": "project"}, planner)
    assert (made.number, made.sentence, made.line, made.section) == (4, TEXT[begin:], 3, "第一章")
    for block, start, stop in ((9, 0, 1), (1, 5, 5), (1, 0, len(TEXT) + 1), (-1, 0, 1)):
        with pytest.raises(BilanError) as error:
            confirming.add(plan, block, start, stop, {"metric": "x"}, planner)
        assert codes(error) == ["planbook.span"]


def test_a_target_comes_from_a_confirmed_commitment_and_a_later_plan_changes_it(plan: Plan, planner: Any) -> None:
    with pytest.raises(BilanError) as error:
        targeting.target_from(one(plan, 1), planner)
    assert codes(error) == ["planbook.unconfirmed"]
    held = confirming.confirm(one(plan, 1), planner)
    with pytest.raises(BilanError) as error:
        targeting.target_from(held, planner)
    assert codes(error) == ["planbook.without_indicator"]
    target = targeting.target_from(confirming.link(held, "clean-days-test", planner), planner)
    assert (target.code, target.value, target.comparator, target.year) == ("clean-days-test-2025", 97.5, ">=", 2025)
    stricter = confirming.correct(one(plan, 1), {"value": 98}, planner)
    again = targeting.target_from(stricter, planner)
    assert (again.pk, again.value) == (target.pk, 98)
    lines = [(change.field, change.before, change.after) for change in again.changes.all()]
    assert ("value", None, 97.5) in lines
    assert lines[-1] == ("value", 97.5, 98)
    assert again.changes.last().document == plan.title
    assert Target.objects.filter(indicator="clean-days-test").count() == 1


def test_a_plan_is_taken_over_with_all_its_commitments_or_not_at_all(plan: Plan, planner: Any) -> None:
    document = Document("某市规划", (Block(0, BlockKind.PARAGRAPH, TEXT, 3, section="第一章"),), begin=2021, finish=2025)
    made = take(document, plan.commitments.all(), Heading(code="taken"), planner)
    assert (made.begin, made.end, made.commitments.count()) == (2021, 2025, 3)
    assert made.commitments.get(number=1).words == {"value": "97.5%"}

    def stop(done: int, total: int) -> None:
        raise BilanError

    with pytest.raises(BilanError):
        take(document, plan.commitments.all(), Heading(code="stopped"), planner, progress=stop)
    assert not Plan.objects.filter(code="stopped").exists()
    for heading, code in (
        (Heading(code="taken"), "planbook.code"),
        (Heading(code="new"), "planbook.code"),
        (Heading(begin=2030), "planbook.years"),
    ):
        with pytest.raises(BilanError) as error:
            take(document, [], heading, planner)
        assert codes(error) == [code]
