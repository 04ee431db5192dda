"""Which devices of an area report as expected, and which are silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bilan.evaluation.naming import named
from bilan.telemetry.gateway.devices import DeviceState, Presence
from bilan.telemetry.model import Point

SHOWN = 12
"""Silent devices that are named; the devices page has the rest."""


def online(states: Sequence[DeviceState], points: Sequence[Point]) -> dict[str, Any]:
    """Count the devices of an area by network and presence, and name those that have been silent longest.

    A device that was never heard is still being installed: the list of devices shows it, the summary waits for its first telegram.

    Args:
        states: every registered device and how it is doing.
        points: points of the area.
    """
    known = {point.code: point for point in points}
    heard = [state for state in states if state.device.point in known and (state.seen or state.presence is Presence.ONLINE)]
    own = [state for state in heard if state.presence is not Presence.BLOCKED]
    counted: dict[str, Counter[str]] = {}
    for state in own:
        counted.setdefault(known[state.device.point].network, Counter())[state.presence.value] += 1
    silent = sorted((state for state in own if state.presence is Presence.SILENT), key=lambda state: state.seen)
    present = sum(state.presence is Presence.ONLINE for state in own)
    return {
        "networks": {name: dict(counts) for name, counts in sorted(counted.items())},
        "devices": len(own),
        "present": present,
        "share": round(100 * present / len(own), 1) if own else None,
        "silent": [{"mn": state.device.mn, **named(known[state.device.point]), "seen": state.seen} for state in silent[:SHOWN]],
        "silent_total": len(silent),
    }
