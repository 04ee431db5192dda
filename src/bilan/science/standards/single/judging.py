"""Class of each sample: how many of the classes' limits an item breaks, and the worst item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.single.limits import LIMITED, Item, Span, Version
from bilan.science.standards.single.periods import Period, period_means
from bilan.science.standards.water.main_pollutants import deciding_items, joined, with_main_pollutants
from bilan.science.standards.water.numbers import is_non_detect, read_text, usable

TARGET = "target_class"
_SUMMER = (6, 7, 8)


def judged(data: AnyFrame, known: Sequence[Version], reference: int, targeted: bool, items: Sequence[str] | None = None) -> AnyFrame:
    """Judge every row by its worst item.

    Parameters:
        data: item columns, and optionally ``start`` and ``target_class``.
        known: versions of the standard; the newest judges, rows before the first of them get no class.
        reference: class whose limits ``factor_*`` and ``main`` compare with.
        targeted: compare with ``target_class`` of the row where it has one.
        items: columns that may decide; all that the frame has when not given.

    Returns:
        The frame with ``class_<item>``, ``factor_<item>``, ``grade``, ``items``, ``main``, ``deciding``, ``attained``,
        ``standard``, ``version``, ``valid``, ``unverified``.

    Raises:
        BilanError: no column is an item of the standard, or one of `items` is none.
    """
    version = known[-1]
    schema = data.collect_schema()
    present = [entry for entry in version.items.values() if entry.column in schema and entry.column in _wanted(items, version)]
    if not present:
        raise BilanError(Problem("single.no_items", {"value": version.standard, "allowed": tuple(version.items)}))
    target = TARGET if targeted and TARGET in schema else None
    dated = "start" in schema
    data = data.with_columns(_value(entry, schema[entry.column] == nw.String).alias(f"_v_{entry.column}") for entry in present)
    data = data.with_columns(
        _in_force(_class(entry, dated), known[0].effective_from, dated).cast(nw.Int64).alias(f"class_{entry.column}") for entry in present
    )
    below = [entry for entry in present if entry.direction == "below"]
    data = data.with_columns(_factor(entry, reference, target).alias(f"factor_{entry.column}") for entry in below)
    data = data.drop([f"_v_{entry.column}" for entry in present]).with_columns(_verdict(present, version))
    data = with_main_pollutants(data, present, target, reference)
    within = nw.col("grade") <= nw.col(TARGET) if TARGET in schema else nw.lit(None).cast(nw.Boolean)
    return data.with_columns(deciding=deciding_items(present), attained=within)


def judged_periods(frame: Native, known: Sequence[Version], by: Period, point: str, reference: int, targeted: bool) -> Native:
    """Judge every point for every period by the means of its samples.

    Parameters:
        frame: one row a sample: `point`, ``start`` and item columns.
        known, reference, targeted: as for `judged`.
        by, point: as for `period_means`.

    Returns:
        One row a point and period: ``start``, means, ``samples`` and the columns of `judged`.

    Raises:
        BilanError: a column is missing, or `by` is unknown.
    """

    def rule(data: AnyFrame) -> AnyFrame:
        present = data.collect_schema().names()
        means = period_means(data, by, point, [column for column in known[-1].items if column in present])
        return judged(means, known, reference, targeted)

    return run(frame, rule)


def _wanted(items: Sequence[str] | None, version: Version) -> Sequence[str]:
    if items is None:
        return tuple(version.items)
    for column in items:
        if column not in version.items:
            values = {"value": column, "standard": version.standard, "nearest": nearest(column, version.items)}
            raise BilanError(Problem("single.unknown_item", values))
    return items


def _value(entry: Item, text: bool) -> nw.Expr:
    if not text:
        return usable(entry.column)
    value = read_text(entry.column)
    # "Not detected" is what class I asks for, so the half of the detection limit must not stand in for it.
    return nw.when(is_non_detect(entry.column)).then(nw.lit(0.0)).otherwise(value) if entry.none_found else value


def _in_force(expression: nw.Expr, begin: date, dated: bool) -> nw.Expr:
    if not dated:
        return expression
    return nw.when(nw.col("start") >= nw.lit(datetime(begin.year, begin.month, begin.day))).then(expression)


def _class(entry: Item, dated: bool) -> nw.Expr:
    usual = _broken(entry, entry.spans)
    if entry.summer is None:
        return usual
    # Without a date the stricter limits of summer hold.
    summer = _broken(entry, entry.summer)
    return nw.when(nw.col("start").dt.month().is_in(_SUMMER)).then(summer).otherwise(usual) if dated else summer


def _broken(entry: Item, spans: Sequence[Span | None]) -> nw.Expr:
    """One more than the number of classes whose limits the value breaks: equal limits give the better class."""
    value = nw.col(f"_v_{entry.column}")
    total = nw.when(~value.is_null()).then(nw.lit(1))
    for span in spans:
        if span is not None:
            total = total + _outside(value, span).cast(nw.Int64)
    return total


def _outside(value: nw.Expr, span: Span) -> nw.Expr:
    beyond = value > span.upper if span.upper is not None else nw.lit(False)
    if span.lower is None:
        return beyond
    short = value <= span.lower if span.strict else value < span.lower
    return short if span.upper is None else short | beyond


def _factor(entry: Item, reference: int, target: str | None) -> nw.Expr:
    value = nw.col(f"_v_{entry.column}")
    limit: nw.Expr = nw.lit(entry.limit(reference)).cast(nw.Float64)
    if target is not None:
        for number in LIMITED:
            limit = nw.when(nw.col(target) == number).then(nw.lit(entry.limit(number)).cast(nw.Float64)).otherwise(limit)
    return nw.when((value > limit) & (limit > 0)).then(value / limit - 1).round(6)


def _verdict(present: Sequence[Item], version: Version) -> list[nw.Expr]:
    classes = [nw.col(f"class_{entry.column}") for entry in present]
    grade = nw.max_horizontal(*classes)
    doubtful = [nw.when(~nw.col(f"class_{entry.column}").is_null()).then(nw.lit(entry.column)) for entry in present if _doubtful(entry)]
    return [
        grade.alias("grade"),
        nw.sum_horizontal(*[(~one.is_null()).cast(nw.Int64) for one in classes]).alias("items"),
        nw.lit(version.standard).alias("standard"),
        nw.lit(version.version).alias("version"),
        (~grade.is_null()).alias("valid"),
        (joined(doubtful) if doubtful else nw.lit("")).alias("unverified"),
    ]


def _doubtful(entry: Item) -> bool:
    return entry.confidence == "memory_only"
