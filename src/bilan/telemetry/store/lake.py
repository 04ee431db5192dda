"""The sealed part of the store: Parquet files by kind and date, sorted by series and time, replaced whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.store import parquet
from bilan.telemetry.store.datasets import dataset_named
from bilan.telemetry.store.intervals import DAY_STAMP, partition, stamp_length
from bilan.telemetry.store.parquet import Summary

PART = "part.parquet"
ATTEMPTS = 5
NAMED_DAYS = 800
"""Up to this length the files of a period are named from its days; beyond, the folder is listed."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """One partition before and after a write, as frames."""

    before: pl.DataFrame
    after: pl.DataFrame


class Lake:
    """Parquet files ``<root>/<dataset>/kind=<kind>/date=<date>/part.parquet``.

    Minutes and instants lie in a file a day, hours in a file a month, days and samples in a file a year. A file is
    replaced in one step (written beside it, flushed, renamed), so a reader sees the old one or the new one.

    Parameters:
        root: folder of the lake.
        zone: IANA zone whose wall time stamps a write that names no time of arrival.
        written: told about every write of observations or verdicts, partition by partition.
    """

    def __init__(self, root: Path, zone: str = "Asia/Shanghai", written: Callable[[str, str, Replaced], None] | None = None) -> None:
        self.root = root
        self._zone = zone
        self._written = written
        self._summaries: dict[Path, Summary] = {}

    def write(self, interval: str, frame: pl.DataFrame, dataset: str = "observation", *, arrived: int | None = None) -> int:
        """Add rows to the sealed periods they belong to; of two rows with the same key the one that arrived later stays.

        Parameters:
            interval: interval of the observations, or the method of the verdicts.
            frame: observations need series, start [s or Datetime], seconds, value; flag, quality, arrived and source are filled in
                (``N``, 0, now, 0). Verdicts need the columns of `bilan.telemetry.store.verdicts.COLUMNS`.
            dataset: ``observation`` or ``verdict``.
            arrived: time of arrival of rows that carry none [s of the wall clock].

        Returns:
            Number of rows the touched partitions hold now.

        Raises:
            BilanError: a column is missing.
            StoreUnavailable: the folder cannot be written.
        """
        shape = dataset_named(dataset)
        rows = shape.prepare(frame, interval, clock.now(self._zone) if arrived is None else arrived)
        total = 0
        for date, part in _parts(rows, interval):
            replaced = self.merge(dataset, interval, date, part)
            total += replaced.after.height
            if self._written:
                self._written(dataset, interval, replaced)
        return total

    def merge(self, dataset: str, kind: str, date: str, rows: pl.DataFrame) -> Replaced:
        """Bring rows that all belong to one partition into its file."""
        shape = dataset_named(dataset)
        target = self._file(dataset, kind, date)
        with parquet.locked(target.parent):
            before = parquet.read(target) if target.exists() else shape.empty()
            after = shape.newest(pl.concat([before, rows])) if before.height else shape.newest(rows)
            self._replace(target, after)
        return Replaced(before, after)

    def _replace(self, target: Path, rows: pl.DataFrame) -> None:
        starts = rows["start"]
        first, last = starts.min(), starts.max()
        parquet.replace(target, rows, Summary(rows.height, int(first or 0), int(last or 0)))  # type: ignore[arg-type]

    def scan(self, interval: str, begin: int | None = None, end: int | None = None, *, dataset: str = "observation") -> pl.LazyFrame:
        """Rows of sealed periods with begin ≤ start < end, as a lazy frame over the files that can hold any.

        Parameters:
            interval: interval of the observations, or the method of the verdicts.
            begin, end: seconds of the wall clock; None for open.
            dataset: ``observation`` or ``verdict``.
        """
        shape = dataset_named(dataset)
        files = self.files(interval, begin, end, dataset=dataset)
        frame = pl.scan_parquet(files, glob=False) if files else shape.empty().lazy()
        if begin is not None:
            frame = frame.filter(pl.col("start") >= begin)
        return frame if end is None else frame.filter(pl.col("start") < end)

    def collect(self, interval: str, begin: int, end: int, condition: pl.Expr, *, dataset: str = "observation") -> pl.DataFrame:
        """Rows of sealed periods that meet `condition`, read again when a file was replaced meanwhile."""
        for attempt in range(ATTEMPTS):
            files = self.files(interval, begin, end, dataset=dataset)
            marks = [parquet.identity(file) for file in files]
            try:
                rows = self.scan(interval, begin, end, dataset=dataset).filter(condition).collect()
            except (pl.exceptions.PolarsError, OSError) as error:
                if attempt == ATTEMPTS - 1 or marks == [parquet.identity(file) for file in files]:
                    raise BilanError(Problem("store.lake_unreadable", {"place": str(self.root), "reason": str(error)})) from error
                continue
            if marks == [parquet.identity(file) for file in files]:
                return rows
        return rows

    def files(self, interval: str, begin: int | None = None, end: int | None = None, *, dataset: str = "observation") -> list[Path]:
        """Files that can hold rows of begin ≤ start < end, in the order of their dates."""
        folder = self.root / dataset / f"kind={interval}"
        if begin is not None and end is not None and end - begin < NAMED_DAYS * clock.DAY:
            return [file for date in _dates(interval, begin, end) if (file := folder / f"date={date}" / PART).exists()]
        low = partition(interval, begin) if begin is not None else ""
        high = partition(interval, end - 1) if end is not None else "9999-99-99"
        found = sorted(folder.glob(f"date=*/{PART}")) if folder.is_dir() else []
        return [file for file in found if low <= file.parent.name[5:] <= high]

    def summary(self, interval: str, start: int, *, dataset: str = "observation") -> Summary | None:
        """Rows, first and last start of the partition that `start` belongs to, or None when there is no such file."""
        file = self._file(dataset, interval, partition(interval, start))
        mark = parquet.identity(file)
        if mark is None:
            return None
        known = self._summaries.get(file)
        if known is None or known.mark != mark:
            known = self._summaries[file] = parquet.summary(file)
        return known

    def _file(self, dataset: str, kind: str, date: str) -> Path:
        return self.root / dataset / f"kind={kind}" / f"date={date}" / PART


def _parts(rows: pl.DataFrame, kind: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows of each partition, in the order of the dates."""
    days = rows.select((pl.col("start") // clock.DAY).unique().sort()).to_series().to_list()
    spans: dict[str, tuple[int, int]] = {}
    for day in days:
        date = partition(kind, day * clock.DAY)
        spans[date] = (spans.get(date, (day, 0))[0], day + 1)
    for date, (first, end) in spans.items():
        inside = pl.col("start").is_between(first * clock.DAY, end * clock.DAY, closed="left")
        yield date, rows if len(spans) == 1 else rows.filter(inside)


def _dates(kind: str, begin: int, end: int) -> list[str]:
    """Partitions of begin ≤ start < end, in order."""
    days = range(begin // clock.DAY, (end - 1) // clock.DAY + 1)
    # No partition but one of days is shorter than four weeks, so a day in four weeks meets each of the longer ones.
    seen = days if stamp_length(kind) == DAY_STAMP else sorted({*days[:: 4 * 7], *days[-1:]})
    return list(dict.fromkeys(partition(kind, day * clock.DAY) for day in seen))
