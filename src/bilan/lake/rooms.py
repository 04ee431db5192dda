"""The room that queries run in: the documented tables and nothing else, with limits of time, memory and rows."""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from bilan.lake.queries import HISTORY, REGISTERS, Query, refused
from bilan.problems import BilanError, Place, Problem

SECONDS = 10.0
MEMORY = "1GB"
ROWS = 200_000
_SET_UP = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "python_enable_replacements": "false"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may use.

    Attributes:
        seconds: after which it is stopped.
        memory: as DuckDB writes it; nothing is written to disk beyond it.
        rows: of its result.
    """

    seconds: float = SECONDS
    memory: str = MEMORY
    threads: int = 2
    rows: int = ROWS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: columns with their types, and rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """Each row by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Room:
    """A database in memory that holds the given tables; it cannot reach other files, the network or its own settings.

    Args:
        frames: name of a table → its rows; names of registers' tables have their schema before them.
        limits: of each query.
        files: name of a table → its Parquet files, which are read as far as a query asks.
    """

    def __init__(
        self, frames: Mapping[str, pl.DataFrame], limits: Limits | None = None, files: Mapping[str, Sequence[Path]] | None = None
    ) -> None:
        self.limits = limits or Limits()
        config: dict[str, str | bool | int | float | list[str]] = dict(_SET_UP)
        config |= {"threads": self.limits.threads, "memory_limit": self.limits.memory}
        self._database = duckdb.connect(":memory:", config=config)
        try:
            self._fill(frames)
            self._view(files or {})
            for setting in ("max_temp_directory_size='0KB'", "enable_external_access=false", "lock_configuration=true"):
                self._database.execute(f"set {setting}")
        except duckdb.Error:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of everything."""
        self._database.close()

    def run(self, query: Query, given: Mapping[str, Any], file: str = "", line: int = 1) -> Answer:
        """Run a query with the parameters that it names.

        Args:
            given: values by name.
            file, line: where it stands, for problems.

        Raises:
            BilanError: it cannot be run, takes too long, needs too much memory or gives too many rows.
        """
        values = {name: given[name] for name in query.parameters}
        clock = _Clock(self._database, self.limits.seconds)
        try:
            with clock:
                result = self._database.execute(query.sql, values) if values else self._database.execute(query.sql)
                described = result.description or []
                rows = result.fetchmany(self.limits.rows + 1)
        except duckdb.InterruptException as error:
            raise BilanError(Problem("indicators.too_slow", {"allowed": f"{self.limits.seconds:g}"}, Place(file, line))) from error
        except duckdb.OutOfMemoryException as error:
            raise BilanError(Problem("indicators.too_large", {"allowed": self.limits.memory}, Place(file, line))) from error
        except duckdb.Error as error:
            if clock.struck:
                raise BilanError(Problem("indicators.too_slow", {"allowed": f"{self.limits.seconds:g}"}, Place(file, line))) from error
            raise BilanError(refused(error, query.sql, self._columns(query), file, line)) from error
        if len(rows) > self.limits.rows:
            raise BilanError(Problem("indicators.too_many_rows", {"allowed": self.limits.rows}, Place(file, line)))
        return Answer(tuple(entry[0] for entry in described), tuple(str(entry[1]) for entry in described), rows)

    def described(self, query: Query, given: Mapping[str, Any], file: str = "", line: int = 1) -> dict[str, str]:
        """Columns that a query would give, with their types, without running it.

        Raises:
            BilanError: it cannot be run.
        """
        values = {name: given[name] for name in query.parameters}
        try:
            rows = self._database.execute(f"describe {query.sql}", values or None).fetchall()
        except duckdb.Error as error:
            raise BilanError(refused(error, query.sql, self._columns(query), file, line)) from error
        return {row[0]: row[1] for row in rows}

    def _fill(self, frames: Mapping[str, pl.DataFrame]) -> None:
        for schema in (REGISTERS, HISTORY):
            self._database.execute(f"create schema {schema}")
        # DuckDB reads frames through a library that is not among ours; through files it needs none.
        with tempfile.TemporaryDirectory(prefix="bilan-indicators-") as folder:
            for name, frame in frames.items():
                path = Path(folder) / f"{uuid.uuid4().hex}.parquet"
                frame.write_parquet(path, compression="uncompressed")
                self._database.execute(f"create table {_quoted(name)} as select * from read_parquet('{path}')")

    def _view(self, files: Mapping[str, Sequence[Path]]) -> None:
        paths = {name: ", ".join(_text(path) for path in parts) for name, parts in files.items() if parts}
        if paths:
            self._database.execute(f"set allowed_paths=[{', '.join(paths.values())}]")
        for name, listed in paths.items():
            found = self._database.execute(f"describe select * from read_parquet([{listed}])").fetchall()
            shapes = [_quoted(row[0]) for row in found if row[1].startswith("GEOMETRY")]
            # Places are told as text: WKT says more in a result than bytes do.
            worded = f" replace ({', '.join(f'{shape}::varchar as {shape}' for shape in shapes)})" if shapes else ""
            self._database.execute(f"create view {_quoted(name)} as select *{worded} from read_parquet([{listed}])")

    def _columns(self, query: Query) -> list[str]:
        sql = "select distinct column_name from duckdb_columns() where not internal and table_name in (select unnest(?))"
        names = [name.rpartition(".")[2] for name in query.tables]
        return [row[0] for row in self._database.execute(sql, [names]).fetchall()]


def _quoted(name: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


class _Clock:
    """Interrupts a database after some time."""

    def __init__(self, database: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self.struck = False
        self._database = database
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()

    def _strike(self) -> None:
        self.struck = True
        with suppress(duckdb.Error):
            self._database.interrupt()
