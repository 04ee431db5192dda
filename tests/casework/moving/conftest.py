from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.fixtures import client_of, site
from tests.web.running import Site

__all__ = ["client_of", "site"]
PACK = Path(__file__).parent / "pack"


@pytest.fixture(scope="module", autouse=True)
def _renewed(site: Site) -> Iterator[None]:
    """Every module finds the city as it was made, with the flows and the crew of these tests."""
    site.renew()
    copied = []
    for file in PACK.rglob("*.yaml"):
        place = site.city.pack / file.relative_to(PACK)
        place.parent.mkdir(exist_ok=True)
        shutil.copy(file, place)
        copied.append(place)
    from tests.casework.moving.crew import CREW  # noqa: PLC0415 - it imports models, so the site must be there

    persons = type(site.person("viewer")).objects
    for username, (role, districts) in CREW.items():
        persons.create_user(username, role=role, districts=districts, name=username)
    yield
    for place in copied:
        place.unlink()
