"""Judge a whole past in bulk, month by month, straight into the lake."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bilan.evaluation.judging import judge_span
from bilan.evaluation.methods import METHODS, Method, span_of
from bilan.pack.city import City
from bilan.telemetry import clock
from bilan.telemetry.store import Store

Progress = Callable[[float, str], None]

STREAM = "history.judged"
RECENT = 40 * clock.DAY
"""Verdicts younger than this stay in the telemetry database, where pages find them fastest [s]."""


def judge(city: City, progress: Progress) -> int:
    """Judge every month of a city that has not been judged yet, up to now.

    Args:
        city: the city; where judging stopped is remembered in its store.
        progress: told the share done and the month.

    Returns:
        Number of verdicts written.
    """
    store = Store.open(city)
    try:
        now = clock.now(city.timezone)
        begin = store.offsets.get(STREAM) or _first_hour(store)
        written = _judge_months(store, begin, now, progress) if begin is not None else 0
        store.offsets.set(STREAM, now - now % clock.HOUR)
        return written
    finally:
        store.close()


def _judge_months(store: Store, begin: int, now: int, progress: Progress) -> int:
    months = list(_months(begin, now))
    written = 0
    for done, (start, end) in enumerate(months):
        progress(done / len(months), clock.moment(start).strftime("%Y-%m"))
        for method in METHODS:
            written += _judge_month(store, method, start, min(end, now), now)
        with store.database.transaction():
            store.offsets.set(STREAM, min(end, now - now % clock.HOUR))
    return written


def _judge_month(store: Store, method: Method, begin: int, end: int, now: int) -> int:
    judged = judge_span(store, method, store.catalogue.points(network=method.network), begin, end, now)
    if judged.is_empty():
        return 0
    edge = clock.moment(now - RECENT)
    old, recent = judged.filter(pl.col("start") < edge), judged.filter(pl.col("start") >= edge)
    if old.height:
        store.lake.write(method.name, old, dataset="verdict")
    return old.height + (store.verdicts.write(recent) if recent.height else 0)


def _months(begin: int, end: int) -> list[tuple[int, int]]:
    found = []
    stamp = begin
    while stamp < end:
        found.append(span_of("month", stamp))
        stamp = found[-1][1]
    return found


def _first_hour(store: Store) -> int | None:
    """First hour that any judged network reported or was sampled, from the statistics of its series."""
    judged = {method.network for method in METHODS}
    points = [point.code for point in store.catalogue.points() if point.network in judged]
    series = pl.concat([store.catalogue.series_frame(points, None, interval)["id"] for interval in ("hour", "sample")]).to_list()
    if not series:
        return None
    first = store.statistics(series)["first"].min()
    return int(first) if isinstance(first, int) else None
