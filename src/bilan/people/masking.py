"""Personal data as those see it who may not read it: enough to recognise, too little to use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STAR = "*"
KINDS = ("name", "phone", "id", "email", "person")


def mask(value: Any, kind: str) -> Any:
    """Hide most of a piece of personal data.

    Parameters:
        value: text; for ``person`` a mapping with ``name`` and ``phone``, or a list of such.
        kind: ``name`` (the first character stays), ``phone`` (of eleven digits the first three and the last four stay, of others the last
            two), ``id`` (the first three and the last two of an identity card), ``email`` (the first character and the domain), ``person``.

    Returns:
        The same form with stars; empty values stay empty, and whatever is of no known form is hidden altogether.

    Examples:
        >>> mask("张三丰", "name"), mask("13812345678", "phone"), mask("35058219900101123X", "id")
        ('张**', '138****5678', '350*************3X')
        >>> mask({"name": "李四", "phone": "0595-22345678"}, "person")
        {'name': '李**', 'phone': '***********78'}
        >>> mask("wang@example.org", "email")
        'w***@example.org'
    """
    if value is None or value in ("", [], {}):
        return value
    if isinstance(value, list):
        return [mask(entry, kind) for entry in value]
    if kind == "person" and isinstance(value, Mapping):
        return {key: mask(entry, key if key in KINDS else "") for key, entry in value.items()}
    return _RULES.get(kind, _hidden)(str(value).strip())


def _hidden(_text: str) -> str:
    return STAR * 3


def _name(text: str) -> str:
    return text[:1] + STAR * 2


def _phone(text: str) -> str:
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) == 11 and digits.isascii() and digits.isdigit() and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return _ends(text, 0, 2) if len(text) >= 7 else _hidden(text)


def _id(text: str) -> str:
    return _ends(text, 3, 2) if len(text) >= 10 else _hidden(text)


def _email(text: str) -> str:
    name, at, domain = text.rpartition("@")
    return f"{name[:1]}***@{domain}" if at and name else _hidden(text)


def _ends(text: str, first: int, last: int) -> str:
    return text[:first] + STAR * (len(text) - first - last) + text[len(text) - last :]


_RULES = {"name": _name, "phone": _phone, "id": _id, "email": _email, "person": _name}
