"""From the signal to what an instrument reports: marks, gaps and falsified numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Block, Mask
from bilan.telemetry.simulator.cheating import Scene, checking, falsify, parameter_of
from bilan.telemetry.simulator.events import FRAUDS, SILENT, Schedule, Window, can, kinds
from bilan.telemetry.simulator.noise import Seconds
from bilan.telemetry.simulator.orders import Order
from bilan.telemetry.simulator.signals import MODELS, Model, Signals
from bilan.telemetry.simulator.weather import Moments

NORMAL, STOPPED, CHECKED = ord("N"), ord("F"), ord("C")
TOUCHED = 0.25
"""A span takes a mark when at least this share of it is touched."""


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
        self._schedules = {network: Schedule(network, model.points, signals.seed) for network, model in signals.models.items()}
        self._ordered: dict[str, list[Window]] = {}
        self._alone: dict[str, Model] = {}

    def order(self, orders: Iterable[Order]) -> None:
        """Let these orders hold, and no others; what an outlet cannot do is left out."""
        known = {kind.name: kind for kind in kinds()}
        ordered: dict[str, list[Window]] = defaultdict(list)
        for order in orders:
            try:
                network, row = self.signals.position(order.point)
            except KeyError:
                continue
            point = self.signals.models[network].points[row]
            source = self._schedules[network].twin(row) if order.kind == "copied" else -1
            if network.startswith("source_") and can(order.kind, point) and (order.kind != "copied" or source >= 0):
                ordered[network].append(Window(known[order.kind], row, order.begin, order.end, source, ordered=True))
        self._ordered = dict(ordered)

    def _windows(self, network: str, begin: int, end: int) -> Iterator[Window]:
        yield from self._schedules[network].windows(begin, end)
        yield from (window for window in self._ordered.get(network, ()) if window.begin < end and window.end > begin)

    def observe(self, network: str, starts: Seconds, seconds: int) -> Observed:
        """All points of a network at once.

        Parameters:
            starts: beginnings of the spans in ascending order [s of the wall clock].
            seconds: length of each span [s]; 0 for moments.
        """
        moments = Moments(starts, seconds, self.signals.seed)
        block = self.signals.models[network].values(moments)
        count = len(self.signals.models[network].points)
        flags = np.full((count, len(starts)), NORMAL, dtype=np.uint8)
        if block.stopped is not None:
            flags[block.stopped] = STOPPED
        absent = np.zeros(flags.shape, dtype=bool)
        margin = int(max(seconds, 1) * TOUCHED)
        for window in self._windows(network, int(starts[0]), int(starts[-1]) + max(seconds, 1)):
            low = int(np.searchsorted(starts + max(seconds, 1) - margin, window.begin, "right"))
            high = int(np.searchsorted(starts + margin, window.end, "left"))
            if low >= high:
                continue
            span = slice(low, high)
            if window.kind.name == "loss":
                absent[window.row, span] = True
            elif window.kind.name in FRAUDS:
                falsify(Scene(block, window, self.signals.models[network].points[window.row], span, moments, self._elsewhen))
                flags[window.row, span][checking(window, starts[span])] = CHECKED
            elif window.kind.flag:
                flags[window.row, span] = ord(window.kind.flag)
        return Observed(block, flags, absent)

    def _elsewhen(self, point: Point, starts: Seconds, seconds: int) -> Block:
        """What one outlet really shows at other moments."""
        model = self._alone.get(point.code)
        if model is None:
            model = self._alone[point.code] = MODELS[point.network]([point], self.signals.seed)
        return model.values(Moments(starts, seconds, self.signals.seed))

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
        for network in self._schedules:
            points = self.signals.models[network].points
            for window in self._windows(network, begin, end):
                point, name = points[window.row], window.kind.name
                rows.append(
                    {
                        "network": network,
                        "point": point.code,
                        "parameter": parameter_of(name, point) if name in FRAUDS else "",
                        "kind": name,
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
