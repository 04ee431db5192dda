"""Making the tables on the new database: those of the site by Django, those of the readings by the store."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bilan.pack.city import City
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import Store


def make_site(city: City, url: str) -> None:
    """Make the tables of the site."""
    with _stand_in(city, url) as folder:
        _manage(folder, "migrate", "--verbosity", "0")


def make_readings(city: City, url: str) -> None:
    """Make the tables of the readings."""
    with closing(Store.connect(url, city.lake, city.timezone)) as store:
        store.migrate()


def require_present(city: City) -> None:
    """Make sure that the city's own databases have the present schema.

    Raises:
        BilanError: one was made by an earlier version and not brought up to date since.
    """
    behind = not city.database and _manage(city.folder, "migrate", "--check", required=False)
    with closing(Store.open(city)) as store:
        behind = behind or bool(not city.telemetry and store.pending())
    if behind:
        raise BilanError(Problem("migrating.behind", {"value": str(city.folder)}))


@contextmanager
def _stand_in(city: City, url: str) -> Iterator[Path]:
    """A folder that is the same city on the other database, for as long as its tables are made."""
    with tempfile.TemporaryDirectory(prefix="bilan-move-") as name:
        folder = Path(name)
        dataclasses.replace(city, folder=folder, database=url, telemetry="").write()
        if city.pack.is_dir():
            (folder / "pack").symlink_to(city.pack, target_is_directory=True)
        yield folder


def _manage(folder: Path, *arguments: str, required: bool = True) -> int:
    command = [sys.executable, "-m", "bilan", "manage", "--city", str(folder), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "BILAN_CITY": str(folder)})
    if required and done.returncode:
        raise BilanError(Problem("migrating.no_tables", {"reason": (done.stderr or done.stdout).strip()[-600:]}))
    return done.returncode
