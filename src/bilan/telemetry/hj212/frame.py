"""One telegram as it came off the wire, and the names of what can be wrong with it."""

from __future__ import annotations

from typing import NamedTuple

from bilan.telemetry.hj212.crc import STANDARD, VARIANTS, checksum

BAD_CRC = "bad_crc"
BAD_LENGTH = "bad_length"
BAD_LENGTH_FIELD = "bad_length_field"
NO_CRC = "no_crc"
TRUNCATED = "truncated"
NO_HEADER = "no_header"
ERRORS = (BAD_CRC, BAD_LENGTH, BAD_LENGTH_FIELD, NO_CRC, TRUNCATED, NO_HEADER)
"""Every way a frame can be wrong."""

LONGEST = 9999
"""Largest length that four digits can declare [bytes]."""


class Frame(NamedTuple):
    """One telegram cut out of the stream, right or wrong.

    Attributes:
        raw: the bytes from ``##`` to the check sum, without the line end; of garbage, its first bytes.
        segment: the data segment; of an encrypted telegram, decrypted.
        declared: the length field as a number; None when there is none.
        checksum: the check sum as received; empty when there is none.
        error: one of `ERRORS`; empty for a right frame.
        variant: which check sum fits (`crc.VARIANTS`); empty when none does.
        encrypted: whether the segment had to be decrypted.
        offset: position of the first byte in the stream.
    """

    raw: bytes
    segment: bytes
    declared: int | None
    checksum: str
    error: str = ""
    variant: str = STANDARD
    encrypted: bool = False
    offset: int = 0

    def sums_as(self, variant: str) -> bool:
        """Whether the check sum is right when reckoned in the way of `variant`.

        Two ways can give the same four digits, so `variant` need not be the only one that fits.

        Examples:
            >>> twice = Frame(b"", b"33", 2, "5555", BAD_CRC, "modbus")
            >>> [checksum(b"33", way) for way in ("modbus", "modbus-swapped")], twice.sums_as("modbus-swapped")
            (['5555', '5555'], True)
        """
        return self.variant == variant or (variant in VARIANTS and checksum(self.segment, variant) == self.checksum.upper())

    @property
    def readable(self) -> bool:
        """Whether the standard check sum vouches for the segment, although the frame may be wrong in form.

        Examples:
            >>> Frame(b"##00FFFF", b"", 0, "FFFF", BAD_LENGTH_FIELD).readable
            True
        """
        return self.variant == STANDARD
