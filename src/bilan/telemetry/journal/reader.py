"""Reading a journal from any process: in order from a position, waiting at its end, or one record by its position."""

from __future__ import annotations

import os
from pathlib import Path

from bilan.problems import BilanError, Problem
from bilan.telemetry.journal.archive import Archived
from bilan.telemetry.journal.record import HEAD_BYTES, MAXIMUM, Record, decode, expected
from bilan.telemetry.journal.segments import archived_path, following, locate, position, segment_path, segments

CHUNK_BYTES = 1 << 20


class Plain:
    """A segment file that is not archived; it may still grow."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def read(self, offset: int, length: int) -> bytes:
        """Give up to `length` bytes from `offset`."""
        return os.pread(self._handle, length, offset)

    def close(self) -> None:
        """Release the file."""
        os.close(self._handle)


class Reader:
    """Reads records in order and remembers where it is.

    Args:
        folder: the journal's folder.
        place: position to begin at; 0 for the very first record.

    Attributes:
        position: where the next record is looked for.
        damaged: bytes passed over because no record could be read there.
    """

    def __init__(self, folder: Path, place: int = 0) -> None:
        self.folder = folder
        self.position = place
        self.damaged = 0
        self._open: tuple[int, Plain | Archived] | None = None

    def read(self, count: int = 1000, *, chunk_bytes: int = CHUNK_BYTES) -> list[Record]:
        """Give the next records, at most `count` of them; an empty list at the end of what is written so far."""
        while True:
            number, offset = locate(self.position)
            later = [segment for segment in segments(self.folder) if segment > number]
            file = self._segment(number)
            content = file.read(offset, chunk_bytes) if file else b""
            records = self._decode(content, count)
            if records:
                self.position = records[-1].next
                return records
            if file and expected(content, 0) > len(content) >= chunk_bytes:
                chunk_bytes = MAXIMUM + HEAD_BYTES
                continue
            if not later:
                return []
            if not self._skip_damage(file, offset, content):
                self.position = position(later[0], 0)

    def _decode(self, content: bytes, count: int) -> list[Record]:
        records: list[Record] = []
        offset = 0
        base = self.position
        while len(records) < count and (record := decode(content, offset, base)) is not None:
            records.append(record)
            offset = record.next - base
        return records

    def _skip_damage(self, file: Plain | Archived | None, offset: int, content: bytes) -> bool:
        """Move to the next whole record of a finished segment; False when nothing more is in it."""
        if not file or not content:
            return False
        rest = file.read(offset, 0xFFFFFFFF)
        found = following(rest, 1)
        if found < 0:
            return False
        self.damaged += found
        self.position += found
        return True

    def _segment(self, number: int) -> Plain | Archived | None:
        if self._open and self._open[0] == number:
            return self._open[1]
        self.close()
        try:
            self._open = (number, _open(self.folder, number))
        except FileNotFoundError:
            return None
        return self._open[1]

    def close(self) -> None:
        """Release the open segment."""
        if self._open:
            self._open[1].close()
            self._open = None


def _open(folder: Path, number: int) -> Plain | Archived:
    try:
        return Plain(segment_path(folder, number))
    except FileNotFoundError:
        return Archived(archived_path(folder, number))


def read(folder: Path, place: int) -> Record:
    """Give the one record at a position, from a live or an archived segment: the proof of a value.

    Raises:
        BilanError: there is no record at that position.
    """
    number, offset = locate(place)
    try:
        file = _open(folder, number)
    except FileNotFoundError:
        raise BilanError(Problem("journal.no_record", {"value": place})) from None
    try:
        record = decode(file.read(offset, MAXIMUM + HEAD_BYTES), 0, place)
    finally:
        file.close()
    if record is None:
        raise BilanError(Problem("journal.no_record", {"value": place}))
    return record
