"""What to make of bytes that begin like a telegram and are none: where they end and what is wrong with them."""

from __future__ import annotations

import re

from bilan.telemetry.hj212.crc import matching_variant
from bilan.telemetry.hj212.frame import BAD_CRC, BAD_LENGTH, BAD_LENGTH_FIELD, NO_CRC, TRUNCATED, Frame

START = re.compile(rb"##(?=[0-9A-Za-z])")
"""What may begin a telegram."""

_HEADER = re.compile(rb"##[0-9]{3,4}[A-Za-z]")
_LENGTH = re.compile(rb"##([0-9]{0,4})")
_SUM = re.compile(rb"[0-9A-Fa-f]{4}")
_END = re.compile(rb"(?<!CP=)&&(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{0,3}(?=[\r\n#]))")
_CLOSED = re.compile(rb"(?<!CP=)&&([0-9A-Fa-f]{0,4})\s*\Z")


def extent(data: bytes, start: int, limit: int, *, final: bool) -> int:
    """Find where a wrong telegram ends: at its check sum, or before the next telegram.

    The answer depends only on the bytes of the stream, never on how many of them have arrived; it is 0 as long as the
    bytes at hand do not decide it.

    Args:
        data: the bytes at hand; at `start` stands ``##``.
        start: where the wrong telegram begins.
        limit: longest data segment accepted [bytes].
        final: nothing more will come, decide now.

    Returns:
        Position behind the last byte; 0 when more bytes are needed.

    Examples:
        >>> extent(b"##0099ST=91;CP=&&&&1C80 and more", 0, 9999, final=False)
        23
        >>> extent(b"##0099ST=91;CP##0012", 0, 9999, final=False)
        14
        >>> extent(b"##0099ST=91;CP", 0, 9999, final=False)
        0
    """
    claimed = _claimed_end(data, start, limit)
    if claimed:
        return claimed
    window = start + limit + 16
    following = START.search(data, start + 1, window)
    closing = _END.search(data, start, following.start() if following else window)
    if closing is None and following is not None:
        # The lookahead of a short check sum may need the '#' that begins the next telegram.
        closing = _END.search(data, start, following.start() + 1)
    if closing is not None:
        return closing.end()
    if following is not None:
        return start + max(len(data[start : following.start()].rstrip(b"\r\n")), 2)
    return min(window, len(data)) if final or len(data) >= window else 0


def _claimed_end(data: bytes, start: int, limit: int) -> int:
    """Where the length field says the telegram ends, when it is closed there and holds no other; else 0."""
    length = _length(data[start : start + 6])
    if length is None or length[0] > limit:
        return 0
    end = start + 2 + length[1] + length[0]
    closed = data[end - 2 : end] == b"&&" and data[end - 5 : end] != b"CP=&&" and _SUM.fullmatch(data[end : end + 4])
    return end + 4 if closed and not _HEADER.search(data, start + 1, end) else 0


def _length(head: bytes) -> tuple[int, int] | None:
    """Declared length and number of its digits; None when there are no digits."""
    found = _LENGTH.match(head)
    return (int(found[1]), len(found[1])) if found and found[1] else None


def diagnose(raw: bytes, limit: int, offset: int) -> Frame:
    """Name what is wrong with a telegram and read what can be read of it.

    Args:
        raw: its bytes from ``##``, as `extent` delimits them.
        limit: longest data segment accepted [bytes].
        offset: position in the stream.

    Returns:
        A frame with an error.

    Examples:
        >>> frame = diagnose(b"##0099ST=91;CN=9014;CP=&&&&DA81", 9999, 0)
        >>> frame.error, frame.declared, len(frame.segment), frame.checksum, frame.variant
        ('bad_length', 99, 21, 'DA81', '')
    """
    length = _length(raw[:6])
    declared, digits = length or (None, 0)
    begin = 2 + digits
    closed = _CLOSED.search(raw, begin)
    if closed:
        segment, checksum = raw[begin : closed.start() + 2], closed[1]
    else:
        segment, checksum = raw[begin:], b""
        end = begin + (declared or 0)
        if declared and _SUM.fullmatch(raw[end : end + 4]) and len(raw) == end + 4:
            segment, checksum = raw[begin:end], raw[end:]
    variant = matching_variant(segment, checksum.decode()) if len(checksum) == 4 else ""
    error = _error(declared, digits, len(segment), len(checksum), limit)
    return Frame(raw, segment, declared, checksum.decode(), error, variant, False, offset)


def _error(declared: int | None, digits: int, actual: int, sum_digits: int, limit: int) -> str:
    if declared is None or digits != 4:
        return BAD_LENGTH_FIELD
    if not sum_digits and actual < declared <= limit:
        return TRUNCATED
    if actual != declared or declared > limit:
        return BAD_LENGTH
    return BAD_CRC if sum_digits == 4 else NO_CRC
