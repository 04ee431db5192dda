"""The move itself: look, make the tables, copy, compare, and only then tell the city where it lives."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.migrating import schema
from bilan.migrating.columns import fault, sent
from bilan.migrating.digests import Digest, taking
from bilan.migrating.source import Source, Table, opened
from bilan.migrating.target import Target, connected
from bilan.pack.city import City
from bilan.problems import BilanError, Place, Problem

PARTS = ("database", "telemetry")
"""The city's databases, by their keys in `city.toml`."""
SHOWN = 20
"""Values named that PostgreSQL cannot hold."""
_SQLITE = "sqlite:///"
_VERSIONS = {"database": "django_migrations", "telemetry": "schema_version"}
"""Table in which a database says what changes of the schema it has seen."""

Told = Callable[[str, str, int], None]
"""Called with what is done (``look``, ``copy``, ``skip``, ``compare``), the table and the number of rows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One database that moves.

    Attributes:
        key: of `city.toml`.
        groups: tables that are filled in one transaction, because they point to one another.
    """

    key: str
    source: Source
    groups: tuple[tuple[Table, ...], ...]

    @property
    def tables(self) -> list[Table]:
        """All tables."""
        return [table for group in self.groups for table in group]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did or would do: part → tables with number of rows."""

    tables: dict[str, dict[str, int]]
    written: bool


def move(city: City, urls: dict[str, str], tell: Told, *, dry: bool = False, stopped: bool = False) -> Moved:
    """Move a city's SQLite databases to PostgreSQL.

    Nothing is changed in the SQLite files, which stay as they are; no other program can write them meanwhile. A move that was
    interrupted goes on where it was when it is begun again. `city.toml` is changed last, after every table was read back and found equal.

    Parameters:
        urls: key of `city.toml` → address of the PostgreSQL database; both may be the same.
        dry: only look whether it would go, and change nothing.
        stopped: the person has made sure that the city's services do not run, whatever answers at their ports.

    Raises:
        BilanError: a service runs, the city is there already, the target holds something else, the schema is not the present one, a
            value is none that PostgreSQL can hold, or a table read back is not the same.
    """
    keys = [key for key in PARTS if not getattr(city, key)]
    if not keys:
        raise BilanError(Problem("migrating.nothing", {"value": str(city.folder)}))
    if not stopped:
        _require_stopped(city)
    with ExitStack() as held:
        parts = [_part(key, held.enter_context(opened(_file(city, key)))) for key in keys]
        targets = {url: held.enter_context(connected(url)) for url in {urls[key] for key in keys}}
        name = f"{city.adcode} {city.folder}"
        for url, target in targets.items():
            target.require_free(name, trigrams=url == urls["database"] and "database" in keys)
        counted = _look(parts, tell)
        if not dry:
            for part in parts:
                target = targets[urls[part.key]]
                target.begin(name)
                _make_tables(city, part, target, urls[part.key])
                _carry(part, target, name, tell)
            city.settle({key: urls[key] for key in keys})
            for target in targets.values():
                target.end()
    if dry:
        # Now, because Django cannot open a database that is held.
        schema.require_present(city)
    return Moved(counted, written=not dry)


def _part(key: str, source: Source) -> Part:
    tables = [table for table in source.tables() if table.name != _VERSIONS[key]]
    # The site's tables refer to each other, so they are filled together; those of the readings do not, so each is kept once it is there.
    return Part(key, source, (tuple(tables),) if key == "database" else tuple((table,) for table in tables))


def _file(city: City, key: str) -> Path:
    url = city.database_url if key == "database" else city.telemetry_url
    path = Path(url.removeprefix(_SQLITE))
    if not path.is_file():
        raise BilanError(Problem("migrating.no_file", {"value": str(path)}))
    return path


def _require_stopped(city: City) -> None:
    asked = {
        "web": (city.web_host, city.web_port),
        "gateway": (city.gateway_host, city.gateway_port),
        "status": ("127.0.0.1", city.admin_port),
    }
    for service, (host, port) in asked.items():
        try:
            with socket.create_connection((host, port), timeout=1):
                raise BilanError(Problem("migrating.running", {"service": service, "value": f"{host}:{port}"}))
        except OSError:
            continue


def _look(parts: Sequence[Part], tell: Told) -> dict[str, dict[str, int]]:
    """Count every table, and find every value that PostgreSQL could not hold."""
    counted: dict[str, dict[str, int]] = {}
    problems: list[Problem] = []
    for part in parts:
        part.source.whole()
        counted[part.key] = {}
        for table in part.tables:
            rows = 0
            for rows, row in enumerate(part.source.rows(table), 1):
                if len(problems) < SHOWN:
                    problems.extend(_faults(part.source, table, rows, row))
            counted[part.key][table.name] = rows
            tell("look", table.name, rows)
    if problems:
        raise BilanError(*problems[:SHOWN])
    return counted


def _faults(source: Source, table: Table, number: int, row: Sequence[Any]) -> Iterable[Problem]:
    for column, value in zip(table.columns, row, strict=True):
        reason = fault(column, value)
        if reason:
            place = Place(f"{source.path.name} {table.name}", number, column.name)
            yield Problem("migrating.value", {"value": str(value)[:60], "reason": reason}, place)


def _make_tables(city: City, part: Part, target: Target, url: str) -> None:
    (schema.make_site if part.key == "database" else schema.make_readings)(city, url)
    if part.source.names_in(_VERSIONS[part.key]) != target.names_in(_VERSIONS[part.key]):
        raise BilanError(Problem("migrating.behind", {"value": str(city.folder)}))


def _carry(part: Part, target: Target, name: str, tell: Told) -> None:
    target.require_same(part.tables)
    before = target.moved()
    digests: dict[str, Digest] = {}
    for group in part.groups:
        if all(table.name in before for table in group):
            found = {table.name: _digest(part.source, table) for table in group}
            if all((digest.rows, digest.text()) == before[table] for table, digest in found.items()):
                digests |= found
                for table in group:
                    tell("skip", table.name, found[table.name].rows)
                continue
        with target.refilling(group):
            for table in group:
                digests[table.name] = Digest()
                target.copy(table, _sending(part.source, table, digests[table.name], tell))
                target.continue_numbers(table, part.source.last_number(table))
                target.note(table, digests[table.name], name)
    _compare(part, target, digests, tell)


def _sending(source: Source, table: Table, digest: Digest, tell: Told) -> Iterator[Sequence[Any]]:
    for row in taking(digest, table.columns, source.rows(table)):
        yield [sent(column, value) for column, value in zip(table.columns, row, strict=True)]
    tell("copy", table.name, digest.rows)


def _digest(source: Source, table: Table) -> Digest:
    digest = Digest()
    for _ in taking(digest, table.columns, source.rows(table)):
        pass
    return digest


def _compare(part: Part, target: Target, digests: dict[str, Digest], tell: Told) -> None:
    problems = []
    for table in part.tables:
        stands = target.digest(table)
        tell("compare", table.name, stands.rows)
        if stands != digests[table.name]:
            values = {"table": table.name, "rows": digests[table.name].rows, "found": stands.rows}
            problems.append(Problem("migrating.differs", values))
            target.forget(table)
    if problems:
        raise BilanError(*problems)
