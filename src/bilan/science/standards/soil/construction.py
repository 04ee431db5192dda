"""Soil of construction land by GB 36600: negligible risk, risk assessment, or control and remediation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.soil.farmland import chosen
from bilan.science.standards.soil.limits import Construction, ConstructionItem, construction_at
from bilan.science.standards.soil.verdicts import drop_helpers, in_force, item_class, put_together, screening_index, with_values

_CLASSES = {
    1: ("1", "1.0", "第一类用地", "第一类", "一类", "一类用地", "class 1", "first"),
    2: ("2", "2.0", "第二类用地", "第二类", "二类", "二类用地", "class 2", "second"),
}


def judge_construction(
    frame: Native, *, land_class: str = "land_class", items: Sequence[str] | None = None, with_index: bool = False
) -> Native:
    """Judge every sample of construction land by screening and intervention values.

    Parameters:
        frame: one row a sample: contents ``<item>_soil`` [mg/kg] of the 45 basic items and petroleum hydrocarbons, as numbers or text
            with non-detects; optional ``background_as_soil`` [mg/kg] (local background of arsenic), ``start`` (naive date-time).
        land_class: column with the class of the land: 1 (homes, schools, hospitals, parks for children) or 2; no class, no verdict.
        items: items to judge; those that the frame has when not given.
        with_index: add ``index_<item>``, the content over the screening value.

    Returns:
        The frame with ``class_<item>`` (1 up to the screening value, 2 up to the intervention value, 3 above it), ``factor_<item>``
        (times over the screening value), ``grade`` (1 negligible risk, 2 detailed survey and risk assessment, 3 control or remediation),
        ``main``, ``deciding``, ``attained``, ``items``, ``standard``, ``version``, ``valid``, ``unverified``. Arsenic over its
        screening value and not over the local background counts as class 1.

    Raises:
        BilanError: the column of the land class is missing, no item, or an unknown one.

    Reference:
        GB 36600-2018 Tables 1 and 2, 4.1, 5.3

    Examples:
        >>> import polars as pl
        >>> plot = pl.DataFrame({"land_class": [1, 2, 1], "pb_soil": [500.0, 500.0, 900.0]})
        >>> judge_construction(plot).select("grade", "main").rows()
        [(2, 'Pb'), (1, ''), (3, 'Pb')]
    """
    known = construction_at()
    return run(frame, lambda data: _judge(data, known, land_class, items, with_index))


def _judge(data: AnyFrame, known: Construction, land_class: str, items: Sequence[str] | None, with_index: bool) -> AnyFrame:
    need(data, land_class)
    schema = data.collect_schema()
    present = [known.items[column] for column in chosen(schema.names(), items, tuple(known.items))]
    data = with_values(data, [entry.column for entry in present]).with_columns(_land=_land(land_class))
    dated = "start" in schema
    for entry in present:
        data = data.with_columns(_of_land(entry.screening).alias("_s"), _of_land(entry.intervention).alias("_g"))
        value = in_force(nw.col(f"_v_{entry.column}"), known.effective_from, dated)
        natural = _natural(entry, schema.names(), value)
        found = item_class(value, nw.col("_s"), nw.col("_g"))
        over = value > nw.col("_s")
        if natural is not None:
            found = nw.when(over & natural).then(nw.lit(1)).otherwise(found)
            over = over & ~natural
        factor = nw.when(over).then((value / nw.col("_s") - 1).round(6))
        data = data.with_columns(found.cast(nw.Int64).alias(f"class_{entry.column}"), factor.alias(f"factor_{entry.column}"))
        if with_index:
            data = data.with_columns((value / nw.col("_s")).round(6).alias(screening_index(entry.column)))
    return drop_helpers(put_together(data, present, present, known.standard, known.version))


def _natural(entry: ConstructionItem, columns: Sequence[str], value: nw.Expr) -> nw.Expr | None:
    background = f"background_{entry.column}"
    if not entry.background or background not in columns:
        return None
    return (value <= nw.col(background).cast(nw.Float64)).fill_null(False)


def _land(column: str) -> nw.Expr:
    text = nw.col(column).cast(nw.String).str.strip_chars()
    found: nw.Expr = nw.lit(None).cast(nw.Int64)
    for number, words in _CLASSES.items():
        found = nw.when(text.is_in(list(words))).then(nw.lit(number)).otherwise(found)
    return found


def _of_land(values: Mapping[int, float]) -> nw.Expr:
    second = nw.when(nw.col("_land") == 2).then(nw.lit(values[2]))
    return nw.when(nw.col("_land") == 1).then(nw.lit(values[1])).otherwise(second)
