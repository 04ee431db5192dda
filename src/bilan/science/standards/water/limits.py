"""The limits of GB 3838 as data: which item, which class, which clause, how certain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from bilan.science.standards.versions import in_force
from bilan.science.tables import Row, table

SectionType = Literal["river", "lake"]
Direction = Literal["below", "above", "range"]

SECTION_TYPES: tuple[SectionType, ...] = ("river", "lake")
CLASSES = (1, 2, 3, 4, 5)
WORSE_THAN_V = 6
"""Class number of water worse than class V (劣Ⅴ)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of GB 3838 Table 1: its limits of class I to V for rivers and for lakes."""

    column: str
    code: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    direction: Direction
    limits: Mapping[SectionType, tuple[float, ...]]
    counted: bool
    priority: bool
    decimals: int
    clause: str
    confidence: str
    note: str

    def limit(self, water_class: int, section_type: SectionType = "river") -> float | None:
        """Limit of `water_class` [unit of the item]; None where the standard sets none (total nitrogen of rivers).

        Examples:
            >>> item("tp").limit(3), item("tp").limit(3, "lake"), item("tn").limit(3)
            (0.2, 0.05, None)
        """
        values = self.limits.get(section_type)
        return values[water_class - 1] if values else None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the surface-water standard with the time it is in force."""

    standard: str
    version: str
    effective_from: date
    effective_to: date | None
    items: Mapping[str, Item]

    @property
    def counted(self) -> tuple[str, ...]:
        """Columns of the items that decide the class (the 21 items of the evaluation measure)."""
        return tuple(column for column, entry in self.items.items() if entry.counted)


@cache
def versions() -> tuple[Version, ...]:
    """Every known version of the standard, oldest first.

    Examples:
        >>> [(known.standard, str(known.effective_from)) for known in versions()]
        [('GB 3838-2002', '2002-06-01')]
    """
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in table("surface_water_limits"):
        if row["class_1"] and row["comparator"] in _DIRECTIONS:
            grouped.setdefault((row["standard"], row["version"]), []).append(row)
    known = [_version(rows) for rows in grouped.values()]
    return tuple(sorted(known, key=lambda entry: entry.effective_from))


def version_at(day: date | None = None) -> Version:
    """Version in force on `day`; the newest without a day.

    Raises:
        LookupError: no version was in force on that day.

    Examples:
        >>> from datetime import date
        >>> version_at(date(2026, 1, 1)).version
        '2002'
    """
    return in_force(versions(), day)


def item(column: str) -> Item:
    """Item of the newest version by its column name."""
    return version_at().items[column]


_DIRECTIONS: dict[str, Direction] = {"<=": "below", ">=": "above", "range_inclusive": "range"}


def _version(rows: list[Row]) -> Version:
    items: dict[str, Item] = {}
    for row in rows:
        limits = dict(items[row["column"]].limits) if row["column"] in items else {}
        bodies: tuple[SectionType, ...] = SECTION_TYPES if row["water_body"] == "any" else (_section_type(row["water_body"]),)
        limits.update({body: _limits(row) for body in bodies})
        items[row["column"]] = _item(row, limits)
    first = rows[0]
    ends = date.fromisoformat(first["effective_to"]) if first["effective_to"] else None
    return Version(first["standard"], first["version"], date.fromisoformat(first["effective_from"]), ends, items)


def _section_type(text: str) -> SectionType:
    return "lake" if text == "lake" else "river"


def _limits(row: Row) -> tuple[float, ...]:
    if row["comparator"] == "range_inclusive":
        lower, upper = row["class_1"].split("-")
        return (float(lower), float(upper))
    return tuple(float(row[f"class_{number}"]) for number in CLASSES)


def _item(row: Row, limits: Mapping[SectionType, tuple[float, ...]]) -> Item:
    return Item(
        column=row["column"],
        code=row["code"],
        symbol=row["symbol"],
        name_zh=row["item_zh"],
        name_en=row["item_en"],
        unit=row["unit"],
        direction=_DIRECTIONS[row["comparator"]],
        limits=limits,
        counted=row["in_21_item_evaluation"] == "1",
        priority=row["priority"] == "1",
        decimals=int(row["decimals_evaluation"]),
        clause=row["clause"],
        confidence=row["confidence"],
        note=row["note"],
    )
