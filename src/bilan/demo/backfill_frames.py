"""Frames of history: the simulated instruments' values as rows of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.pack.vocab import networks, vocabulary
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point, SeriesKey
from bilan.telemetry.simulator.aggregate import days
from bilan.telemetry.simulator.block import Key, Rows
from bilan.telemetry.simulator.noise import Seconds
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.store import Store

TOTAL_DECIMALS = 4
MARKS = ("N", "C", "M", "D", "F", "S", "T", "B")


@dataclass(frozen=True, slots=True)
class Column:
    """One (parameter, statistic) of a network and where it goes.

    Attributes:
        key: parameter and statistic.
        places: rows of the signal to be written.
        points: positions of their points in the network.
        series: ids of their series, in the same order.
        decimals: digits kept.
    """

    key: Key
    places: Rows
    points: Rows
    series: NDArray[np.int64]
    decimals: int


class Writer:
    """Turns observed spans of one network and interval into rows.

    Parameters:
        store: numbers the series.
        observer: what the instruments report.
        network, interval: what is written.
        wanted: the points that are written; others of the network are left out.
    """

    def __init__(self, store: Store, observer: Observer, network: str, interval: str, wanted: Sequence[Point]) -> None:
        self.network = network
        self.interval = interval
        self._observer = observer
        self._columns = self._plan(store, {point.code for point in wanted})

    def _plan(self, store: Store, wanted: set[str]) -> list[Column]:
        signals = self._observer.signals
        points = signals.models[self.network].points
        emission = networks()[self.network].unit_kind == "emission"
        measured = [set(signals.parameters(point)) if point.code in wanted else set() for point in points]
        sample = signals.block(self.network, np.zeros(1, dtype=np.int64), HOUR)
        found: list[tuple[Key, list[int], list[int]]] = []
        for key in sample.values:
            rows = sample.rows.get(key[0], np.arange(len(points)))
            chosen = [(place, int(row)) for place, row in enumerate(rows) if key[0] in measured[row]]
            if key[1] == "converted_mean":
                chosen = [(place, row) for place, row in chosen if signals.converts(points[row])]
            if chosen:
                found.append((key, [place for place, _ in chosen], [row for _, row in chosen]))
        keys = [SeriesKey(points[row].code, key[0], key[1], self.interval) for key, _, rows in found for row in rows]
        units = [_unit(key.parameter, key.statistic, emission) for key in keys]
        ids = iter(store.catalogue.series_ids(keys, units))
        return [
            Column(
                key,
                np.array(places, dtype=np.intp),
                np.array(rows, dtype=np.intp),
                np.array([next(ids) for _ in rows], dtype=np.int64),
                _decimals(key, emission),
            )
            for key, places, rows in found
        ]

    @property
    def count(self) -> int:
        """Number of series."""
        return sum(len(column.series) for column in self._columns)

    @property
    def series(self) -> NDArray[np.int64]:
        """Ids of all series, column by column."""
        return np.concatenate([column.series for column in self._columns]) if self._columns else np.zeros(0, dtype=np.int64)

    @property
    def length(self) -> int:
        """Length of a span [s]; 0 for samples."""
        return {"day": DAY, "hour": HOUR}.get(self.interval, 0)

    def fill(self, sheet: Sheet, rows: NDArray[np.int64], starts: Seconds, first: int, every: int = 1) -> None:
        """Write observed spans into a sheet.

        Parameters:
            rows: where each series of `series` begins in the sheet.
            starts: beginnings of the spans [s of the wall clock].
            first: how many spans of these series stand before `starts`.
            every: for days, take one hour of so many.
        """
        if self.interval == "day":
            observed = days(self._observer, self.network, starts, every)
        else:
            observed = self._observer.observe(self.network, starts, HOUR)
        marks = _POSITION[observed.flags]
        steps = np.arange(first, first + len(starts))
        done = 0
        for column in self._columns:
            here = rows[done : done + len(column.series), None] + steps[None, :]
            done += len(column.series)
            values = np.round(observed.block.values[column.key][column.places].astype(np.float64), column.decimals)
            values[observed.absent[column.points]] = np.nan
            sheet.value[here] = values
            sheet.mark[here] = marks[column.points]
            sheet.start[here] = starts[None, :]


_POSITION = np.zeros(256, dtype=np.uint8)
for _place, _mark in enumerate(MARKS):
    _POSITION[ord(_mark)] = _place


class Sheet:
    """Rows of many series, sorted by series and time without ever being sorted.

    Parameters:
        series: ids, in any order.
        counts: how many spans each series has.
    """

    def __init__(self, series: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        order = np.argsort(series)
        self.rows = np.empty(len(series), dtype=np.int64)
        self.rows[order] = np.concatenate([[0], np.cumsum(counts[order])[:-1]]) if len(series) else []
        size = int(counts.sum())
        self._series = np.repeat(series[order], counts[order])
        self.value = np.full(size, np.nan)
        self.start = np.zeros(size, dtype=np.int64)
        self.mark = np.zeros(size, dtype=np.uint8)

    def frame(self, seconds: int) -> pl.DataFrame:
        """What is there, as rows for the lake; a reading of history arrived when its span was over."""
        keep = ~np.isnan(self.value)
        start = self.start[keep]
        return pl.DataFrame(
            {
                "series": self._series[keep],
                "start": start,
                "value": self.value[keep],
                "arrived": start + max(seconds, HOUR),
                "flag": pl.Series(MARKS).gather(self.mark[keep]),
            }
        ).with_columns(pl.lit(seconds, dtype=pl.Int32).alias("seconds"))


def _unit(parameter: str, statistic: str, emission: bool) -> str:
    word = vocabulary().by_code[parameter]
    if statistic == "total":
        return word.total_unit
    return word.emission_unit if emission else word.unit


def _decimals(key: Key, emission: bool) -> int:
    word = vocabulary().by_code[key[0]]
    if key[1] == "total":
        return TOTAL_DECIMALS
    return word.emission_decimals if emission else word.decimals
