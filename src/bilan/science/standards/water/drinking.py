"""Surface drinking-water sources: Table 1 of GB 3838 by class III, Tables 2 and 3 by their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.limits import SECTION_TYPES, SectionType
from bilan.science.standards.water.main_pollutants import joined
from bilan.science.standards.water.numbers import read_text, usable
from bilan.science.tables import Row, rows_where, table

Analysis = Literal["monthly", "yearly"]

_ANALYSES = ("monthly", "yearly")
_NOT_JUDGED = ("wt", "cod", "tn")
_REPORTED = ("fc",)
"""Judged for the report, never against the source."""
_UNVERIFIED = "drinking_source"


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One item of a drinking-water source: limits by kind of water [unit], table, clause.

    Attributes:
        lower, upper: what the source must not leave.
        counted: whether it decides.
        monthly: whether the monthly analysis has it: Table 1, Table 2 and the 33 preferred items of Table 3.
    """

    column: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    table: str
    lower: float | None
    upper: dict[SectionType, float | None]
    counted: bool
    monthly: bool
    clause: str
    confidence: str


@cache
def source_items() -> tuple[SourceItem, ...]:
    """Every item of Tables 1, 2 and 3, in their order; water temperature is left out.

    Examples:
        >>> items = source_items()
        >>> len(items), sum(entry.table == "3" for entry in items), sum(entry.monthly for entry in items)
        (108, 80, 60)
    """
    found: dict[str, SourceItem] = {}
    for row in table("surface_water_limits"):
        if row["column"] in _NOT_JUDGED[:1]:
            continue
        bodies: tuple[SectionType, ...] = ("lake",) if row["water_body"] == "lake" else ("river",)
        if row["water_body"] not in ("lake", "river"):
            bodies = SECTION_TYPES
        before = found[row["column"]].upper if row["column"] in found else {}
        found[row["column"]] = _item(row, {**dict.fromkeys(SECTION_TYPES), **before, **dict.fromkeys(bodies, _upper(row))})
    return tuple(found.values())


def judge_drinking(frame: Native, analysis: Analysis = "monthly", *, section_type: str = "section_type") -> Native:
    """Judge samples of surface drinking-water sources by Tables 1, 2 and 3.

    Parameters:
        frame: one row a sample; item columns by their science names, as numbers or as text with non-detects; optional
            `section_type` column (``river`` or ``lake``).
        analysis: ``monthly`` (61 items) or ``yearly`` (all of Tables 1 to 3): what `due` counts.
        section_type: name of the column that says which limit of phosphorus applies.

    Returns:
        The frame with ``factor_<item>`` (times over the limit), ``attained`` (all that was measured is within; empty when nothing
        was), ``exceeded`` (symbols, else columns, of items beyond the limit), ``reported`` (faecal coliforms beyond class III, which
        are told and do not count), ``items`` (how many were judged), ``due`` (how many of those
        that count the analysis asks for: 58 of its 61, 105 of 109), ``missing``, ``standard``, ``version``, ``valid`` (nothing is
        missing), ``unverified``.

    Raises:
        BilanError: no item in the frame or an unknown analysis.

    Reference:
        GB 3838-2002 Tables 1, 2, 3; HJ 774-2015 (surface_water_rules.csv DW1, DW4, DW5: water temperature,
        chemical oxygen demand and total nitrogen are not judged, faecal coliforms are reported)

    Examples:
        >>> import polars as pl
        >>> rows = pl.DataFrame({"codmn": [2.1, 2.1], "mn": [0.08, 0.13], "atrazine": ["<0.0001", "0.004"]})
        >>> judge_drinking(rows).select("attained", "exceeded", "factor_mn", "items", "due").rows()
        [(True, '', None, 3, 58), (False, 'Mn,atrazine', 0.3, 3, 58)]
    """
    if analysis not in _ANALYSES:
        raise BilanError(
            Problem("value.unknown_choice", {"value": analysis, "allowed": _ANALYSES, "nearest": nearest(analysis, _ANALYSES)})
        )
    return run(frame, lambda data: _judged(data, analysis, section_type))


def evaluate_sources(frame: Native, by: str | Sequence[str] = ()) -> Native:
    """Share of the drinking-water sources that attain, by count and by volume.

    Parameters:
        frame: one row a source of one period: ``attained`` and, for the share of water, ``volume`` taken [10⁴ m³].
        by: columns that make a group; the whole frame when empty.

    Returns:
        One row a group: ``sources`` (judged), ``attained``, ``share_attained`` and ``share_volume`` [fraction; of sources with a
        volume], ``unverified``.

    Raises:
        BilanError: a column is missing.

    Reference:
        集中式饮用水水源水质月报 (surface_water_rules.csv DW2, DW3)

    Examples:
        >>> import polars as pl
        >>> evaluate_sources(pl.DataFrame({"attained": [True, False, None], "volume": [900.0, 100.0, 50.0]})).row(0)
        (2, 1, 0.5, 0.9, '')
    """
    keys = [by] if isinstance(by, str) else list(by)

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *keys, "attained")
        volume = usable("volume") if "volume" in data.collect_schema().names() else nw.lit(None).cast(nw.Float64)
        data = data.filter(~nw.col("attained").is_null()).select(
            *keys, sources=nw.lit(1), _met=nw.col("attained").cast(nw.Int64), _all=volume,
            _good=nw.when(nw.col("attained")).then(volume).otherwise(nw.when(~volume.is_null()).then(nw.lit(0.0))),
        )  # fmt: skip
        sums = [nw.col(name).sum() for name in ("sources", "_met", "_all", "_good")]
        found = data.group_by(*keys).agg(*sums) if keys else data.select(*sums)
        found = found.select(
            *keys, "sources", attained=nw.col("_met"), share_attained=nw.col("_met") / nw.col("sources"),
            share_volume=nw.when(nw.col("_all") > 0).then(nw.col("_good") / nw.col("_all")), unverified=nw.lit(_doubts("DW2", "DW3")),
        )  # fmt: skip
        return found.sort(*keys) if keys else found

    return run(frame, rule)


def _judged(data: AnyFrame, analysis: Analysis, section_type: str) -> AnyFrame:
    schema = data.collect_schema()
    present = [entry for entry in source_items() if entry.column in schema]
    counted = [entry for entry in present if entry.counted]
    if not counted:
        raise BilanError(Problem("water.no_items", {"allowed": tuple(entry.column for entry in source_items() if entry.counted)}))
    lake = nw.col(section_type).is_in(["lake", "reservoir", "湖库", "湖泊", "水库"]) if section_type in schema else nw.lit(False)
    data = data.with_columns(
        (read_text(entry.column) if schema[entry.column] == nw.String else usable(entry.column)).alias(f"_v_{entry.column}")
        for entry in present
    )
    data = data.with_columns(_beyond(entry, lake).alias(f"_x_{entry.column}") for entry in present)
    data = data.with_columns(_factor(entry, lake).alias(f"factor_{entry.column}") for entry in present if _upper_limit(entry))
    due = [entry for entry in source_items() if entry.counted and (entry.monthly or analysis == "yearly")]
    number = nw.sum_horizontal(*[(~nw.col(f"_v_{entry.column}").is_null()).cast(nw.Int64) for entry in counted])
    over = nw.sum_horizontal(*[nw.col(f"_x_{entry.column}").cast(nw.Int64) for entry in counted])
    data = data.with_columns(
        items=number,
        due=nw.lit(len(due)),
        exceeded=_named(counted),
        reported=_named([entry for entry in present if entry.column in _REPORTED]),
        missing=_missing(due, present),
        attained=nw.when(number > 0).then(over == 0),
        standard=nw.lit("GB 3838-2002"),
        version=nw.lit("2002"),
        unverified=nw.lit(_doubts("DW1", "DW5" if analysis == "yearly" else "DW4")),
    )
    data = data.with_columns(valid=nw.col("missing") == "")
    return data.drop([f"{mark}{entry.column}" for entry in present for mark in ("_v_", "_x_")])


def _doubts(*rules: str) -> str:
    rows = rows_where("surface_water_rules", rule_set=_UNVERIFIED)
    return _UNVERIFIED if any(row["rule_id"] in rules and row["confidence"] == "memory_only" for row in rows) else ""


def _missing(due: Sequence[SourceItem], present: Sequence[SourceItem]) -> nw.Expr:
    there = {entry.column for entry in present}
    parts = [
        nw.when(nw.col(f"_v_{entry.column}").is_null()).then(nw.lit(entry.column)) if entry.column in there else nw.lit(entry.column)
        for entry in due
    ]
    return joined(parts)


def _named(entries: Sequence[SourceItem]) -> nw.Expr:
    named = [nw.when(nw.col(f"_x_{entry.column}")).then(nw.lit(entry.symbol)) for entry in entries]
    return joined(named) if named else nw.lit("")


def _limit(entry: SourceItem, lake: nw.Expr) -> nw.Expr:
    river, lakes = (nw.lit(entry.upper[kind]).cast(nw.Float64) for kind in SECTION_TYPES)
    return river if entry.upper["river"] == entry.upper["lake"] else nw.when(lake).then(lakes).otherwise(river)


def _upper_limit(entry: SourceItem) -> bool:
    return entry.lower is None and any(value is not None for value in entry.upper.values())


def _beyond(entry: SourceItem, lake: nw.Expr) -> nw.Expr:
    value = nw.col(f"_v_{entry.column}")
    over = value > _limit(entry, lake) if any(limit is not None for limit in entry.upper.values()) else nw.lit(False)
    if entry.lower is None:
        return over
    under = value < entry.lower
    return under | over if any(limit is not None for limit in entry.upper.values()) else under


def _factor(entry: SourceItem, lake: nw.Expr) -> nw.Expr:
    value, limit = nw.col(f"_v_{entry.column}"), _limit(entry, lake)
    return nw.when(value > limit).then(value / limit - 1).round(6)


def _upper(row: Row) -> float | None:
    if row["comparator"] == ">=":
        return None
    text = row["limit_value"] or row["class_3"]
    return float(text.split("-")[-1])


def _item(row: Row, upper: dict[SectionType, float | None]) -> SourceItem:
    number = row["clause"].removeprefix("表").partition(" ")[0]
    lower = row["class_3"].split("-")[0] if row["comparator"] in (">=", "range_inclusive") else ""
    return SourceItem(
        column=row["column"],
        symbol=row["symbol"] or row["column"],
        name_zh=row["item_zh"],
        name_en=row["item_en"],
        unit=row["unit"],
        table=number,
        lower=float(lower) if lower else None,
        upper=upper,
        counted=row["column"] not in (*_NOT_JUDGED, *_REPORTED),
        monthly=(number != "3" and row["column"] != "cod") or row["preferred_33"] == "1",
        clause=row["clause"],
        confidence=row["confidence"],
    )
