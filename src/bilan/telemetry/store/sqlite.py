"""SQLite as the store's database: write-ahead log, readers that cannot write, one connection a thread."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from bilan.telemetry.store.connections import Connections
from bilan.telemetry.store.database import Database, Row, stage_name, upsert_tail
from bilan.telemetry.store.errors import unavailable

BUSY_MILLISECONDS = 15_000
CACHE_KIBIBYTES = 65_536
READER_CACHE_KIBIBYTES = 8_192
CHECKPOINT_PAGES = 8_192
FETCH_ROWS = 100_000
"""Rows turned into a frame at a time: as tuples they take ten times the memory."""

_EXCLUDED = re.compile(r"\bexcluded\.(\w+)")

_PROBLEMS = {
    sqlite3.SQLITE_BUSY: "store.locked",
    sqlite3.SQLITE_LOCKED: "store.locked",
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.unreachable",
    sqlite3.SQLITE_IOERR: "store.input_output",
    sqlite3.SQLITE_CORRUPT: "store.corrupt",
    sqlite3.SQLITE_NOTADB: "store.corrupt",
}


class SqliteDatabase(Database):
    """The tables in one SQLite file.

    The log is flushed to disk at checkpoints only (``synchronous=NORMAL``): after a power cut the last transactions may be
    gone, never half of one. The gateway's journal is what is durable; what is lost here is read from it again.

    Parameters:
        path: the file; its folder is made when it is missing.
        patience: how long to wait for another writer [ms].
    """

    dialect = "sqlite"
    identity = "INTEGER PRIMARY KEY AUTOINCREMENT"
    rowkey = "INTEGER PRIMARY KEY"
    clustered = "WITHOUT ROWID"

    def __init__(self, path: Path, patience: int = BUSY_MILLISECONDS) -> None:
        super().__init__()
        self.path = path
        self.patience = patience
        self._local = threading.local()
        self._pool: Connections[sqlite3.Connection] = Connections()

    def _connection(self, *, writing: bool) -> sqlite3.Connection:
        local = self._local
        if getattr(local, "pid", None) != os.getpid():
            local.pid, local.writer, local.reader, local.depth = os.getpid(), None, None, 0
        name = "writer" if writing else "reader"
        connection: sqlite3.Connection | None = getattr(local, name)
        if connection is None:
            connection = self._open(writing=writing)
            setattr(local, name, connection)
        return connection

    def _open(self, *, writing: bool) -> sqlite3.Connection:
        with _speaking(self.path):
            if writing:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            address = f"file:{quote(str(self.path))}?mode={'rwc' if writing else 'ro'}"
            connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)
            connection.execute(f"PRAGMA busy_timeout = {self.patience}")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES if writing else READER_CACHE_KIBIBYTES}")
            connection.execute("PRAGMA temp_store = MEMORY")
            if writing:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        self._pool.keep(connection)
        return connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        connection = self._connection(writing=True)
        if self._local.depth:
            yield
            return
        with (
            _speaking(self.path),
            self._spanning(lambda: self._begin(connection), lambda: self._end(connection, "COMMIT"), lambda: self._abandon(connection)),
        ):
            yield

    def _begin(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        self._local.depth = 1

    def _end(self, connection: sqlite3.Connection, how: str) -> None:
        connection.execute(how)
        self._local.depth = 0

    def _abandon(self, connection: sqlite3.Connection) -> None:
        self._local.depth = 0
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    def _reading(self) -> sqlite3.Connection:
        writer = self._connection(writing=True) if getattr(self._local, "depth", 0) else None
        return writer or self._connection(writing=False)

    def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        with self.transaction():
            return self._connection(writing=True).execute(sql, params).rowcount

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        with _speaking(self.path):
            return self._reading().execute(sql, params).fetchall()

    def query_dicts(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with _speaking(self.path):
            cursor = self._reading().execute(sql, params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def frame(self, sql: str, params: Sequence[Any], schema: dict[str, Any]) -> pl.DataFrame:
        parts = []
        with _speaking(self.path):
            cursor = self._reading().execute(sql, params)
            while rows := cursor.fetchmany(FETCH_ROWS):
                parts.append(pl.DataFrame(rows, schema=schema, orient="row"))
        return pl.concat(parts) if parts else pl.DataFrame(schema=schema)

    def insert_new(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], constants: Sequence[Any] = ()) -> int:
        marks = ["?"] * (len(columns) - len(constants)) + [repr(int(value)) for value in constants]
        sql = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join(marks)})"
        with self.transaction():
            return self._connection(writing=True).executemany(sql, rows).rowcount

    def bulk_upsert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: Sequence[str], assign: str | None = None
    ) -> int:
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({_marks(columns)}) {upsert_tail(columns, key, assign)}"
        with self.transaction():
            self._connection(writing=True).executemany(sql, rows)
        return len(rows)

    def bulk_update(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: Sequence[str], assign: str, where: str
    ) -> int:
        place = {column: f"?{number}" for number, column in enumerate(columns, start=1)}
        taken, met = (_EXCLUDED.sub(lambda found: place[found[1]], text) for text in (assign, where))
        condition = " AND ".join([*(f"{column} = {place[column]}" for column in key), met])
        with self.transaction():
            return self._connection(writing=True).executemany(f"UPDATE {table} SET {taken} WHERE {condition}", rows).rowcount

    def bulk_delete(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: Sequence[str]) -> int:
        condition = " AND ".join(f"{column} {'=' if column in key else 'IS'} ?" for column in columns)
        with self.transaction():
            return self._connection(writing=True).executemany(f"DELETE FROM {table} WHERE {condition}", rows).rowcount

    def stage(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
        name, connection = stage_name(table, columns), self._connection(writing=True)
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} AS SELECT {', '.join(columns)} FROM {table} WHERE 0")
        connection.execute(f"DELETE FROM {name}")
        connection.executemany(f"INSERT INTO {name} VALUES ({_marks(columns)})", rows)
        return f"temp.{name}"

    def any_of(self, column: str, values: Iterable[int] | Iterable[str]) -> tuple[str, list[Any]]:
        return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(list(values))]

    def lock_schema(self) -> None:
        """Nothing to wait for: a write transaction of SQLite excludes every other one."""

    def close(self) -> None:
        self._pool.close()
        self._local = threading.local()


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("?" * len(columns))


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    """Turn what SQLite reports about its file into an error for people; mistakes in statements pass through."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        primary = (error.sqlite_errorcode or 0) & 0xFF if hasattr(error, "sqlite_errorcode") else 0
        if primary not in _PROBLEMS:
            raise
        raise unavailable(_PROBLEMS[primary], {"place": str(path), "reason": str(error)}) from error
    except OSError as error:
        raise unavailable("store.unreachable", {"place": str(path), "reason": error.strerror or str(error)}) from error
