"""Encrypted bytes written out as ``{0xE4,0x3E,…}``, the way the 2025 standard prints them and some devices send them."""

from __future__ import annotations

import re

OPENING = b"CP=&&{0x"
_BLOCK = 16
_BYTE = re.compile(rb"\s*0[xX]([0-9A-Fa-f]{2})\s*")


def unfold(data: bytes, begin: int, declared: int) -> tuple[bytes, int] | int:
    """Read a segment whose cipher bytes are written out, as the raw bytes that its length field counts.

    Args:
        data: the bytes at hand.
        begin: where the segment begins.
        declared: its length with raw cipher bytes.

    Returns:
        The raw segment and the position behind the written one; or how long `data` must be to know; or 0 when
        it is not that form.

    Reference: HJ 212-2025, encryption examples.

    Examples:
        >>> written = b"CP=&&{" + b",".join([b"0x41"] * 16) + b"}xyz&&"
        >>> unfold(written + b"0000", 0, 26)
        (b'CP=&&AAAAAAAAAAAAAAAAxyz&&', 91)
    """
    opening = data.index(OPENING, begin) + 5
    plain_length = declared - (opening - begin) - 2
    cipher_length, remainder = plain_length // _BLOCK * _BLOCK, plain_length % _BLOCK
    furthest = opening + 8 * cipher_length + 2
    closing = data.find(b"}", opening, furthest)
    if data.find(b"#", opening, furthest if closing < 0 else closing) >= 0:
        return 0
    if closing < 0:
        return len(data) + 1 if len(data) < furthest else 0
    end = closing + 1 + remainder + 2
    if len(data) < end + 4:
        return end + 4
    written = [_BYTE.fullmatch(item) for item in data[opening + 1 : closing].split(b",")]
    cipher = bytes(int(item[1], 16) for item in written if item)
    if len(cipher) != cipher_length or len(written) != cipher_length:
        return 0
    return data[begin:opening] + cipher + data[closing + 1 : end], end
