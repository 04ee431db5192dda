"""How the way from the devices to the store is doing: does the gateway answer and acknowledge, does the ingest keep up?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from bilan.telemetry import clock
from bilan.telemetry.gateway.devices import gateway_status
from bilan.telemetry.gateway.settings import STREAM
from bilan.telemetry.journal import Reader
from bilan.telemetry.store import Store
from bilan.web import site

KEPT_SECONDS = 2.0
"""What the gateway said is kept so long: many pages ask, it is asked once."""
PEEK_BYTES = 4096
BEHIND_SECONDS = 60
"""An ingest that is less behind than this keeps up [s]."""

_kept: dict[str, tuple[float, Condition]] = {}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the gateway cannot write to: what it says in both languages, and since when [s of the wall clock]."""

    zh: str
    en: str
    since: int


@dataclass(frozen=True, slots=True)
class Condition:
    """State of gateway and ingest.

    Attributes:
        reachable: whether the gateway answers.
        acknowledging: whether it acknowledges what comes.
        faults: why it does not.
        behind: how long the oldest record that is not in the store yet has waited [s]; 0 when the ingest keeps up.
        heard: when the last telegram of any device came; 0 when none ever did.
        devices, connections, frames: as the gateway says.
    """

    reachable: bool
    acknowledging: bool
    faults: tuple[Fault, ...] = ()
    behind: int = 0
    heard: int = 0
    devices: int = 0
    connections: int = 0
    frames: int = 0

    @property
    def well(self) -> bool:
        """Whether there is nothing to tell."""
        return self.reachable and self.acknowledging and not self.behind


def condition() -> Condition:
    """How gateway and ingest of the city are, at most two seconds old."""
    folder = str(site.city().folder)
    made, found = _kept.get(folder, (0.0, None))
    if found is None or time.monotonic() - made > KEPT_SECONDS:
        found = _ask(site.store())
        _kept[folder] = (time.monotonic(), found)
    return found


def _ask(store: Store) -> Condition:
    now = clock.now(store.zone)
    status: dict[str, Any] = gateway_status(site.city())
    faults = tuple(Fault(fault["zh"], fault["en"], now - int(fault["seconds"])) for fault in status.get("faults", ()))
    heard = store.database.query("SELECT MAX(seen) FROM device_status")[0][0] or 0
    counts = {name: int(status.get(name, 0)) for name in ("devices", "connections", "frames")}
    return Condition(status["reachable"], status["acknowledging"], faults, _behind(store, now), heard, **counts)


def _behind(store: Store, now: int) -> int:
    """How long the first record that the ingest has not taken has been waiting [s]."""
    reader = Reader(site.city().journal, store.offsets.get(STREAM))
    try:
        waiting = reader.read(1, chunk_bytes=PEEK_BYTES)
    finally:
        reader.close()
    age = now - waiting[0].arrived // 1000 if waiting else 0
    return age if age >= BEHIND_SECONDS else 0
