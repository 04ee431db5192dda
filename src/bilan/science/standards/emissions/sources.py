"""What kinds of sources the emission standards know, and the conditions that choose between their limits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bilan.problems import BilanError, Problem, nearest
from bilan.science.tables import table


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of source.

    Attributes:
        key: short name, e.g. ``gb13223-coal``.
        medium: ``gas`` (a stack), ``wastewater`` or ``boundary`` (air around a plant).
    """

    key: str
    medium: str
    name_zh: str
    name_en: str

    def name(self, language: str = "zh-hans") -> str:
        """Name in `language`."""
        return self.name_en if language == "en" else self.name_zh


@cache
def sources(medium: str | None = None) -> dict[str, Source]:
    """Kinds of sources by key, those of one medium or all.

    Examples:
        >>> sources("wastewater")["gb18918-1a"].name_en
        'municipal sewage plant class 1A'
    """
    rows = table("emission_sources")
    return {
        row["group"]: Source(row["group"], row["medium"], row["name_zh"], row["name_en"])
        for row in rows
        if medium is None or row["medium"] == medium
    }


@cache
def conditions() -> dict[str, tuple[str, str]]:
    """Conditions that choose between alternative limits: key → name in Chinese and English."""
    return {row["condition"]: (row["name_zh"], row["name_en"]) for row in table("emission_conditions")}


def known_source(key: str) -> Source:
    """Source by its key.

    Raises:
        BilanError: no such key; the problem names the nearest one.

    Examples:
        >>> known_source("gb18485").medium
        'gas'
    """
    known = sources()
    if key not in known:
        raise BilanError(Problem("emissions.unknown_source", {"value": key, "nearest": nearest(key, known), "allowed": tuple(known)}))
    return known[key]


def known_conditions(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Give the conditions back when all are known.

    Raises:
        BilanError: one is not.
    """
    for key in keys:
        if key not in conditions():
            allowed = tuple(conditions())
            raise BilanError(Problem("emissions.unknown_condition", {"value": key, "nearest": nearest(key, allowed), "allowed": allowed}))
    return keys
