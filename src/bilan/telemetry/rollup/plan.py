"""Which rule leads which series to which other one."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from bilan.pack.vocab.marks import valid_marks
from bilan.telemetry.model import SeriesKey
from bilan.telemetry.rollup.rules import rules_for
from bilan.telemetry.store import Store

SCHEMA = {
    "series": pl.Int64,
    "key": pl.Int64,
    "point": pl.String,
    "network": pl.String,
    "rule": pl.String,
    "method": pl.String,
    "minimum": pl.Float64,
    "unit": pl.String,
    "flags": pl.String,
    "first": pl.Int64,
    "last": pl.Int64,
    "weights": pl.Int64,
}


def plan(
    store: Store, points: Collection[str] | None, source: str, target: str, *, automatic: bool = True
) -> tuple[pl.DataFrame, list[SeriesKey], list[str]]:
    """Find rules for the series of these points.

    Returns:
        Frame with the columns of SCHEMA, one row a series and rule: `key` is the place of the target among the keys returned beside it,
        `weights` the series that weighs the values; the keys of the targets; their units.
    """
    series = store.catalogue.series_frame(points, None, source)
    networks = {point.code: point.network for point in store.catalogue.points(codes=points)}
    ids = {SeriesKey(*row[1:6]): row[0] for row in series.rows()}
    keys: dict[SeriesKey, int] = {}
    units: list[str] = []
    rows = []
    for number, point, parameter, statistic, _, occurrence, unit in series.rows():
        network = networks.get(point, "")
        for rule in rules_for(network, parameter, statistic, source, target):
            if automatic and not rule.automatic:
                continue
            key = SeriesKey(point, parameter, rule.result, target, occurrence)
            if key not in keys:
                keys[key] = len(keys)
                units.append(unit)
            weights = ids.get(SeriesKey(point, rule.weight, statistic, source, 1)) if rule.weight else None
            limits = (rule.rule, rule.method, rule.minimum, rule.unit, rule.flags, rule.first, rule.last)
            rows.append((number, keys[key], point, network, *limits, weights))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row"), list(keys), units


def with_rules(values: pl.DataFrame, planned: pl.DataFrame) -> pl.DataFrame:
    """Join values (columns series, start, seconds, value, flag) with their rules, weights and whether they count."""
    joined = values.join(planned, on="series").filter(pl.col("first") <= pl.col("start"), pl.col("start") < pl.col("last"))
    networks = planned["network"].unique().to_list()
    allowed = pl.any_horizontal(
        pl.lit(value=False), *((pl.col("network") == name) & pl.col("flag").is_in(list(valid_marks(name))) for name in networks)
    )
    weights = values.filter(pl.col("value") >= 0).select(pl.col("series").alias("weights"), "start", pl.col("value").alias("weight"))
    return joined.with_columns((allowed & pl.col("value").is_not_null()).alias("ok")).join(weights, on=["weights", "start"], how="left")
