"""Texts: trimmed, free of what cannot be stored or seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from bilan.pack.registers.values.refused import Refused

LINE, LONG = 1_000, 50_000
"""Characters a text of one line, and one of several lines, may have."""
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
_BLANKS = re.compile(r"[\s\u3000]+")
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "\\", "无数据", "n/a", "N/A", "#N/A", "null", "NULL", "None", "nan", "NaN"})
EMPTY = _EMPTY
"""What people write into a cell that has nothing to say."""


def plain(text: str) -> str:
    """Bring signs to their plain form: full-width digits and letters, compatibility characters.

    Examples:
        >>> plain("１２．５㎡ ")
        '12.5m2'
    """
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def written(value: Any) -> str:
    """The text of a value that should be one; numbers from spreadsheets become their digits.

    Raises:
        Refused: it is a list, a mapping or something else that is no text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("entry.not_text", value)
    if value != value:  # noqa: PLR0124 - an empty cell of a data frame
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if abs(value) > 1e30:
        raise Refused("entry.not_text", value)
    return str(value)


def read_line(value: Any) -> str:
    """A text of one line, blanks joined to one.

    Raises:
        Refused: it is no text, or too long.

    Examples:
        >>> read_line("  某某  有限公司\\u3000 ")
        '某某 有限公司'
    """
    text = written(value)
    if not text.isprintable() or "  " in text:
        text = _BLANKS.sub(" ", _UNSEEN.sub("", _BLANKS.sub(" ", text)))
    text = text.strip()
    if len(text) > LINE:
        raise Refused("entry.too_long", text, length=len(text), allowed=LINE)
    return text


def read_long(value: Any) -> str:
    """A text of several lines.

    Raises:
        Refused: it is no text, or too long.
    """
    text = _UNSEEN.sub("", written(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > LONG:
        raise Refused("entry.too_long", text, length=len(text), allowed=LONG)
    return text
