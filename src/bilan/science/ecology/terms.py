"""Indices that are sums of weighted quantities: what each term of an index is, and the sum over a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import narwhals as nw

from bilan.science.standards.explaining import Words
from bilan.science.tables import Row, rows_where, table

TABLE = "ecology_terms"
UNSURE = "memory_only"
LAND = "habitat"
"""Index whose terms are the classes of land cover."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an index: ``factor`` times the quantity, over the area [km²] or the rain of the year [mm km²].

    Attributes:
        key: column of the quantity [`unit`].
        weight: within the index; `coefficient`: that brings the index to 0–100.
        per: ``area``, ``rain`` or empty.
        clause, confidence: of the standard's text.
    """

    key: str
    name: Words
    unit: str
    weight: float
    coefficient: float
    per: str
    clause: str
    confidence: str

    @property
    def factor(self) -> float:
        """Weight times coefficient."""
        return self.weight * self.coefficient


@cache
def terms(index: str) -> tuple[Term, ...]:
    """Terms of an index.

    Parameters:
        index: ``habitat``, ``vegetation``, ``water_network``, ``stress``, ``pollution``, ``conservation`` or ``ei``.

    Returns:
        Terms in the order of the table; none for an unknown index.

    Reference:
        HJ 192-2015 clauses 5 and 6 (ecology_terms.csv)

    Examples:
        >>> [(term.key, term.weight) for term in terms("ei")][:2]
        [('richness', 0.35), ('vegetation', 0.25)]
    """
    return tuple(_term(row) for row in rows_where(TABLE, index=index))


def _term(row: Row) -> Term:
    return Term(
        key=row["key"],
        name=Words(row["name_zh"], row["name_en"]),
        unit=row["unit"],
        weight=float(row["weight"]) * float(row["group_weight"] or 1),
        coefficient=float(row["coefficient"]),
        per=row["per"],
        clause=row["clause"],
        confidence=row["confidence"],
    )


@cache
def land_classes() -> Mapping[int, str]:
    """Class of land cover by the code of the national land-use rasters.

    Reference:
        Codes of the land-use data of the Chinese Academy of Sciences (CNLUCC), classes of HJ 192-2015 clause 5

    Examples:
        >>> land_classes()[21], land_classes()[43]
        ('forest_dense', 'water_lake')
    """
    rows = rows_where(TABLE, index=LAND)
    return {int(code): row["key"] for row in rows for code in row["raster_codes"].split(";")}


def unsure(index: str) -> tuple[str, ...]:
    """Keys of the terms of an index that nobody has checked."""
    return tuple(row["key"] for row in table(TABLE) if row["index"] == index and row["confidence"] == UNSURE)


def quantity(term: Term, present: Iterable[str]) -> nw.Expr:
    """Quantity of a term; unknown when the frame has no such column, or it is negative or not a number."""
    if term.key not in set(present):
        return nw.lit(None).cast(nw.Float64)
    value = nw.col(term.key).cast(nw.Float64)
    return nw.when(value.is_finite() & (value >= 0)).then(value)


def total(index: str, present: Iterable[str], *, given: Mapping[str, nw.Expr] | None = None, absent: float | None = None) -> nw.Expr:
    """Value of an index over a frame; unknown as soon as a term is.

    Parameters:
        index: of the table.
        present: columns of the frame, which has ``area`` [km²] and ``rain`` [mm].
        given: key → quantity, where it is not the column of that name.
        absent: what an unknown quantity counts as.
    """
    names, instead = set(present), given or {}
    found: nw.Expr = nw.lit(0.0)
    for term in terms(index):
        value = instead[term.key] if term.key in instead else quantity(term, names)
        if absent is not None:
            value = value.fill_null(absent)
        found = found + value * term.factor / _per(term.per)
    return found


def _per(per: str) -> nw.Expr:
    if not per:
        return nw.lit(1.0)
    area = nw.when(nw.col("area") > 0).then(nw.col("area"))
    return area * nw.when(nw.col("rain") > 0).then(nw.col("rain")) if per == "rain" else area
