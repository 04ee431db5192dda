"""The schema as numbered SQL files, each applied once."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

from bilan.telemetry.store.database import Database

_VERSIONS = "CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY)"


def migrate(database: Database) -> list[str]:
    """Apply the files of ``schema/`` that the database has not seen, in the order of their numbers, all or none.

    Returns:
        Names of the files applied now; empty when the schema was up to date.
    """
    files = _files()
    with database.transaction():
        database.lock_schema()
        database.execute(_VERSIONS)
        known = {name for (name,) in database.query("SELECT name FROM schema_version")}
        fresh = sorted(files.keys() - known)
        for name in fresh:
            for statement in database.statements(files[name].read_text(encoding="utf-8")):
                database.execute(statement)
            database.execute("INSERT INTO schema_version (name) VALUES (?)", (name,))
    return fresh


def pending(database: Database) -> list[str]:
    """Names of the files that were not applied yet; the database must have been made before."""
    return sorted(_files().keys() - {name for (name,) in database.query("SELECT name FROM schema_version")})


def _files() -> dict[str, Traversable]:
    folder = resources.files("bilan.telemetry.store").joinpath("schema")
    return {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".sql")}
