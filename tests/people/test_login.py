"""Logging in, resting after wrong passwords, tokens, the demo's accounts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from django.test import Client, override_settings

from bilan.people.demo import ACCOUNTS, create_accounts
from bilan.people.models import Person, Token
from tests.web.running import PASSWORD, Site

MakeClient = Callable[[str], Client]


def test_the_right_password_leads_back_to_the_page(site: Site) -> None:
    client = Client()
    response = client.post("/login", {"username": "viewer", "password": PASSWORD, "next": "/points/AIR1"})
    assert response.headers["Location"] == "/points/AIR1"
    assert client.get("/points/AIR1").status_code == 200
    assert client.post("/logout").status_code == 302
    assert client.get("/points/AIR1").status_code == 302


def test_an_inactive_person_cannot_log_in(site: Site) -> None:
    Person.objects.create_user("gone", PASSWORD, is_active=False)
    assert Client().post("/login", {"username": "gone", "password": PASSWORD}).status_code == 401


def test_only_the_digest_of_a_token_is_kept(site: Site) -> None:
    secret = Token.issue(site.person("viewer"), "notebook")
    assert Token.owner(secret) == site.person("viewer")
    assert not Token.objects.filter(digest=secret).exists()
    assert Token.owner("nonsense") is None


def test_a_person_makes_and_revokes_tokens_on_their_page(client_of: MakeClient, site: Site) -> None:
    client = client_of("inside-viewer")
    page = client.post("/account", {"do": "token", "label": "script"}).content.decode()
    token = site.person("inside-viewer").tokens.get(label="script")
    assert "Authorization" in page
    other = client_of("viewer")
    other.post("/account", {"do": "revoke", "token": token.pk})
    assert Token.objects.filter(pk=token.pk).exists()
    client.post("/account", {"do": "revoke", "token": token.pk})
    assert not Token.objects.filter(pk=token.pk).exists()


def test_demo_accounts_are_made_once(site: Site) -> None:
    assert [account.username for account in create_accounts()] == [account.username for account in ACCOUNTS]
    before = Person.objects.get(username="operator").pk
    create_accounts()
    assert Person.objects.get(username="operator").pk == before


def test_the_login_page_shows_accounts_only_in_the_demo(site: Site) -> None:
    assert "bilan-demo" in Client().get("/login").content.decode()
    with override_settings(CITY=dataclasses.replace(site.city, demo=False)):
        assert "bilan-demo" not in Client().get("/login").content.decode()
