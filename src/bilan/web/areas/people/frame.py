"""What the pages about persons share: their rights, their tabs, moments and choices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bilan.pack import districts, roles
from bilan.pack.roles import Capability
from bilan.people import sessions
from bilan.people.models import Organisation, Person, PersonSession
from bilan.people.roles import Right
from bilan.people.visibility import NotVisible
from bilan.telemetry import clock
from bilan.web.components import numbers

READ, WRITE = Right(Capability.SEE, "kernel/people"), Right(Capability.EDIT, "kernel/people")
LOG = Right(Capability.SEE, "kernel/audit")
SECTION, LOG_SECTION = "people", "audit"
PROGRAMS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "MicroMessenger": "微信 WeChat",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""What stands in the name that a browser gives itself → what people call it; the first that fits."""
_TABS = {
    "persons": _("Persons"),
    "organisations": _("Organisations"),
    "roles": _("Roles"),
    "delegations": _("Delegations"),
    "sessions": _("Sessions"),
}


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages about persons, for the row of tabs."""
    return [{"title": title, "href": reverse(name), "current": name == current, "count": None} for name, title in _TABS.items()]


def stamp(moment: datetime | None) -> int | None:
    """A moment as tables show it: seconds of the city's wall clock."""
    return None if moment is None else clock.seconds(timezone.localtime(moment).replace(tzinfo=None))


def known_roles() -> roles.Roles:
    """The declared roles."""
    return roles.current(settings.CITY.pack)


def role_title(code: str) -> str:
    """Title of a role; the code itself when nobody declared it any more."""
    found = known_roles().get(code)
    return found.title.text(numbers.language()) if found else code


def role_choices(codes: list[str] | None = None) -> list[tuple[str, str]]:
    """Roles to choose from: all, or those with these codes."""
    return [(code, role_title(code)) for code in known_roles() if codes is None or code in codes]


def district_name(code: str) -> str:
    """Name of a county or a town."""
    return districts.current(settings.CITY).name(code, numbers.language())


def district_choices() -> list[tuple[str, str]]:
    """Counties and towns that stand today, each county with its towns behind it."""
    tree, language, today = districts.current(settings.CITY), numbers.language(), timezone.localdate().isoformat()
    found = []
    for county in tree.counties(today):
        found.append((county.code, county.name(language)))
        found += [(town.code, f"{county.name(language)} · {town.name(language)}") for town in tree.towns(county.code, today)]
    return found


def organisation_choices(empty: str) -> list[tuple[str, str]]:
    """Organisations to choose from, with an empty choice before them."""
    return [("", empty), *((entry.code, f"{entry.name(numbers.language())} ({entry.code})") for entry in Organisation.objects.all())]


def program(agent: str) -> str:
    """Name of a browser from what it calls itself; the beginning of that when it is none we know."""
    return next((name for mark, name in PROGRAMS.items() if mark in agent), agent[:30]) or numbers.NOTHING


def session_rows(person: Person) -> list[tuple[PersonSession, int | None, int | None, str]]:
    """Sessions of a person with when they were begun and used, and by which program."""
    return [(entry, stamp(entry.began), stamp(entry.seen), program(entry.agent)) for entry in sessions.listed(person)]


def person_of(number: int) -> Person:
    """The person with this number.

    Raises:
        NotVisible: there is none.
    """
    found = Person.objects.filter(pk=number).first()
    if found is None:
        raise NotVisible(str(number))
    return found


def done(request: HttpRequest) -> str:
    """What the form asks to be done."""
    return str(request.POST.get("do", ""))
