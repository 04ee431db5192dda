"""When a plant runs: shifts, Sundays, the spring festival, repairs and start-ups, as a load between 0 and 1.1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bilan.telemetry.model import Point
from bilan.telemetry.simulator.noise import Floats, seeds_of, single, uniform
from bilan.telemetry.simulator.profiles import Profile, profiles
from bilan.telemetry.simulator.weather import LIVELY, SLOW, Moments

STANDSTILL = 0.08
REPAIR_BAR = 2.05
RAMP = 0.16


def profile_of(point: Point) -> Profile:
    """Kind of an outlet: `attributes["profile"]`, else the first kind of its network."""
    known = profiles()
    wanted = str(point.attributes.get("profile", ""))
    return known[wanted] if wanted in known else next(entry for entry in known.values() if entry.network == point.network)


class Plants:
    """Loads of outlets.

    Parameters:
        points: outlets; those of one enterprise (`attributes["enterprise"]`) stop for repairs together.
        seed: of the run.
    """

    def __init__(self, points: Sequence[Point], seed: int) -> None:
        self.codes = [point.code for point in points]
        self.kinds = [profile_of(point) for point in points]
        self._seed = seed
        self._owners = seeds_of([str(point.attributes.get("enterprise", point.code)) for point in points], "repairs", seed)
        regimes = np.array([kind.regime for kind in self.kinds])
        self._shifts = {name: (regimes == name)[:, None] for name in ("two_shift", "day_shift")}
        luck = seeds_of(self.codes, "shift", seed)
        self._begin = 6.5 + 2 * uniform(luck, 1)[:, None]
        self._sunday_off = (uniform(luck, 2) < 0.55)[:, None]
        self._usual = 0.7 + 0.25 * uniform(luck, 3)[:, None]

    def load(self, moments: Moments) -> Floats:
        """Load of each outlet at each moment, shape (outlets, times); below `STANDSTILL` it stands still."""
        running = np.clip((REPAIR_BAR - moments.noise(self._owners, SLOW, 0)) / np.float32(RAMP), 0, 1)
        seeds = seeds_of(self.codes, "load", self._seed)
        load = self._usual * (1 + 0.08 * moments.noise(seeds, LIVELY, 0.3)) * running * self._open(moments)
        return single(np.clip(load, 0, 1.1).astype(np.float32))

    def _open(self, moments: Moments) -> Floats:
        open_now = np.ones((len(self.codes), len(moments.starts)), dtype=np.float32)
        holiday = np.exp(-0.5 * ((moments.season * np.float32(365.25 / 2 / np.pi) - 38) / 5) ** 2) > 0.5
        for name, hours in (("two_shift", 16.0), ("day_shift", 10.5)):
            since = (moments.hour[None, :] - self._begin) % 24
            edge = np.clip(np.minimum(since, hours - since) * 1.6, 0, 1)
            closed = holiday[None, :] | ((moments.weekday[None, :] == 6) & self._sunday_off)
            open_now = np.where(self._shifts[name], np.where(closed, np.float32(0), edge), open_now)
        return open_now.astype(np.float32)
