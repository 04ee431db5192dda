"""The evaluation worker: takes the marks of what arrived, rolls up, judges, refreshes digests, seals old periods."""

from __future__ import annotations

import logging
import threading
import time

from bilan.evaluation import completeness, summary
from bilan.evaluation.doubting import doubt_marks
from bilan.evaluation.judging import judge_marks
from bilan.evaluation.methods import METHODS
from bilan.pack.areas import Area, areas
from bilan.pack.city import City
from bilan.telemetry import clock, rollup
from bilan.telemetry.store import Store
from bilan.telemetry.store.errors import StoreUnavailable

log = logging.getLogger(__name__)

BATCH = 4000
"""Marks taken at a time."""

PAUSE = 10.0
"""Marks are collected for this long before they are dealt with together, unless a batch is full [s]."""

REFRESH = 10.0
"""Digests are made anew at most this often [s]."""

COUNT = 300.0
"""Completeness is counted anew at most this often [s]."""

RETENTION = {"instant": 3 * clock.DAY, "minute": 14 * clock.DAY, "hour": 70 * clock.DAY, "day": 400 * clock.DAY, "sample": 800 * clock.DAY}
"""How long readings of an interval stay in the telemetry database before they are sealed [s]."""

VERDICTS_KEPT = 70 * clock.DAY
"""How long verdicts stay in the telemetry database [s]."""

RETRY = 5.0
"""Pause after the store could not be written [s]."""


class Worker:
    """Evaluates one city until it is stopped.

    Args:
        city: the city.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        self._store = Store.open(city)
        self._areas: list[Area] = areas(city)
        self._refreshed = 0.0
        self._counted = -COUNT
        self._stale = True
        self._sealed_on = -1
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until `stopping` is set; a store that cannot be written is tried again."""
        self._store.migrate()
        while not self.stopping.is_set():
            try:
                pause = 0.0 if self.step() >= BATCH else PAUSE
            except StoreUnavailable as error:
                log.warning("waiting for the store: %s", error)
                pause = RETRY
            self.stopping.wait(pause)
        self._store.close()

    def step(self) -> int:
        """Deal with one batch of marks and with what is due; gives the number of marks."""
        now = clock.now(self._city.timezone)
        marks = self._store.dirty.take(BATCH)
        if marks:
            rollup.run(self._store, marks)
            doubt_marks(self._store, marks, self._city.pack)
            written = judge_marks(self._store, marks, now)
            self._store.dirty.done(marks)
            self._stale = self._stale or written > 0
        self._refresh(now)
        self._seal(now)
        return len(marks)

    def _refresh(self, now: int) -> None:
        """Make the digests anew when verdicts changed, or a minute has passed and devices may have fallen silent."""
        age = time.monotonic() - self._refreshed
        if (self._stale and age >= REFRESH) or age >= 3 * REFRESH:
            summary.refresh(self._store, self._areas, now)
            self._refreshed = time.monotonic()
            self._stale = False
        if time.monotonic() - self._counted >= COUNT:
            completeness.refresh(self._store, now)
            self._counted = time.monotonic()

    def _seal(self, now: int) -> None:
        """Once a day, and at the start, move old readings and verdicts into the lake."""
        today = now // clock.DAY
        if self._sealed_on == today:
            return
        for kind, age in (RETENTION | {method.name: VERDICTS_KEPT for method in METHODS}).items():
            log.info("sealed %s: %s", kind, self._store.seal(kind, now - age))
        self._sealed_on = today
