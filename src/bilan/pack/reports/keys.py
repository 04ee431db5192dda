"""Numbers, tables and charts that an outline may name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bilan.pack.loader import base, read_csv
from bilan.pack.registers.words import Bilingual

FOLDER = "reports"
MODIFIERS = ("before", "change")
"""Of numbers that are compared: the value of a year earlier, and the change since."""
INDICATOR = "indicator."
OF_INDICATOR = ("", "target", "gap", "before", "change", "odds")
"""What can be said of any indicator, after its name; the first is its value."""
WORDS = frozenset({"period", "city", "bureau", "today", "year", "plan"})
"""What stands in braces and is no number."""
OF_EACH = frozenset({"recipient", "leader"})
"""What may stand in braces of an outline that is written once for each department or district: whom it is for, who leads them."""
PLACE = re.compile(r"\{([^{}]*)\}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class NumberKey:
    """A number that texts may name.

    Attributes:
        unit: as data write it; `suffix`: as running text says it.
        compared: how a change is told: ``points``, ``count``, ``percent``; empty for numbers that are not compared.
    """

    key: str
    title: Bilingual
    unit: str
    suffix: Bilingual
    decimals: int
    compared: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A table or a chart."""

    kind: str
    name: str
    title: Bilingual


@cache
def number_keys() -> dict[str, NumberKey]:
    """Every number of ``numbers.csv`` by its key."""
    rows = read_csv(base(FOLDER, "numbers.csv"), ("key", "zh", "en", "unit", "suffix_zh", "suffix_en", "decimals", "compared"))
    return {
        row["key"]: NumberKey(
            row["key"],
            Bilingual(row["zh"], row["en"]),
            row["unit"],
            Bilingual(row["suffix_zh"], row["suffix_en"]),
            int(row["decimals"] or 0),
            row["compared"],
        )
        for row in rows
    }


@cache
def pieces() -> dict[tuple[str, str], Piece]:
    """Every table and chart of ``pieces.csv`` by kind and name."""
    rows = read_csv(base(FOLDER, "pieces.csv"), ("kind", "name", "zh", "en"))
    return {(row["kind"], row["name"]): Piece(row["kind"], row["name"], Bilingual(row["zh"], row["en"])) for row in rows}


@cache
def known_keys() -> tuple[str, ...]:
    """Every key of ``numbers.csv`` with what may follow it."""
    return tuple(name for key, entry in number_keys().items() for name in (key, *(f"{key}.{end}" for end in MODIFIERS if entry.compared)))


def named(text: str) -> Iterator[str]:
    """What stands in braces in a text.

    Examples:
        >>> list(named("全市优良天数{air.good}天"))
        ['air.good']
    """
    for match in PLACE.finditer(text):
        yield match.group(1)


def is_known(key: str) -> bool:
    """Whether a key names a number, or may name one of an indicator.

    Examples:
        >>> is_known("air.pm25.change"), is_known("indicator.good-days.target"), is_known("air.pm52")
        (True, True, False)
    """
    if key.startswith(INDICATOR):
        name, _, end = key.removeprefix(INDICATOR).partition(".")
        return bool(_SLUG.match(name)) and end in OF_INDICATOR
    return key in known_keys()
