"""How far roles reach into registers: districts and towns, organisations, sensitivities, several roles together."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from bilan.pack.registers import Bilingual, Register
from bilan.pack.registers.fields import Sensitivity
from bilan.pack.roles import Capability, load
from bilan.people.roles import ALLOWED, Action, Right, Role
from bilan.people.visibility import NOBODY, Reach, merged, scope_of

OUTFALL = Register("river-outfall", Bilingual("入河排污口", "River outfalls"), Bilingual("排口", "Outfall"), "water", ())
ROLES = sorted(load())
CODES = st.sampled_from(["350502", "350503", "350582", "350582100", "350582101", "350503001"])
TOWNS = st.sampled_from(["350582100", "350582101", ""])
PLACES = st.tuples(st.sampled_from(["350502", "350503", "350582", ""]), TOWNS, st.sampled_from(["", "A", "B"]))
Held = list[tuple[str, list[str], list[str]]]
HOLDERS = st.lists(st.tuples(st.sampled_from(ROLES), st.lists(CODES), st.sampled_from([[], ["A"], ["B"]])), max_size=3)


def test_nobody_reaches_nothing() -> None:
    assert all(NOBODY.reach(capability, OUTFALL) is None for capability in Capability)
    assert all(scope_of(["emperor"]).reach(capability, OUTFALL) is None for capability in Capability)


def test_the_old_roles_mean_what_they_meant() -> None:
    for role in Role:
        assert scope_of([role]).actions == ALLOWED[role]


def test_towns_and_counties_limit_together() -> None:
    reach = scope_of(["register-clerk"], ["350502", "350582100"]).reach(Capability.EDIT, OUTFALL)
    assert reach is not None
    assert (reach.counties, reach.towns) == (frozenset({"350502"}), frozenset({"350582100"}))
    assert reach.covers("350502", "350502001")
    assert reach.covers("350582", "350582100")
    assert not reach.covers("350582", "350582101")
    assert not reach.covers("350582")


def test_an_enterprise_reaches_its_own_and_nothing_without_one() -> None:
    own = scope_of(["enterprise"], [], ["E1"])
    assert own.reach(Capability.SEE, OUTFALL) == Reach(None, frozenset({"E1"}), frozenset({Sensitivity.PUBLIC, Sensitivity.INTERNAL}))
    assert own.districts == frozenset()
    assert not own.whole_city
    nobody = scope_of(["enterprise"])
    assert nobody.reach(Capability.SEE, OUTFALL) is None
    assert nobody.actions == {Action.ENTER}


def test_several_roles_reach_what_each_of_them_does_and_no_more() -> None:
    known = load()
    viewer, clerk = (scope_of([role], [code], known=known).holdings for role, code in (("viewer", "350502"), ("register-clerk", "350503")))
    both = merged([*viewer, *clerk])
    assert len(both.reaches(Capability.SEE, OUTFALL)) == 2
    (edits,) = both.reaches(Capability.EDIT, OUTFALL)
    assert edits.districts == frozenset({"350503"})


def test_operating_in_one_district_is_not_operating_in_all_that_is_seen() -> None:
    here, there = scope_of(["viewer"], ["350502"]).holdings, scope_of(["operator"], ["350503"]).holdings
    both = merged([*here, *there])
    assert both.districts == {"350502", "350503"}
    assert not both.can(Action.OPERATE)
    assert merged([*scope_of(["operator"], ["350502"]).holdings, *there]).can(Action.OPERATE)


@given(HOLDERS, PLACES, st.sampled_from(list(Capability)))
def test_merging_neither_adds_nor_loses(holders: Held, place: tuple[str, str, str], capability: Capability) -> None:
    alone = [scope_of([role], districts, organisations) for role, districts, organisations in holders]
    together = merged(holding for scope in alone for holding in scope.holdings)
    for sensitivity in Sensitivity:
        one = any(reach.covers(*place) and reach.reads(sensitivity) for scope in alone for reach in scope.reaches(capability, OUTFALL))
        assert one == any(reach.covers(*place) and reach.reads(sensitivity) for reach in together.reaches(capability, OUTFALL))


def test_the_three_administrators_are_separated() -> None:
    system, security, audit = (scope_of([f"{name}-administrator"]) for name in ("system", "security", "audit"))
    rights = {
        "people": Right(Capability.EDIT, "kernel/people"),
        "settings": Right(Capability.CONFIGURE, "kernel/settings"),
        "audit": Right(Capability.SEE, "kernel/audit"),
        "edit": Right(Capability.EDIT, "registers"),
    }
    assert {name for name, right in rights.items() if system.can(right)} == {"settings"}
    assert {name for name, right in rights.items() if security.can(right)} == {"people"}
    assert {name for name, right in rights.items() if audit.can(right)} == {"audit"}
    assert security.actions == audit.actions == {Action.ENTER}
    assert not system.can(Action.OPERATE)


def test_a_register_is_as_closed_as_it_says() -> None:
    for sensitivity in Sensitivity:
        register = dataclasses.replace(OUTFALL, name=f"r-{sensitivity}", sensitivity=sensitivity)
        seen = {role for role in ROLES if scope_of([role], [], ["E1"]).reach(Capability.SEE, register)}
        assert ("public-reader" in seen) == (sensitivity is Sensitivity.PUBLIC)
        assert ("viewer" in seen) == (sensitivity in {Sensitivity.PUBLIC, Sensitivity.INTERNAL})
        assert ("enforcement-officer" in seen) == (sensitivity is not Sensitivity.PERSONAL)
        assert {"administrator", "leader"} <= seen
        assert not {"security-administrator", "audit-administrator"} & seen


def test_the_same_register_under_another_sensitivity_is_asked_anew() -> None:
    scope = scope_of(["public-reader"])
    assert scope.reach(Capability.SEE, OUTFALL) is None
    assert scope.reach(Capability.SEE, dataclasses.replace(OUTFALL, sensitivity=Sensitivity.PUBLIC)) is not None
