"""How much of what should come does come and counts: the rates of transmission and validity."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.evaluation.completeness import STATISTICS, WINDOWS
from bilan.pack.vocab import networks, valid_marks
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

STOPPED = "F"
"""Mark of a source that stands still (HJ 75 and HJ/T 212): its hours are neither due nor missing."""
LEAST = 6
"""Moments that must be due of each series before a rate says anything."""
SOURCES = ("source_gas", "source_water")


def rates(store: Store, points: Sequence[Point], now: int) -> pl.DataFrame:
    """Rates of each point over the last day, or the last month where one value a day is due.

    Args:
        store: where the readings are.
        points: points of any network.
        now: time of the question [s of the wall clock]; the last moment before it may still be under way and is not due yet.

    Returns:
        Columns ``@point``; ``transmission``, the share of the values due that came; ``validity``, the share of those that counts;
        ``effective``, both together [0 to 1]. Hours at which a source stood still are left out; where too few are due there is no rate.
    """
    parts = []
    for network in sorted({point.network for point in points}):
        interval = networks()[network].interval if network in networks() else "hour"
        if interval not in WINDOWS:
            continue
        length, window = WINDOWS[interval]
        end = now - now % length - length
        codes = [point.code for point in points if point.network == network]
        series = counted(store, codes, interval)
        values = store.scan(series["id"].to_list(), end - window, end, interval)
        parts.append(_shares(values, series, network, window // length))
    schema = {"@point": pl.String, "transmission": pl.Float64, "validity": pl.Float64, "effective": pl.Float64}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def counted(store: Store, codes: Sequence[str], interval: str) -> pl.DataFrame:
    """Series of points that must come, one statistic a parameter: columns id, point, parameter."""
    rank = {name: at for at, name in enumerate(STATISTICS)}
    known = store.catalogue.series_frame(list(codes), None, interval)
    known = known.filter(pl.col("occurrence") == 1, pl.col("statistic").is_in(STATISTICS))
    ranked = known.sort(pl.col("statistic").replace_strict(rank, default=None, return_dtype=pl.Int64))
    return ranked.unique(["point", "parameter"], keep="first", maintain_order=True).select("id", "point", "parameter")


def counts(network: str) -> pl.Expr:
    """Whether a scanned value counts."""
    return pl.col("value").is_not_null() & pl.col("flag").is_in(sorted(valid_marks(network)))


def stopped(network: str) -> pl.Expr:
    """Whether a scanned value says that the source stood still."""
    return pl.col("flag") == STOPPED if network in SOURCES else pl.lit(value=False)


def _shares(values: pl.DataFrame, series: pl.DataFrame, network: str, due: int) -> pl.DataFrame:
    came = values.group_by("series").agg(
        pl.len().alias("came"), counts(network).sum().alias("valid"), stopped(network).cast(pl.Int64).sum().alias("stopped")
    )
    summed = (
        series.join(came, left_on="id", right_on="series", how="left")
        .group_by("point", maintain_order=True)
        .agg(
            pl.len().alias("series"),
            (pl.len() * due).cast(pl.Int64).alias("due"),
            *(pl.col(name).sum().cast(pl.Int64) for name in ("came", "valid", "stopped")),
        )
        .with_columns(pl.col("due") - pl.col("stopped"), pl.col("came") - pl.col("stopped"))
    )
    any_due = pl.when(pl.col("due") >= LEAST * pl.col("series"))
    return summed.select(
        pl.col("point").alias("@point"),
        any_due.then(pl.col("came") / pl.col("due")).clip(0.0, 1.0).alias("transmission"),
        any_due.then(pl.col("valid") / pl.when(pl.col("came") > 0).then(pl.col("came"))).clip(0.0, 1.0).alias("validity"),
        any_due.then(pl.col("valid") / pl.col("due")).clip(0.0, 1.0).alias("effective"),
    )
