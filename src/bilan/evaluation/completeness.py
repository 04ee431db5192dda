"""Digests of completeness: what share of the values that should have come did come, kept by the worker so that no page counts."""

from __future__ import annotations

from typing import Any

import polars as pl

from bilan.pack.vocab import Network, networks, valid_marks
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.store import Store

WINDOWS = {"hour": (HOUR, 24 * HOUR), "day": (DAY, 30 * DAY)}
"""Interval → length of one value and of the window that is looked at [s]."""
STATISTICS = ("mean", "converted_mean", "value", "total")


def key(network: str) -> str:
    """Name of the digest of a network.

    Examples:
        >>> key("air")
        'completeness:air'
    """
    return f"completeness:{network}"


def refresh(store: Store, now: int) -> None:
    """Count, network by network, the valid values of the last day (or month, where one value a day is due).

    Each digest holds ``computed``, ``begin``, ``end`` [s of the wall clock] and ``points``: for each point ``expected``, ``present`` and
    ``share`` (0 to 1).

    Args:
        store: where the readings are and the digests are kept.
        now: time of the computation [s of the wall clock].
    """
    digests = {key(network.code): of_network(store, network, now) for network in networks().values() if network.interval in WINDOWS}
    with store.database.transaction():
        for name, payload in digests.items():
            store.digests.put(name, payload)


def of_network(store: Store, network: Network, now: int) -> dict[str, Any]:
    """The digest of one network."""
    length, window = WINDOWS[network.interval]
    end = now - now % length
    begin = end - window
    codes = [point.code for point in store.catalogue.points(network=network.code)]
    series = store.catalogue.series_frame(codes, None, network.interval) if codes else None
    rows = [] if series is None else shares(store, series, network, begin, end).to_dicts()
    return {"computed": now, "begin": begin, "end": end, "points": rows}


def shares(store: Store, series: pl.DataFrame, network: Network, begin: int, end: int, by: str = "point") -> pl.DataFrame:
    """Compare what came with what should have come.

    Args:
        store: where the readings are.
        series: rows of `Catalogue.series_frame`; one statistic a parameter is counted.
        network: what the points belong to; says which marks count as valid.
        begin, end: period [s of the wall clock], `end` excluded.
        by: ``point`` or ``parameter``.

    Returns:
        Frame of `by`, expected, present, share (0 to 1).
    """
    length, _window = WINDOWS[network.interval]
    rank = pl.col("statistic").replace_strict({name: at for at, name in enumerate(STATISTICS)}, default=None, return_dtype=pl.Int64)
    counted = series.filter(pl.col("occurrence") == 1, pl.col("statistic").is_in(STATISTICS)).sort(rank)
    counted = counted.unique(["point", "parameter"], keep="first", maintain_order=True)
    values = store.scan(counted["id"].to_list(), begin, end, network.interval)
    valid = values.filter(pl.col("value").is_not_null(), pl.col("flag").is_in(sorted(valid_marks(network.code))))
    present = valid.group_by("series").agg(pl.len().cast(pl.Int64).alias("present"))
    due = (end - begin) // length
    joined = counted.join(present, left_on="id", right_on="series", how="left").with_columns(pl.col("present").fill_null(0))
    return (
        joined.group_by(by, maintain_order=True)
        .agg((pl.len() * due).cast(pl.Int64).alias("expected"), pl.col("present").sum())
        .with_columns((pl.col("present") / pl.col("expected")).alias("share"))
        .sort(by)
    )
