"""How a file is to be understood, as a person decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bilan.problems import BilanError, Problem, nearest
from bilan.tabular.places.coordinates import System

SYSTEMS = tuple(system.value for system in System)
"""Coordinate systems in degrees; eastings and northings of CGCS2000 are known by their size."""
POLICIES = ("update", "add", "fill")
DATES = ("", "day_first", "month_first")


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """Settings of one import.

    Attributes:
        sheet: name of the sheet; empty for the one that fits best.
        mapping: heading (as `bilan.tabular.sheets.mapping.Mapping.chosen` writes it) → target, where a person decided.
        system: coordinate system of the file's places.
        dates: what stands first in dates such as 03/04/2026; empty when they are to be refused.
        key: how rows find their entries: ``code``, ``name`` or a field; empty for the code, else a unique field, else the name.
        policy: what becomes of rows whose entry is there: ``update`` it, only ``add`` new ones, or ``fill`` its empty fields.
        outside: whether places beyond the city are accepted.
        corrections: row → column letter → text that stands in for the file's.
        only: rows to take; empty for all.
    """

    sheet: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    system: str = "wgs84"
    dates: str = ""
    key: str = ""
    policy: str = "update"
    outside: bool = False
    corrections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    only: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name, allowed in (("system", SYSTEMS), ("policy", POLICIES), ("dates", DATES)):
            value = getattr(self, name)
            if value not in allowed:
                values = {
                    "name": name,
                    "value": value,
                    "allowed": [entry for entry in allowed if entry],
                    "nearest": nearest(value, allowed),
                }
                raise BilanError(Problem("import.unknown_setting", values))
