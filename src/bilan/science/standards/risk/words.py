"""Tables of HJ 169 and HJ 941 as look-ups, and the substances with their thresholds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bilan.problems import BilanError, Problem, nearest
from bilan.science.tables import Row, rows_where, table

Q_BANDS = ((1.0, "Q<1"), (10.0, "1<=Q<10"), (100.0, "10<=Q<100"), (math.inf, "Q>=100"))
"""Upper bound, excluded → band as the tables write it."""


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance with its threshold quantity [t]."""

    name_zh: str
    name_en: str
    cas: str
    threshold: float
    source: str
    confidence: str


@cache
def substances() -> tuple[Substance, ...]:
    """Substances of HJ 169-2018 Annex B that have a threshold.

    Examples:
        >>> [entry.threshold for entry in substances() if entry.cas == "7782-50-5"]
        [1.0]
    """
    return tuple(
        Substance(row["name_zh"], row["name_en"], row["cas"], float(row["threshold_t"]), row["standard"], row["confidence"])
        for row in table("risk_substances")
        if row["threshold_t"]
    )


def find(text: str) -> Substance:
    """Substance by CAS number or name in either language.

    Raises:
        BilanError: not in the list; the problem names the nearest.

    Examples:
        >>> find("7664-41-7").name_zh, find("chlorine").threshold
        ('氨气', 1.0)
    """
    wanted = text.strip().casefold()
    names = {name.casefold(): entry for entry in reversed(substances()) for name in (entry.cas, entry.name_zh, entry.name_en) if name}
    if wanted not in names:
        raise BilanError(Problem("risk.unknown_substance", {"value": text, "nearest": nearest(wanted, names)}))
    return names[wanted]


@cache
def matrix(rule_set: str) -> Mapping[str, Row]:
    """Cells of one matrix by their key, such as ``E1|P2``."""
    return {row["rule_id"]: row for row in rows_where("risk_rules", rule_set=rule_set)}


def q_band(q: float) -> str:
    """Band of Q: below 1, 10, 100, or above.

    Examples:
        >>> q_band(0.99), q_band(1.0), q_band(100.0)
        ('Q<1', '1<=Q<10', 'Q>=100')
    """
    return next(band for upper, band in Q_BANDS if number(q, "Q") < upper)


def number(value: float, name: str) -> float:
    """The value when it is a finite number not below 0; else a problem that names it."""
    if not (math.isfinite(value) and value >= 0):
        raise BilanError(Problem("risk.bad_number", {"value": value, "name": name}))
    return float(value)


def choice(value: str, allowed: tuple[str, ...], name: str) -> str:
    """The value when it is one of these; else a problem that names them."""
    if value not in allowed:
        raise BilanError(Problem("risk.unknown_choice", {"value": value, "allowed": allowed, "name": name}))
    return value
