"""The three administrators are separated: each page with each role, and what nobody may do to themselves."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from bilan.pack.roles import load
from bilan.people.models import AuditEntry, Lockout, Organisation, Person
from bilan.people.visibility import visible_to
from bilan.web.registry import pages
from tests.web.running import PASSWORD, Site

get_resolver().url_patterns  # noqa: B018  # loading the addresses is what registers the pages

ROLES = sorted(load())
PEOPLE = [
    "people",
    "people/new",
    "people/organisations",
    "people/organisations/new",
    "people/roles",
    "people/delegations",
    "people/sessions",
]
LOG = ["people/audit"]
OWN = ["account", "account/second-factor"]
MAY = {"people": {"administrator", "security-administrator"}, "log": {"administrator", "audit-administrator"}}
NO_BUSINESS = {"security-administrator", "audit-administrator"}


def client_with(role: str) -> Client:
    """Somebody who has one role."""
    username = f"only-{role}"
    person = Person.objects.filter(username=username).first() or Person.objects.create_user(
        username, PASSWORD, roles=[role], organisation="E"
    )
    client = Client()
    client.force_login(person)
    return client


def test_every_page_about_persons_is_walked(site: Site) -> None:
    found = {page.route for page in pages() if page.route.startswith(("people", "account"))}
    assert found == {*PEOPLE, *LOG, *OWN, "people/<int:number>", "people/organisations/<str:code>"}


@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_to_those_who_may(site: Site, role: str) -> None:
    client = client_with(role)
    someone = site.person("viewer").pk
    expected = {
        **dict.fromkeys([*PEOPLE, f"people/{someone}"], role in MAY["people"]),
        **dict.fromkeys(LOG, role in MAY["log"]),
        **dict.fromkeys(OWN, True),
        "overview": role not in NO_BUSINESS,
        "monitoring/air": role not in NO_BUSINESS,
        "claimable-points": role == "administrator",
    }
    for route, may in expected.items():
        for query in ("", "?export=csv"):
            assert client.get(f"/{route}{query}").status_code == (200 if may else 403), route
    for route in [*PEOPLE, f"people/{someone}"]:
        if role not in MAY["people"]:
            assert client.post(f"/{route}", {"do": "close"}).status_code == 403, route
    assert site.person("viewer").is_active


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("security-administrator", "persons"),
        ("audit-administrator", "audit"),
        ("viewer", "overview"),
    ],
)
def test_everybody_begins_where_they_may(site: Site, role: str, first: str) -> None:
    assert client_with(role).get("/").headers["Location"] == reverse(first)


@pytest.mark.parametrize("role", sorted(NO_BUSINESS))
def test_they_see_no_business_data(site: Site, role: str) -> None:
    client = client_with(role)
    assert client.get("/api/points").status_code == 401
    assert client.get("/api/registers").status_code in {401, 404}
    page = client.get("/account").content.decode()
    assert 'href="/monitoring"' not in page
    assert 'role="search"' not in page


def person_form(person: Person, **values: object) -> dict[str, object]:
    kept = {name: getattr(person, name) for name in ("name", "roles", "districts", "organisation", "language")}
    return {"do": "save", **kept, "name": person.name or "Name", **values}


def test_a_security_administrator_looks_after_persons(site: Site) -> None:
    client = client_with("security-administrator")
    Organisation.objects.get_or_create(code="ORG", defaults={"name_zh": "单位", "kind": "division"})
    form = {"username": "made", "name": "新人", "roles": ["viewer"], "districts": ["350502"], "organisation": "ORG", "language": ""}
    page = client.post("/people/new", form, headers={"Accept-Language": "en"}).content.decode()
    made = Person.objects.get(username="made")
    password = page.split('class="secret">')[1].split("<")[0]
    assert made.check_password(password)
    assert made.must_change
    assert "taken" in client.post("/people/new", form, headers={"Accept-Language": "en"}).content.decode()

    assert client.post(f"/people/{made.pk}", person_form(made, roles=["viewer", "analyst"], districts=[])).status_code == 302
    made.refresh_from_db()
    assert (made.roles, made.districts) == (["viewer", "analyst"], [])
    detail = AuditEntry.objects.filter(action="person.edit", about="made").first().detail
    assert '"from": ["viewer"]' in detail

    entered = Client()
    entered.post("/login", {"username": "made", "password": password})
    assert entered.get("/account").status_code == 200
    client.post(f"/people/{made.pk}", {"do": "close"})
    assert entered.get("/account").status_code == 302
    assert Client().post("/login", {"username": "made", "password": password}).status_code == 401
    client.post(f"/people/{made.pk}", {"do": "open"})

    Lockout.objects.update_or_create(subject="name:made", defaults={"failures": 9, "until": made.created.replace(year=2999)})
    assert client.get("/people?state=resting").content.decode().count(f'href="/people/{made.pk}"') == 1
    client.post(f"/people/{made.pk}", {"do": "unlock"})
    assert not Lockout.objects.filter(subject="name:made").exists()
    fresh = client.post(f"/people/{made.pk}", {"do": "reset"}).content.decode().split('class="secret">')[1].split("<")[0]
    made.refresh_from_db()
    assert made.check_password(fresh)


def test_nobody_changes_their_own_rights(site: Site) -> None:
    client = client_with("security-administrator")
    own = Person.objects.get(username="only-security-administrator")
    for form in (person_form(own, roles=["administrator"], organisation=""), {"do": "close"}, {"do": "reset"}, {"do": "forget"}):
        assert client.post(f"/people/{own.pk}", form).status_code == 403
    own.refresh_from_db()
    assert own.roles == ["security-administrator"]
    assert own.is_active


def test_the_three_are_not_given_to_one(site: Site) -> None:
    client = client_with("security-administrator")
    victim = Person.objects.create_user("both", PASSWORD)
    form = person_form(victim, roles=["audit-administrator", "system-administrator"])
    page = client.post(f"/people/{victim.pk}", form, headers={"Accept-Language": "en"}).content.decode()
    assert "together" in page
    victim.refresh_from_db()
    assert victim.roles == ["viewer"]


def test_organisations_are_a_tree_without_circles(site: Site) -> None:
    client = client_with("security-administrator")
    english = {"Accept-Language": "en"}
    top = {"code": "TOP", "name_zh": "上级", "name_en": "Top", "kind": "bureau", "parent": "", "district": "", "uscc": ""}
    assert client.post("/people/organisations/new", top).status_code == 302
    parent = Organisation.objects.get(code="TOP")
    low = {**top, "code": "LOW", "name_zh": "下级", "parent": parent.pk, "uscc": "91350500MA2XNFYC1W"}
    assert client.post("/people/organisations/new", low).status_code == 302
    child = Organisation.objects.get(code="LOW")
    assert Organisation.below(["TOP"]) == {"TOP", "LOW"}
    circle = client.post("/people/organisations/TOP", {**top, "parent": child.pk}, headers=english).content.decode()
    assert "cannot belong to itself" in circle
    wrong = client.post(
        "/people/organisations/LOW", {**low, "uscc": "91350500MA2XNFYCIO", "valid_from": "2026-01-01", "valid_to": "2025-01-01"}
    )
    assert wrong.status_code == 200
    assert Organisation.objects.get(code="LOW").valid_to is None
    table = client.get("/people/organisations", headers=english).content.decode()
    assert table.index(">Top<") < table.index("LOW")
    assert client.get("/people/organisations/nothing").status_code == 404


def test_an_enterprise_has_what_is_below_it(site: Site) -> None:
    group, _made = Organisation.objects.get_or_create(code="GROUP", defaults={"name_zh": "集团", "kind": "enterprise"})
    Organisation.objects.get_or_create(code="PLANT", defaults={"name_zh": "工厂", "kind": "enterprise", "parent": group})
    person = Person.objects.create_user("plant", PASSWORD, roles=["enterprise"], organisation="GROUP")
    assert visible_to(person).organisations == {"GROUP", "PLANT"}
