"""Resting after wrong attempts: by name and by address, longer every time, told alike for names that nobody has."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bilan.pack.security import Security
from bilan.people import lockout
from bilan.people.models import AuditEntry, Lockout, Person
from tests.web.running import PASSWORD, Site

ALLOWED = Security().attempts


@pytest.fixture(autouse=True)
def _nothing_before(site: Site) -> None:
    Lockout.objects.all().delete()


def wrong(client: Client, username: str, times: int, address: str = "192.0.2.1") -> int:
    """The status of the last of so many wrong attempts."""
    return [client.post("/login", {"username": username, "password": "wrong"}, REMOTE_ADDR=address).status_code for _ in range(times)][-1]


@pytest.mark.parametrize("username", ["rester", "nobody-at-all"])
def test_an_account_rests_whether_or_not_it_exists(username: str) -> None:
    if username == "rester":
        Person.objects.create_user(username, PASSWORD)
    client = Client()
    wrong(client, username, ALLOWED)
    answer = client.post("/login", {"username": username, "password": PASSWORD}, REMOTE_ADDR="192.0.2.2")
    assert answer.status_code == 401
    assert "1 " in answer.content.decode()
    assert AuditEntry.objects.filter(action="login.refused", about=username).exists()


def test_after_the_rest_the_right_password_is_enough_and_forgets() -> None:
    Person.objects.create_user("patient", PASSWORD)
    client = Client()
    wrong(client, "patient", ALLOWED)
    Lockout.objects.filter(subject="name:patient").update(until=timezone.now())
    assert client.post("/login", {"username": "patient", "password": PASSWORD}).status_code == 302
    assert not Lockout.objects.filter(subject="name:patient").exists()


def test_each_further_attempt_rests_twice_as_long() -> None:
    pauses = []
    for _ in range(ALLOWED + 3):
        lockout.failed("again", "")
        pauses.append(lockout.resting("again", "").total_seconds())
    assert all(pause == 0 for pause in pauses[: ALLOWED - 1])
    assert [round(pause / 60) for pause in pauses[ALLOWED - 1 :]] == [1, 2, 4, 8]


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_a_rest_never_shrinks_and_never_passes_the_longest(failures: int, allowed: int) -> None:
    rules = Security()
    first, second = lockout.rest(failures, allowed, rules), lockout.rest(failures + 1, allowed, rules)
    assert first <= second <= timedelta(seconds=rules.rest_longest)
    assert bool(first) == (failures >= allowed)


def test_an_address_that_tries_many_names_rests_too() -> None:
    few = dataclasses.replace(settings.SECURITY, address_attempts=4)
    with override_settings(SECURITY=few):
        client = Client()
        for number in range(4):
            wrong(client, f"guess-{number}", 1, "192.0.2.9")
        assert lockout.resting("somebody-else", "192.0.2.9")
        assert not lockout.resting("somebody-else", "192.0.2.10")


def test_attempts_of_yesterday_no_longer_count() -> None:
    for _ in range(ALLOWED - 1):
        lockout.failed("late", "")
    Lockout.objects.filter(subject="name:late").update(last=timezone.now() - lockout.FORGOTTEN - timedelta(minutes=1))
    assert lockout.failed("late", "") == 1


def test_a_client_cannot_choose_its_address() -> None:
    client = Client()
    client.post("/login", {"username": "x", "password": "wrong"}, REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": "198.51.100.7"})
    assert set(Lockout.objects.values_list("subject", flat=True)) == {"name:x", "address:192.0.2.1"}
    with override_settings(BEHIND_PROXY=True):
        forwarded = {"X-Forwarded-For": "203.0.113.5, 198.51.100.7"}
        client.post("/login", {"username": "x", "password": "wrong"}, REMOTE_ADDR="192.0.2.1", headers=forwarded)
    assert Lockout.objects.filter(subject="address:198.51.100.7").exists()
    assert not Lockout.objects.filter(subject="address:203.0.113.5").exists()
