"""Codes of new entries, made by the rule that a register declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from bilan.pack.registers import Register
from bilan.registers.models import Entry, Serial

LONGEST = 80
_PART = re.compile(r"\{([a-z_][a-z0-9_]*)(?::(\d+))?\}")
PLAIN = re.compile(r"[^\s/?#%&\x00-\x1f][^/?#%&\x00-\x1f]*(?<!\s)\Z")
"""Codes stand in addresses: no slashes, question marks, control characters, and no blanks at either end."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def made(register: Register, values: Mapping[str, Any]) -> tuple[str, int, str]:
    """What stands before the serial, the serial's digits and what stands after, with every other placeholder filled.

    Digits are 0 when the pattern has no serial.
    """
    before, digits, after, seen = "", 0, "", False
    at = 0
    for match in _PART.finditer(register.code.pattern):
        literal = register.code.pattern[at : match.start()]
        at = match.end()
        name, width = match[1], match[2]
        if name == "serial":
            before, digits, seen = before + literal, int(width or 4), True
            continue
        text = literal + ("{check}" if name == "check" else _filled(name, values))
        before, after = (before, after + text) if seen else (before + text, after)
    rest = register.code.pattern[at:]
    return (before, digits, after + rest) if seen else (before + rest, 0, after)


def _filled(name: str, values: Mapping[str, Any]) -> str:
    if name == "adcode":
        return str(settings.CITY.adcode)
    if name == "year":
        return str(timezone.localdate().year)
    if name == "district":
        return str(values.get("district") or settings.CITY.adcode)
    return re.sub(r"[^0-9A-Za-z.-]", "", str(values.get(name) or ""))


def finished(before: str, serial: str, after: str) -> str:
    """The whole code, with its check character where the pattern wants one."""
    code = before + serial + after
    at = code.find("{check}")
    return code if at < 0 else code[:at] + check_character(code[:at]) + code[at + len("{check}") :]


def check_character(text: str) -> str:
    """Check character by ISO 7064 MOD 37,36 over the letters and digits of `text`.

    References:
        ISO/IEC 7064:2003, hybrid system MOD 37,36.

    Examples:
        >>> check_character("A12425GABC1234002")
        'M'
    """
    product = 36
    for character in text.upper():
        if character in _ALPHABET:
            total = (product + _ALPHABET.index(character)) % 36 or 36
            product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def fits(register: Register, code: str) -> bool:
    """Whether a code that a person gives is one of the register's."""
    return bool(PLAIN.match(code)) and (not register.code.matches or re.fullmatch(register.code.matches, code) is not None)


class Numbering:
    """Gives codes to the new entries of one batch; serials are taken in one step each, so two writers never get the same."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._next: dict[str, int] = {}
        self._taken: dict[str, set[str]] = {}

    def code(self, values: Mapping[str, Any]) -> str:
        """The next code for an entry with these values; empty when the register's codes are given by people."""
        if not self._register.code.pattern:
            return ""
        before, digits, after = made(self._register, values)
        if not digits:
            return finished(before, "", after)
        while True:
            number = self._next[before] = self._last(before) + 1
            code = finished(before, str(number).zfill(digits), after)
            if code not in self._given(before):
                return code

    def taken(self, code: str) -> bool:
        """Whether a code that the rule gave without a serial belongs to an entry already."""
        return Entry.objects.filter(register=self._register.name, code=code).exists()

    def keep(self) -> None:
        """Remember the last serial of every beginning; call it inside the writing transaction."""
        for prefix, last in self._next.items():
            Serial.objects.update_or_create(register=self._register.name, prefix=prefix, defaults={"last": last})

    def _given(self, prefix: str) -> set[str]:
        """Codes with this beginning that were given by other means than the rule."""
        if prefix not in self._taken:
            standing = Entry.objects.filter(register=self._register.name, code__startswith=prefix)
            self._taken[prefix] = set(standing.values_list("code", flat=True))
        return self._taken[prefix]

    def _last(self, prefix: str) -> int:
        if prefix not in self._next:
            kept = Serial.objects.select_for_update().filter(register=self._register.name, prefix=prefix).first()
            self._next[prefix] = kept.last if kept else 0
        return self._next[prefix]
