"""Messages that could not be read, sent to the gateway again once they are corrected."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from bilan.pack.city import City
from bilan.pack.transport import mappings
from bilan.problems import BilanError, Problem
from bilan.telemetry.readers.door import Door
from bilan.telemetry.readers.messages import matches, request_numbers, telegrams
from bilan.telemetry.readers.quarantine import OPEN, REPLAYED, Refused, settle
from bilan.telemetry.store import Store


def replay_message(city: City, store: Store, refused: Refused, clock: Callable[[], datetime], person: str) -> list[Problem]:
    """Read a message again as it stands now and pass it to the gateway.

    Args:
        city: whose gateway and mappings.
        store: where the quarantine is.
        refused: the message, from `quarantined`.
        clock: wall time of the city.
        person: who replays.

    Returns:
        What is still wrong; empty when the gateway has it.
    """
    remaining: list[Problem] = []
    topic, payload = refused.cells.get("topic", ""), refused.cells.get("payload", "").encode()
    mapping = next((entry for entry in mappings(city.pack) if any(matches(topic, pattern) for pattern in entry.topics)), None)
    try:
        if mapping is None:
            raise BilanError(Problem("mqtt.no_device", {"value": topic}))
        _send(city, telegrams(topic, payload, mapping, clock(), request_numbers(clock)))
    except BilanError as error:
        remaining = list(error.problems)
    settle(store, refused.id, refused.cells, remaining or refused.problems, OPEN if remaining else REPLAYED, person)
    return remaining


def _send(city: City, frames: list[bytes], patience: float = 5.0) -> None:
    address = f"{city.gateway_host}:{city.gateway_port}"
    try:
        door = Door(city.gateway_host, city.gateway_port, patience)
    except OSError as error:
        raise BilanError(Problem("mqtt.no_gateway", {"value": address, "reason": error})) from error
    safe = threading.Event()
    try:
        door.send(frames, safe.set)
        if not safe.wait(patience + 1):
            raise BilanError(Problem("mqtt.no_gateway", {"value": address, "reason": "–"}))
    finally:
        door.close()
