"""Reading a data segment: everything that can be understood is, and what deviates is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bilan.problems import Problem
from bilan.telemetry.hj212.packet import Packet
from bilan.telemetry.hj212.text import canonical_charset, decode

HEADER = {"QN": "qn", "ST": "st", "CN": "cn", "PW": "pw", "MN": "mn", "FLAG": "flag", "PNUM": "pnum", "PNO": "pno", "RF": "rf"}
"""Header field in upper case → attribute of `Packet`."""

NEEDED = ("ST", "CN", "MN")
_CLOSING = b"&&"
_LOG = b"=//"
_ITEM = re.compile(rb"[^,;=]*(?:=\s*(?://.*?//\s*(?=[,;]|\Z)|[^,;]*))?", re.DOTALL)


def parse(segment: bytes, charset: str = "utf-8") -> Packet:
    """Read a data segment.

    Never fails: what cannot be read is left out and said in ``problems``.

    Args:
        segment: the bytes between the length field and the check sum, decrypted.
        charset: what the device writes text in, ``utf-8`` or ``gbk``; the other is tried when it does not fit.

    Returns:
        The packet.

    Reference: HJ 212-2017 6.3, 6.4; HJ 212-2025.

    Examples:
        >>> packet = parse(b"ST=32;CN=2011;PW=123456;MN=A1;Flag=5;CP=&&DataTime=20260301101500;w01018-Rtd=31.5,w01018-Flag=N&&")
        >>> packet.mn, packet.edition, packet.wants_answer, packet.data_time
        ('A1', '2017', True, '20260301101500')
        >>> packet.values
        {'w01018': {'Rtd': '31.5', 'Flag': 'N'}}
        >>> [problem.code for problem in parse(b"ST=32;CN=2011;CP=&&a34004-Rtd=1;a34004-Rtd=2;;x&&").problems]
        ['hj212.missing_field', 'hj212.duplicate', 'hj212.no_value']
    """
    problems: list[Problem] = []
    head, area = divide(segment, problems)
    header, extra = _header(head, problems)
    fields: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for key, value in _items(area, canonical_charset(charset), problems):
        factor, dash, tag = key.partition("-")
        if dash and factor and tag:
            target, name = values.setdefault(factor, {}), tag
        else:
            target, name = fields, key
            if dash:
                problems.append(_problem("bad_key", key=key))
        if name in target:
            problems.append(_problem("duplicate", key=key, value=value, before=target[name]))
        target[name] = value
    return Packet(**header, fields=fields, values=values, extra=extra, problems=tuple(problems))


def divide(segment: bytes, problems: list[Problem]) -> tuple[bytes, bytes]:
    """Cut a segment into its header and its data area, without ``CP=`` and ``&&``.

    Args:
        segment: the data segment.
        problems: where a missing mark is reported.

    Examples:
        >>> divide(b"ST=32;CP=&&a=1&&", [])
        (b'ST=32;', b'a=1')
    """
    head, found, area = segment.partition(b"CP=&&")
    if not found:
        head, found, area = segment.partition(b"CP=")
        problems.append(_problem("no_opening" if found else "no_area"))
    stripped = area.rstrip()
    if stripped.endswith(_CLOSING):
        return head, stripped[:-2]
    if found:
        problems.append(_problem("no_closing"))
    return head, area


def _header(head: bytes, problems: list[Problem]) -> tuple[dict[str, str], dict[str, str]]:
    text, fitted = decode(head)
    if fitted != "utf-8":
        problems.append(_problem("undecodable" if not fitted else "charset", key="header", value=text, charset=fitted))
    header: dict[str, str] = {}
    extra: dict[str, str] = {}
    if "," in text:
        problems.append(_problem("comma_in_header"))
    for item in text.replace(",", ";").split(";"):
        name, equals, value = (part.strip() for part in item.partition("="))
        if not name and not equals:
            continue
        attribute = HEADER.get(name.upper())
        target, key = (header, attribute) if attribute else (extra, name)
        if not equals:
            problems.append(_problem("no_value", key=name))
        else:
            if key in target:
                problems.append(_problem("duplicate", key=name, value=value, before=target[key]))
            target[key] = value
    problems += [_problem("missing_field", key=name) for name in NEEDED if HEADER[name] not in header]
    return header, extra


def _items(area: bytes, charset: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Every ``key=value`` of the data area; grouping by ``;`` and ``,`` has no meaning of its own."""
    for raw in _split(area):
        if not raw.strip():
            continue
        item, fitted = (raw.decode("ascii"), charset) if raw.isascii() else decode(raw, charset)
        key, equals, value = item.partition("=")
        key = key.strip()
        if fitted != charset:
            problems.append(_problem("charset" if fitted else "undecodable", key=key, value=value, charset=fitted))
        if not equals:
            problems.append(_problem("no_value", key=key))
        elif not key:
            problems.append(_problem("bad_key", key=item))
        else:
            yield key, value.strip()


def _split(area: bytes) -> list[bytes]:
    if _LOG not in area.replace(b" ", b""):
        return area.replace(b",", b";").split(b";")
    # A log text stands between // and //, and may hold the separators.
    return [found[0] for found in _ITEM.finditer(area)]


def _problem(code: str, **values: Any) -> Problem:
    return Problem(f"hj212.{code}", values)
