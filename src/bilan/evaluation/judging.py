"""Judge what changed, and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import polars as pl

from bilan.evaluation.air import city_of
from bilan.evaluation.methods import METHODS, Method, spans
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store
from bilan.telemetry.store.dirty import Mark


def judge_marks(store: Store, marks: Iterable[Mark], now: int) -> int:
    """Judge the hours, days and months that changed readings belong to.

    Args:
        store: where the readings are and the verdicts go.
        marks: changed hours of points.
        now: time of the computation [s of the wall clock].

    Returns:
        Number of verdicts written.
    """
    hours: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for mark in marks:
        hours[mark.interval][mark.point].add(mark.hour)
    return sum(_judge_method(store, method, hours[method.interval], now) for method in METHODS if method.interval in hours)


def judge_span(store: Store, method: Method, points: Sequence[Point], begin: int, end: int, now: int) -> pl.DataFrame:
    """Judge a whole span of a network; nothing is written.

    Args:
        store: where the readings are.
        method: the method of evaluation.
        points: all points of the method's network.
        begin, end: span [s of the wall clock], `end` excluded.
        now: time of the computation [s of the wall clock].
    """
    return method.judge(store, points, begin, end, now) if points else pl.DataFrame()


def _judge_method(store: Store, method: Method, hours: dict[str, set[int]], now: int) -> int:
    network = store.catalogue.points(network=method.network)
    touched = [point for point in network if point.code in hours]
    if not touched:
        return 0
    keep = {point.code for point in touched}
    if method.together:
        keep |= {area for point in touched if point.district for area in (point.district, city_of(point.district))}
    written = 0
    for begin, end in spans(method, [hour for point in touched for hour in hours[point.code]]):
        judged = judge_span(store, method, network if method.together else touched, begin, end, now)
        if method.sparse:
            judged = with_withdrawn(judged, store.verdicts.scan(method.name, list(keep), begin, end), now)
        written += store.verdicts.write(judged.filter(pl.col("point").is_in(list(keep)))) if judged.height else 0
    return written


def with_withdrawn(judged: pl.DataFrame, before: pl.DataFrame, now: int) -> pl.DataFrame:
    """Put verdicts without a grade in place of earlier ones that nothing speaks for any more.

    Args:
        judged: what was judged now; spans of which nothing was said are missing.
        before: verdicts that are kept so far of the same points and spans.
        now: time of the computation [s of the wall clock].

    Returns:
        Frame for `Store.verdicts.write`.
    """
    if judged.is_empty():
        return _withdrawn(before, now)
    found = judged.with_columns(pl.col("start").dt.epoch("s"))
    return pl.concat([found, _withdrawn(before.join(found, on=["point", "start"], how="anti"), now)], how="vertical_relaxed")


def _withdrawn(before: pl.DataFrame, now: int) -> pl.DataFrame:
    """Verdicts without a grade in place of those that have one."""
    return (
        before.filter(pl.col("grade").is_not_null())
        .with_columns(
            pl.lit(None, dtype=pl.Float64).alias("value"),
            pl.lit(None, dtype=pl.Int64).alias("grade"),
            pl.lit("").alias("main"),
            pl.lit("{}").alias("detail"),
            pl.lit(value=False).alias("valid"),
            pl.lit(now, dtype=pl.Int64).alias("computed"),
        )
        .select("point", "method", "start", "seconds", "value", "grade", "main", "standard", "version", "detail", "valid", "computed")
    )
