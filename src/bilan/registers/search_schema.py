"""The index that search by trigrams uses: FTS5 kept by triggers on SQLite, a GIN index on PostgreSQL."""

from __future__ import annotations

from typing import Any

SQLITE = (
    "CREATE VIRTUAL TABLE registers_search USING fts5(text, content='registers_searchtext', content_rowid='entry_id', tokenize='trigram')",
    "CREATE TRIGGER registers_search_new AFTER INSERT ON registers_searchtext BEGIN "
    "INSERT INTO registers_search(rowid, text) VALUES (new.entry_id, new.text); END",
    "CREATE TRIGGER registers_search_gone AFTER DELETE ON registers_searchtext BEGIN "
    "INSERT INTO registers_search(registers_search, rowid, text) VALUES ('delete', old.entry_id, old.text); END",
    "CREATE TRIGGER registers_search_other AFTER UPDATE ON registers_searchtext BEGIN "
    "INSERT INTO registers_search(registers_search, rowid, text) VALUES ('delete', old.entry_id, old.text); "
    "INSERT INTO registers_search(rowid, text) VALUES (new.entry_id, new.text); END",
)
SQLITE_BACK = (
    "DROP TRIGGER registers_search_new",
    "DROP TRIGGER registers_search_gone",
    "DROP TRIGGER registers_search_other",
    "DROP TABLE registers_search",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX registers_search ON registers_searchtext USING gin (text gin_trgm_ops)",
)
POSTGRESQL_BACK = ("DROP INDEX registers_search",)


def make(_apps: Any, editor: Any) -> None:
    """Make the index."""
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop(_apps: Any, editor: Any) -> None:
    """Take the index away."""
    for statement in SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        editor.execute(statement)
