"""Single sign-on: the whole code flow against a real provider, and everything a provider must not be believed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client, override_settings

from bilan.pack.security import Sso
from bilan.people import sso
from bilan.people.models import AuditEntry, Person
from tests.people import provider as providers
from tests.people.provider import CLIENT, SECRET, Provider
from tests.web.running import Site

BACKENDS = ["django.contrib.auth.backends.ModelBackend", "bilan.people.sso.SsoBackend"]


@pytest.fixture
def provider(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the city trusts."""
    monkeypatch.setenv("BILAN_SSO_SECRET", SECRET)
    sso.discovered.cache_clear()
    with providers.running() as made, override_settings(SSO=Sso(issuer=made.issuer, client_id=CLIENT), AUTHENTICATION_BACKENDS=BACKENDS):
        yield made


def through(client: Client, target: str = "/points/AIR1") -> str:
    """Go to the provider and back; where the browser ends up."""
    first = client.get(f"/login/sso?next={target}")
    if first.headers["Location"].startswith("/"):
        return first.headers["Location"]
    there = requests.get(first.headers["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(there.headers["Location"])
    assert (back.netloc, back.path) == ("testserver", "/login/sso/back")
    return client.get(f"{back.path}?{back.query}").headers["Location"]


def test_it_is_off_until_a_city_wants_it(site: Site) -> None:
    assert Client().get("/login/sso").status_code == 404
    assert Client().get("/login/sso/back?code=x&state=y").status_code == 404
    assert "/login/sso" not in Client().get("/login").content.decode()


def test_who_the_provider_vouches_for_is_in(provider: Provider) -> None:
    provider.claims = {"sub": "1", "preferred_username": "viewer", "name": "值班员"}
    client = Client()
    assert "/login/sso" in client.get("/login?next=/points/AIR1").content.decode()
    assert through(client) == "/points/AIR1"
    assert client.get("/points/AIR1").status_code == 200
    assert Person.objects.get(username="viewer").sessions.filter(session_key=client.session.session_key).exists()
    assert AuditEntry.objects.filter(action="login", who="viewer", detail__contains="sso").exists()


def test_the_browser_is_asked_with_state_nonce_and_challenge(provider: Provider) -> None:
    query = parse_qs(urlsplit(Client().get("/login/sso").headers["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(query)


@pytest.mark.parametrize("fault", ["key", "aud", "iss", "nonce", "exp", "userinfo"])
def test_a_token_that_is_not_in_order_lets_nobody_in(provider: Provider, fault: str) -> None:
    provider.claims = {"preferred_username": "viewer"}
    provider.fault = fault
    client = Client()
    assert through(client) == "/login?sso=failed"
    assert client.get("/overview").status_code == 302
    assert client.get("/login?sso=failed").status_code == 200


@pytest.mark.parametrize("claims", [{}, {"preferred_username": "nobody-here"}, {"preferred_username": "closed"}])
def test_who_is_not_entered_is_not_let_in(provider: Provider, claims: dict[str, str]) -> None:
    Person.objects.filter(username="closed").delete()
    Person.objects.create_user("closed", is_active=False)
    provider.claims = claims
    assert through(Client()) == "/login?sso=failed"
    assert not Person.objects.filter(username="nobody-here").exists()


def test_a_city_may_have_newcomers_made(provider: Provider) -> None:
    provider.claims = {"preferred_username": "newcomer", "name": "新来的"}
    rules = Sso(issuer=provider.issuer, client_id=CLIENT, create=True, roles=("public-reader",))
    with override_settings(SSO=rules):
        assert through(Client()) == "/points/AIR1"
        made = Person.objects.get(username="newcomer")
        assert (made.name, made.roles, made.has_usable_password()) == ("新来的", ["public-reader"], False)
        Person.objects.filter(username="newcomer").update(is_active=False)
        assert through(Client()) == "/login?sso=failed"


def test_a_state_is_good_for_once_and_for_one_browser(provider: Provider) -> None:
    provider.claims = {"preferred_username": "viewer"}
    mine, theirs = Client(), Client()
    there = requests.get(mine.get("/login/sso").headers["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(there.headers["Location"])
    theirs.get("/login/sso")
    assert theirs.get(f"{back.path}?{back.query}").headers["Location"] == "/login?sso=failed"
    assert mine.get(f"{back.path}?{back.query}").headers["Location"] == "/"
    mine.post("/logout")
    assert mine.get(f"{back.path}?{back.query}").headers["Location"] == "/login?sso=failed"


def test_a_provider_that_is_down_harms_nobody_with_a_password(provider: Provider) -> None:
    provider.fault = "down"
    assert through(Client()) == "/login?sso=failed"
    client = Client()
    assert client.post("/login", {"username": "viewer", "password": "wrong"}).status_code == 401
    provider.fault = ""
    assert through(client) == "/login?sso=failed"
    provider.claims = {"preferred_username": "viewer"}
    assert through(client) == "/points/AIR1"
    provider.fault = "down"
    assert client.get("/overview").status_code == 200


def test_a_foreign_address_is_not_followed(provider: Provider) -> None:
    provider.claims = {"preferred_username": "viewer"}
    assert through(Client(), "https://evil.example/") == "/"
