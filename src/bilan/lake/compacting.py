"""Keeping tables in few files and few versions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl

from bilan.lake.manifest import Manifest
from bilan.lake.reading import LakeTables
from bilan.lake.writing import publish
from bilan.telemetry.store import parquet

KEPT = 3
"""Versions that stay: a reader that began with an older one has had two publications' time to end."""


def compact(lake: LakeTables, name: str, year: int) -> Manifest:
    """Bring the months of each year before `year` into one file a year.

    Args:
        lake: where the table is.
        name: the table.
        year: the first year that stays in months.

    Returns:
        The manifest that stands then.

    Raises:
        BilanError: there is no such table.
    """
    held = lake.manifest(name)
    months: dict[str, list[str]] = {}
    for part in held.parts:
        if held.table.by and part.name[:4].isdigit() and int(part.name[:4]) < year:
            months.setdefault(part.name[:4], []).append(part.name)
    if all(names == [found] for found, names in months.items()):
        return held
    folder = lake.version_folder(name, held.version)
    absorbed = {part for names in months.values() for part in names}

    def parts() -> Iterator[tuple[str, pl.DataFrame]]:
        for found, names in months.items():
            yield found, pl.concat([parquet.read(folder / f"{part}.parquet") for part in names])
        for part in held.parts:
            if part.name not in absorbed:
                yield part.name, parquet.read(folder / part.file)

    return publish(lake, held.table, parts(), marks=held.marks)


def remove_old(lake: LakeTables, name: str, keep: int = KEPT, hours: float = 0) -> list[int]:
    """Remove versions of a table that nobody reads any more.

    Args:
        keep: so many of the newest stay; the one that stands always does.
        hours: a version stays so long after the next one took its place [h].

    Returns:
        The versions that are gone.

    Raises:
        BilanError: there is no such table.
    """
    with parquet.locked(lake.folder(name)):
        standing, held = lake.manifest(name).version, lake.versions(name)
        since = datetime.now().astimezone() - timedelta(hours=hours)
        gone = []
        for version, after in pairwise(held):
            old = len(held) - held.index(version) > max(keep, 1) and version != standing
            if old and datetime.fromisoformat(lake.manifest(name, after).written) <= since:
                gone.append(version)
        for version in gone:
            shutil.rmtree(lake.version_folder(name, version))
    return gone
