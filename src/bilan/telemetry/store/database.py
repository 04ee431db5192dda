"""One small face for both databases: question-mark placeholders, one connection a thread, rows as tuples."""

from __future__ import annotations

import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from string import Template
from typing import Any

import polars as pl

Row = tuple[Any, ...]

_STATEMENT_END = re.compile(r";[ \t]*(?:\n|$)")


class Database(ABC):
    """A relational database that the store keeps its tables in.

    Statements use ``?`` placeholders whatever the database is. Outside `transaction` every statement commits by itself.
    Each thread has its own connection; a process that was forked opens new ones.
    """

    dialect: str
    identity: str
    rowkey: str
    clustered: str

    def __init__(self) -> None:
        self._rollback_hooks: list[Callable[[], None]] = []

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Make everything inside one write transaction; an inner one joins the outer one."""

    @abstractmethod
    def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement and give the number of rows it touched."""

    @abstractmethod
    def query(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Rows of a SELECT as tuples; outside a transaction it reads on a connection that cannot write."""

    @abstractmethod
    def query_dicts(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a SELECT as dictionaries by column name."""

    @abstractmethod
    def insert_new(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], constants: Sequence[Any] = ()) -> int:
        """Insert the rows whose key is not there yet and give their number; `constants` fill the last columns of every row."""

    @abstractmethod
    def bulk_upsert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: Sequence[str], assign: str | None = None
    ) -> int:
        """Insert rows and update those whose `key` is there already.

        Parameters:
            table, columns: where to; the order of `columns` is the order within each row.
            rows: values; no two rows may have the same key.
            key: columns of the primary key or of a unique constraint.
            assign: what follows ``DO UPDATE SET`` (new values are ``excluded.column``); by default every other column is taken over.

        Returns:
            Number of rows given.
        """

    @abstractmethod
    def bulk_update(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: Sequence[str], assign: str, where: str
    ) -> int:
        """Update the rows with these keys that meet `where`, and give their number; `assign` and `where` as in `bulk_upsert`."""

    @abstractmethod
    def bulk_delete(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], key: Sequence[str]) -> int:
        """Delete the rows whose `columns` equal one of `rows` in every value (NULL equals NULL); `key` names those that are never NULL."""

    @abstractmethod
    def stage(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
        """Put `rows` into a temporary table with these columns of `table` and give its name; only within a transaction."""

    @abstractmethod
    def any_of(self, column: str, values: Iterable[int] | Iterable[str]) -> tuple[str, list[Any]]:
        """Give a condition ``column is one of values`` with its parameters; good for any number of values."""

    @abstractmethod
    def lock_schema(self) -> None:
        """Wait until no other process changes the schema; held until the transaction ends."""

    @abstractmethod
    def close(self) -> None:
        """Close the connections of every thread."""

    def frame(self, sql: str, params: Sequence[Any], schema: dict[str, Any]) -> pl.DataFrame:
        """Rows of a SELECT as a frame with `schema`, in the order of the columns."""
        return pl.DataFrame(self.query(sql, params), schema=schema, orient="row")

    def statements(self, script: str) -> Iterator[str]:
        """Split a schema script into statements, written for this database."""
        text = Template(script).substitute(identity=self.identity, rowkey=self.rowkey, clustered=self.clustered)
        for part in _STATEMENT_END.split(text):
            code = "\n".join(line for line in part.splitlines() if not line.lstrip().startswith("--")).strip()
            if code:
                yield code

    def on_rollback(self, hook: Callable[[], None]) -> None:
        """Call `hook` after a transaction was rolled back, so that caches forget what never happened."""
        self._rollback_hooks.append(hook)

    def _rolled_back(self) -> None:
        for hook in self._rollback_hooks:
            hook()

    @contextmanager
    def _spanning(self, begin: Callable[[], None], commit: Callable[[], None], rollback: Callable[[], None]) -> Iterator[None]:
        begin()
        try:
            yield
            commit()
        except BaseException:
            rollback()
            self._rolled_back()
            raise


def stage_name(table: str, columns: Sequence[str]) -> str:
    """Name of the temporary table for these columns of `table`."""
    return f"stage_{table}_{zlib.crc32(','.join(columns).encode()):08x}"


def upsert_tail(columns: Sequence[str], key: Sequence[str], assign: str | None) -> str:
    """Write the ON CONFLICT clause, the same in both dialects.

    Examples:
        >>> upsert_tail(["a", "b"], ["a"], None)
        'ON CONFLICT (a) DO UPDATE SET b = excluded.b'
        >>> upsert_tail(["a"], ["a"], None)
        'ON CONFLICT (a) DO NOTHING'
    """
    taken = assign or ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    return f"ON CONFLICT ({', '.join(key)}) DO {'UPDATE SET ' + taken if taken else 'NOTHING'}"
