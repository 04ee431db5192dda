"""History of the demo city, written straight into the lake: what the fleet would have sent, had it been there before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import polars as pl

from bilan.demo.backfill_frames import Sheet, Writer
from bilan.pack.city import City
from bilan.telemetry import clock
from bilan.telemetry.clock import DAY, HOUR, moment, seconds
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.noise import PIECE, Seconds
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.series import series_of
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.store import Store

YEARS = 3
SOURCE_HOURS_DAYS = 60
DONE = "demo.backfill"
"""Digest that says up to when each period is written."""

EXACT_DAYS = 62
EVERY = 6
"""Days longer ago than `EXACT_DAYS` are made of one hour in so many."""

SAMPLING_MONTHS = (5, 8, 10)
SAMPLING_DAY, SAMPLING_HOUR = 12, 10

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One partition of the lake, or the part of it that is missing.

    Attributes:
        interval: what is written.
        label: the partition: year, or year and month.
        pieces: (networks' writer, first start, end) of what belongs in it.
        rows: about how many rows.
        end: up to when the partition is written afterwards [s of the wall clock].
    """

    interval: str
    label: str
    pieces: tuple[tuple[Writer, int, int], ...]
    rows: int
    end: int

    @property
    def key(self) -> str:
        """Name of the partition in the digest."""
        return f"{self.interval}/{self.label}"


def run(
    city: City, progress: Progress = lambda fraction, text: None, *, seed: int = 0, until: int | None = None, years: int = YEARS
) -> int:
    """Write the history of the demo city up to the last full hour; what is there already is left alone.

    Parameters:
        city: made by `layout.make`.
        progress: told the share of rows written, 0 to 1, and what is being written, Chinese first.
        seed: of the signals; the fleet must run with the same one.
        until: wall time to end at [s]; now by default.
        years: how far back the ambient networks and the days of the sources go.

    Returns:
        Number of rows written.
    """
    store = Store.open(city)
    try:
        store.migrate()
        progress(0.0, "登记数据序列 · naming the series")
        observer = Observer(Signals(store.catalogue.points(), seed))
        _name_series(store, observer)
        end = (clock.now(city.timezone) if until is None else until) // HOUR * HOUR
        state = store.digests.get(DONE) or {}
        done: dict[str, int] = dict(state.get("done", {})) if state.get("seed") == seed else {}
        jobs = [job for job in _jobs(store, observer, end, years, done) if job.rows]
        return _write(store, jobs, done, seed, progress)
    finally:
        store.close()


def _name_series(store: Store, observer: Observer) -> None:
    points = [point for model in observer.signals.models.values() for point in model.points if is_automatic(point)]
    named = [entry for point in points for entry in series_of(point, observer.signals)]
    store.catalogue.series_ids([key for key, _ in named], [unit for _, unit in named])


def is_automatic(point: Point) -> bool:
    """Whether a device reports for a point; the others are sampled by hand."""
    return point.attributes.get("kind") != "manual"


def _write(store: Store, jobs: Sequence[Job], done: dict[str, int], seed: int, progress: Progress) -> int:
    """Write the jobs in order while the next one is being computed."""
    total = sum(job.rows for job in jobs) or 1
    written = 0
    with ThreadPoolExecutor(1) as ahead:
        waiting: Future[pl.DataFrame] | None = ahead.submit(_compute, jobs[0]) if jobs else None
        for place, job in enumerate(jobs):
            assert waiting is not None
            frame = waiting.result()
            waiting = ahead.submit(_compute, jobs[place + 1]) if place + 1 < len(jobs) else None
            if frame.height:
                store.lake.write(job.interval, frame)
            done[job.key] = job.end
            store.digests.put(DONE, {"seed": seed, "done": done})
            written += job.rows
            progress(min(written / total, 1.0), f"{LABELS[job.interval]} {job.label}")
    progress(1.0, "历史数据就绪 · history is ready")
    return written


LABELS = {"hour": "小时值 · hours", "day": "日值 · days", "sample": "手工样 · samples"}


def _compute(job: Job) -> pl.DataFrame:
    """All rows of a job, sorted by series and time."""
    plans = [(writer, _starts(writer, begin, end)) for writer, begin, end in job.pieces]
    series = [writer.series for writer, _ in plans]
    counts = [np.full(len(ids), len(starts), dtype=np.int64) for ids, (_, starts) in zip(series, plans, strict=True)]
    if not any(len(ids) and len(starts) for ids, (_, starts) in zip(series, plans, strict=True)):
        return pl.DataFrame()
    sheet = Sheet(np.concatenate(series), np.concatenate(counts))
    done = 0
    for (writer, starts), ids in zip(plans, series, strict=True):
        rows = sheet.rows[done : done + len(ids)]
        done += len(ids)
        exact = len(starts) - EXACT_DAYS if writer.interval == "day" else 0
        for first, last in _chunks(len(starts), exact):
            writer.fill(sheet, rows, starts[first:last], first, EVERY if last <= exact else 1)
    return sheet.frame(plans[0][0].length)


def _starts(writer: Writer, begin: int, end: int) -> Seconds:
    if writer.interval == "sample":
        return np.array(_samplings(begin, end), dtype=np.int64)
    return np.arange(begin, end, writer.length, dtype=np.int64)


def _chunks(count: int, exact: int) -> Iterator[tuple[int, int]]:
    """Spans in pieces of at most `EXACT_DAYS` days or a month of hours; none holds both sides of `exact`.

    Examples:
        >>> list(_chunks(130, 68))
        [(0, 62), (62, 68), (68, 130)]
    """
    step = EXACT_DAYS if exact else PIECE
    edges = [*range(0, max(exact, 0), step), *range(max(exact, 0), count, step), count]
    yield from ((low, high) for low, high in pairwise(edges) if low < high)


def _samplings(begin: int, end: int) -> list[int]:
    years = range(moment(begin).year, moment(end).year + 1)
    stamps = [seconds(datetime(year, month, SAMPLING_DAY, SAMPLING_HOUR)) for year in years for month in SAMPLING_MONTHS]
    return [stamp for stamp in stamps if begin <= stamp < end]


def _jobs(store: Store, observer: Observer, end: int, years: int, done: dict[str, int]) -> Iterator[Job]:
    first = seconds(moment(end).replace(year=moment(end).year - years, day=1, hour=0))
    today = end // DAY * DAY
    networks = list(observer.signals.models)
    ambient = [_writer(store, observer, name, "hour", automatic=True) for name in networks if not name.startswith("source_")]
    sources = [_writer(store, observer, name, "hour", automatic=True) for name in networks if name.startswith("source_")]
    source_begin = today - SOURCE_HOURS_DAYS * DAY
    for label, low, high in _periods(first, end, "%Y-%m"):
        pieces = [(writer, low, high) for writer in ambient] + [(writer, max(low, source_begin), high) for writer in sources]
        yield _job("hour", label, pieces, HOUR, done)
    by_day = [_writer(store, observer, name, "day", automatic=True) for name in networks if name.startswith("source_")]
    for label, low, high in _periods(first, today, "%Y"):
        yield _job("day", label, [(writer, low, high) for writer in by_day], DAY, done)
    by_hand = [_writer(store, observer, name, "sample", automatic=False) for name in networks if name == "sea"]
    for label, low, high in _periods(first, today, "%Y"):
        yield _job("sample", label, [(writer, low, high) for writer in by_hand], 120 * DAY, done)


def _writer(store: Store, observer: Observer, network: str, interval: str, *, automatic: bool) -> Writer:
    points = [point for point in observer.signals.models[network].points if is_automatic(point) == automatic]
    return Writer(store, observer, network, interval, points)


def _job(interval: str, label: str, pieces: Sequence[tuple[Writer, int, int]], step: int, done: dict[str, int]) -> Job:
    """What of a partition is still to be written."""
    begun = done.get(f"{interval}/{label}", 0)
    wanted = [(writer, max(low, begun), high) for writer, low, high in pieces if max(low, begun) < high]
    rows = sum(writer.count * ((high - low) // step) for writer, low, high in wanted)
    return Job(interval, label, tuple(wanted), rows, max((high for _, _, high in pieces), default=0))


def _periods(begin: int, end: int, form: str) -> Iterator[tuple[str, int, int]]:
    """Months or years of begin ≤ time < end, the first and last one cut."""
    low = begin
    while low < end:
        now = moment(low)
        following = datetime(now.year + 1, 1, 1) if form == "%Y" else datetime(now.year + now.month // 12, now.month % 12 + 1, 1)
        high = min(seconds(following), end)
        yield now.strftime(form), low, high
        low = high
