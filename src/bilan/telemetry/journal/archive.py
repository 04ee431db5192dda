"""Consumed segments, compressed in blocks so that any record in them is still found by its position."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

from bilan.telemetry.journal.segments import archived_path, locate, segment_path, segments, sync_folder

BLOCK_BYTES = 256 << 10
_FOOT = struct.Struct("<QQ8s")
_ENTRY = struct.Struct("<QII")
_MAGIC = b"BILANJZ1"


def archive(folder: Path, before: int, *, keep: int = 1) -> list[Path]:
    """Compress every segment that ends before the position `before`.

    Args:
        before: position up to which the journal has been consumed.
        keep: number of consumed segments left uncompressed.

    Returns:
        The files made.
    """
    done = [number for number in segments(folder) if number < locate(before)[0] and segment_path(folder, number).exists()]
    return [_archive(folder, number) for number in (done[:-keep] if keep else done)]


def _archive(folder: Path, number: int) -> Path:
    source, target = segment_path(folder, number), archived_path(folder, number)
    unfinished = target.with_suffix(".tmp")
    entries: list[bytes] = []
    total = 0
    with source.open("rb") as plain, unfinished.open("wb") as packed:
        while block := plain.read(BLOCK_BYTES):
            content = zlib.compress(block, 6)
            entries.append(_ENTRY.pack(packed.tell(), len(content), len(block)))
            packed.write(content)
            total += len(block)
        index = packed.tell()
        packed.write(b"".join(entries) + _FOOT.pack(index, total, _MAGIC))
        packed.flush()
        os.fsync(packed.fileno())
    unfinished.replace(target)
    sync_folder(folder)
    source.unlink()
    return target


class Archived:
    """An archived segment, read at any offset like the plain file it was made from."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._file.seek(-_FOOT.size, os.SEEK_END)
        end = self._file.tell()
        index, self.size, magic = _FOOT.unpack(self._file.read(_FOOT.size))
        if magic != _MAGIC:
            self._file.close()
            raise OSError(f"{path} is no archived segment")
        self._file.seek(index)
        self._entries = list(_ENTRY.iter_unpack(self._file.read(end - index)))
        self._block = (-1, b"")

    def read(self, offset: int, length: int) -> bytes:
        """Give up to `length` bytes from `offset` of the plain segment."""
        parts: list[bytes] = []
        while length > 0 and offset < self.size:
            number, skip = divmod(offset, BLOCK_BYTES)
            part = self._load(number)[skip : skip + length]
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return b"".join(parts)

    def _load(self, number: int) -> bytes:
        if self._block[0] != number:
            place, packed, plain = self._entries[number]
            self._file.seek(place)
            self._block = (number, zlib.decompressobj().decompress(self._file.read(packed), plain))
        return self._block[1]

    def close(self) -> None:
        """Release the file."""
        self._file.close()
