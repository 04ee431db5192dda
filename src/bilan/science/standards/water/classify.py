"""Class of each sample by GB 3838: the worst item decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, cast

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.rounding import snap
from bilan.science.standards.water.limits import CLASSES, WORSE_THAN_V, Item, Version, versions
from bilan.science.standards.water.main_pollutants import deciding_items, with_main_pollutants
from bilan.science.standards.water.numbers import evaluation_value, read_text, usable

Rounding = Literal["none", "evaluation"]
Against = Literal["class_3", "target"]
Saturation = Literal["ignore", "class_1"]

REFERENCE_CLASS = 3
"""Exceedance is counted against class III unless the section's own target is asked for."""

_LAKES = ("lake", "reservoir", "湖库", "湖泊", "水库", "湖、库")
_CHOICES: dict[str, tuple[str, ...]] = {
    "rounding": ("none", "evaluation"),
    "against": ("class_3", "target"),
    "saturation": ("ignore", "class_1"),
}


def classify(
    frame: Native,
    *,
    section_type: str = "section_type",
    items: Sequence[str] | None = None,
    rounding: Rounding = "none",
    against: Against = "class_3",
    saturation: Saturation = "ignore",
) -> Native:
    """Judge every row of a frame by GB 3838, the worst item deciding the class.

    Parameters:
        frame: one row a sample; item columns named as in `surface_water_limits.csv` (``ph`` [-], ``do`` ``codmn`` ``nh3n``
            ``tp`` … [mg/L]), as numbers or as text with non-detects (``<0.01``, ``0.01L``); optional ``start`` (naive
            date-time: the version in force then applies), `section_type` column (``river`` or ``lake``; river when absent
            or empty), ``target_class`` (1..5), ``do_saturation`` [%].
        section_type: name of the column that says which limits of phosphorus and nitrogen apply.
        items: items that may decide the class; those of the 21 of the evaluation measure that the frame has when not given.
        rounding: ``none`` judges the values as they stand, as the national real-time publication does; ``evaluation``
            rounds them first to the decimals of the measure, as statistics of a period ask.
        against: what ``factor_*`` and ``main`` compare with: class III or the section's ``target_class``.
        saturation: ``class_1`` accepts ``do_saturation`` ≥ 90 % as class I of dissolved oxygen (Table 1, item 3).

    Returns:
        The frame with ``class_<item>`` (1..6), ``factor_<item>`` (times over the limit; empty when within, and for pH and
        dissolved oxygen), ``grade`` (worst class, empty when no item was measured), ``main`` and ``deciding`` (symbols
        joined by commas), ``items`` (how many counted), ``attained`` (grade within the target), ``standard``, ``version``,
        ``valid``. Total nitrogen of lakes and faecal coliforms get a class for reference that never counts.

    Raises:
        BilanError: an unknown item or option.

    Reference:
        GB 3838-2002 Table 1; 地表水环境质量评价办法(试行) 环办[2011]22号, 断面水质评价

    Examples:
        >>> import polars as pl
        >>> rows = pl.DataFrame({"ph": [7.3, 7.1], "do": [5.1, 6.9], "nh3n": [3.132, 0.135], "tp": [0.266, 0.046]})
        >>> classify(rows).select("grade", "main", "factor_nh3n", "deciding").rows()
        [(6, 'NH3-N,TP', 2.132, 'NH3-N'), (2, '', None, 'DO,TP')]
    """
    _check(rounding=rounding, against=against, saturation=saturation)
    return run(
        frame, lambda data: _judge(data.lazy(), section_type, items, rounding == "evaluation", against == "target", saturation == "class_1")
    )


def _judge(data: AnyFrame, section_type: str, items: Sequence[str] | None, rounded: bool, targeted: bool, saturated: bool) -> AnyFrame:
    schema = data.collect_schema()
    known = versions()[-1]
    present = [entry for entry in known.items.values() if entry.column in schema]
    counted = _counted(present, items, known)
    if not counted:
        raise BilanError(Problem("water.no_items", {"allowed": known.counted}))
    lake = nw.col(section_type).is_in(list(_LAKES)) if section_type in schema else None
    oxygen = saturated and "do_saturation" in schema
    limit_class = "target_class" if targeted and "target_class" in schema else None
    judged = _with_values(data, present, rounded).with_columns(
        _in_force(_class(entry, lake, oxygen), known, "start" in schema).cast(nw.Int64).alias(f"class_{entry.column}") for entry in present
    )
    judged = judged.with_columns(
        _factor(entry, lake, limit_class).alias(f"factor_{entry.column}") for entry in present if entry.direction == "below"
    )
    judged = judged.with_columns(_verdict(counted, known))
    judged = with_main_pollutants(judged, counted, limit_class, REFERENCE_CLASS)
    within = nw.col("grade") <= nw.col("target_class") if "target_class" in schema else nw.lit(None).cast(nw.Boolean)
    judged = judged.with_columns(deciding=deciding_items(counted), attained=within)
    return judged.drop([f"_v_{entry.column}" for entry in present])


def _with_values(data: AnyFrame, present: Sequence[Item], rounded: bool) -> AnyFrame:
    schema = data.collect_schema()
    data = data.with_columns(
        (read_text(entry.column) if schema[entry.column] == nw.String else usable(entry.column)).alias(f"_v_{entry.column}")
        for entry in present
    )
    if not rounded:
        return data
    return data.with_columns(
        evaluation_value(nw.col(f"_v_{entry.column}"), entry.decimals).alias(f"_v_{entry.column}") for entry in present
    )


def _check(**options: str) -> None:
    for name, value in options.items():
        if value not in _CHOICES[name]:
            allowed = _CHOICES[name]
            raise BilanError(Problem("value.unknown_choice", {"value": value, "allowed": allowed, "nearest": nearest(value, allowed)}))


def _counted(present: Sequence[Item], wanted: Sequence[str] | None, known: Version) -> list[Item]:
    if wanted is None:
        return [entry for entry in present if entry.counted]
    for column in wanted:
        if column not in known.items:
            close = nearest(column, known.items)
            raise BilanError(Problem("water.unknown_item", {"value": column, "allowed": tuple(known.items), "nearest": close}))
    return [entry for entry in present if entry.column in wanted]


def _in_force(expression: nw.Expr, known: Version, dated: bool) -> nw.Expr:
    if not dated:
        return expression
    begin = datetime(known.effective_from.year, known.effective_from.month, known.effective_from.day)
    return nw.when(nw.col("start") >= nw.lit(begin)).then(expression)


def _class(entry: Item, lake: nw.Expr | None, oxygen_saturation: bool) -> nw.Expr:
    value = nw.col(f"_v_{entry.column}")
    if entry.direction == "range":
        lower, upper = entry.limits["river"]
        return nw.when((value >= lower) & (value <= upper)).then(nw.lit(1)).when(~value.is_null()).then(nw.lit(WORSE_THAN_V))
    by_limits = _by_section_type(entry, lake, lambda limits: _count_exceeded(value, limits, entry.direction))
    if entry.column == "do" and oxygen_saturation:
        return nw.when(~value.is_null() & (nw.col("do_saturation") >= 90)).then(nw.lit(1)).otherwise(by_limits)
    return by_limits


def _count_exceeded(value: nw.Expr, limits: Sequence[float], direction: str) -> nw.Expr:
    # Where neighbouring classes share a limit, the better one is given: the count of exceeded limits does so by itself.
    exceeded = [(value > limit if direction == "below" else value < limit).cast(nw.Int64) for limit in limits]
    total = exceeded[0] + 1
    for one in exceeded[1:]:
        total = total + one
    return total


def _by_section_type(entry: Item, lake: nw.Expr | None, build: Any) -> nw.Expr:
    river = entry.limits.get("river")
    lakes = entry.limits.get("lake")
    if river == lakes:
        return cast(nw.Expr, build(river))
    nothing = nw.lit(None).cast(nw.Float64)
    for_river: nw.Expr = build(river) if river else nothing
    if lake is None:
        return for_river
    for_lake: nw.Expr = build(lakes) if lakes else nothing
    return nw.when(lake).then(for_lake).otherwise(for_river)


def _factor(entry: Item, lake: nw.Expr | None, limit_class: str | None) -> nw.Expr:
    value = nw.col(f"_v_{entry.column}")

    def times_over(limits: Sequence[float]) -> nw.Expr:
        limit: nw.Expr = nw.lit(limits[REFERENCE_CLASS - 1])
        if limit_class is not None:
            for number in CLASSES:
                limit = nw.when(nw.col(limit_class) == number).then(nw.lit(limits[number - 1])).otherwise(limit)
        return nw.when(value > limit).then(snap(value / limit - 1))

    return _by_section_type(entry, lake, times_over)


def _verdict(counted: Sequence[Item], known: Version) -> list[nw.Expr]:
    classes = [nw.col(f"class_{entry.column}") for entry in counted]
    number = nw.sum_horizontal(*[(~one.is_null()).cast(nw.Int64) for one in classes])
    grade = nw.max_horizontal(*classes)
    return [
        grade.alias("grade"),
        number.alias("items"),
        nw.lit(known.standard).alias("standard"),
        nw.lit(known.version).alias("version"),
        (~grade.is_null()).alias("valid"),
    ]
