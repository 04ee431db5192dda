"""Segment files of a journal: their names, their order, positions in them, and mending a torn end."""

from __future__ import annotations

import os
from pathlib import Path

from bilan.telemetry.journal.record import MAGIC, decode

SUFFIX = ".journal"
ARCHIVED = ".journal.z"


def position(segment: int, offset: int) -> int:
    """Name a place in the journal by one 64-bit number that grows in the order of writing.

    Examples:
        >>> locate(position(3, 4096))
        (3, 4096)
    """
    return segment << 32 | offset


def locate(place: int) -> tuple[int, int]:
    """Split a position into the number of its segment and the offset in it [byte]."""
    return place >> 32, place & 0xFFFFFFFF


def segment_path(folder: Path, number: int) -> Path:
    """File of a segment that is not archived."""
    return folder / f"{number:08d}{SUFFIX}"


def archived_path(folder: Path, number: int) -> Path:
    """File of a segment that is archived."""
    return folder / f"{number:08d}{ARCHIVED}"


def segments(folder: Path) -> list[int]:
    """Numbers of all segments in `folder`, archived ones included, in order."""
    if not folder.is_dir():
        return []
    names = (entry.name for entry in os.scandir(folder) if entry.name.endswith((SUFFIX, ARCHIVED)))
    return sorted({int(name[:8]) for name in names if name[:8].isdigit()})


def mend(path: Path) -> int:
    """Cut a torn or unwritten end off a segment file.

    Returns:
        Length of what is left [byte].
    """
    content = path.read_bytes()
    offset = 0
    end = 0
    while True:
        record = decode(content, offset, 0)
        if record is not None:
            offset = end = record.next
            continue
        offset = following(content, offset + 1)
        if offset < 0:
            break
    if end < len(content):
        with path.open("r+b") as file:
            file.truncate(end)
            os.fsync(file.fileno())
    return end


def following(content: bytes, offset: int) -> int:
    """Offset of the first whole record at or after `offset`; -1 when there is none."""
    from_here = content.find(MAGIC, offset)
    while from_here >= 0:
        if decode(content, from_here, 0) is not None:
            return from_here
        from_here = content.find(MAGIC, from_here + 1)
    return -1


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
