"""Units of declared fields: how they are shown, and under which spellings they are known."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from bilan.pack.loader import base, read_csv

_IGNORED = re.compile(r"[\s·⋅.()（）\[\]]+")
_POWERS = (("m3", "m³"), ("m2", "m²"), ("ug/", "µg/"))


@cache
def _spellings() -> dict[str, str]:
    known: dict[str, str] = {}
    for row in read_csv(base("vocab", "units.csv"), ("unit", "symbol", "zh", "spellings")):
        for text in (row["unit"], row["symbol"], row["zh"], *row["spellings"].split("|")):
            if text:
                known.setdefault(_plain(text), row["unit"])
    return known


@cache
def _symbols() -> dict[str, str]:
    return {row["unit"]: row["symbol"] for row in read_csv(base("vocab", "units.csv"), ("unit", "symbol"))}


def _plain(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).replace("μ", "u").casefold()


def unit_symbol(unit: str) -> str:
    """A unit as it stands on screen.

    Examples:
        >>> unit_symbol("m3/d"), unit_symbol("10kCNY"), unit_symbol("km2/a")
        ('m³/d', '万元', 'km²/a')
    """
    found = _symbols().get(unit)
    if found is None:
        found = unit
        for written, shown in _POWERS:
            found = found.replace(written, shown)
    return found


@lru_cache(maxsize=4096)
def same_unit(text: str, unit: str) -> bool:
    """Whether a text is a spelling of a unit.

    Examples:
        >>> same_unit("立方米/天", "m3/d"), same_unit("kg", "t")
        (True, False)
    """
    plain, expected = _plain(text), _plain(unit)
    return plain == expected or _spellings().get(plain, "?") == _spellings().get(expected, expected)
