"""A database that refuses writers for a while, or makes them wait, as either kind of database does it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from bilan.pack.city import City

SQLITE = "sqlite:///"


@contextmanager
def refusing(city: City) -> Iterator[None]:
    """Nobody can write the telemetry database: another holds the file of SQLite, the server of PostgreSQL allows reading only."""
    if city.telemetry_url.startswith(SQLITE):
        with busy(city):
            yield
        return
    with psycopg.connect(city.telemetry_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")


@contextmanager
def busy(city: City) -> Iterator[None]:
    """Writers of the telemetry database wait for another's transaction: of the whole file, or for the tables of hours and offsets."""
    if city.telemetry_url.startswith(SQLITE):
        with closing(sqlite3.connect(city.telemetry_url.removeprefix(SQLITE), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")
        return
    with psycopg.connect(city.telemetry_url) as connection:
        connection.execute("LOCK TABLE obs_hour, stream_offset IN EXCLUSIVE MODE")
        try:
            yield
        finally:
            connection.rollback()
