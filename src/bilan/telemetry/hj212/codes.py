"""Factor codes of the two generations: 2 or 3 characters in 2005, a letter and five digits since 2017."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bilan.telemetry.hj212.catalogue import table


class FactorCode(NamedTuple):
    """One factor in both generations.

    Attributes:
        code: code since 2017.
        old_code: code of 2005.
        name_zh, name_en: what it is.
        confidence: how sure the pair is: ``verified_2plus`` by two sources or more, ``verified_1`` by one.
        standard, table: where it stands.
    """

    code: str
    old_code: str
    name_zh: str
    name_en: str
    confidence: str
    standard: str
    table: str


@cache
def pairs() -> tuple[FactorCode, ...]:
    """Every factor that has a code in both generations.

    Reference: HJ/T 212-2005 annex B; HJ 212-2017 annex B.
    """
    return tuple(FactorCode(*(row[name] for name in FactorCode._fields)) for row in table("codes.csv"))


@cache
def _newer() -> dict[str, str]:
    return {pair.old_code: pair.code for pair in pairs()}


@cache
def _older() -> dict[str, str]:
    return {pair.code: pair.old_code for pair in pairs()}


def modern(code: str) -> str:
    """Translate a 2005 factor code to the code since 2017; any other code is given back.

    Examples:
        >>> modern("011"), modern("B02"), modern("w01018"), modern("Leq")
        ('w01018', 'a00000', 'w01018', 'Leq')
    """
    return _newer().get(code, code)


def old(code: str) -> str:
    """Translate a factor code to the one of 2005; a code without one is given back.

    Examples:
        >>> old("w01018"), old("a34004")
        ('011', 'a34004')
    """
    return _older().get(code, code)
