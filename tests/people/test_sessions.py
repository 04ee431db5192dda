"""Sessions: whose they are, ending them, being idle."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from bilan.people.models import AuditEntry, Person, PersonSession
from tests.web.running import PASSWORD, Site


def entered(username: str, agent: str = "Mozilla/5.0 Firefox/140.0") -> Client:
    """A client that has logged in as somebody."""
    client = Client(headers={"User-Agent": agent})
    assert client.post("/login", {"username": username, "password": PASSWORD}, REMOTE_ADDR="192.0.2.4").status_code == 302
    return client


def test_a_session_knows_whose_it_is(site: Site) -> None:
    person = Person.objects.create_user("session", PASSWORD)
    client = entered("session")
    (kept,) = person.sessions.all()
    assert (kept.address, kept.session_key) == ("192.0.2.4", client.session.session_key)
    assert timezone.now() - kept.began < timedelta(minutes=1)
    page = client.get("/account").content.decode()
    assert "192.0.2.4 · Firefox" in page


def test_one_ends_the_others_and_single_ones(site: Site) -> None:
    person = Person.objects.create_user("many", PASSWORD)
    here, there, elsewhere = entered("many"), entered("many"), entered("many")
    here.post("/account", {"do": "end", "session": there.session.session_key})
    assert there.get("/account").status_code == 302
    assert elsewhere.get("/account").status_code == 200
    here.post("/account", {"do": "end-others"})
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert person.sessions.count() == 1
    assert AuditEntry.objects.filter(action="session.end", who="many").count() == 2


def test_nobody_ends_what_is_somebody_elses(site: Site) -> None:
    Person.objects.create_user("stranger", PASSWORD)
    victim = entered("viewer")
    entered("stranger").post("/account", {"do": "end", "session": victim.session.session_key})
    assert victim.get("/account").status_code == 200


def test_a_security_administrator_ends_any(site: Site) -> None:
    Person.objects.create_user("guard", PASSWORD, roles=["security-administrator"])
    victim, guard = entered("viewer"), entered("guard")
    assert victim.session.session_key in guard.get("/people/sessions").content.decode()
    guard.post("/people/sessions", {"session": victim.session.session_key})
    assert victim.get("/account").status_code == 302


def test_a_new_password_ends_sessions_elsewhere(site: Site) -> None:
    Person.objects.create_user("renewed", PASSWORD)
    here, there = entered("renewed"), entered("renewed")
    here.post(
        "/account", {"do": "password", "old_password": PASSWORD, "new_password1": "Brand-new-2026", "new_password2": "Brand-new-2026"}
    )
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_an_idle_session_ends_and_asking_by_itself_does_not_keep_it(site: Site) -> None:
    Person.objects.create_user("idle", PASSWORD)
    with override_settings(SECURITY=dataclasses.replace(settings.SECURITY, idle_minutes=10)):
        client = entered("idle")
        session = client.session
        session["seen"] = (timezone.now() - timedelta(minutes=8)).timestamp()
        session.save()
        client.get("/live")
        assert client.session["seen"] == session["seen"]
        assert client.get("/account").status_code == 200
        assert client.session["seen"] > session["seen"]
        session = client.session
        session["seen"] = (timezone.now() - timedelta(minutes=11)).timestamp()
        session.save()
        assert client.get("/account").headers["Location"].startswith("/login")


def test_logging_out_leaves_nothing(site: Site) -> None:
    person = Person.objects.create_user("leaver", PASSWORD)
    client = entered("leaver")
    client.post("/logout")
    assert not PersonSession.objects.filter(person=person).exists()
    assert AuditEntry.objects.filter(action="logout", who="leaver").exists()
