"""Asking the lake in SQL: one SELECT over its tables, in a closed room."""

from __future__ import annotations

from collections.abc import Collection

from bilan.lake.queries import REGISTERS, parse
from bilan.lake.reading import LakeTables
from bilan.lake.rooms import Answer, Limits, Room
from bilan.problems import BilanError, Problem

LIMITS = Limits(seconds=60.0, memory="2GB", rows=10_000)


def ask(lake: LakeTables, sql: str, tables: Collection[str] | None = None, limits: Limits = LIMITS) -> Answer:
    """Answer one SELECT from the versions that stand when it begins.

    Args:
        lake: the tables.
        sql: DuckDB's SQL, with the functions that indicators may use; tables by their names, those of registers as ``registers.NAME``.
        tables: those that may be asked; all by default.
        limits: of time, memory and rows.

    Raises:
        BilanError: it is no SELECT, names what is not there, takes too long or gives too many rows.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import polars as pl
        >>> from bilan.lake import publish
        >>> from bilan.pack.indicators import tables
        >>> rows = pl.DataFrame({"code": ["350502"], "name": ["鲤城区"], "name_en": ["Licheng"]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     lake = LakeTables(Path(folder))
        ...     _ = publish(lake, tables()["districts"], [("all", rows)])
        ...     ask(lake, "select count(*) as n from districts").dicts()
        [{'n': 1}]
    """
    known = lake.names() if tables is None else [name for name in lake.names() if name in tables]
    query = parse(sql, known, ())
    files = {name: lake.files(name) for name in query.tables}
    try:
        with Room({}, limits, files) as room:
            return room.run(query, {})
    except BilanError as error:
        if any(problem.code == "indicators.too_many_rows" for problem in error.problems):
            raise BilanError(Problem("lake.too_many_rows", {"allowed": limits.rows})) from error
        raise


def is_register(name: str) -> bool:
    """Whether a table is a register's, as it is now or as it was.

    Examples:
        >>> is_register("registers.enterprise"), is_register("air_days")
        (True, False)
    """
    return name.partition(".")[0] in (REGISTERS, "history")
