"""Why a point meets the limits of its zone, or does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

from bilan.science.standards.explaining import Explanation, ItemVerdict, Limit, Words, split
from bilan.science.standards.noise.limits import COLUMN, PERIODS, WORDS, Period, zone_limits
from bilan.science.standards.noise.zones import SYMBOL, judge, zone_of

_MET, _NOT_MET = Words("达标", "met"), Words("超标", "not met")
_NOT_JUDGED = Words("没有声级或功能区类别，不评价", "no level or no zone: not judged")


def explain(sample: Mapping[str, Any]) -> Explanation:
    """Explain the verdict on the levels of one point.

    Parameters:
        sample: ``ld`` and/or ``ln`` [dB(A)] and ``zone_class``.

    Returns:
        Each level with its limit, clause and confidence.

    Raises:
        BilanError: no level or no zone in the sample.

    Reference:
        GB 3096-2008 5.1 Table 1

    Examples:
        >>> print(explain({"zone_class": "1", "ld": 56.2, "ln": 44.0}).text("en"))
        Class 1 zone, limits not met: GB 3096-2008 5.1 Table 1, in force since 2008-10-01
        Day level 56.2 dB(A): not met; limit 55; 1.2 dB above; decides; 5.1 Table 1, checked in two or more sources
        Night level 44 dB(A): met; limit 45; 5.1 Table 1, checked in two or more sources
        over the limit: Ld
        >>> print(explain({"zone_class": "1", "ld": 54.0}).text("en"))
        Class 1 zone, limit of the day met: GB 3096-2008 5.1 Table 1, in force since 2008-10-01
        Day level 54 dB(A): met; limit 55; 5.1 Table 1, checked in two or more sources
        no night level: not judged whether both limits are met
    """
    kept = {name: sample[name] for name in ("zone_class", *SYMBOL) if name in sample}
    kept["zone_class"] = None if kept.get("zone_class") is None else str(kept["zone_class"])
    types = {"zone_class": pl.String} | {column: pl.Float64 for column in SYMBOL if column in kept}
    frame = pl.DataFrame({name: [value] for name, value in kept.items()}, schema_overrides=types)
    row = judge(frame).row(0, named=True)
    zone = _zone(frame)
    limits = zone_limits()
    first = limits["0", "day"]
    items = tuple(_item(period, column, row, zone) for period, column in COLUMN.items() if zone and row[f"attained_{column}"] is not None)
    missing = tuple(period for period in PERIODS if row[f"attained_{COLUMN[period]}"] is None)
    return Explanation(
        grade=row["grade"] if items else None,
        verdict=_verdict(zone, items, missing),
        standard=first.standard,
        version=first.version,
        effective_from=first.effective_from.isoformat(),
        clause=first.clause,
        items=items,
        missing=tuple(SYMBOL[COLUMN[period]] for period in missing),
        deciding=split(row["deciding"]),
        main=split(row["main"]),
        attained=row["attained"],
        notes=tuple(_not_known(period) for period in missing) if items and row["attained"] is None else (),
    )


def _verdict(zone: str | None, items: tuple[ItemVerdict, ...], missing: tuple[Period, ...]) -> Words:
    if not items:
        return _NOT_JUDGED
    missed = any(entry.factor is not None for entry in items)
    known = [WORDS[period] for period in PERIODS if period not in missing] if missing else []
    chinese, limits = "".join(entry.zh for entry in known), "".join(f"limit of the {entry.en}" for entry in known) or "limits"
    return Words(f"{zone} 类区{chinese}{'超标' if missed else '达标'}", f"Class {zone} zone, {limits} {'not met' if missed else 'met'}")


def _not_known(period: Period) -> Words:
    zh, en = WORDS[period].zh, WORDS[period].en
    return Words(f"没有{zh}等效声级，不评价昼夜是否都达标", f"no {en} level: not judged whether both limits are met")


def _item(period: str, column: str, row: Mapping[str, Any], zone: str) -> ItemVerdict:
    limit = zone_limits()[zone, period]
    factor = row[f"factor_{column}"]
    return ItemVerdict(
        column=column,
        symbol=SYMBOL[column],
        name=Words(f"{WORDS[period].zh}等效声级", f"{WORDS[period].en.capitalize()} level"),
        unit="dB(A)",
        value=round(row[column], 1),
        limits=(Limit(Words("限值", "limit"), limit.limit),),
        verdict=_MET if factor is None else _NOT_MET,
        item_class=row[f"class_{column}"],
        clause=limit.clause,
        confidence=limit.confidence,
        factor=factor,
        over=None if factor is None else Words(f"超标 {factor:.1f} dB", f"{factor:.1f} dB above"),
        decides=factor is not None,
    )


def _zone(frame: pl.DataFrame) -> str | None:
    found: str | None = nw.from_native(frame).select(_zone=zone_of("zone_class"))["_zone"].item()
    return found
