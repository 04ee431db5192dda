"""Who sees and does what."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from bilan.people.models import Person
from bilan.people.monitoring import Monitoring
from bilan.people.roles import ALLOWED, Action, Role
from bilan.people.visibility import NOBODY, NotAllowed, NotVisible, Scope, visible_to
from bilan.problems import BilanError
from bilan.telemetry.model import Point
from tests.web import tiny
from tests.web.running import Site

DISTRICTS = st.sampled_from([*tiny.DISTRICTS, ""])


def person(role: str = "viewer", districts: list[str] | None = None, *, active: bool = True) -> SimpleNamespace:
    return SimpleNamespace(is_authenticated=True, is_active=active, roles=[role], districts=districts or [], organisation="")


@pytest.mark.parametrize("nobody", [None, AnonymousUser(), person(active=False), person(role="emperor"), person(role="")])
def test_who_is_not_known_sees_nothing(nobody: object) -> None:
    assert visible_to(nobody) == NOBODY
    assert not NOBODY.allows(Point("A", "air", "甲"))


@given(st.lists(DISTRICTS.filter(bool), min_size=1), st.lists(DISTRICTS))
def test_a_person_of_districts_sees_exactly_theirs(own: list[str], all_: list[str]) -> None:
    points = [Point(str(at), "air", "甲", district=district) for at, district in enumerate(all_)]
    seen = visible_to(person(districts=own)).visible(points)
    assert seen == [point for point in points if point.district in own]


def test_each_role_may_all_that_the_one_before_may() -> None:
    assert ALLOWED[Role.VIEWER] < ALLOWED[Role.OPERATOR] < ALLOWED[Role.ADMINISTRATOR]


@pytest.fixture
def inside(site: Site) -> Monitoring:
    return Monitoring(site.store, Scope(ALLOWED[Role.VIEWER], frozenset({tiny.INSIDE})))


def test_every_read_keeps_to_the_scope(inside: Monitoring, site: Site) -> None:
    codes = {point.code for point in tiny.points() if point.district == tiny.INSIDE}
    everything = [point.code for point in tiny.points()]
    assert {point.code for point in inside.points()} == codes
    assert set(inside.latest()["point"]) == set(inside.latest(everything)["point"]) == codes
    assert set(inside.series()["point"]) == set(inside.series(everything)["point"]) == codes
    assert set(inside.verdicts("air.hour", everything, 0, 1 << 40)["point"]) <= codes
    assert set(inside.latest_verdicts("air.hour")["point"]) <= codes
    assert set(inside.wide(everything, ["a34004"], 0, 1 << 40, "hour")["point"]) <= codes
    assert {device.point for device in inside.devices()} == codes
    assert {row["point"] for row in inside.rows("SELECT point, mn FROM device")} == codes


def test_series_of_other_districts_cannot_be_read(inside: Monitoring, site: Site) -> None:
    foreign = site.store.catalogue.series_frame(points=["AIR2"])["id"].to_list()
    with pytest.raises(NotVisible):
        inside.statistics(foreign)
    with pytest.raises(NotVisible):
        inside.scan(foreign, 0, 1, "hour")
    with pytest.raises(NotVisible):
        inside.scan_reduced(foreign, 0, 1, "hour")
    with pytest.raises(NotVisible):
        inside.point("AIR2")


def test_digests_lose_what_is_about_others(inside: Monitoring, site: Site) -> None:
    site.store.digests.put("test", {"city": 1, "points": [{"point": "AIR1"}, {"point": "AIR2"}], "worst": {"point": "AIR3", "value": 9}})
    assert inside.digest("test") == {"city": 1, "points": [{"point": "AIR1"}]}
    whole = Monitoring(site.store, Scope(ALLOWED[Role.VIEWER], None))
    assert len(whole.digest("test")["points"]) == 2


def test_rows_that_name_no_point_are_refused(inside: Monitoring) -> None:
    with pytest.raises(BilanError, match="point"):
        inside.rows("SELECT mn FROM device")


def test_the_store_is_handed_out_only_to_those_who_may_change_it(inside: Monitoring, site: Site) -> None:
    with pytest.raises(NotAllowed):
        inside.require(Action.OPERATE)
    operator = Monitoring(site.store, Scope(ALLOWED[Role.OPERATOR], None))
    assert operator.require(Action.OPERATE) is site.store


def test_a_person_of_a_district_has_what_became_it(site: Site) -> None:
    table = site.city.pack / "districts.csv"
    table.parent.mkdir(exist_ok=True)
    rows = ["code,zh,en,parent,valid_from,valid_to,successors", f"350501,旧区,Old,350500,,2020-12-31,{tiny.INSIDE}"]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    try:
        someone = Person(username="x", roles=["viewer"], districts=[tiny.INSIDE])
        assert visible_to(someone).districts == {tiny.INSIDE, "350501"}
        assert visible_to(Person(username="y", roles=["viewer"], districts=["350501"])).districts == {"350501"}
    finally:
        table.unlink()


def test_a_person_of_a_town_sees_no_points_of_the_county(site: Site) -> None:
    scope = visible_to(Person(username="x", roles=["viewer"], districts=["350502100"]))
    assert scope.visible(tiny.points()) == []
    assert not scope.whole_city
