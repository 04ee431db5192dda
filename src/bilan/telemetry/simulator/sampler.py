"""What the instruments report now: each span is worked out once for all devices of a network."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np

from bilan.telemetry.clock import DAY
from bilan.telemetry.simulator.aggregate import days
from bilan.telemetry.simulator.block import Block
from bilan.telemetry.simulator.observing import Observed, Observer
from bilan.telemetry.simulator.orders import Order

REMEMBERED = 400
BATCH = 48


class Sampler:
    """Observed spans, the latest ones remembered.

    Parameters:
        observer: what the instruments report.
    """

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self._known: OrderedDict[tuple[str, int, int], Observed] = OrderedDict()

    def order(self, orders: Iterable[Order]) -> None:
        """Let these orders hold from now on; what is remembered was worked out without them."""
        self.observer.order(orders)
        self._known.clear()

    def at(self, network: str, start: int, seconds: int) -> Observed:
        """One span of all points of a network; whole days are made of their hours.

        Parameters:
            start: begin of the span [s of the wall clock].
            seconds: its length [s]; 0 for a moment.
        """
        found = self._known.get((network, start, seconds))
        if found is None:
            self.prepare(network, [start], seconds)
            found = self._known[network, start, seconds]
        return found

    def prepare(self, network: str, starts: Sequence[int], seconds: int) -> None:
        """Work out several spans together; at most `BATCH` of them."""
        wanted = sorted({start for start in starts[:BATCH] if (network, start, seconds) not in self._known})
        if wanted:
            times = np.array(wanted, dtype=np.int64)
            whole = days(self.observer, network, times) if seconds == DAY else self.observer.observe(network, times, seconds)
            for place, start in enumerate(wanted):
                self._known[network, start, seconds] = _one(whole, place)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _one(whole: Observed, place: int) -> Observed:
    values = {key: found[:, place : place + 1].copy() for key, found in whole.block.values.items()}
    here = slice(place, place + 1)
    return Observed(Block(values, whole.block.rows), whole.flags[:, here].copy(), whole.absent[:, here].copy())
