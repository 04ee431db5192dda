"""Text in the data area: UTF-8, GBK from old loggers, and bytes that are neither."""

from __future__ import annotations

import math

_ALSO = {"utf-8": "gb18030", "gb18030": "utf-8"}


def canonical_charset(name: str) -> str:
    """Name the codec that reads a device's character set; GBK and GB 2312 are read by their superset.

    Raises:
        LookupError: no codec has that name.

    Examples:
        >>> canonical_charset("GBK"), canonical_charset("utf8")
        ('gb18030', 'utf-8')
    """
    lower = name.lower().replace("_", "-")
    if lower in ("gbk", "gb2312", "gb18030"):
        return "gb18030"
    if lower in ("utf-8", "utf8"):
        return "utf-8"
    raise LookupError(name)


def decode(raw: bytes, charset: str = "utf-8") -> tuple[str, str]:
    """Decode bytes by the expected character set, else by the other one, else keep the undecodable bytes as surrogates.

    Args:
        raw: the bytes.
        charset: ``utf-8`` or ``gb18030``.

    Returns:
        The text, and the character set that fitted; empty when none did.

    Examples:
        >>> decode("清洗".encode("gbk"))
        ('清洗', 'gb18030')
        >>> text, fitted = decode(b"ok\\xff\\xff")
        >>> text.encode("utf-8", "surrogateescape"), fitted
        (b'ok\\xff\\xff', '')
    """
    for candidate in (charset, _ALSO[charset]):
        try:
            return raw.decode(candidate), candidate
        except UnicodeDecodeError:
            continue
    return raw.decode("ascii", "surrogateescape"), ""


def number(text: str) -> float | None:
    """Read a number as the protocol writes them; None for anything else, NaN, infinity, hexadecimal and ``1_000`` included.

    Args:
        text: decimal text; an exponent and blanks around it are tolerated.

    Examples:
        >>> number("12.50"), number(" -3 "), number("1e3")
        (12.5, -3.0, 1000.0)
        >>> [number(text) for text in ("", "nan", "1e999", "0x1F", "1_000", "12,5", "１２")]
        [None, None, None, None, None, None, None]
    """
    if "_" in text or not text.isascii():
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
