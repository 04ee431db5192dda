"""Every network's signal behind one door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from bilan.telemetry.model import Interval, Point, SeriesKey
from bilan.telemetry.simulator.air import AirModel
from bilan.telemetry.simulator.block import Block, Rows
from bilan.telemetry.simulator.gas import GasModel
from bilan.telemetry.simulator.ground import GroundwaterModel
from bilan.telemetry.simulator.noise import Floats, Seconds, single
from bilan.telemetry.simulator.plant import profile_of
from bilan.telemetry.simulator.sea import SeaModel
from bilan.telemetry.simulator.sound import NoiseModel
from bilan.telemetry.simulator.waste import WasteWaterModel
from bilan.telemetry.simulator.water import WaterModel
from bilan.telemetry.simulator.weather import Moments


class Model(Protocol):
    """What a network's signal model offers."""

    points: list[Point]

    def parameters(self, point: Point) -> list[str]: ...

    def values(self, moments: Moments) -> Block: ...


MODELS: dict[str, Callable[[Sequence[Point], int], Model]] = {
    "air": AirModel,
    "surface_water": WaterModel,
    "drinking": WaterModel,
    "sea": SeaModel,
    "groundwater": GroundwaterModel,
    "noise": NoiseModel,
    "source_gas": GasModel,
    "source_water": WasteWaterModel,
}
"""Network → its model."""


class Signals:
    """The signals of a city: any point, any span, without state.

    Parameters:
        points: what is measured; networks without a model are left out.
        seed: of the run; the same seed gives the same curves for ever.

    Examples:
        >>> signals = Signals([Point("A1", "air", "甲", lon=118.6, lat=24.9)], seed=7)
        >>> hours = np.arange(0, 6 * 3600, 3600, dtype=np.int64)
        >>> whole = signals.values(SeriesKey("A1", "a34004", "mean", "hour"), hours)
        >>> bool(abs(signals.values(SeriesKey("A1", "a34004", "mean", "hour"), hours[4:5])[0] - whole[4]) < 1e-3)
        True
    """

    def __init__(self, points: Sequence[Point], seed: int = 0) -> None:
        self.seed = seed
        grouped: dict[str, list[Point]] = defaultdict(list)
        for point in sorted(points, key=lambda entry: entry.code):
            if point.network in MODELS:
                grouped[point.network].append(point)
        self.models: dict[str, Model] = {network: MODELS[network](members, seed) for network, members in grouped.items()}
        self._rows: dict[str, dict[str, Rows]] = {}
        self._position = {
            point.code: (network, number) for network, model in self.models.items() for number, point in enumerate(model.points)
        }

    def parameters(self, point: Point) -> list[str]:
        """Codes that are measured at `point`; empty when its network has no model."""
        model = self.models.get(point.network)
        return model.parameters(point) if model is not None and point.code in self._position else []

    def block(self, network: str, starts: Seconds, seconds: int) -> Block:
        """All points of a network at once.

        Parameters:
            starts: beginnings of the spans [s of the wall clock], shape (times,).
            seconds: length of each span [s]; 0 for moments.

        Returns:
            Values in the order of `models[network].points`.
        """
        return self.models[network].values(Moments(starts, seconds, self.seed))

    def values(self, series: SeriesKey, starts: Seconds) -> Floats:
        """One series; for many series of one network, `block` is far faster.

        Returns:
            Shape (times,); not a number where the plant stands still.

        Raises:
            KeyError: the point is unknown or does not measure this.
        """
        network, number = self._position[series.point]
        span = {Interval.HOUR: 3600, Interval.DAY: 86400, Interval.MINUTE: 600}.get(Interval(series.interval), 0)
        block = self.block(network, starts, span)
        statistic = "mean" if series.statistic == "value" and (series.parameter, "mean") in block.values else series.statistic
        rows = block.rows.get(series.parameter)
        if rows is None:
            return single(block.values[series.parameter, statistic][number])
        where = np.flatnonzero(rows == number)
        if not len(where):
            raise KeyError(series)
        return single(block.values[series.parameter, statistic][where[0]])

    def rows(self, network: str) -> dict[str, Rows]:
        """Parameters of a network that not all its points measure, and the positions of those that do."""
        known = self._rows.get(network)
        if known is None:
            known = self._rows[network] = dict(self.block(network, np.zeros(1, dtype=np.int64), 0).rows)
        return known

    def position(self, code: str) -> tuple[str, int]:
        """Network of a point and its place there.

        Raises:
            KeyError: the point has no signal.
        """
        return self._position[code]

    def converts(self, point: Point) -> bool:
        """Whether concentrations of an outlet are converted to reference oxygen."""
        return point.network == "source_gas" and profile_of(point).reference_o2 is not None
