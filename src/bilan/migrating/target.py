"""The PostgreSQL side: whether it is free, its tables, what was moved already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bilan.migrating.digests import Digest, taking
from bilan.migrating.source import Table
from bilan.problems import BilanError, Problem

MARK = "bilan_move"
"""Table that says which tables of which source were moved; gone once the whole move is done."""
TRIGRAMS = "pg_trgm"
CONNECT_SECONDS = 10
_TAKEN = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY 1 LIMIT 5"
)


class Target:
    """A PostgreSQL database that a city moves to."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def require_free(self, source: str, *, trigrams: bool) -> bool:
        """Make sure that the database can take the city.

        Parameters:
            source: what is moved, so that only the same move is gone on with.
            trigrams: whether the extension for searching is needed.

        Returns:
            Whether a move of this source was begun here before.

        Raises:
            BilanError: it holds something else, is not in UTF-8, may not be written, or has not the extension.
        """
        encoding, name, may = self._one(
            "SELECT current_setting('server_encoding'), current_database(), has_schema_privilege(current_schema(), 'CREATE')"
        )
        if encoding != "UTF8":
            raise BilanError(Problem("migrating.encoding", {"place": name, "value": encoding}))
        if not may:
            raise BilanError(Problem("migrating.no_right", {"place": name}))
        if trigrams and not self._one("SELECT count(*) FROM pg_available_extensions WHERE name = %s", TRIGRAMS)[0]:
            raise BilanError(Problem("migrating.no_extension", {"place": name, "value": TRIGRAMS}))
        taken = [row[0] for row in self._connection.execute(_TAKEN)]
        if not taken:
            return False
        begun = self._one("SELECT to_regclass(%s)", MARK)[0] and self._connection.execute(f"SELECT source FROM {MARK}").fetchone()
        if not begun or begun[0] != source:
            raise BilanError(Problem("migrating.not_empty", {"place": name, "tables": taken}))
        return True

    def begin(self, source: str) -> None:
        """Note that this move has begun."""
        if not self._one("SELECT to_regclass(%s)", MARK)[0]:
            self._connection.execute(f"CREATE TABLE {MARK} (source text, name text PRIMARY KEY, rows bigint, digest text)")
            self._connection.execute(f"INSERT INTO {MARK} VALUES (%s, '', 0, '')", (source,))

    def end(self) -> None:
        """Take the note away and let the planner know what the tables hold."""
        self._connection.execute(f"DROP TABLE IF EXISTS {MARK}")
        self._connection.execute("ANALYZE")

    def moved(self) -> dict[str, tuple[int, str]]:
        """Tables moved already, with number of rows and digest."""
        return {name: (rows, digest) for name, rows, digest in self._connection.execute(f"SELECT name, rows, digest FROM {MARK}") if name}

    def require_same(self, tables: Iterable[Table]) -> None:
        """Make sure that each table stands here with the same columns.

        Raises:
            BilanError: one does not.
        """
        query = (
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns "
            "WHERE table_schema = current_schema() GROUP BY table_name"
        )
        known = {name: set(columns) for name, columns in self._connection.execute(query)}
        problems = []
        for table in tables:
            difference = {column.name for column in table.columns} ^ known.get(table.name, set())
            if difference:
                problems.append(Problem("migrating.other_schema", {"table": table.name, "columns": sorted(difference)}))
        if problems:
            raise BilanError(*problems)

    @contextmanager
    def refilling(self, tables: Sequence[Table]) -> Iterator[None]:
        """One transaction in which tables are emptied and filled anew."""
        with self._connection.transaction():
            names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
            self._connection.execute(sql.SQL("TRUNCATE {}").format(names))
            yield

    def copy(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Load the rows."""
        target = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
        )
        with self._connection.cursor() as cursor, cursor.copy(target) as copy:
            for row in rows:
                copy.write_row(row)

    def note(self, table: Table, digest: Digest, source: str) -> None:
        """Note that a table was moved, in the open transaction."""
        self._connection.execute(
            f"INSERT INTO {MARK} VALUES (%s, %s, %s, %s) ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, digest = excluded.digest",
            (source, table.name, digest.rows, digest.text()),
        )

    def forget(self, table: Table) -> None:
        """Take the note of a table away, so that it is moved anew."""
        self._connection.execute(f"DELETE FROM {MARK} WHERE name = %s", (table.name,))

    def names_in(self, table: str) -> set[str]:
        """Names that a table lists."""
        return {row[0] for row in self._connection.execute(f'SELECT name FROM "{table}"')}

    def continue_numbers(self, table: Table, last: int) -> None:
        """Let new rows be numbered from behind the last number that was ever given."""
        for column in table.columns:
            sequence = self._one("SELECT pg_get_serial_sequence(%s, %s)", f'"{table.name}"', column.name)[0]
            if sequence is None:
                continue
            greatest = self._connection.execute(
                sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column.name), sql.Identifier(table.name))
            ).fetchone()
            reached = max(last, (greatest and greatest[0]) or 0)
            if reached:
                self._connection.execute("SELECT setval(%s, %s)", (sequence, reached))

    def digest(self, table: Table) -> Digest:
        """Read a table back."""
        asked = f'SELECT {", ".join(column.compared for column in table.columns)} FROM "{table.name}"'
        digest = Digest()
        with self._connection.transaction(), self._connection.cursor(name="bilan_reading") as cursor:
            cursor.itersize = 10_000
            for _ in taking(digest, table.columns, cursor.execute(asked)):
                pass
        return digest

    def _one(self, query: str, *values: Any) -> tuple[Any, ...]:
        row = self._connection.execute(query, values).fetchone()
        assert row is not None
        return row


@contextmanager
def connected(url: str) -> Iterator[Target]:
    """Connect to the database at `url`.

    Raises:
        BilanError: there is none, it refuses, or it is lost meanwhile.
    """
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
            connection.execute("SET TimeZone TO 'UTC'")
            connection.execute("SET DateStyle TO 'ISO'")
            yield Target(connection)
    except psycopg.Error as error:
        place = psycopg.conninfo.make_conninfo(url, password="***") if "://" in url else url
        raise BilanError(Problem("store.unreachable", {"place": place, "reason": str(error).strip()})) from error
