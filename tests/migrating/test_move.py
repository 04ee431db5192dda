"""A city of SQLite is moved to a real PostgreSQL server, with everything that can go wrong on the way."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from bilan.cli import bilan
from bilan.migrating.moving import move
from bilan.pack.city import City
from bilan.problems import BilanError
from bilan.telemetry.store import Store
from tests import stores
from tests.postgres import new_database
from tests.web.running import Site

if stores.on_postgresql():
    pytest.skip("cities of SQLite are moved in the run on SQLite: tested instead", allow_module_level=True)

PROBE = """
import json
from bilan.people.models import Person
from bilan.people import audit
from bilan.registers.models import Entry, Revision
from bilan.registers import search
from django.db import connection
made = Person.objects.create_user("newcomer", "a long test password", role="viewer", districts=[])
audit.record("test", "after the move")
name = Entry.objects.exclude(name="").order_by("pk").first().name
print(json.dumps({
    "vendor": connection.vendor,
    "entries": Entry.objects.count(),
    "revisions": Revision.objects.count(),
    "found": search.matching(Entry.objects.all(), name[:4], now=True).filter(name=name).exists(),
    "greatest": Person.objects.exclude(pk=made.pk).order_by("-pk").first().pk < made.pk,
}))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with stores.server() as address:
        yield address


@pytest.fixture
def url(server: str) -> Iterator[str]:
    with new_database(server) as address:
        yield address


@pytest.fixture
def city(site: Site, tmp_path: Path) -> City:
    """A copy of the tiny city that nothing is running for."""
    return stores.copied(site.made, tmp_path / "city")


class Told:
    """What a move told; may stop it at a table."""

    def __init__(self, stop: tuple[str, str] = ("", "")) -> None:
        self.said: list[tuple[str, str]] = []
        self._stop = stop

    def __call__(self, what: str, table: str, _rows: int) -> None:
        self.said.append((what, table))
        if (what, table) == self._stop:
            raise KeyboardInterrupt

    def of(self, what: str) -> set[str]:
        return {table for said, table in self.said if said == what}


def go(city: City, url: str, told: Told | None = None, **options: bool) -> object:
    return move(city, {"database": url, "telemetry": url}, told or Told(), stopped=True, **options)


def half(city: City, url: str) -> City:
    """The same with only its readings to be moved."""
    city.settle({"database": url})
    return City.open(city.folder)


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def manage(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "bilan", "manage", "--city", str(folder), *arguments]
    done = subprocess.run(command, env={**os.environ, "BILAN_CITY": str(folder)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def readings(city: City) -> list[tuple[object, ...]]:
    with closing(Store.open(city)) as store:
        numbers = store.catalogue.series_frame()["id"].to_list()
        return store.scan(numbers, 0, 2**40, "hour").sort("series", "start").rows()


def test_a_city_is_moved_whole_and_goes_on_there(city: City, url: str) -> None:
    before = readings(city)
    with closing(sqlite3.connect(city.data / "bilan.sqlite3")) as rows:
        entries, revisions = (rows.execute(f"SELECT count(*) FROM registers_{name}").fetchone()[0] for name in ("entry", "revision"))
    kept = {line for line in (city.folder / "city.toml").read_text(encoding="utf-8").splitlines() if not line.startswith(("data", "tele"))}

    looked = CliRunner().invoke(bilan, ["migrate-store", "--city", str(city.folder), "--to", url, "--dry-run", "--services-stopped"])
    assert looked.exit_code == 0, looked.output
    assert f"checked: registers_entry {entries:,}" in looked.output
    assert "nothing was changed" in looked.output
    assert tables(url) == []

    done = CliRunner().invoke(bilan, ["migrate-store", "--city", str(city.folder), "--to", url, "--services-stopped"])
    assert done.exit_code == 0, done.output
    assert f"read back equal: registers_entry {entries:,}" in done.output

    moved = City.open(city.folder)
    assert moved.database_url == moved.telemetry_url == url
    assert kept <= set((city.folder / "city.toml").read_text(encoding="utf-8").splitlines())
    assert readings(moved) == before != []
    assert json.loads(manage(city.folder, "shell", "-v", "0", "-c", PROBE).splitlines()[-1]) == {
        "vendor": "postgresql",
        "entries": entries,
        "revisions": revisions,
        "found": True,
        "greatest": True,
    }
    assert "whole" in manage(city.folder, "audit_verify")
    with pytest.raises(BilanError, match="nothing to move"):
        go(moved, url)


class Spoiler(Told):
    """Changes a value on the server when another table is being compared."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def __call__(self, what: str, table: str, rows: int) -> None:
        super().__call__(what, table, rows)
        if (what, table) == ("compare", "obs_day"):
            with psycopg.connect(self._url) as other:
                other.execute("UPDATE obs_hour SET value = value + 0.001 WHERE start = (SELECT min(start) FROM obs_hour)")


def test_a_move_goes_on_after_a_break_a_change_and_a_row_that_came_out_wrong(city: City, url: str) -> None:
    city = half(city, url)
    with pytest.raises(KeyboardInterrupt):
        go(city, url, Told(stop=("copy", "verdict")))
    with closing(sqlite3.connect(city.data / "telemetry.sqlite3")) as rows, rows:
        rows.execute("UPDATE point SET name_zh = '改名' WHERE code = 'AIR1'")
    spoilt = Spoiler(url)
    with pytest.raises(BilanError, match="obs_hour read back is not the same"):
        go(city, url, spoilt)
    assert {"point", "verdict"} <= spoilt.of("copy")
    assert {"series", "obs_hour"} <= spoilt.of("skip")
    assert City.open(city.folder).telemetry == ""
    last = Told()
    go(city, url, last)
    assert last.of("copy") == {"obs_hour"}
    assert "bilan_move" not in tables(url)
    with closing(Store.open(City.open(city.folder))) as store:
        assert store.catalogue.point("AIR1").name_zh == "改名"


def test_nothing_is_made_where_a_value_cannot_be_held(city: City, url: str) -> None:
    with closing(sqlite3.connect(city.data / "bilan.sqlite3")) as rows, rows:
        rows.execute("UPDATE registers_entry SET town = '1234567890123' WHERE id = (SELECT min(id) FROM registers_entry)")
    with pytest.raises(BilanError, match=r"registers_entry, row \d+, column town: PostgreSQL cannot hold .*length 13 > 12"):
        go(city, url)
    assert tables(url) == []


def test_a_database_that_holds_something_is_refused(city: City, url: str) -> None:
    city = half(city, url)
    with psycopg.connect(url) as other:
        other.execute("CREATE TABLE theirs (id bigint)")
    with pytest.raises(BilanError, match=r"not empty .*theirs"):
        go(city, url, dry=True)


def test_services_that_run_are_to_be_stopped_first(city: City, url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        text = (city.folder / "city.toml").read_text(encoding="utf-8").replace(f"web_port = {city.web_port}", f"web_port = {port}")
        (city.folder / "city.toml").write_text(text, encoding="utf-8")
        with pytest.raises(BilanError, match=rf"web answers at 127\.0\.0\.1:{port}"):
            move(City.open(city.folder), {"database": url, "telemetry": url}, Told())


def test_a_program_that_is_writing_is_not_run_over(city: City, url: str) -> None:
    city = half(city, url)
    with closing(sqlite3.connect(city.data / "telemetry.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BilanError, match="held by another program"):
            go(city, url)


def test_a_schema_of_earlier_days_is_refused(city: City, url: str) -> None:
    city = half(city, url)
    with closing(sqlite3.connect(city.data / "telemetry.sqlite3")) as rows, rows:
        rows.execute("DELETE FROM schema_version WHERE name = (SELECT max(name) FROM schema_version)")
    with pytest.raises(BilanError, match="not the present schema"):
        go(city, url)
