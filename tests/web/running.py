"""Sets up Django once a process on a tiny city of its own."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import django
import django.contrib.auth
from django.core.management import call_command
from django.test.utils import setup_test_environment

from bilan.pack.city import City
from bilan.people.roles import Role
from bilan.telemetry.store import Store
from bilan.web import messages
from tests.web import tiny

PASSWORD = "a long test password"
PERSONS = {
    "viewer": (Role.VIEWER, []),
    "operator": (Role.OPERATOR, []),
    "administrator": (Role.ADMINISTRATOR, []),
    "inside-viewer": (Role.VIEWER, [tiny.INSIDE]),
    "inside-operator": (Role.OPERATOR, [tiny.INSIDE]),
}
"""User name → role and districts."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site under test."""

    city: City
    store: Store

    def person(self, username: str) -> Any:
        """The person with this user name."""
        return django.contrib.auth.get_user_model().objects.get(username=username)


@cache
def site_of_process() -> Site:
    """Make the city, bring its database up to date, add one person a role."""
    city = tiny.make(Path(tempfile.mkdtemp(prefix="bilan-site-")) / "city")
    os.environ |= {"BILAN_CITY": str(city.folder), "BILAN_GALLERY": "1", "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
    django.setup()
    messages.compile_catalogues()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    persons = django.contrib.auth.get_user_model().objects
    for username, (role, districts) in PERSONS.items():
        persons.create_user(username, PASSWORD, role=role, districts=districts)
    return Site(city, Store.open(city))
