"""One record of the journal as bytes: length, checksum, kind, arrival, device, peer, payload."""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import NamedTuple

MAGIC = b"\xb1\xa7"
_HEAD = struct.Struct("<2sII")
_REST = struct.Struct("<BBBq")
HEAD_BYTES = _HEAD.size
MAXIMUM = 1 << 20
"""Longest record that is believed [byte]; a longer one is a damaged length."""


class Kind(IntEnum):
    """What a record holds."""

    FRAME = 1
    """A frame of a known device, as it came."""
    QUARANTINE = 2
    """A frame that cannot be used: the problem as one line of JSON, then the frame."""
    UNKNOWN = 3
    """A frame of a device that nobody has claimed yet: one line of JSON, then the frame."""
    EVENT = 4
    """Something that happened at the gateway, as JSON."""


class Record(NamedTuple):
    """One record and where it stands.

    Attributes:
        position: where it begins, see `bilan.telemetry.journal.position`.
        next: where the record after it begins.
        kind: what it holds.
        arrived: wall time of the city at arrival [ms since 1970-01-01 00:00 of that clock].
        mn: identity of the device, as sent.
        peer: address and port it came from.
        payload: the bytes.
    """

    position: int
    next: int
    kind: int
    arrived: int
    mn: str
    peer: str
    payload: bytes


def encode(kind: int, arrived: int, mn: str, peer: str, payload: bytes) -> bytes:
    """Write a record as bytes.

    Args:
        kind: a `Kind`.
        arrived: wall time of the city [ms].
        mn, peer: at most 255 bytes each; the rest is cut.
        payload: the bytes to keep.

    Examples:
        >>> len(encode(Kind.FRAME, 0, "A", "127.0.0.1:9", b"##"))
        35
    """
    device = mn.encode("utf-8", "surrogateescape")[:255]
    source = peer.encode("ascii", "replace")[:255]
    rest = _REST.pack(kind, len(device), len(source), arrived) + device + source + payload
    return _HEAD.pack(MAGIC, len(rest), zlib.crc32(rest)) + rest


def decode(buffer: bytes, offset: int, base: int) -> Record | None:
    """Read the record at `offset` of `buffer`; None when there is no whole, undamaged one.

    Args:
        base: position of the buffer's first byte.

    Examples:
        >>> decode(encode(Kind.EVENT, 7, "A", "", b"{}"), 0, 0).payload
        b'{}'
        >>> decode(encode(Kind.EVENT, 7, "A", "", b"{}")[:-1], 0, 0) is None
        True
    """
    if len(buffer) - offset < HEAD_BYTES:
        return None
    magic, length, checksum = _HEAD.unpack_from(buffer, offset)
    begin = offset + HEAD_BYTES
    end = begin + length
    if magic != MAGIC or length > MAXIMUM or length < _REST.size or end > len(buffer):
        return None
    rest = buffer[begin:end]
    if zlib.crc32(rest) != checksum:
        return None
    kind, device, source, arrived = _REST.unpack_from(rest)
    text = _REST.size + device
    payload = text + source
    return Record(
        base + offset,
        base + end,
        kind,
        arrived,
        rest[_REST.size : text].decode("utf-8", "surrogateescape"),
        rest[text:payload].decode("ascii", "replace"),
        rest[payload:],
    )


def expected(buffer: bytes, offset: int) -> int:
    """Length in bytes that the record at `offset` says it has; 0 when no record can begin there.

    Examples:
        >>> expected(encode(Kind.EVENT, 7, "A", "", b"{}"), 0)
        24
    """
    if len(buffer) - offset < HEAD_BYTES:
        return 0
    magic, length, _ = _HEAD.unpack_from(buffer, offset)
    return HEAD_BYTES + length if magic == MAGIC and _REST.size <= length <= MAXIMUM else 0
