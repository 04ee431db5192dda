"""Keeping tables in few files and few versions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

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


def remove_old(lake: LakeTables, name: str, keep: int = KEPT) -> list[int]:
    """Remove versions of a table but the newest.

    Args:
        keep: how many stay; the one that stands always does.

    Returns:
        The versions that are gone.

    Raises:
        BilanError: there is no such table.
    """
    with parquet.locked(lake.folder(name)):
        standing = lake.manifest(name).version
        gone = [version for version in lake.versions(name)[: -max(keep, 1)] if version != standing]
        for version in gone:
            shutil.rmtree(lake.version_folder(name, version))
    return gone
