"""The second factor: setting it up, logging in with it, recovery codes, roles that need it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from time import time

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from bilan.people.models import AuditEntry, Lockout, Person
from tests.web.running import PASSWORD, Site


@pytest.fixture(autouse=True)
def _quick(site: Site) -> Iterator[None]:
    Lockout.objects.all().delete()
    with override_settings(OTP_TOTP_THROTTLE_FACTOR=0, OTP_STATIC_THROTTLE_FACTOR=0):
        yield


def code_of(person: Person, steps: int = 0) -> str:
    """What the person's application shows `steps` half minutes from now (RFC 6238), computed from the secret alone."""
    device = TOTPDevice.objects.get(user=person)
    generator = TOTP(device.bin_key, step=30, t0=0, digits=6)
    generator.time = time() + 30 * steps
    return f"{generator.token():06d}"


def enrol(username: str) -> tuple[Client, Person, list[str]]:
    """Somebody new who has set the second factor up, with their recovery codes."""
    person = Person.objects.create_user(username, PASSWORD)
    client = Client()
    client.post("/login", {"username": username, "password": PASSWORD})
    page = client.get("/account/second-factor").content.decode()
    assert "data:image/svg+xml" in page
    assert client.post("/account/second-factor", {"do": "confirm", "code": "000000x"}).status_code == 400
    answer = client.post("/account/second-factor", {"do": "confirm", "code": code_of(person, -1)}).content.decode()
    codes = re.findall(r"<li><code>(\w+)</code></li>", answer)
    assert len(set(codes)) == 10
    return client, person, codes


def half_way(username: str) -> Client:
    """Somebody who has given the right password and owes the code."""
    client = Client()
    answer = client.post("/login", {"username": username, "password": PASSWORD, "next": "/points/AIR1"})
    assert answer.headers["Location"] == "/login/code"
    assert client.get("/overview").status_code == 302
    return client


def test_the_password_alone_lets_nobody_in(site: Site) -> None:
    _client, person, _codes = enrol("factor")
    client = half_way("factor")
    assert client.post("/login/code", {"code": "123456"}).status_code == 401
    answer = client.post("/login/code", {"code": code_of(person)})
    assert answer.headers["Location"] == "/points/AIR1"
    assert client.get("/points/AIR1").status_code == 200
    assert AuditEntry.objects.filter(action="login", who="factor", detail__contains="totp").exists()


def test_a_code_is_good_for_once(site: Site) -> None:
    _client, person, _codes = enrol("once")
    shown = code_of(person)
    assert half_way("once").post("/login/code", {"code": shown}).status_code == 302
    assert half_way("once").post("/login/code", {"code": shown}).status_code == 401


def test_a_recovery_code_lets_in_once(site: Site) -> None:
    _client, _person, codes = enrol("lost")
    assert half_way("lost").post("/login/code", {"code": f" {codes[0].upper()} "}).status_code == 302
    assert half_way("lost").post("/login/code", {"code": codes[0]}).status_code == 401
    assert half_way("lost").post("/login/code", {"code": codes[1]}).status_code == 302


def test_guessing_codes_ends_in_a_rest(site: Site) -> None:
    _client, person, _codes = enrol("guessed")
    client = half_way("guessed")
    for number in range(settings.SECURITY.attempts):
        client.post("/login/code", {"code": f"{number:06d}"})
    assert client.post("/login/code", {"code": code_of(person)}).status_code == 401


def test_nobody_comes_to_the_code_without_the_password(site: Site) -> None:
    assert Client().get("/login/code").headers["Location"] == "/login"
    assert Client().post("/login/code", {"code": "000000"}).headers["Location"] == "/login"


def test_a_role_that_needs_it_gets_nothing_without_it(site: Site) -> None:
    Person.objects.create_user("bound", PASSWORD)
    client = Client()
    client.post("/login", {"username": "bound", "password": PASSWORD})
    with override_settings(SECURITY=dataclasses.replace(settings.SECURITY, second_factor=("viewer",))):
        assert client.get("/overview").headers["Location"] == "/account/second-factor"
        assert client.get("/api/points").status_code == 401
        client.get("/account/second-factor")
        person = Person.objects.get(username="bound")
        assert client.post("/account/second-factor", {"do": "confirm", "code": code_of(person)}).status_code == 200
        assert client.get("/overview").status_code == 200


def test_what_is_set_up_is_changed_only_by_who_has_given_it(site: Site) -> None:
    client, person, codes = enrol("steady")
    other = Client()
    other.force_login(person)
    other.post("/account/second-factor", {"do": "remove"})
    assert TOTPDevice.objects.filter(user=person, confirmed=True).exists()
    fresh = re.findall(r"<li><code>(\w+)</code></li>", client.post("/account/second-factor", {"do": "recovery"}).content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    client.post("/account/second-factor", {"do": "remove"})
    assert not TOTPDevice.objects.filter(user=person).exists()
