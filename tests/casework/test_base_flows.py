"""The base flows on entries of the base registers: each way of the demo city is gone to its end, by persons who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bilan.casework.models import Case
from bilan.casework.moving import Opening, as_of, flow_named, flows, move, open_case, verify
from bilan.demo.cases.filling import Files, filled
from bilan.demo.cases.plans import Path, paths
from bilan.demo.cases.staff import Staff
from bilan.pack.flows.graph import reached
from bilan.pack.registers import FieldType
from bilan.registers.declared import declared
from bilan.registers.models import Entry
from tests.casework.outfalls import crew
from tests.contract.sample import make
from tests.web.running import Site

WAYS = paths()
DROPPED = {FieldType.DATE, FieldType.TABLE, FieldType.COMPUTED}
"""What a made-up entry holds of these would be of another day than the steps."""


@pytest.fixture(scope="module", autouse=True)
def _crew(site: Site, _renewed: None) -> None:
    crew(type(site.person("viewer")).objects)
    persons = type(site.person("viewer")).objects
    for username, role in (("reviewer", "reviewer"), ("operator", "operator"), ("clerk", "register-clerk"), ("admin", "administrator")):
        if not persons.filter(username=username).exists():
            persons.create_user(username, role=role)
    persons.filter(username__in=["reviewer", "chief", "operator", "admin"]).update(districts=[])


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.flow}:{way.status or 'any'}:{len(way.steps)}")
def test_every_way_of_the_base_flows_can_be_gone_to_its_end(way: Path) -> None:
    known = declared()
    register = known.registers[way.register]
    code = make(known, register, f"演示{way.flow}", "350502", 900 + WAYS.index(way), (118.6, 24.9))
    entry = Entry.objects.get(register=way.register, code=code)
    dropped = {field.name for field in register.fields.values() if field.type in DROPPED and field.required is not True} - {way.since}
    dropped |= {"reward_state", "reward"}
    entry.data = {name: value for name, value in entry.data.items() if name not in dropped}
    entry.status = way.status or entry.status
    entry.save()
    staff, files, flow = Staff(), Files(), flow_named(way.flow)
    at = timezone.now() - timedelta(days=20)
    with as_of(at):
        case = open_case(way.flow, Opening(f"{way.flow}", register=way.register, entry=code), staff.persons["chief"])
    made: dict[str, str] = {}
    last = ""
    for number, name in enumerate(way.steps):
        transition = flow.transition[name]
        last = made[name] = staff.slot(flow, transition, made, last)
        moment = at + timedelta(days=(number + 1) * 1.5)
        files.hand_in([case], transition, moment)
        entry.refresh_from_db()
        with as_of(moment):
            move(case, name, filled(flow, transition, case, moment, known, entry.data, way.name), staff.persons[last])
    assert verify(case) is None
    assert case.version == len(way.steps) + 1
    if flow.transition[way.steps[-1]].kind in {"close", "cancel"}:
        assert case.standing in {"closed", "cancelled"}
    assert len({made[name] for name in way.steps}) > 1 or len(way.steps) <= 2


def test_a_name_is_public_only_after_the_decision() -> None:
    for name in ("enforcement-case", "random-inspection", "damage-compensation"):
        flow = flow_named(name)
        assert flow.public_after
        assert flow.public_after != flow.start
    assert flow_named("complaint").public_after == ""


def test_every_base_flow_names_its_law_and_says_how_sure_it_is() -> None:
    for flow in flows().flows.values():
        if "src/bilan" in flow.source:
            assert flow.confidence, flow.name
            assert flow.laws or flow.confidence == "convention", flow.name
            leads = {state.name: [way.to for way in flow.leaving(state.name) if way.to] for state in flow.states}
            assert any(flow.state[name].final for name in reached(leads, [flow.start])), flow.name
    assert Case.objects.filter(flow="complaint", published__isnull=False).count() == 0
