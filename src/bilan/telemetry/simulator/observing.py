"""From the signal to what an instrument reports: marks, gaps and falsified numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.simulator.block import Block, Key, Mask
from bilan.telemetry.simulator.events import FRAUDS, SILENT, Schedule, Window
from bilan.telemetry.simulator.noise import Floats, Seconds, single
from bilan.telemetry.simulator.plant import profile_of
from bilan.telemetry.simulator.signals import Signals

NORMAL, STOPPED = ord("N"), ord("F")
TOUCHED = 0.25
"""A span takes a mark when at least this share of it is touched."""

NIGHT_SCALE, DRIFT_SCALE, CLIP = 0.35, 0.6, 0.97


@dataclass(slots=True)
class Observed:
    """What the instruments of one network report.

    Attributes:
        block: the values, falsified where somebody cheats.
        flags: data mark of each point and span as a character number, shape (points, spans).
        absent: spans for which there is no reading at all.
    """

    block: Block
    flags: NDArray[np.uint8]
    absent: Mask


class Observer:
    """Signals as the city's instruments report them.

    Parameters:
        signals: what is really there.
    """

    def __init__(self, signals: Signals) -> None:
        self.signals = signals
        self._schedules = {
            network: Schedule(
                network,
                [point.code for point in model.points],
                [profile_of(point).name for point in model.points] if network.startswith("source_") else [],
                signals.seed,
            )
            for network, model in signals.models.items()
        }

    def observe(self, network: str, starts: Seconds, seconds: int) -> Observed:
        """All points of a network at once.

        Parameters:
            starts: beginnings of the spans in ascending order [s of the wall clock].
            seconds: length of each span [s]; 0 for moments.
        """
        block = self.signals.block(network, starts, seconds)
        count = len(self.signals.models[network].points)
        flags = np.full((count, len(starts)), NORMAL, dtype=np.uint8)
        if block.stopped is not None:
            flags[block.stopped] = STOPPED
        absent = np.zeros(flags.shape, dtype=bool)
        margin = int(max(seconds, 1) * TOUCHED)
        for window in self._schedules[network].windows(int(starts[0]), int(starts[-1]) + max(seconds, 1)):
            low = int(np.searchsorted(starts + max(seconds, 1) - margin, window.begin, "right"))
            high = int(np.searchsorted(starts + margin, window.end, "left"))
            if low >= high:
                continue
            span = slice(low, high)
            if window.kind.name == "loss":
                absent[window.row, span] = True
            elif window.kind.name in FRAUDS:
                _falsify(block, window, span, starts, self._first_item(network, window))
            elif window.kind.flag:
                flags[window.row, span] = ord(window.kind.flag)
        return Observed(block, flags, absent)

    def _first_item(self, network: str, window: Window) -> tuple[str, float]:
        item = profile_of(self.signals.models[network].points[window.row]).items[0]
        return item.parameter, item.limit

    def silences(self, network: str, begin: int, end: int) -> list[Window]:
        """When points of a network have no connection within a period."""
        return [window for window in self._schedules[network].windows(begin, end) if window.kind.name in SILENT]

    def truth(self, begin: int, end: int) -> pl.DataFrame:
        """Every event of a period, the planted frauds among them.

        Returns:
            Columns network, point, parameter (empty for all), kind, zh, en, flag, begin and end [s of the wall clock], source (the point
            that is copied from).
        """
        rows = []
        for network, schedule in self._schedules.items():
            points = self.signals.models[network].points
            for window in schedule.windows(begin, end):
                fraud = window.kind.name in FRAUDS
                rows.append(
                    {
                        "network": network,
                        "point": points[window.row].code,
                        "parameter": self._first_item(network, window)[0] if fraud else "",
                        "kind": window.kind.name,
                        "zh": window.kind.zh,
                        "en": window.kind.en,
                        "flag": window.kind.flag,
                        "begin": window.begin,
                        "end": window.end,
                        "source": points[window.source].code if window.source >= 0 else "",
                    }
                )
        return pl.DataFrame(rows, schema=TRUTH_SCHEMA).sort("begin", "point", "kind")


TRUTH_SCHEMA = {
    "network": pl.String, "point": pl.String, "parameter": pl.String, "kind": pl.String, "zh": pl.String, "en": pl.String,
    "flag": pl.String, "begin": pl.Int64, "end": pl.Int64, "source": pl.String,
}  # fmt: skip


def _falsify(block: Block, window: Window, span: slice, starts: Seconds, item: tuple[str, float]) -> None:
    """Change what the cheated pollutant shows: concentration, its conversion and the mass that follows from it."""
    code, limit = item
    rows = block.rows[code]
    here = int(np.flatnonzero(rows == window.row)[0])
    shown: Key = (code, "converted_mean") if _has(block, (code, "converted_mean"), here) else (code, "mean")
    real = block.values[shown][here, span]
    wanted = _false_values(block, window, span, starts, shown, limit)
    ratio = np.where(real > 0, wanted / np.where(real > 0, real, 1), 1).astype(np.float32)
    for key in ((code, "mean"), (code, "converted_mean"), (code, "total")):
        if key in block.values:
            block.values[key][here, span] *= ratio
    block.values[shown][here, span] = np.where(np.isnan(real), real, wanted)


def _has(block: Block, key: Key, row: int) -> bool:
    return key in block.values and not bool(np.isnan(block.values[key][row]).all())


def _false_values(block: Block, window: Window, span: slice, starts: Seconds, shown: Key, limit: float) -> Floats:
    rows = block.rows[shown[0]]
    real = block.values[shown][int(np.flatnonzero(rows == window.row)[0]), span]
    times = starts[span]
    if window.kind.name == "constant":
        share = 0.35 + 0.3 * (window.begin // 60 % 997) / 997
        return single(np.full_like(real, np.float32(limit * share)))
    if window.kind.name == "clipped":
        return single(np.minimum(real * np.float32(1.35), np.float32(limit * CLIP)))
    if window.kind.name == "copied":
        return single(block.values[shown][int(np.flatnonzero(rows == window.source)[0]), span])
    if window.kind.name == "drift":
        done = (times - window.begin) / (window.end - window.begin)
        return (real * (1 - DRIFT_SCALE * done)).astype(np.float32)
    hour = times % DAY // HOUR
    return single(np.where((hour >= 22) | (hour < 6), real * np.float32(NIGHT_SCALE), real))
