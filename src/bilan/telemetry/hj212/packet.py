"""What one telegram says: header fields, plain fields of the data area, and values by factor and tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bilan.problems import Problem

EDITIONS = ("2005", "2017", "2025")
"""Editions of the standard in the order of their version number in Flag."""

ACKNOWLEDGE = 0b01
SPLIT = 0b10


def flag_bits(edition: str, *, acknowledge: bool = False, split: bool = False) -> int:
    """Compose the number of the Flag field.

    Args:
        edition: ``2005``, ``2017`` or ``2025``.
        acknowledge: an answer is wanted.
        split: the telegram carries PNUM and PNO.

    Reference: HJ 212-2017 6.3.2 table 3.

    Examples:
        >>> flag_bits("2017", acknowledge=True), flag_bits("2025", split=True), flag_bits("2005")
        (5, 10, 0)
    """
    return EDITIONS.index(edition) << 2 | (SPLIT if split else 0) | (ACKNOWLEDGE if acknowledge else 0)


def flag_number(text: str) -> int | None:
    """Read the Flag field; None when it is absent or no number from 0 to 255.

    Examples:
        >>> flag_number("5"), flag_number(""), flag_number("N"), flag_number("256")
        (5, None, None, None)
    """
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 256
    return number if number <= 255 else None


def edition_of(flag: int | None) -> str:
    """Edition that a Flag hints at; an unknown version number counts as the newest. Stations of ST 21 have sent 8 and 9 since 2020.

    Examples:
        >>> edition_of(None), edition_of(5), edition_of(8), edition_of(60)
        ('2005', '2017', '2025', '2025')
    """
    return EDITIONS[min((flag or 0) >> 2, len(EDITIONS) - 1)]


@dataclass(frozen=True, slots=True)
class Packet:
    """One telegram, every value as the text that was sent.

    Attributes:
        qn: request number ``YYYYMMDDhhmmsszzz``; empty when absent, as all header texts.
        st, cn, pw, mn: system code, command code, password, identity of the logger.
        flag: the Flag field.
        pnum, pno: number of parts and number of this part.
        rf: ``1`` marks a supplementary upload.
        fields: plain fields of the data area.
        values: factor → tag → text; a key is split at its first dash.
        extra: header fields that no edition knows.
        problems: what deviated and was tolerated; not part of equality.
    """

    qn: str = ""
    st: str = ""
    cn: str = ""
    pw: str = ""
    mn: str = ""
    flag: str = ""
    pnum: str = ""
    pno: str = ""
    rf: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def flag_number(self) -> int | None:
        """Flag as a number; None when absent or unreadable."""
        return flag_number(self.flag)

    @property
    def edition(self) -> str:
        """Edition that Flag hints at; what the device is registered for decides."""
        return edition_of(self.flag_number)

    @property
    def wants_answer(self) -> bool:
        """Whether the sender wants an answer."""
        return bool((self.flag_number or 0) & ACKNOWLEDGE)

    @property
    def is_part(self) -> bool:
        """Whether this is one part of several: it carries readable part numbers, whatever Flag says."""
        return self.pnum.isdigit() and self.pno.isdigit() and int(self.pnum) > 1

    @property
    def data_time(self) -> str:
        """DataTime as sent; empty when absent."""
        return self.fields.get("DataTime", "")
