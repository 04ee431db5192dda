"""Which database the site under test lives on: SQLite, or PostgreSQL when ``BILAN_TEST_STORE=postgresql``.

The process that starts the run starts one server for all its workers and stops it at the end.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from bilan.pack.city import City
from bilan.pack.registers import loading
from tests import postgres

STORES = ("sqlite", "postgresql")
STORE = os.environ.get("BILAN_TEST_STORE", "sqlite")
SQLITE = "sqlite:///"
SERVER = "BILAN_TEST_POSTGRES"
"""Variable that tells the workers of a run the address of its server."""
SAMPLED = ("tests/contract/", "tests/web/test_walk.py")
"""Modules that ask the same of every register, or of every address and role."""
ONE_IN = 10
"""Of so many addresses and roles one is tried again on PostgreSQL."""
EVERYWHERE = "administrator"
"""Who opens every page there again."""


def on_postgresql() -> bool:
    """Whether this run tries the site on PostgreSQL."""
    return STORE == "postgresql"


def is_left_out(item: pytest.Item) -> bool:
    """Whether a test is one of the many of `SAMPLED` that the second run does not repeat; ``BILAN_TEST_WHOLE=1`` repeats them all.

    Of registers those are repeated that have between them all that can be declared; every page is opened by one person; of the rest
    a part is tried.
    """
    call = getattr(item, "callspec", None)
    if call is None or not on_postgresql() or os.environ.get("BILAN_TEST_WHOLE") or not item.nodeid.startswith(SAMPLED):
        return False
    known, kept = _registers()
    for value in call.params.values():
        if isinstance(value, str) and value in known:
            return value not in kept
    return call.params.get("username") != EVERYWHERE and zlib.crc32(item.nodeid.encode()) % ONE_IN != 0


@cache
def _registers() -> tuple[frozenset[str], frozenset[str]]:
    """Names of all registers of the tiny city, and of a few that show all there is."""
    # The site reads declarations only once it is set up, and this module helps to set it up.
    from tests.contract.typical import typical  # noqa: PLC0415
    from tests.web.tiny import PACK  # noqa: PLC0415

    declared = loading.current(PACK).registers
    return frozenset(declared), typical(declared)


def start() -> None:
    """Start the server that the run needs, before its workers begin; it stops when this process ends."""
    if STORE not in STORES:
        raise pytest.UsageError(f"BILAN_TEST_STORE is {STORE!r}, which is none of {', '.join(STORES)}")
    if on_postgresql() and SERVER not in os.environ:
        if postgres.binaries() is None:
            raise pytest.UsageError("BILAN_TEST_STORE=postgresql needs a PostgreSQL server to start: install the package postgresql")
        held = ExitStack()
        os.environ[SERVER] = held.enter_context(postgres.running())
        atexit.register(held.close)


@contextmanager
def server() -> Iterator[str]:
    """Address of the run's server; of one of its own where the run has none."""
    if SERVER in os.environ:
        yield os.environ[SERVER]
    else:
        with postgres.running() as address:
            yield address


def addresses() -> dict[str, str]:
    """New empty databases for a city of a test, as `City` takes them; nothing on SQLite, which lies in the city's folder."""
    return {name: create() for name in ("database", "telemetry")} if on_postgresql() else {}


def create(template: str = "", name: str = "") -> str:
    """Make a database on the run's server, empty or as a copy of another that nobody is connected to.

    Parameters:
        template: address of the database to copy.
        name: of the new one; a new name by default. One of that name is dropped first.
    """
    made = name or f"t{uuid4().hex}"
    base = os.environ[SERVER].rpartition("/")[0]
    source = template.rpartition("/")[2] or "template0"
    _maintenance().execute(f"DROP DATABASE IF EXISTS {made} WITH (FORCE)")
    _maintenance().execute(f"CREATE DATABASE {made} TEMPLATE {source}")
    return f"{base}/{made}"


def kept(city: City, folder: Path) -> None:
    """Keep a city that nobody is connected to as it is, for `copied`: its folder, and copies of its databases on a server."""
    shutil.copytree(city.folder, folder)
    City.open(folder).settle({key: create(getattr(city, key)) for key in _elsewhere(city)})


def copied(kept: Path, folder: Path) -> City:
    """A new city in `folder` like the one that was kept."""
    shutil.copytree(kept, folder)
    city = City.open(folder)
    city.settle({key: create(getattr(city, key)) for key in _elsewhere(city)})
    return City.open(folder)


def brought_back(city: City, kept: Path) -> None:
    """Bring a city that nobody is connected to back to how it was kept."""
    shutil.rmtree(city.data)
    shutil.copytree(kept / "data", city.data)
    origin = City.open(kept)
    for key in _elsewhere(city):
        create(getattr(origin, key), getattr(city, key).rpartition("/")[2])


@contextmanager
def asked(url: str) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Questions in SQL to a city's database, whichever it lives on."""
    with closing(sqlite3.connect(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else psycopg.connect(url)) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def _elsewhere(city: City) -> list[str]:
    return [key for key in ("database", "telemetry") if getattr(city, key)]


@cache
def _maintenance() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(os.environ[SERVER], autocommit=True)
