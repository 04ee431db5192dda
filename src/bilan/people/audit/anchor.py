"""The file that says how far the log had come, beside the database and not in it."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

BEGINNING = "0" * 64
"""What the first entry carries for the hash of the one before."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number and hash."""

    number: int = 0
    hash: str = BEGINNING


def read(path: Path) -> Head | None:
    """What the file says; None when it is not there or cannot be understood."""
    try:
        number, digest = path.read_text(encoding="ascii").split()
        return Head(int(number), digest)
    except (OSError, ValueError):
        return None


def move(path: Path, head: Head) -> None:
    """Move the file on to `head`, never back: of processes that write at the same moment, the furthest stands."""
    with path.with_suffix(".lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = read(path)
        if known is not None and known.number >= head.number:
            return
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="ascii") as file:
            file.write(f"{head.number} {head.hash}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
