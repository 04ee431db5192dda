"""A store that cannot work says why, changes nothing, and works again when the cause is gone."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest

from bilan.problems import BilanError
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.store import Store, StoreUnavailable
from bilan.telemetry.store.sqlite import SqliteDatabase


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "telemetry.sqlite3"


@pytest.fixture
def impatient(file: Path, tmp_path: Path) -> Store:
    store = Store(SqliteDatabase(file, patience=1), tmp_path / "lake")
    store.migrate()
    store.catalogue.series_ids([SeriesKey("P", "a34004", "mean", "hour")])
    return store


def write(store: Store, count: int = 1) -> None:
    store.write("hour", [Reading(1, hour * HOUR, HOUR, 1.0) for hour in range(count)], arrived=1)


def test_a_locked_database_is_tried_again_later(impatient: Store, file: Path) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable) as refused:
        write(impatient)
    assert refused.value.problems[0].code == "store.locked"
    holder.execute("ROLLBACK")
    write(impatient)
    assert impatient.scan([1], 0, DAY, "hour").height == 1


def test_a_full_disk_changes_nothing(impatient: Store) -> None:
    (pages,) = impatient.database.query("PRAGMA page_count")[0]
    with pytest.raises(StoreUnavailable) as refused, impatient.database.transaction():
        impatient.database.query(f"PRAGMA max_page_count = {pages + 2}")
        impatient.offsets.set("journal", 5)
        write(impatient, 10_000)
    assert refused.value.problems[0].code == "store.disk_full"
    assert impatient.offsets.get("journal") == 0
    with impatient.database.transaction():
        impatient.database.query("PRAGMA max_page_count = 1000000")
        write(impatient, 10_000)
    assert impatient.statistics([1])["count"].to_list() == [10_000]


def test_a_file_that_is_no_database_is_named(file: Path, tmp_path: Path) -> None:
    file.write_text("something else " * 100)
    with pytest.raises(StoreUnavailable) as refused:
        Store(SqliteDatabase(file), tmp_path / "lake").migrate()
    assert refused.value.problems[0].code == "store.corrupt"
    assert str(file) in refused.value.text()


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    store = Store.connect("postgresql://bilan:secret@127.0.0.1:1/bilan", tmp_path / "lake")
    with pytest.raises(StoreUnavailable) as refused:
        store.migrate()
    assert refused.value.problems[0].code == "store.unreachable"
    assert "secret" not in refused.value.text()


@pytest.mark.parametrize("url", ["mysql://localhost/bilan", "telemetry.sqlite3"])
def test_an_unknown_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BilanError) as refused:
        Store.connect(url, tmp_path)
    assert refused.value.problems[0].code == "store.unknown_address"


def test_threads_write_beside_each_other(store: Store) -> None:
    numbers = store.catalogue.series_ids([SeriesKey(f"P{n}", "a34004", "mean", "hour") for n in range(4)])

    def work(number: int) -> None:
        for day in range(5):
            store.write("hour", [Reading(number, day * DAY + hour * HOUR, HOUR, 1.0) for hour in range(24)], arrived=1)

    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.statistics(numbers)["count"].to_list() == [120] * 4


def test_connections_do_not_outlive_their_threads(impatient: Store, file: Path) -> None:
    def read() -> None:
        impatient.catalogue.version()

    for _ in range(20):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    open_files = [link.resolve() for link in Path("/proc/self/fd").iterdir()] if Path("/proc/self/fd").is_dir() else []
    assert open_files.count(file.resolve()) <= 4


def test_readers_cannot_write(impatient: Store) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        impatient.database.query("DELETE FROM series RETURNING id")
    assert refused.value.problems[0].code == "store.read_only"


def test_a_connection_that_the_server_closed_is_opened_again(store: Store) -> None:
    if store.database.dialect != "postgresql":
        pytest.skip("a file closes no connection; on PostgreSQL it is tested instead")
    numbers = store.catalogue.series_ids([SeriesKey("P", "a34004", "mean", "hour")])
    url = store.database.url

    def lose() -> None:
        with psycopg.connect(url, autocommit=True) as other:
            mine = "datname = current_database() AND pid <> pg_backend_pid()"
            assert other.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}").fetchall()

    lose()
    assert store.catalogue.series_ids([SeriesKey("P", "a34004", "mean", "hour")]) == numbers
    lose()
    store.write("hour", [Reading(numbers[0], 0, HOUR, 1.0)], arrived=1)
    lose()
    assert store.database.query_dicts("SELECT count(*) AS n FROM obs_hour") == [{"n": 1}]
    with pytest.raises(StoreUnavailable), store.database.transaction():
        store.database.execute("DELETE FROM obs_hour")
        lose()
        store.database.query("SELECT 1")
    assert store.scan(numbers, 0, DAY, "hour").height == 1
