"""The values of GB 15618 and GB 36600 as data: which item, which land, which pH, which clause, how certain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from bilan.science.standards.versions import in_force
from bilan.science.tables import Row, table

LAND_USES = ("paddy", "other", "orchard", "rotation")
"""Uses of farmland; a rotation of paddy and dry land takes the stricter of the two (GB 15618-2018 Table 1, note)."""


@dataclass(frozen=True, slots=True)
class Band:
    """One value that holds for a span of pH, lower bound excluded and upper included; None is unbounded."""

    lower: float | None
    upper: float | None
    value: float
    confidence: str


@dataclass(frozen=True, slots=True)
class FarmlandItem:
    """One item of GB 15618: its risk screening values by land use and pH, its intervention values by pH [mg/kg]."""

    column: str
    symbol: str
    name_zh: str
    name_en: str
    in_class: bool
    screening: Mapping[str, tuple[Band, ...]]
    intervention: tuple[Band, ...]
    clause: str
    note: str

    @property
    def needs_ph(self) -> bool:
        """Whether its values depend on pH."""
        return any(band.lower is not None or band.upper is not None for bands in self.screening.values() for band in bands)

    @property
    def confidence(self) -> str:
        """The least certain of its rows."""
        found = {band.confidence for bands in (*self.screening.values(), self.intervention) for band in bands}
        return next(level for level in ("memory_only", "derived", "verified_1", "verified_2plus") if level in found)

    def screening_bands(self, land_use: str) -> tuple[Band, ...]:
        """Screening values of one land use; the general ones where the table has none for it."""
        for known in (land_use, "other", "all"):
            if known in self.screening:
                return self.screening[known]
        raise LookupError(land_use)

    def screening_value(self, ph: float | None, land_use: str = "other") -> float | None:
        """Screening value [mg/kg]; None when it depends on a pH that is not known.

        Examples:
            >>> cadmium = farmland_at().items["cd_soil"]
            >>> cadmium.screening_value(6.0), cadmium.screening_value(6.0, "paddy"), cadmium.screening_value(None)
            (0.3, 0.4, None)
            >>> farmland_at().items["as_soil"].screening_value(8.0, "rotation")
            20.0
        """
        if land_use == "rotation":
            found = [value for use in ("paddy", "other") if (value := _at(self.screening_bands(use), ph)) is not None]
            return min(found, default=None)
        return _at(self.screening_bands(land_use), ph)

    def intervention_value(self, ph: float | None) -> float | None:
        """Intervention value [mg/kg]; None when there is none or the pH is not known."""
        return _at(self.intervention, ph)


@dataclass(frozen=True, slots=True)
class ConstructionItem:
    """One item of GB 36600: screening and intervention values of class 1 and class 2 land [mg/kg]."""

    column: str
    symbol: str
    name_zh: str
    name_en: str
    cas: str
    screening: Mapping[int, float]
    intervention: Mapping[int, float]
    background: bool
    clause: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Farmland:
    """One version of GB 15618 with the time it is in force."""

    standard: str
    version: str
    effective_from: date
    effective_to: date | None
    items: Mapping[str, FarmlandItem]


@dataclass(frozen=True, slots=True)
class Construction:
    """One version of GB 36600 with the time it is in force."""

    standard: str
    version: str
    effective_from: date
    effective_to: date | None
    items: Mapping[str, ConstructionItem]


def farmland_at(day: date | None = None) -> Farmland:
    """Version of GB 15618 in force on `day`; the newest without a day.

    Raises:
        LookupError: no known version was in force on that day.

    Examples:
        >>> farmland_at().standard, len(farmland_at().items)
        ('GB 15618-2018', 11)
    """
    return in_force(_farmland(), day)


def construction_at(day: date | None = None) -> Construction:
    """Version of GB 36600 in force on `day`; the newest without a day.

    Raises:
        LookupError: no known version was in force on that day.

    Examples:
        >>> construction_at().items["pb_soil"].screening[1], construction_at(date(2020, 1, 1)).version
        (400.0, '2018')
    """
    return in_force(_construction(), day)


def _at(bands: tuple[Band, ...], ph: float | None) -> float | None:
    for band in bands:
        if band.lower is None and band.upper is None:
            return band.value
        if ph is not None and (band.lower is None or ph > band.lower) and (band.upper is None or ph <= band.upper):
            return band.value
    return None


def _versions(name: str) -> list[tuple[tuple[str, str, date, date | None], list[Row]]]:
    grouped: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in table(name):
        grouped.setdefault((row["standard"], row["version"], row["effective_from"], row["effective_to"]), []).append(row)
    found = [
        ((standard, version, date.fromisoformat(begin), date.fromisoformat(end) if end else None), rows)
        for (standard, version, begin, end), rows in grouped.items()
    ]
    return sorted(found, key=lambda entry: entry[0][2])


@cache
def _farmland() -> tuple[Farmland, ...]:
    return tuple(Farmland(*about, _farmland_items(rows)) for about, rows in _versions("soil_farmland"))


@cache
def _construction() -> tuple[Construction, ...]:
    return tuple(
        Construction(*about, {row["column"]: _construction_item(row) for row in rows}) for about, rows in _versions("soil_construction")
    )


def _farmland_items(rows: list[Row]) -> dict[str, FarmlandItem]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["column"], []).append(row)
    return {column: _farmland_item(column, own) for column, own in grouped.items()}


def _farmland_item(column: str, rows: list[Row]) -> FarmlandItem:
    screening: dict[str, list[Band]] = {}
    for row in rows:
        if row["value_type"] == "screening":
            screening.setdefault(row["land_use_en"], []).append(_band(row))
    clauses = dict.fromkeys(row["clause"] for row in rows)
    return FarmlandItem(
        column=column,
        symbol=rows[0]["symbol"],
        name_zh=rows[0]["item_zh"],
        name_en=rows[0]["item_en"],
        in_class=rows[0]["in_class"] == "1",
        screening={use: tuple(bands) for use, bands in screening.items()},
        intervention=tuple(_band(row) for row in rows if row["value_type"] == "intervention"),
        clause=", ".join(clauses),
        note=rows[0]["note"],
    )


def _band(row: Row) -> Band:
    lower, upper = (float(row[bound]) if row[bound] else None for bound in ("ph_lower", "ph_upper"))
    return Band(lower, upper, float(row["value"]), row["confidence"])


def _construction_item(row: Row) -> ConstructionItem:
    return ConstructionItem(
        column=row["column"],
        symbol=row["symbol"],
        name_zh=row["item_zh"],
        name_en=row["item_en"],
        cas=row["cas"],
        screening={number: float(row[f"screening_{number}"]) for number in (1, 2)},
        intervention={number: float(row[f"intervention_{number}"]) for number in (1, 2)},
        background=row["background"] == "1",
        clause=row["clause"],
        confidence=row["confidence"],
        note=row["note"],
    )
