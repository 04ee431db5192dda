"""Campaigns over a target list, and random inspections from registers to cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bilan.casework import campaigns, drawings
from bilan.casework.docket import Docket
from bilan.casework.models import Case, Drawing
from bilan.casework.moving import Move, move
from bilan.people.visibility import NotAllowed, visible_to
from bilan.problems import BilanError
from bilan.registers.models import Entry
from tests.casework.outfalls import crew, outfalls, proofs, who
from tests.web.running import Site

TODAY = date.today()


@pytest.fixture(scope="module", autouse=True)
def _crew(site: Site, _renewed: None) -> None:
    persons = type(site.person("viewer")).objects
    crew(persons)
    persons.create_user("mate", role="enforcement-officer", name="mate")
    for number in range(12):
        data = {"permit_category": "key" if number < 4 else "simplified"}
        Entry.objects.create(register="enterprise", code=f"F{number:03d}", name=f"演示厂{number}", district="350502", data=data)
    Entry.objects.create(register="positive-list", code="PO-1", name="免检", status="listed", data={"enterprise": "F000"})
    Entry.objects.create(register="environmental-credit", code="EC-1", name="信用", data={"enterprise": "F001", "grade": "bad"})


def plan(**more: object) -> campaigns.Plan:
    values = {
        "name": "排口专项",
        "flow": "campaign-inspection",
        "register": "river-outfall",
        "begin": TODAY,
        "end": TODAY + timedelta(days=30),
    }
    return campaigns.Plan(**{**values, **more})  # type: ignore[arg-type]


def test_a_campaign_opens_one_case_a_target_and_tells_how_far_it_is() -> None:
    outfalls(30, **{"class": "other-port"})
    outfalls(4, **{"class": "other-irrigation"})
    campaign = campaigns.begin(plan(query="?class=other-port&sort=-code", checklist="special-campaign"), who("chief"))
    cases = Case.objects.filter(campaign=campaign)
    assert cases.count() == 30
    assert campaigns.extend(campaign, who("chief")) == 0
    outfalls(2, **{"class": "other-port"})
    assert campaigns.extend(campaign, who("chief")) == 2
    case = cases.filter(district="350502")[0]
    proofs([case], "clean")
    checked = [{"item": name, "answer": "yes"} for name in ("operating", "duty", "emission", "records", "earlier")]
    move(case, "clean", Move(checklist=checked), who("officer"))
    move(case, "done", Move(), who("judge"))
    docket = Docket(visible_to(who("chief")), who("chief"))
    found = {entry.district: entry for entry in campaigns.progress(campaign, docket)}
    assert {name: (entry.total, entry.closed) for name, entry in found.items()} == {"350502": (16, 1), "350503": (16, 0)}
    assert found["350502"].share == pytest.approx(1 / 16)
    assert found["350503"].states == {"planned": 16}
    campaigns.end(campaign, who("chief"))
    with pytest.raises(BilanError):
        campaigns.extend(campaign, who("chief"))


def test_a_campaign_is_limited_to_its_districts_and_begun_by_who_may() -> None:
    outfalls(6, **{"class": "agricultural-livestock"})
    campaign = campaigns.begin(plan(query="class=agricultural-livestock", districts=["350503"]), who("chief"))
    assert set(Case.objects.filter(campaign=campaign).values_list("district", flat=True)) == {"350503"}
    with pytest.raises(NotAllowed):
        campaigns.begin(plan(), who("officer"))
    for wrong in (plan(end=TODAY - timedelta(days=1)), plan(query="class=industrial-park-rain"), plan(name=" "), plan(query="clas=x")):
        with pytest.raises(BilanError) as error:
            campaigns.begin(wrong, who("chief"))
        assert all(problem.text("zh-hans") and problem.text("en") for problem in error.value.problems)


def test_targets_weigh_by_credit_and_the_positive_list_is_spared() -> None:
    pool = {
        target.code: target
        for target in drawings.targets_of(who("chief"), "enterprise", kind="permit_category", spared=drawings.positive_list())
    }
    assert (pool["F000"].weight, pool["F001"].weight, pool["F002"].weight) == (0, drawings.CREDIT["bad"], drawings.UNRATED)
    assert (pool["F001"].kind, pool["F009"].kind) == ("key", "simplified")
    with pytest.raises(BilanError):
        drawings.targets_of(who("chief"), "enterprise", kind="permit_categry")


def test_a_draw_is_kept_with_what_it_rests_on_and_can_be_repeated() -> None:
    targets = drawings.targets_of(who("chief"), "enterprise", kind="permit_category", spared=drawings.positive_list())
    inspectors = drawings.inspectors_of()
    assert {"officer", "mate"} <= {inspector.code for inspector in inspectors}
    drawing = drawings.draw(
        who("chief"), "十一月抽查", "2026-11-22 双色球 01", "enterprise", "", targets, inspectors, {"key": 1.0, "*": 0.25}
    )
    assert drawings.holds(Drawing.objects.get(pk=drawing.pk))
    assert "F000" not in {entry["target"] for entry in drawing.drawn}
    assert drawings.published(drawing)["pool"] == drawing.pool
    cases = drawings.open_inspections(drawing, who("chief"))
    assert len(cases) == len(drawing.drawn) == 3 + 2
    assert drawings.open_inspections(drawing, who("chief")) == []
    record = Entry.objects.get(register="inspection-record", code=cases[0].entry)
    assert (record.status, record.data["draw"], record.data["seed"]) == ("planned", drawing.name, drawing.seed)
    assert cases[0].owner is not None
    assert [cases[0].owner.username, *cases[0].helpers.values_list("username", flat=True)] == drawing.drawn[0]["inspectors"]

    again = drawings.inspectors_of()
    assert all(drawing.drawn[0]["target"] in entry.avoids for entry in again if entry.code in drawing.drawn[0]["inspectors"])

    Drawing.objects.filter(pk=drawing.pk).update(targets=drawing.targets[1:])
    assert not drawings.holds(Drawing.objects.get(pk=drawing.pk))


def test_a_draw_needs_its_seed_beforehand_and_who_may_give_out_cases() -> None:
    targets, inspectors = drawings.targets_of(who("chief"), "enterprise"), drawings.inspectors_of()
    with pytest.raises(BilanError):
        drawings.draw(who("chief"), "x", " ", "enterprise", "", targets, inspectors, {"*": 0.5})
    with pytest.raises(BilanError):
        drawings.draw(who("chief"), "x", "s", "enterprise", "", targets, inspectors, {"key": 0.5})
    with pytest.raises(NotAllowed):
        drawings.draw(who("officer"), "x", "s", "enterprise", "", targets, inspectors, {"*": 0.5})
