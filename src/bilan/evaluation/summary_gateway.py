"""What at the gateway waits for a person: devices to be claimed, frames in quarantine, a fault that lasts."""

from __future__ import annotations

from typing import Any

from bilan.telemetry.gateway import devices
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.store import Store


def gateway(store: Store) -> dict[str, Any]:
    """Count what waits at the gateway; only readers of the whole city are shown it.

    Returns:
        ``claims``, ``quarantine`` (numbers) and ``fault`` (since when it does not acknowledge [s of the wall clock], or None).
    """
    lasting = [fault["begun"] for fault in devices.faults(store, limit=5) if not fault["ended"]]
    return {"claims": len(devices.claims(store)), "quarantine": quarantine.open_count(store), "fault": min(lasting, default=None)}
