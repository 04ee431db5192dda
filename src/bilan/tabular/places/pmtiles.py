"""Reading single tiles out of a PMTiles archive, version 3.

Reference: PMTiles version 3 specification (github.com/protomaps/PMTiles).
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bilan.problems import BilanError, Place, Problem

MEDIA = {1: "application/vnd.mapbox-vector-tile", 2: "image/png", 3: "image/jpeg", 4: "image/webp", 5: "image/avif"}
"""Type of tile → media type."""
_HEADER = struct.Struct("<7sB11QBBBBBB")
_MOST = 16_000_000
"""Bytes a directory or a tile may have."""
_DEEPEST = 4


class Header(NamedTuple):
    """What an archive says of itself."""

    root: int
    root_length: int
    leaves: int
    data: int
    packing: int
    tile_packing: int
    media: str
    lowest: int
    highest: int


class _Entry(NamedTuple):
    tile: int
    offset: int
    length: int
    run: int


def tile_number(z: int, x: int, y: int) -> int:
    """Number of a tile along the Hilbert curve of its zoom, after all lower zooms.

    Examples:
        >>> tile_number(0, 0, 0), tile_number(1, 0, 0), tile_number(1, 1, 0), tile_number(2, 0, 0)
        (0, 1, 4, 5)
    """
    number, side = ((1 << 2 * z) - 1) // 3, 1 << z
    half = side >> 1
    while half:
        right, below = int(bool(x & half)), int(bool(y & half))
        number += half * half * ((3 * right) ^ below)
        if not below:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half >>= 1
    return number


def read_header(file: BinaryIO, name: str = "") -> Header:
    """Read the header.

    Raises:
        BilanError: `geofile.unreadable`: it is no such archive.
    """
    file.seek(0)
    content = file.read(_HEADER.size)
    if len(content) < _HEADER.size or content[:7] != b"PMTiles" or content[7] != 3:
        raise BilanError(Problem("geofile.unreadable", {"value": "PMTiles", "reason": "v3"}, Place(name)))
    _, _, root, root_length, _, _, leaves, _, data, *_, packing, tile_packing, kind, lowest, highest = _HEADER.unpack(content)[:19]
    return Header(root, root_length, leaves, data, packing, tile_packing, MEDIA.get(kind, ""), lowest, highest)


def read_tile(path: Path, z: int, x: int, y: int) -> tuple[bytes, str] | None:
    """Content and media type of a tile, unpacked; None when the archive has none there.

    Raises:
        BilanError: `geofile.unreadable`.
    """
    try:
        with path.open("rb") as file:
            header = read_header(file, path.name)
            found = _find(file, header, tile_number(z, x, y))
            return None if found is None else (_unpacked(found, header.tile_packing), header.media)
    except (OSError, zlib.error, IndexError, EOFError) as error:
        raise BilanError(Problem("geofile.unreadable", {"value": "PMTiles", "reason": str(error)[:100]}, Place(path.name))) from error


def _find(file: BinaryIO, header: Header, number: int) -> bytes | None:
    offset, length = header.root, header.root_length
    for _ in range(_DEEPEST):
        entries = _directory(_unpacked(_slice(file, offset, length), header.packing))
        at = bisect_right(entries, number, key=lambda entry: entry.tile) - 1
        if at < 0:
            return None
        entry = entries[at]
        if entry.run:
            return _slice(file, header.data + entry.offset, entry.length) if number < entry.tile + entry.run else None
        offset, length = header.leaves + entry.offset, entry.length
    return None


def _slice(file: BinaryIO, offset: int, length: int) -> bytes:
    if length > _MOST:
        raise OSError("too large")
    file.seek(offset)
    return file.read(length)


def _unpacked(content: bytes, packing: int) -> bytes:
    if packing in {0, 1}:
        return content
    if packing != 2:
        raise OSError(f"compression {packing}")
    return zlib.decompressobj(wbits=31).decompress(content, _MOST)


def _directory(content: bytes) -> list[_Entry]:
    position = 0

    def number() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = content[position]
            position += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise OSError("number too long")

    count = number()
    if count > _MOST:
        raise OSError("too large")
    tiles, tile = [], 0
    for _ in range(count):
        tile += number()
        tiles.append(tile)
    runs = [number() for _ in range(count)]
    lengths = [number() for _ in range(count)]
    offsets: list[int] = []
    for at in range(count):
        value = number()
        offsets.append(offsets[at - 1] + lengths[at - 1] if value == 0 and at else value - 1)
    return [_Entry(*row) for row in zip(tiles, offsets, lengths, runs, strict=True)]
