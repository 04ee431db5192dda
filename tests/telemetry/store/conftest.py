"""Stores to test with: every test that takes `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bilan.telemetry.store import Store
from tests.postgres import new_database, running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/telemetry.sqlite3"
        return
    with new_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[Store]:
    opened = Store.connect(address, lake=tmp_path / "lake")
    opened.migrate()
    yield opened
    opened.close()
