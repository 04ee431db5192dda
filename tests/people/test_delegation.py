"""Roles lent for a time: they begin and end by themselves, stay within the giver's limits, and leave with what the giver loses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from bilan.pack.registers import Bilingual, Register
from bilan.pack.roles import Capability
from bilan.people.models import AuditEntry, Delegation, Person
from bilan.people.roles import Action
from bilan.people.visibility import visible_to
from tests.web import tiny
from tests.web.running import PASSWORD, Site

OUTFALL = Register("river-outfall", Bilingual("入河排污口", "River outfalls"), Bilingual("排口", "Outfall"), "water", ())
HOUR = timedelta(hours=1)


@pytest.fixture
def pair(site: Site) -> tuple[Person, Person]:
    """A clerk of one district and a viewer of another."""
    Person.objects.filter(username__in=["giver", "taker"]).delete()
    giver = Person.objects.create_user("giver", PASSWORD, roles=["register-clerk"], districts=[tiny.INSIDE])
    taker = Person.objects.create_user("taker", PASSWORD, roles=["viewer"], districts=[tiny.OUTSIDE])
    return giver, taker


def lend(giver: Person, taker: Person, begins: datetime, ends: datetime, roles: tuple[str, ...] = ("register-clerk",)) -> Delegation:
    return Delegation.objects.create(giver=giver, receiver=taker, roles=list(roles), begins=begins, ends=ends, reason="leave")


def edits(person: Person) -> set[str]:
    """Districts somebody may edit outfalls in now."""
    fresh = Person.objects.get(pk=person.pk)
    return {code for reach in visible_to(fresh).reaches(Capability.EDIT, OUTFALL) for code in reach.districts or ("everywhere",)}


def test_a_role_is_lent_within_the_limits_of_the_giver_and_only_in_its_time(pair: tuple[Person, Person]) -> None:
    giver, taker = pair
    now = timezone.now()
    made = lend(giver, taker, now + HOUR, now + 2 * HOUR)
    assert edits(taker) == set()
    Delegation.objects.filter(pk=made.pk).update(begins=now - HOUR)
    assert edits(taker) == {tiny.INSIDE}
    scope = visible_to(Person.objects.get(pk=taker.pk))
    assert scope.districts == {tiny.INSIDE, tiny.OUTSIDE}
    assert not scope.can(Action.OPERATE)
    Delegation.objects.filter(pk=made.pk).update(begins=now - 2 * HOUR, ends=now)
    assert edits(taker) == set()


def test_what_the_giver_loses_is_lost(pair: tuple[Person, Person]) -> None:
    giver, taker = pair
    made = lend(giver, taker, timezone.now() - HOUR, timezone.now() + HOUR)
    giver.roles = ["viewer"]
    giver.save()
    assert edits(taker) == set()
    giver.roles = ["register-clerk"]
    giver.is_active = False
    giver.save()
    assert edits(taker) == set()
    giver.is_active = True
    giver.save()
    assert edits(taker) == {tiny.INSIDE}
    Delegation.objects.filter(pk=made.pk).update(revoked=timezone.now())
    assert edits(taker) == set()


def test_what_was_lent_is_not_passed_on(pair: tuple[Person, Person]) -> None:
    giver, taker = pair
    third = Person.objects.create_user(f"third-{timezone.now().timestamp()}", PASSWORD, roles=["viewer"])
    lend(giver, taker, timezone.now() - HOUR, timezone.now() + HOUR)
    lend(taker, third, timezone.now() - HOUR, timezone.now() + HOUR)
    assert edits(third) == set()


def test_it_cannot_end_before_it_begins(pair: tuple[Person, Person]) -> None:
    with pytest.raises(IntegrityError):
        lend(*pair, timezone.now(), timezone.now() - HOUR)


def ask(client: Client, **values: object) -> str:
    now = timezone.localtime()
    form = {
        "do": "delegate",
        "receiver": "taker",
        "roles": ["register-clerk"],
        "begins": f"{now:%Y-%m-%dT%H:%M}",
        "ends": f"{now + HOUR:%Y-%m-%dT%H:%M}",
        "reason": "leave",
    }
    return client.post("/account", form | values, headers={"Accept-Language": "en"}).content.decode()


def test_one_lends_and_revokes_on_the_own_page(pair: tuple[Person, Person]) -> None:
    giver, taker = pair
    client = Client()
    client.force_login(giver)
    assert ask(client) == ""
    assert edits(taker) == {tiny.INSIDE}
    (made,) = giver.given.all()
    client.post("/account", {"do": "revoke-delegation", "delegation": made.pk})
    assert edits(taker) == set()
    assert AuditEntry.objects.filter(action="delegation.revoke", about="giver").exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"receiver": "takker"}, "nearest: taker"),
        ({"receiver": "giver"}, "another person"),
        ({"ends": "2020-01-01T00:00"}, "later than"),
        ({"roles": ["administrator"]}, "administrator"),
        ({"reason": ""}, "required"),
    ],
)
def test_what_cannot_be_lent_is_told(pair: tuple[Person, Person], values: dict[str, object], said: str) -> None:
    client = Client()
    client.force_login(pair[0])
    assert said in ask(client, **values)
    assert not Delegation.objects.filter(giver=pair[0]).exists()


def test_administrators_who_must_be_apart_stay_apart(pair: tuple[Person, Person]) -> None:
    _giver, taker = pair
    guard = Person.objects.filter(username="guard-2").first() or Person.objects.create_user(
        "guard-2", PASSWORD, roles=["security-administrator"]
    )
    taker.roles = ["audit-administrator"]
    taker.save()
    client = Client()
    client.force_login(guard)
    assert "together" in ask(client, roles=["security-administrator"])
    assert not guard.given.exists()
