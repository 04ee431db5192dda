"""The check sum of HJ 212, and the two Modbus sums that some devices send in its place."""

from __future__ import annotations

from functools import cache

STANDARD = "standard"
MODBUS = "modbus"
MODBUS_SWAPPED = "modbus-swapped"
VARIANTS = (STANDARD, MODBUS, MODBUS_SWAPPED)
"""Every sum a telegram may carry: the standard one, Modbus high byte first, Modbus low byte first."""


def _shifted(register: int) -> int:
    for _ in range(8):
        register = (register >> 1) ^ (0xA001 if register & 1 else 0)
    return register


def _distance_tables() -> list[tuple[int, ...]]:
    """What a byte adds to the sum when j bytes follow it, for j = 0 to 7; after eight bytes the tables repeat."""
    linear = [_shifted(byte) >> 8 for byte in range(256)]
    tables = [tuple(_shifted(byte) for byte in range(256))]
    for _ in range(7):
        nearer = tables[-1]
        tables.append(tuple(nearer[linear[byte]] for byte in range(256)))
    return tables


WRITTEN = {0xFFFF: b"FFFF"} | {_shifted(byte): b"%04X" % _shifted(byte) for byte in range(256)}
"""Every value that `crc16` can take, as a telegram writes it: there are only 256, and FFFF for an empty segment."""

POSSIBLE = frozenset(WRITTEN.values())
"""The four digits that can be a check sum at all."""

_MODBUS = tuple(_shifted(byte) for byte in range(256))
_C0, _C1, _C2, _C3, _C4, _C5, _C6, _C7 = _distance_tables()


@cache
def _folds(words: int) -> tuple[tuple[int, int], ...]:
    """Shifts and masks that halve a number of so many eight-byte words again and again down to one."""
    if words <= 1:
        return ()
    half = (words + 1) // 2
    return ((64 * half, _mask(half)), *_folds(half))


@cache
def _mask(words: int) -> int:
    return (1 << (64 * words)) - 1


def crc16(segment: bytes) -> int:
    """Compute the check sum that the standard prescribes.

    The sum of a byte depends only on its distance from the end modulo eight, so the segment is folded to eight bytes
    with whole-number exclusive-or and looked up byte by byte.

    Args:
        segment: the data segment, from after the length field to the closing ``&&``.

    Returns:
        The sum, 0 to 65535.

    Reference: HJ 212-2017 annex A; HJ 212-2025 annex A.

    Examples:
        >>> f"{crc16(b'123456789'):04X}"
        '2F80'
        >>> f"{crc16(b''):04X}"
        'FFFF'
    """
    length = len(segment)
    if not length:
        return 0xFFFF
    number = int.from_bytes(segment, "big") ^ (0xFF << (8 * length - 8))
    for shift, mask in _folds((length + 7) >> 3):
        number = (number >> shift) ^ (number & mask)
    a, b, c, d, e, f, g, h = number.to_bytes(8, "big")
    return _C7[a] ^ _C6[b] ^ _C5[c] ^ _C4[d] ^ _C3[e] ^ _C2[f] ^ _C1[g] ^ _C0[h]


def crc16_modbus(segment: bytes) -> int:
    """Compute CRC-16/MODBUS, which some devices send by mistake.

    Args:
        segment: the data segment.

    Returns:
        The sum, 0 to 65535, to be printed high byte first.

    Examples:
        >>> f"{crc16_modbus(b'123456789'):04X}"
        '4B37'
    """
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ _MODBUS[(register ^ byte) & 0xFF]
    return register


def checksum(segment: bytes, variant: str = STANDARD) -> str:
    """Write the check sum of a segment as the four digits a telegram carries.

    Args:
        segment: the data segment.
        variant: one of `VARIANTS`.

    Examples:
        >>> [checksum(b"123456789", variant) for variant in VARIANTS]
        ['2F80', '4B37', '374B']
    """
    if variant == STANDARD:
        return f"{crc16(segment):04X}"
    high_first = f"{crc16_modbus(segment):04X}"
    return high_first if variant == MODBUS else high_first[2:] + high_first[:2]


def matching_variant(segment: bytes, declared: str) -> str:
    """Find which check sum the four digits are.

    Args:
        segment: the data segment.
        declared: the digits as received, either case.

    Returns:
        One of `VARIANTS`, or empty when none fits.

    Examples:
        >>> matching_variant(b"123456789", "374b")
        'modbus-swapped'
        >>> matching_variant(b"123456789", "0000")
        ''
    """
    digits = declared.upper()
    return next((variant for variant in VARIANTS if checksum(segment, variant) == digits), "")
