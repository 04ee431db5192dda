"""What a password must be, which may not come back, when one must be changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.utils import timezone

from bilan.people.models import Person
from tests.web.running import PASSWORD, Site

MakeClient = Callable[[str], Client]


@pytest.mark.parametrize("bad", ["Sh0rt-one", "alllowercase1", "password123", "1234567890123", "Wang-Xiaoming1"])
def test_weak_passwords_are_refused(site: Site, bad: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(bad, Person(username="wang-xiaoming", name="王小明"))


@pytest.mark.parametrize("good", ["River-and-2-hills", "清源山下的河流 2026 年很清", "correct horse battery staple"])
def test_strong_passwords_are_taken(site: Site, good: str) -> None:
    validate_password(good, Person(username="wang-xiaoming", name="王小明"))


def test_the_last_five_passwords_do_not_come_back(site: Site) -> None:
    person = Person.objects.create_user("changer", "First-password-0")
    for number in range(1, 6):
        person.set_password(f"First-password-{number}")
        person.save()
    for number in range(1, 6):
        with pytest.raises(ValidationError):
            validate_password(f"First-password-{number}", person)
    validate_password("First-password-0", person)
    assert person.former_passwords.count() == settings.SECURITY.password_history


def test_a_person_changes_their_own_and_stays_logged_in(site: Site) -> None:
    Person.objects.create_user("own", PASSWORD, must_change=True)
    client = Client()
    client.post("/login", {"username": "own", "password": PASSWORD})
    assert client.get("/overview").headers["Location"] == "/account"
    fresh = {"do": "password", "old_password": PASSWORD, "new_password1": "Quite-new-2026", "new_password2": "Quite-new-2026"}
    assert client.post("/account", fresh).status_code == 302
    assert client.get("/overview").status_code == 200
    weak = {**fresh, "old_password": "Quite-new-2026", "new_password1": "short", "new_password2": "short"}
    assert client.post("/account", weak).status_code == 200
    assert Person.objects.get(username="own").check_password("Quite-new-2026")


def test_an_old_password_leads_to_the_account_page_and_closes_the_interface(site: Site) -> None:
    Person.objects.create_user("old", PASSWORD, password_since=timezone.now() - timedelta(days=91))
    Person.objects.filter(username="old").update(password_since=timezone.now() - timedelta(days=91))
    client = Client()
    client.post("/login", {"username": "old", "password": PASSWORD})
    with override_settings(SECURITY=dataclasses.replace(settings.SECURITY, password_days=90)):
        assert client.get("/overview").headers["Location"] == "/account"
        assert client.get("/api/points").status_code == 401
        assert client.get("/account").status_code == 200
    assert client.get("/overview").status_code == 200
