"""Sets up Django once a process on a tiny city of its own, which every test module finds as it was made."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import django
import django.contrib.auth
import django.db
from django.core.management import call_command
from django.test.utils import setup_test_environment

from bilan.pack.city import City
from bilan.people.roles import Role
from bilan.telemetry.store import Store
from bilan.web import messages
from bilan.web import site as served
from tests.web import tiny

PASSWORD = "a long test password"
PERSONS = {
    "viewer": (Role.VIEWER, []),
    "operator": (Role.OPERATOR, []),
    "administrator": (Role.ADMINISTRATOR, []),
    "inside-viewer": (Role.VIEWER, [tiny.INSIDE]),
    "inside-operator": (Role.OPERATOR, [tiny.INSIDE]),
    "clerk": ("register-clerk", []),
    "inside-clerk": ("register-clerk", [tiny.INSIDE]),
    "auditor": ("audit-administrator", []),
    "analyst": ("analyst", []),
    "inside-officer": ("enforcement-officer", [tiny.INSIDE]),
}
"""User name → role and districts."""


@dataclass(slots=True)
class Site:
    """The site under test."""

    city: City
    store: Store
    made: Path

    def person(self, username: str) -> Any:
        """The person with this user name."""
        return django.contrib.auth.get_user_model().objects.get(username=username)

    def renew(self) -> None:
        """Bring the city's data back to how it was made, whatever tests wrote since."""
        self.store.close()
        served.store().close()
        served._store.cache_clear()
        django.db.connections.close_all()
        shutil.rmtree(self.city.data)
        shutil.copytree(self.made, self.city.data)
        self.store = Store.open(self.city)


@cache
def site_of_process() -> Site:
    """Make the city, bring its database up to date, add one person a role."""
    home = Path(tempfile.mkdtemp(prefix="bilan-site-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    city = tiny.make(home / "city")
    os.environ |= {"BILAN_CITY": str(city.folder), "BILAN_GALLERY": "1", "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
    django.setup()
    messages.compile_catalogues()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    # Models can only be imported once Django is set up.
    entries = importlib.import_module("tests.web.tiny_entries")
    persons = django.contrib.auth.get_user_model().objects
    for username, (role, districts) in PERSONS.items():
        persons.create_user(username, PASSWORD, role=role, districts=districts)
    entries.make()
    importlib.import_module("tests.web.tiny_alerts").make()
    importlib.import_module("tests.web.tiny_cases").make()
    importlib.import_module("tests.web.tiny_plans").make()
    django.db.connections.close_all()
    shutil.copytree(city.data, home / "made")
    return Site(city, Store.open(city), home / "made")
