"""The fleet's clock: the city's wall time, or a faster one that begins earlier."""

from __future__ import annotations

import time
from datetime import datetime

from bilan.telemetry.clock import moment, now


class FleetClock:
    """Wall time of the city for simulated devices.

    Parameters:
        zone: the city's zone.
        speed: how many simulated seconds pass in a second.
        begin: simulated wall time of this moment [s]; None for the real one.

    Examples:
        >>> clock = FleetClock("Asia/Shanghai", speed=3600, begin=0)
        >>> clock.real_seconds(7200)
        2.0
    """

    def __init__(self, zone: str, speed: float = 1.0, begin: float | None = None) -> None:
        self.speed = speed
        self._zone = zone
        self._begin = float(now(zone)) + time.time() % 1 if begin is None else begin
        self._since = time.monotonic()
        self._real = speed == 1.0 and begin is None

    def now(self) -> float:
        """Simulated wall time [s]."""
        if self._real:
            return now(self._zone) + time.time() % 1
        return self._begin + (time.monotonic() - self._since) * self.speed

    def moment(self) -> datetime:
        """Simulated wall time to the millisecond."""
        stamp = self.now()
        return moment(int(stamp)).replace(microsecond=int(stamp % 1 * 1e6))

    def real_seconds(self, simulated: float) -> float:
        """How long a simulated time lasts [s]."""
        return simulated / self.speed
