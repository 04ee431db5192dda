"""Writing a version of a table: new files for what changed, links for what did not, then one step from the old to the new."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from bilan.lake import manifest as manifests
from bilan.lake import places
from bilan.lake.manifest import Manifest, Part
from bilan.lake.reading import CURRENT, VERSIONS, LakeTables
from bilan.lake.types import empty
from bilan.pack.indicators import Table
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import parquet

ALL = "all"
UNDATED = "undated"
FOOTER = "bilan.table"
"""Key of the footer under which each file carries the declaration of its table."""
_MONTH, _YEAR = "%Y-%m", "%Y"


def part_of(day: date) -> str:
    """Name of the file that a day belongs to before its year is compacted.

    Examples:
        >>> part_of(date(2026, 3, 5))
        '2026-03'
    """
    return day.strftime(_MONTH)


def parts_by(table: Table, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows cut into the files that they belong to.

    Args:
        table: says the column that they are cut by, if any.
        rows: rows of the table.
    """
    if not table.by:
        yield ALL, rows
        return
    name = pl.col(table.by).dt.strftime(_MONTH).fill_null(UNDATED)
    for (key,), part in rows.group_by(name.alias("__part"), maintain_order=True):
        yield str(key), part


def publish(
    lake: LakeTables, table: Table, parts: Iterable[tuple[str, pl.DataFrame]], *, whole: bool = True, marks: Mapping[str, str] | None = None
) -> Manifest:
    """Write a version of a table, so that a reader sees the version before or this one.

    Args:
        lake: where the table is.
        table: its declaration; rows must have exactly its columns.
        parts: name of a file (see `parts_by`) → its rows, taken one after the other.
        whole: whether `parts` are all there is; files that are not among them stay otherwise.
        marks: what the inputs were, kept in the manifest.

    Returns:
        The manifest that stands: of a new version, or the one before, marked as checked, when nothing changed.

    Raises:
        BilanError: rows have other columns than declared.
        StoreUnavailable: the folder cannot be written.
    """
    folder = lake.folder(table.name)
    with parquet.locked(folder), _beside(folder / VERSIONS) as fresh:
        before = lake.known(table.name)
        kept = {part.name: part for part in before.parts} if before else {}
        old = lake.version_folder(table.name, before.version) if before else fresh
        made: dict[str, Part] = {}
        for name, rows in _settled(table, parts, kept, old, whole=whole):
            made[name] = _written(fresh, table, name, rows)
            if name in kept and made[name].digest == kept[name].digest:
                _shared(old / made[name].file, fresh)
        for name, part in kept.items():
            if not whole and name not in made:
                _shared(old / part.file, fresh)
                made[name] = part
        if not made:
            made[ALL] = _written(fresh, table, ALL, empty(table))
        now = _now()
        found = tuple(made[name] for name in sorted(made) if made[name].rows or len(made) == 1)
        if before and before.parts == found and manifests.described(before.table) == manifests.described(table):
            return _checked(old, replace(before, checked=now, marks=dict(marks or {})))
        version = max(lake.versions(table.name), default=0) + 1
        return _standing(lake, Manifest(table, version, now, now, found, dict(marks or {})), fresh)


def mark_checked(lake: LakeTables, name: str) -> Manifest:
    """Say of the version that stands that it was found to be current just now.

    Raises:
        BilanError: there is no such table.
    """
    with parquet.locked(lake.folder(name)):
        held = lake.manifest(name)
        return _checked(lake.version_folder(name, held.version), replace(held, checked=_now()))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _settled(
    table: Table, parts: Iterable[tuple[str, pl.DataFrame]], kept: Mapping[str, Part], old: Path, *, whole: bool
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows of each file in order; months of a year that was compacted become rows of that year's file."""
    years: dict[str, list[tuple[str, pl.DataFrame]]] = {}
    for name, rows in parts:
        given = _laid(table, rows)
        year = name[:4]
        if name != year and year in kept and table.by:
            years.setdefault(year, []).append((name, given))
        else:
            yield name, given
    for year, months in years.items():
        named = [name for name, _rows in months]
        frames = [rows for _name, rows in months]
        if not whole:
            frames.insert(0, parquet.read(old / kept[year].file).filter(~pl.col(table.by).dt.strftime(_MONTH).is_in(named)))
        yield year, _laid(table, pl.concat(frames))


def _laid(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    if rows.columns != list(table.columns):
        wrong = sorted(set(rows.columns) ^ set(table.columns)) or rows.columns
        raise BilanError(Problem("lake.other_columns", {"value": wrong, "place": table.name, "allowed": list(table.columns)}))
    return rows.sort(table.sort, maintain_order=True) if table.sort else rows


def _written(folder: Path, table: Table, name: str, rows: pl.DataFrame) -> Part:
    file = folder / f"{name}.parquet"
    parquet.put(file, rows, {FOOTER: json.dumps(manifests.described(table), ensure_ascii=False)} | places.footer(table, rows))
    first, last = (rows[table.by].min(), rows[table.by].max()) if table.by and rows.height else ("", "")
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Part(name, rows.height, file.stat().st_size, digest, _said(first), _said(last))


def _said(day: Any) -> str:
    return str(day) if day is not None else ""


def _shared(file: Path, folder: Path) -> None:
    """The same file in another version: a link, or a copy where the file system has none."""
    target = folder / file.name
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(file)
    except OSError:
        shutil.copy2(file, target)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder to make a version in, while the table is locked; gone afterwards unless it was moved to its place.

    Whatever a process left behind that was killed while it wrote goes too: the lock says that nobody writes there now.
    """
    for left in folder.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = folder / f".{os.getpid()}"
    fresh.mkdir(parents=True)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _checked(folder: Path, manifest: Manifest) -> Manifest:
    _put_text(folder / manifests.FILE, manifest.text())
    return manifest


def _standing(lake: LakeTables, manifest: Manifest, fresh: Path) -> Manifest:
    """Let a version stand: moved to its place, then pointed at, in one step."""
    for part in list(fresh.glob("*.parquet")):
        if part.stem not in {entry.name for entry in manifest.parts}:
            part.unlink()
    _put_text(fresh / manifests.FILE, manifest.text())
    target = lake.version_folder(manifest.table.name, manifest.version)
    fresh.rename(target)
    pointer = lake.folder(manifest.table.name) / f".{CURRENT}.{os.getpid()}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(target.relative_to(pointer.parent), target_is_directory=True)
    pointer.replace(lake.folder(manifest.table.name) / CURRENT)
    parquet.flush(lake.folder(manifest.table.name))
    return manifest


def _put_text(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    parquet.flush(beside)
    beside.replace(file)
