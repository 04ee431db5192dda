"""Rules about verdicts: hours, days, months one after the other, for points and for areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bilan.evaluation.rules.binding import ATTRIBUTE, LABEL, bound, names
from bilan.evaluation.rules.context import day_of
from bilan.evaluation.rules.findings import Collected, Source
from bilan.evaluation.rules.grid import Grid, clock_columns
from bilan.evaluation.rules.judging import Job, run, sentence_columns
from bilan.evaluation.rules.measuring import attribute
from bilan.evaluation.rules.points import Points, source
from bilan.pack.rules import Node, RuleSpec
from bilan.pack.rules.columns import CLOCK, VERDICTS
from bilan.telemetry import clock
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

TARGET = "target_class"
"""Attribute of a point that says which class it must meet."""
_FIXED = {"hour": HOUR, "day": DAY}
_MONTHS = {"month": 1, "year": 12}


def evaluate(store: Store, specs: Iterable[RuleSpec], method: str, begin: int, end: int) -> Collected:
    """Judge the verdicts of one method whose span lies in begin … end.

    Args:
        store: where the verdicts are.
        specs: rules about this method.
        begin, end: span [s of the wall clock].
    """
    chosen = list(specs)
    moments, lead = moments_of(method, begin, end, max((_lead(spec) for spec in chosen), default=0))
    if len(moments) <= lead:
        return Collected()
    rows = store.verdicts.scan(method, None, int(moments[0]), end)
    points = Points(store)
    codes = sorted(rows["point"].unique().to_list())
    here = [points.by_code.get(code) or Point(code, "", "", district=code) for code in codes]
    grid = _grid(rows, here, moments, lead, method, [node for spec in chosen for node in _nodes(spec)], end)
    return run(grid, [job for spec in chosen if (job := _job(spec, here, points, method)).places.size])


def moments_of(method: str, begin: int, end: int, lead: int) -> tuple[npt.NDArray[np.int64], int]:
    """Begin of each span of a method that lies in begin … end, with some before to look back on.

    Returns:
        The moments [s of the wall clock], and how many of them lie before `begin`.

    Examples:
        >>> january, march = (clock.seconds(datetime(2026, month, 1)) for month in (1, 3))
        >>> [clock.moment(int(at)).month for at in moments_of("water.month", january, march, 1)[0]]
        [12, 1, 2]
    """
    interval = method.rpartition(".")[2]
    if interval in _FIXED:
        step = _FIXED[interval]
        first = begin - begin % step
        return np.arange(first - lead * step, end - step + 1, step, dtype=np.int64), lead
    months = _MONTHS[interval]
    at, last = _month_number(begin, months), _month_number(end, months)
    return np.array([_month_start(number, months) for number in range(at - lead, last)], dtype=np.int64), lead


def _month_number(moment: int, months: int) -> int:
    day = clock.moment(moment)
    return (day.year * 12 + day.month - 1) // months


def _month_start(number: int, months: int) -> int:
    year, month = divmod(number * months, 12)
    return clock.seconds(datetime(year, month + 1, 1))


def _lead(spec: RuleSpec) -> int:
    return int(np.ceil(spec.lookback)) + max(spec.times, spec.clear_times) - 1


def _nodes(spec: RuleSpec) -> list[Node]:
    return [_bind(formula.node) for formula in (*spec.formulas, *spec.let.values())]


_bind = partial(bound, column=None)


def _grid(
    rows: pl.DataFrame, points: Sequence[Point], moments: npt.NDArray[np.int64], lead: int, method: str, nodes: Sequence[Node], end: int
) -> Grid:
    shape = (len(points), len(moments))
    every = pl.DataFrame(
        {
            "point": pl.Series([point.code for point in points], dtype=pl.String).gather(np.repeat(np.arange(shape[0]), shape[1])),
            "start": np.tile(moments, shape[0]),
        }
    )
    valid = pl.when(pl.col("valid"))
    told = rows.select(
        "point",
        "start",
        valid.then(pl.col("value").cast(pl.Float64)).alias("value"),
        valid.then(pl.col("grade").cast(pl.Float64)).alias("grade"),
        "main",
        "standard",
        "valid",
    ).unique(["point", "start"], keep="last")
    laid = every.join(told, on=["point", "start"], how="left", maintain_order="left").with_columns(
        pl.col("grade").alias("class_"), pl.col("valid").fill_null(value=False)
    )
    columns = {"target": attribute(points, f"{ATTRIBUTE}{TARGET}", shape[1]), **clock_columns(moments, shape[0])}
    columns |= {name: attribute(points, name, shape[1]) for name in names(nodes) if name.startswith((ATTRIBUTE, LABEL))}
    step = _FIXED.get(method.rpartition(".")[2], 30 * DAY)
    frame = laid.drop("point", "start").with_columns([series.alias(name) for name, series in columns.items()])
    return Grid(frame, [point.code for point in points], moments, step, lead, 1.0, day_of(end))


def _job(spec: RuleSpec, here: Sequence[Point], points: Points, method: str) -> Job:
    where = spec.where
    chosen = {point.code for found in points.of(spec).values() for point in found} if where.networks or where.points else None
    places = [at for at, point in enumerate(here) if chosen is None or point.code in chosen]
    titles = [f"{here[at].code}|{method}" for at in places]

    def describe(at: int) -> Source:
        return source(titles[at], here[places[at]])

    def proof(at: int) -> list[dict[str, Any]]:
        return [{"point": here[places[at]].code, "method": method}]

    return Job(
        spec=spec,
        bind=_bind,
        places=np.array(places, dtype=np.int64),
        sources=pl.Series("source", titles, dtype=pl.String),
        describe=describe,
        columns=sentence_columns(spec, [*VERDICTS, *CLOCK]),
        proof=proof,
    )
