"""What a signal model gives: values of many points at many moments, and what is not to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bilan.telemetry.simulator.noise import Floats

Rows = NDArray[np.intp]
"""Positions of points."""

Mask = NDArray[np.bool_]
"""Points × moments, true or false."""

Key = tuple[str, str]
"""(parameter code, statistic)"""


@dataclass(slots=True)
class Block:
    """Points × moments.

    Attributes:
        values: (parameter, statistic) → shape (points that measure it, moments); not a number where nothing can be computed.
        rows: parameter → positions of the points that measure it; absent when all do.
        stopped: where the plant stands still, shape (points, moments); None when nothing can stand still.
    """

    values: dict[Key, Floats]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    stopped: Mask | None = None

    def __post_init__(self) -> None:
        self.values = {key: np.asarray(value, dtype=np.float32) for key, value in self.values.items()}
