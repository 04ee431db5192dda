"""Tables with one value a row (item, value, unit), turned into one column a parameter."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from bilan.pack.vocab import Vocabulary
from bilan.tabular.findings import Findings
from bilan.tabular.mapping import Column, recognise
from bilan.tabular.units import factor
from bilan.tabular.units import unit as read_unit

_ITEMS = 500


def widen(frame: pl.DataFrame, words: Vocabulary, findings: Findings, *, units: str) -> tuple[pl.DataFrame, list[Column]]:
    """Give each item of the column `item` its own column; the first value of a point and time stands, in the row it first appears."""
    index = [name for name in ("point", "start") if name in frame.columns]
    columns: dict[str, Column] = {}
    parts = []
    stated_unit = pl.col("unit") if "unit" in frame.columns else pl.lit("").alias("unit")
    for (item, stated), part in frame.group_by("item", stated_unit, maintain_order=True):
        first = int(part["row"][0])
        found = recognise(str(item), words) if item is not None else None
        if found is None or found.parameter is None or len(columns) >= _ITEMS:
            findings.add("parameter.unknown", {"value": item, "nearest": words.nearest(str(item))}, first, "item")
            continue
        target = found.parameter.emission_unit if units == "emission" else found.parameter.unit
        scale = factor(read_unit(str(stated or "")) or found.unit or target, target)
        if scale is None:
            findings.add("table.unit", {"value": stated, "allowed": target}, first, str(item))
            continue
        columns[found.name] = replace(found, index=-1)
        parts.append(part.with_columns(pl.col("value") * scale, pl.lit(found.name).alias("item")))
    if not parts:
        return frame.select("row", *index), []
    long = pl.concat(parts).sort("row")
    keys: list[str] = [*index] or ["row"]
    places = [name for name in frame.columns if name not in {"row", "item", "value", "unit", *keys}]
    rows = long.group_by(keys, maintain_order=True).agg(pl.col("row", *places).first() if "row" not in keys else pl.col(places).first())
    wide = rows
    for name in columns:
        values = long.filter(pl.col("item") == name).unique(keys, keep="first", maintain_order=True)
        values = values.select(*keys, pl.col("value").alias(name))
        wide = wide.join(values, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return wide.select("row", *index, *places, *columns), list(columns.values())
