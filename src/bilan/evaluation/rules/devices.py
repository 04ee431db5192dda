"""Rules about devices: silence, late data, and the rates of transmission and validity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from bilan.evaluation.completeness import WINDOWS
from bilan.evaluation.rules import rowwise
from bilan.evaluation.rules.binding import ATTRIBUTE, LABEL, bound, names
from bilan.evaluation.rules.context import day_of
from bilan.evaluation.rules.findings import Collected, Source
from bilan.evaluation.rules.grid import Grid, Numbers, clock_columns, series_of
from bilan.evaluation.rules.judging import Job, run, sentence_columns
from bilan.evaluation.rules.measuring import number
from bilan.evaluation.rules.points import Points, source
from bilan.evaluation.rules.rates import LEAST, counted, counts, rates, stopped
from bilan.pack.rules import RuleSpec
from bilan.pack.rules.columns import CLOCK, DEVICES
from bilan.pack.vocab import networks
from bilan.telemetry import clock
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

_TOLD = ("mn", "state", "@source", "@code", "@point", "@network", "@name", "@district", "@organisation")
_STATUS = {
    "mn": pl.String,
    "connected": pl.Int64,
    "seen": pl.Int64,
    "data_time": pl.Int64,
    "lag": pl.Int64,
    "errors": pl.Int64,
}
_UNKNOWN: dict[str, Any] = {"state": pl.String, "connected": pl.Boolean, "delay": pl.Float64, "gaps": pl.Float64, "errors": pl.Float64}
_LATE = 400 * DAY
"""A device never heard of is taken to have been silent for so long [s]."""


def evaluate(store: Store, specs: Iterable[RuleSpec], now: int) -> Collected:
    """Judge devices as they are now.

    Args:
        store: where their state and readings are.
        specs: rules about devices.
        now: time of the evaluation [s of the wall clock].
    """
    found, points = Collected(), Points(store)
    chosen = list(specs)
    if not chosen:
        return found
    columns = names(bound(formula.node, None) for spec in chosen for formula in (*spec.formulas, *spec.let.values()))
    frame = state(store, points, now, columns)
    for spec in chosen:
        codes = [point.code for of_network in points.of(spec).values() for point in of_network]
        began = _began(spec)
        rows = frame.filter(pl.col("@point").is_in(codes)).with_columns(began.alias("@began"))
        found.add(rowwise.evaluate(spec, rows, now, day_of(now)))
    return found


def state(store: Store, points: Points, now: int, columns: Iterable[str] = ()) -> pl.DataFrame:
    """One row a device that is in use and belongs to a point: the columns rules may name, and what tells it.

    Args:
        columns: attributes of points that are wanted too, as ``attribute:KEY`` and ``label:KEY``.
    """
    devices = [device for device in store.catalogue.devices() if device.point in points.by_code and device.state == "active"]
    here = [points.by_code[device.point] for device in devices]
    told = pl.DataFrame(
        {
            "mn": [device.mn for device in devices],
            "state": [device.state for device in devices],
            "@source": [f"device|{device.mn}" for device in devices],
            "@code": [device.mn for device in devices],
            "@point": [point.code for point in here],
            "@network": [point.network for point in here],
            "@name": [point.name_zh for point in here],
            "@district": [point.district for point in here],
            "@organisation": [str(point.attributes.get("enterprise", "")) for point in here],
        },
        schema_overrides=dict.fromkeys(_TOLD, pl.String),
    )
    status = store.database.frame("SELECT mn, connected, seen, data_time, lag, errors FROM device_status", (), _STATUS)
    gaps = store.database.frame(
        "SELECT mn, SUM(missing) FROM gap WHERE state = 'open' GROUP BY mn", (), {"mn": pl.String, "gaps": pl.Float64}
    )
    joined = told.join(status, on="mn", how="left").join(gaps, on="mn", how="left").join(rates(store, here, now), on="@point", how="left")
    moment = clock_parts(now)
    return joined.with_columns(
        (pl.col("connected") == 1).fill_null(value=False),
        _age("seen", now).alias("silent"),
        _age("data_time", now).alias("data_age"),
        (pl.col("lag") / HOUR).alias("delay"),
        pl.col("gaps").fill_null(0.0),
        pl.col("errors").cast(pl.Float64),
        *(pl.lit(value).alias(name) for name, value in moment.items()),
        *(_of_points(here, name) for name in columns if name.startswith((ATTRIBUTE, LABEL))),
    )


def clock_parts(moment: int) -> dict[str, float]:
    """The columns hour, weekday, day and month of a moment."""
    at = clock.moment(moment)
    return {"hour": float(at.hour), "weekday": float(at.isoweekday()), "day": float(at.day), "month": float(at.month)}


def _age(column: str, now: int) -> pl.Expr:
    """Hours since a time; of one that never was, a long while; none for one ahead of the clock."""
    known = pl.col(column).fill_null(0)
    return pl.when(known > 0).then((now - known).clip(0)).otherwise(_LATE) / HOUR


def _began(spec: RuleSpec) -> pl.Expr:
    """Since when a state has lasted: since the device was last heard of, or its newest data, where the rule goes by that."""
    used = names([spec.condition.node])
    for name, column in (("silent", "seen"), ("data_age", "data_time")):
        if name in used:
            return pl.when(pl.col(column) > 0).then(pl.col(column))
    return pl.lit(None, dtype=pl.Int64)


def _of_points(points: Sequence[Point], name: str) -> pl.Series:
    key = name.partition(":")[2]
    values: list[Any] = [point.attributes.get(key) for point in points]
    if name.startswith(LABEL):
        return pl.Series(name, [value if isinstance(value, str) else None for value in values], dtype=pl.String)
    numbers: Numbers = np.array([number(value) for value in values], dtype=float)
    return pl.Series(name, numbers).fill_nan(None)


def past(store: Store, specs: Iterable[RuleSpec], begin: int, end: int) -> Collected:
    """Judge what devices would have looked like at each hour of a past period, as far as readings tell.

    Hours without any reading stand for silence; what only the gateway knew at the time (connections, delays, refused frames, open gaps)
    is not known any more.

    Args:
        store: where the readings are.
        specs: rules about devices.
        begin, end: period [s of the wall clock].
    """
    found, points = Collected(), Points(store)
    by_network: dict[str, list[Point]] = {}
    devices = {device.point: device.mn for device in store.catalogue.devices() if device.state == "active"}
    for code in sorted(devices):
        if code in points.by_code:
            by_network.setdefault(points.by_code[code].network, []).append(points.by_code[code])
    chosen = list(specs)
    if not chosen:
        return found
    for network, here in by_network.items():
        interval = networks()[network].interval if network in networks() else "hour"
        if interval in WINDOWS:
            grid = _history(store, here, network, interval, begin, end)
            found.add(run(grid, [_past_job(spec, here, points, devices) for spec in chosen if network in points.of(spec)]))
    return found


def _history(store: Store, here: Sequence[Point], network: str, interval: str, begin: int, end: int) -> Grid:
    length, window = WINDOWS[interval]
    span, lead = window // length, 31 * DAY // length
    first = begin - begin % length - lead * length
    moments = np.arange(first, end - length + 1, length, dtype=np.int64)
    series = counted(store, [point.code for point in here], interval)
    values = store.scan(series["id"].to_list(), first, end, interval)
    place = {point.code: at for at, point in enumerate(here)}
    laid = values.join(series.select(pl.col("id").alias("series"), "point"), on="series").select(
        pl.col("point").replace_strict(place, return_dtype=pl.Int64).alias("place"),
        ((pl.col("start") - first) // length).alias("at"),
        counts(network).alias("valid"),
        stopped(network).alias("stopped"),
    )
    came, valid, idle = (np.zeros((len(here), len(moments))) for _ in range(3))
    cells = (laid["place"].to_numpy(), laid["at"].to_numpy())
    np.add.at(came, cells, 1.0)
    np.add.at(valid, cells, laid["valid"].to_numpy().astype(float))
    np.add.at(idle, cells, laid["stopped"].to_numpy().astype(float))
    due = series.group_by("point").len()
    wanted = np.array([dict(due.iter_rows()).get(point.code, 0) for point in here], dtype=float)[:, None] * span
    at_rest = _summed(idle, span)
    least = wanted / span * LEAST
    wanted, arrived, counted_valid = wanted - at_rest, _summed(came, span) - at_rest, _summed(valid, span)
    wanted = np.where(wanted >= least, wanted, np.nan)
    at = np.arange(len(moments))
    last = np.maximum.accumulate(np.where(came > 0, at, -1), axis=1)
    silent = np.where(last >= 0, (at - last) * length, (at + 1) * length) / HOUR
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            "silent": silent,
            "data_age": silent + length / HOUR,
            "transmission": np.clip(arrived / wanted, 0, 1),
            "validity": np.where(np.isnan(wanted), np.nan, counted_valid / arrived),
            "effective": np.clip(counted_valid / wanted, 0, 1),
        }
    frame = pl.DataFrame({name: series_of(np.where(np.isfinite(column), column, np.nan)) for name, column in columns.items()})
    unknown = [pl.lit(None, dtype=_UNKNOWN[name]).alias(name) for name in _UNKNOWN]
    frame = frame.with_columns(*unknown, *[entry.alias(name) for name, entry in clock_columns(moments, len(here)).items()])
    return Grid(frame, [point.code for point in here], moments, length, lead, 1.0, day_of(end))


def _summed(values: Numbers, span: int) -> Numbers:
    """Sum over the last `span` moments."""
    total = np.cumsum(values, axis=1)
    total[:, span:] -= total[:, :-span].copy()
    return total


def _past_job(spec: RuleSpec, here: Sequence[Point], points: Points, devices: Mapping[str, str]) -> Job:
    chosen = {point.code for found in points.of(spec).values() for point in found}
    places = [at for at, point in enumerate(here) if point.code in chosen]
    titles = [f"device|{devices[here[at].code]}" for at in places]

    def describe(at: int) -> Source:
        found = source(titles[at], here[places[at]])
        found.code = devices[here[places[at]].code]
        return found

    return Job(
        spec=spec,
        bind=partial(bound, column=None),
        places=np.array(places, dtype=np.int64),
        sources=pl.Series("source", titles, dtype=pl.String),
        describe=describe,
        columns=sentence_columns(spec, [*DEVICES, *CLOCK]),
        proof=lambda at: [{"point": here[places[at]].code}],
    )
