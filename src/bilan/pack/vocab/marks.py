"""Data marks that devices set beside a value, and whether the value counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bilan.pack.loader import base, read_csv

_SCOPES = {"air": ("all", "air"), "source_gas": ("all", "source"), "source_water": ("all", "source")}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of one edition of a standard.

    Attributes:
        medium: where it applies: `all`, `air`, `source`, or `flue` for the hourly states of HJ 75 and HJ 76.
        counts_as_valid: whether a value with this mark enters averages and judgements.
    """

    standard: str
    edition: str
    medium: str
    code: str
    zh: str
    en: str
    counts_as_valid: bool
    clause: str
    confidence: str


@cache
def marks() -> tuple[Mark, ...]:
    """Every mark of the base pack."""
    rows = read_csv(base("quality", "marks.csv"), tuple(Mark.__dataclass_fields__))
    return tuple(Mark(**{**row, "counts_as_valid": row["counts_as_valid"] == "yes"}) for row in rows)  # type: ignore[arg-type]


@cache
def valid_marks(network: str) -> frozenset[str]:
    """Marks whose values count in a network, over all editions of HJ 212.

    Examples:
        >>> sorted(valid_marks("surface_water"))
        ['N']
    """
    scopes = _SCOPES.get(network, ("all",))
    return frozenset(mark.code for mark in marks() if mark.counts_as_valid and mark.medium in scopes)
