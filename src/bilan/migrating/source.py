"""The SQLite side: what tables there are, their rows, and a lock that keeps every other program from writing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.migrating.columns import Column, column_of
from bilan.problems import BilanError, Problem

LOCK_SECONDS = 5
_JSON = re.compile(r'JSON_VALID\("(\w+)"\)')
_OWN = re.compile(r"sqlite_|registers_search(_|$)")
"""Tables that SQLite keeps for itself, or for the search by trigrams; PostgreSQL has indexes of its own for that."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> str:
        """The columns as a statement names them."""
        return ", ".join(f'"{column.name}"' for column in self.columns)


class Source:
    """An SQLite database that is read while nobody writes it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def tables(self) -> list[Table]:
        """Every table that holds something of the city's, by name."""
        found = self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return [self._table(name, sql) for name, sql in found if not _OWN.match(name)]

    def rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """All rows as SQLite keeps them."""
        yield from self._connection.execute(f'SELECT {table.names} FROM "{table.name}"')

    def names_in(self, table: str) -> set[str]:
        """Names that a table lists."""
        return {name for (name,) in self._connection.execute(f'SELECT name FROM "{table}"')}

    def last_number(self, table: Table) -> int:
        """The greatest row number ever given in a table; 0 when it gives none."""
        known = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone()
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).fetchone() if known else None
        return int(row[0]) if row else 0

    def whole(self) -> None:
        """Check the file itself.

        Raises:
            BilanError: SQLite finds it damaged.
        """
        (found,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise BilanError(Problem("store.corrupt", {"place": str(self.path), "reason": found}))

    def _table(self, name: str, sql: str) -> Table:
        checked = set(_JSON.findall(sql))
        described = self._connection.execute(f'PRAGMA table_info("{name}")').fetchall()
        return Table(
            name,
            tuple(
                column_of(column, declared, key=bool(key), json_checked=column in checked) for _, column, declared, _, _, key in described
            ),
        )


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a database and hold its only write lock until the block ends; nothing is written to it.

    Raises:
        BilanError: another program is writing, or the file cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=LOCK_SECONDS, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Source(path, connection)
            finally:
                connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        code = "store.locked" if "locked" in str(error) else "store.unreachable"
        raise BilanError(Problem(code, {"place": str(path), "reason": str(error)})) from error
    except sqlite3.DatabaseError as error:
        raise BilanError(Problem("store.corrupt", {"place": str(path), "reason": str(error)})) from error
