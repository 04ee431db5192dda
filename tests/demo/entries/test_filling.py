"""Registers of a demo city are filled through the write service, linked to the catalogue, with a past."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bilan.demo import layout
from bilan.demo.build import prepare
from bilan.telemetry.store.database import Database
from bilan.telemetry.store.store import connect
from tests import stores

WANTED = ("park=4", "bay=5", "river=10", "lake-reservoir=7", "monitoring-point=1", "river-section=39", "drone=3", "drone-flight=24")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("filled") / "city"
    city = layout.make(folder, 3, stores.create() if stores.on_postgresql() else "")
    prepare(city)
    command = [sys.executable, "-m", "bilan.demo.entries", "3", *WANTED]
    done = subprocess.run(command, env={**os.environ, "BILAN_CITY": str(folder)}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].startswith("1.0000 ")
    with closing(connect(city.database_url)) as opened:
        yield opened


def rows(database: Database, query: str, *values: object) -> list[tuple[object, ...]]:
    return database.query(query, values)


def test_sections_are_the_points_of_the_catalogue(database: Database) -> None:
    found = rows(database, "SELECT code, CAST(data AS text) FROM registers_entry WHERE register = 'river-section'")
    assert len(found) == 39
    assert all(json.loads(str(data))["points"] == [code] for code, data in found)


def test_rivers_run_into_bays_and_points_know_their_river(database: Database) -> None:
    rivers = dict(rows(database, "SELECT code, CAST(data AS text) FROM registers_entry WHERE register = 'river'"))
    assert any("bay" in json.loads(str(data)) for data in rivers.values())
    points = rows(database, "SELECT CAST(data AS text) FROM registers_entry WHERE register = 'monitoring-point' AND code LIKE 'SW-%'")
    linked = {json.loads(str(data)).get("river") for (data,) in points} - {None}
    assert linked
    assert linked <= set(rivers)


def test_entries_have_a_past(database: Database) -> None:
    month_ago = (datetime.now(tz=UTC) - timedelta(days=40)).isoformat(sep=" ")
    query = "SELECT count(DISTINCT entry_id) FROM registers_revision WHERE register = 'drone-flight' AND since < ?"
    earlier = rows(database, query, month_ago)
    now = rows(database, "SELECT count(*) FROM registers_entry WHERE register = 'drone-flight'")
    assert 0 < int(str(earlier[0][0])) < int(str(now[0][0])) == 24
    revised = rows(database, "SELECT count(*) FROM registers_entry WHERE version > 1")
    assert int(str(revised[0][0])) > 5


def test_every_change_says_that_it_is_demo_data(database: Database) -> None:
    reasons = rows(database, "SELECT DISTINCT reason FROM registers_changeset")
    assert reasons
    assert all("demo data" in str(reason) for (reason,) in reasons)
