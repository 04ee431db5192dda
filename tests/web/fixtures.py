"""The site on a tiny invented city, shared by all tests of a process, new for every module; for tests of pages and of persons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.running import Site, site_of_process

# Test modules import models at their top, so the site must be there before they are collected.
site_of_process()


@pytest.fixture(scope="session")
def site() -> Site:
    """The set-up site with its city, its store and one person a role."""
    return site_of_process()


@pytest.fixture(scope="module", autouse=True)
def _renewed(site: Site) -> None:
    """Every module finds the city as it was made, whatever ran before it."""
    site.renew()


@pytest.fixture
def client_of(site: Site) -> Callable[[str], Client]:
    """A logged-in client by user name; the empty name is nobody."""

    def make(username: str) -> Client:
        client = Client()
        if username:
            client.force_login(site.person(username))
        return client

    return make
