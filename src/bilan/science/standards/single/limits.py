"""Limits of a standard as spans: which item, which class, which clause, how certain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from bilan.pack import vocab
from bilan.science.standards.versions import in_force
from bilan.science.tables import Row, table

Direction = Literal["below", "above", "range"]

LIMITED = (1, 2, 3, 4)
"""Classes that have limits; what meets none of them is one worse."""
SUMMER = "summer"


@dataclass(frozen=True, slots=True)
class Span:
    """Values that a class allows [unit of the item]: from `lower` to `upper`, both included unless `strict`."""

    lower: float | None
    upper: float | None
    strict: bool = False

    def text(self) -> str:
        """Say the span: ``≤ 0.3``, ``> 5``, ``6.5–8.5``.

        Examples:
            >>> Span(5.0, None, strict=True).text(), Span(6.5, 8.5).text()
            ('> 5', '6.5–8.5')
        """
        if self.lower is None:
            return f"≤ {self.upper:g}"
        if self.upper is None:
            return f"{'>' if self.strict else '≥'} {self.lower:g}"
        return f"{self.lower:g}–{self.upper:g}"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a standard: the spans of classes I to IV, empty where a class has no limit of its own.

    Attributes:
        summer: spans in June, July and August where the standard has others then.
        none_found: whether class I asks that nothing is found.
        group: kind of item that the standard names.
    """

    column: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    direction: Direction
    spans: tuple[Span | None, ...]
    summer: tuple[Span | None, ...] | None
    none_found: bool
    group: str
    clause: str
    confidence: str
    note: str
    priority: bool = False

    def limit(self, water_class: int) -> float | None:
        """Greatest value that a class allows [unit of the item]; None where there is none or the item is no upper limit.

        Examples:
            >>> version_at("seawater_limits").items["din"].limit(2)
            0.3
        """
        span = self.spans[water_class - 1]
        return span.upper if span is not None and self.direction == "below" else None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a standard with the time it is in force."""

    standard: str
    version: str
    effective_from: date
    effective_to: date | None
    items: Mapping[str, Item]


@cache
def versions(name: str, use: str = "") -> tuple[Version, ...]:
    """Every known version in a table of limits, oldest first.

    Parameters:
        name: table, ``seawater_limits`` or ``groundwater_limits``.
        use: use of the water whose own limits take the place of the general ones, such as ``shellfish``.

    Examples:
        >>> [(known.standard, str(known.effective_from), len(known.items)) for known in versions("groundwater_limits")]
        [('GB/T 14848-2017', '2018-05-01', 93)]
    """
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in table(name):
        if row["use"] in ("", use):
            grouped.setdefault((row["standard"], row["version"]), []).append(row)
    known = [_version(rows) for rows in grouped.values()]
    return tuple(sorted(known, key=lambda entry: entry.effective_from))


def version_at(name: str, day: date | None = None, use: str = "") -> Version:
    """Version in force on `day`; the newest without a day.

    Raises:
        LookupError: no version was in force on that day.
    """
    return in_force(versions(name, use), day)


def _version(rows: Sequence[Row]) -> Version:
    items: dict[str, Item] = {}
    for row in rows:
        if row["season"] == SUMMER:
            items[row["column"]] = replace(_item(row), summer=_spans(row))
        elif row["season"] and row["column"] in items:
            items[row["column"]] = replace(_item(row), summer=items[row["column"]].summer)
        else:
            items[row["column"]] = _item(row)
    first = rows[0]
    ends = date.fromisoformat(first["effective_to"]) if first["effective_to"] else None
    return Version(first["standard"], first["version"], date.fromisoformat(first["effective_from"]), ends, items)


def _item(row: Row) -> Item:
    comparator = row["comparator"]
    return Item(
        column=row["column"],
        symbol=row["symbol"] or row["column"],
        name_zh=row["item_zh"],
        name_en=row["item_en"],
        unit=vocab.by_column(row["column"]).unit,
        direction="range" if comparator.startswith("range") else "below" if comparator == "<=" else "above",
        spans=_spans(row),
        summer=None,
        none_found=row["class_1"] == "ND",
        group=row["group"],
        clause=row["clause"],
        confidence=row["confidence"],
        note=row["note"],
    )


def _spans(row: Row) -> tuple[Span | None, ...]:
    return tuple(_span(row[f"class_{number}"], row["comparator"], Decimal(row["scale"])) for number in LIMITED)


def _span(text: str, comparator: str, scale: Decimal) -> Span | None:
    """The span that a printed limit means; ``>0.5`` of a class without a bound of its own means none."""
    if not text or text.startswith(">"):
        return None
    if text == "ND":
        return Span(None, 0.0)
    if comparator.startswith("range"):
        # A class may be printed as the two rims beside the better one: together with it they are one span.
        ends = [float(end) for part in text.split("|") for end in part.split("-")]
        return Span(min(ends), max(ends))
    value = float(Decimal(text) * scale)
    return Span(None, value) if comparator == "<=" else Span(value, None, strict=comparator == ">")
