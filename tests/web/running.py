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
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.test.utils import setup_test_environment

from bilan.pack.city import City
from bilan.people.roles import Role
from bilan.telemetry.store import Store
from bilan.web import messages
from bilan.web import site as served
from tests import stores
from tests.once import once
from tests.web import tiny

PASSWORD = "a long test password"
ITERATIONS = 1000
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
        _disconnect()
        stores.brought_back(self.city, self.made)
        self.store = Store.open(self.city)


@cache
def site_of_process() -> Site:
    """Set the site up on a city of this process's own, which the first process of a run makes and the others copy."""
    home = Path(tempfile.mkdtemp(prefix="bilan-site-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    folder = home / "city"
    made = once("site", lambda kept: _make(folder, kept))
    if folder.exists():
        city = City.open(folder)
    else:
        city = stores.copied(made, folder)
        _set_up(city)
    return Site(city, Store.open(city), made)


def _set_up(city: City) -> None:
    os.environ |= {"BILAN_CITY": str(city.folder), "BILAN_GALLERY": "1", "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
    django.setup()
    setup_test_environment()
    # A password is slow to check on purpose; what is tested here is not how slow.
    PBKDF2PasswordHasher.iterations = ITERATIONS


def _make(folder: Path, kept: Path) -> None:
    """Make the city, bring its database up to date, add one person a role and what is registered, alerted, worked on and planned."""
    city = tiny.make(folder)
    _set_up(city)
    messages.compile_catalogues()
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
    _disconnect()
    stores.kept(city, kept)


def _disconnect() -> None:
    served.store().close()
    served._store.cache_clear()
    django.db.connections.close_all()
