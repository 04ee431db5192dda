"""Single Parquet files: written beside their place and moved there in one step, with a summary in the footer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bilan.telemetry.store.errors import unavailable
from bilan.telemetry.store.locking import exclusive

ROW_GROUP = 32_768
"""Rows a row group: one series-month of hours is then read from one or two groups of many."""
COMPRESSION_LEVEL = 3
_KEY = "bilan"

Mark = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a file holds, as its footer says."""

    rows: int
    first: int
    last: int
    mark: Mark | None = None


def identity(file: Path) -> Mark | None:
    """What changes whenever the file is replaced; None when there is no file."""
    try:
        state = file.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


def read(file: Path) -> pl.DataFrame:
    """The whole file."""
    return pl.read_parquet(file, glob=False, memory_map=False)


def summary(file: Path) -> Summary:
    """Read the summary out of the footer."""
    mark = identity(file)
    values = json.loads(pl.read_parquet_metadata(file)[_KEY])
    return Summary(values["rows"], values["first"], values["last"], mark)


def replace(target: Path, rows: pl.DataFrame, about: Summary) -> None:
    """Write `rows` to `target` so that after any crash the old file or the new one is there, whole.

    Raises:
        StoreUnavailable: the folder cannot be written.
    """
    put(target, rows, {_KEY: json.dumps({"rows": about.rows, "first": about.first, "last": about.last})})


def put(target: Path, rows: pl.DataFrame, footer: dict[str, str]) -> None:
    """Write `rows` to `target` as `replace` does, with texts of its own in the footer.

    Raises:
        StoreUnavailable: the folder cannot be written.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    with _writable(target):
        try:
            rows.write_parquet(
                beside, compression="zstd", compression_level=COMPRESSION_LEVEL, row_group_size=ROW_GROUP, statistics=True, metadata=footer
            )
            flush(beside)
            beside.replace(target)
            flush(target.parent)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from replacing files in `folder`."""
    with _writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("a+b")
    with lock, exclusive(lock):
        yield


def flush(path: Path) -> None:
    """Have a file or folder reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _writable(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pl.exceptions.ComputeError) as error:
        raise unavailable("store.lake_unwritable", {"place": str(place), "reason": str(error)}) from error
