"""Values with parts: persons, codes of other things, attachments, addresses, parameters with their limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bilan.pack.registers.values.checks import phone
from bilan.pack.registers.values.numbers import read_number
from bilan.pack.registers.values.refused import Refused
from bilan.pack.registers.values.texts import plain, read_line, written
from bilan.pack.vocab import by_alias, vocabulary

_CODE = re.compile(r"[^\s,;，；、]{1,64}")
_DISTRICT = re.compile(r"\d{6}(?:\d{3}){0,2}")
_SCHEMES = ("http://", "https://", "rtsp://", "rtsps://", "rtmp://", "rtmps://", "ftp://", "gb28181:", "/")
_NAMED_PHONE = re.compile(r"(.*?)[\s,，;；:：(（]*(\+?\d[\d\s/、,-]{4,60})[)）]?", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LIMIT = re.compile(r"(.+?)\s*(?:≤|<=|<|≦|:|：|=|\s)\s*(\d+(?:\.\d+)?)\s*([^\d\s].*)?")


def read_code(value: Any) -> str:
    """Code of an entry or an organisation.

    Raises:
        Refused: no code.
    """
    text = plain(written(value))
    if not _CODE.fullmatch(text) or text != read_line(text):
        raise Refused("entry.not_code", value)
    return text


def read_district(value: Any) -> str:
    """An administrative code; zeros that only fill up are taken off.

    Raises:
        Refused: no administrative code.

    Examples:
        >>> read_district(350503), read_district("350503000000"), read_district("350503001000")
        ('350503', '350503', '350503001')
    """
    text = plain(written(value))
    if not _DISTRICT.fullmatch(text) or not text.isascii():
        raise Refused("entry.not_district", value)
    while len(text) > 6 and text.endswith("000"):
        text = text[:-3]
    return text


def read_person(value: Any) -> dict[str, str]:
    """A name with a telephone number.

    Raises:
        Refused: neither, or the number is none.

    Examples:
        >>> read_person("某人 13800000000")
        {'name': '某人', 'phone': '13800000000'}
    """
    if isinstance(value, Mapping):
        name, number = value.get("name") or "", value.get("phone") or ""
    else:
        text = plain(written(value))
        found = _NAMED_PHONE.fullmatch(text[:400])
        name, number = (found[1], found[2]) if found else (text, "")
    name, number = read_line(name), read_line(number)
    if not name and not number:
        raise Refused("entry.not_person", value)
    return {"name": name[:100], "phone": phone(number) if number else ""}


def read_url(value: Any) -> str:
    """An address of a stream or document; schemes that run code are not taken.

    Raises:
        Refused: no address.
    """
    text = read_line(value)
    if not text.lower().startswith(_SCHEMES) or text.startswith("//") or " " in text:
        raise Refused("entry.not_url", value, allowed="http, https, rtsp, rtmp, ftp, gb28181")
    return text


def read_attachment(value: Any) -> dict[str, Any]:
    """Reference to a stored file.

    Raises:
        Refused: not ``{"id", "name", "digest", "mime", "size"}``.
    """
    if not isinstance(value, Mapping):
        raise Refused("entry.not_attachment", value)
    number, size, digest = value.get("id"), value.get("size"), value.get("digest")
    name, mime = value.get("name"), value.get("mime")
    whole = all(type(part) is int and 0 <= part < 2**53 for part in (number, size))
    if not whole or not isinstance(name, str) or not isinstance(mime, str) or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise Refused("entry.not_attachment", value)
    return {"id": number, "name": read_line(name), "digest": digest, "mime": read_line(mime), "size": size}


def read_parameter(value: Any) -> dict[str, Any]:
    """A monitored parameter with its limit, unit and clause.

    Raises:
        Refused: the parameter is not known, or the limit is no number.

    Examples:
        >>> read_parameter("氨氮≤5mg/L")
        {'parameter': 'w21003', 'limit': 5.0, 'unit': 'mg/L', 'clause': ''}
    """
    if isinstance(value, Mapping):
        name, limit = value.get("parameter", ""), value.get("limit")
        unit, clause = read_line(value.get("unit") or ""), read_line(value.get("clause") or "")
    else:
        name, limit, unit, clause = read_line(value), None, "", ""
        if by_alias(name) is None and (found := _LIMIT.fullmatch(plain(name))):
            name, limit, unit = found[1], found[2], found[3] or ""
    media = ("water",) if unit.casefold().endswith("/l") else ("flue", "air") if unit.casefold().endswith("m3") else ()
    known = by_alias(read_line(name), media) if name else None
    if known is None:
        raise Refused("entry.unknown_parameter", name, nearest=vocabulary().nearest(str(name)[:100]))
    kept = None if limit in (None, "") else read_number(limit, unit)
    return {"parameter": known.code, "limit": kept, "unit": unit, "clause": clause}
