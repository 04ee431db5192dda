"""Sealed values of a few series, kept in memory as long as their files stay as they are."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from bilan.telemetry.store import parquet
from bilan.telemetry.store.datasets import OBSERVATION
from bilan.telemetry.store.lake import Lake

MOST_SERIES = 16
"""More series at once are read straight from the files: they are asked for by jobs, not by readers of a page."""

MOST_ROWS = 1_000_000
"""Rows kept in all; about 60 bytes each."""

_FILE = "__file"
_Key = tuple[Path, parquet.Mark, tuple[int, ...]]


class SealedSeries:
    """Reads sealed values through a memory of what was read before; least recently used rows go first.

    Args:
        lake: where the files are.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._kept: OrderedDict[_Key, pl.DataFrame] = OrderedDict()
        self._rows = 0
        self._guard = threading.Lock()

    def read(self, interval: str, series: Sequence[int], begin: int, end: int) -> pl.DataFrame:
        """Sealed values of begin ≤ start < end.

        Parameters:
            interval: interval of the series.
            series: ids.
            begin, end: seconds of the wall clock.
        """
        chosen = tuple(sorted(set(series)))
        files = self._lake.files(interval, begin, end)
        marks = {file: mark for file in files if (mark := parquet.identity(file)) is not None}
        if len(chosen) > MOST_SERIES or len(marks) < len(files):
            return self._lake.collect(interval, begin, end, _of(chosen))
        known = {file: self._get((file, mark, chosen)) for file, mark in marks.items()}
        absent = [file for file, rows in known.items() if rows is None]
        if absent:
            found = self._scan(absent, chosen)
            if found is None or any(parquet.identity(file) != marks[file] for file in absent):
                return self._lake.collect(interval, begin, end, _of(chosen))
            for file in absent:
                known[file] = found.get(str(file), OBSERVATION.empty())
                self._put((file, marks[file], chosen), known[file])
        parts = [rows for rows in known.values() if rows is not None and rows.height]
        if not parts:
            return OBSERVATION.empty()
        return pl.concat(parts).filter(pl.col("start") >= begin, pl.col("start") < end)

    def _scan(self, files: list[Path], series: tuple[int, ...]) -> dict[str, pl.DataFrame] | None:
        """Rows of these series by file; None when a file went away meanwhile."""
        try:
            rows = pl.scan_parquet(files, glob=False, include_file_paths=_FILE).filter(_of(series)).collect()
        except (pl.exceptions.PolarsError, OSError):
            return None
        parts = rows.partition_by(_FILE, as_dict=True, include_key=False)
        return {str(file): part.select(list(OBSERVATION.schema)) for (file,), part in parts.items()}

    def _get(self, key: _Key) -> pl.DataFrame | None:
        with self._guard:
            rows = self._kept.get(key)
            if rows is not None:
                self._kept.move_to_end(key)
            return rows

    def _put(self, key: _Key, rows: pl.DataFrame | None) -> None:
        if rows is None:
            return
        with self._guard:
            before = self._kept.pop(key, None)
            self._kept[key] = rows
            self._rows += rows.height - (before.height if before is not None else 0)
            while self._rows > MOST_ROWS and len(self._kept) > 1:
                self._rows -= self._kept.popitem(last=False)[1].height


def _of(series: tuple[int, ...]) -> pl.Expr:
    """Rows of these series; the bounds let whole row groups be left unread."""
    within = (pl.col("series") >= series[0]) & (pl.col("series") <= series[-1])
    return within & pl.col("series").is_in(list(series)) if len(series) < series[-1] - series[0] + 1 else within
