"""A PostgreSQL server of the test run's own: a new cluster in a temporary folder on a free port of the loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

USER = "bilan"
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_connections": "100",
}
"""What a server that dies with its run leaves out: all that keeps data over a crash of the machine, and what it does for large tables."""


def binaries() -> Path | None:
    """Folder with initdb and pg_ctl, newest version first; None when no server is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give the address of its maintenance database; skip when there is none to start."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server here: install the package postgresql to test with it")
    home = Path(tempfile.mkdtemp(prefix="bilan-postgres-"))
    home.chmod(0o777)
    port = _free_port()
    data, log = home / "data", home / "log"
    places = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": home}
    settings = " ".join(f"-c {name}={value}" for name, value in {**places, **CARELESS}.items())
    try:
        _run(folder / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        _run(folder / "pg_ctl", "-D", data, "-l", log, "-o", settings, "-w", "start")
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        finally:
            _run(folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Make an empty database on the server and give its address."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield server.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(*command: object) -> None:
    """Run a server command, as the user postgres when we are root: the server refuses to be run by root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
