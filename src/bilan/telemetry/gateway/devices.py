"""Devices as people see them: who is online, late or silent, who waits to be claimed, and what the gateway itself says."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bilan.pack.city import City
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.hj212 import Framer, parse
from bilan.telemetry.hj212.crc import STANDARD
from bilan.telemetry.hj212.packet import Packet
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store

STATUS_SECONDS = 1.0
_GENERATION_LENGTH = 6


class Presence(StrEnum):
    """Whether a device reports as expected."""

    ONLINE = "online"
    LATE = "late"
    SILENT = "silent"
    BLOCKED = "blocked"
    CLAIMABLE = "claimable"


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device and how it is doing.

    Attributes:
        device: as registered.
        presence: online, late, silent, blocked or claimable.
        connected: whether it holds a connection now.
        peer: address and port it came from last.
        since: when it connected or disconnected [s of the wall clock].
        seen: when its last frame came; 0 when none ever did.
        age: seconds since then; None when none ever did.
        data_time: begin of its newest span.
        lag: from the end of that span to its arrival [s].
        frames, bytes, readings, errors: counted since the device is known.
        gaps: runs of missing periods that are open or asked for.
        reason: why the last connection ended; ``device`` when it closed it itself.
    """

    device: Device
    presence: Presence
    connected: bool = False
    peer: str = ""
    since: int = 0
    seen: int = 0
    age: int | None = None
    data_time: int = 0
    lag: int = 0
    frames: int = 0
    bytes: int = 0
    readings: int = 0
    errors: int = 0
    gaps: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A device that reports and that nobody has registered.

    Attributes:
        mn: as on the wire.
        state: ``open``, ``claimed`` or ``ignored``.
        first, last: when it was heard first and last [s of the wall clock].
        frames: how many frames came; not all of them are kept.
        peer: where it came from last.
        sample: one of its frames, as text.
        source: position of that frame in the journal.
    """

    mn: str
    state: str
    first: int
    last: int
    frames: int
    peer: str
    sample: str
    source: int


def presence(device: Device, seen: int, now: int, settings: Settings) -> Presence:
    """Judge by the time since the last frame, measured in the device's own reporting periods.

    Examples:
        >>> limits = Settings.of()
        >>> [presence(Device("A"), 10_000, 10_000 + age, limits).value for age in (60, 400, 4000)]
        ['online', 'late', 'silent']
    """
    if device.state != "active":
        return Presence(device.state) if device.state in set(Presence) else Presence.BLOCKED
    period = device.realtime_seconds or clock.HOUR
    age = now - seen
    if age > max(settings.silent_seconds, settings.silent_periods * period):
        return Presence.SILENT
    return Presence.LATE if age > max(settings.late_seconds, settings.late_periods * period) else Presence.ONLINE


def listed(
    store: Store, settings: Settings | None = None, *, now: int | None = None, mns: Collection[str] | None = None
) -> list[DeviceState]:
    """Every device and how it is doing, in the order of the MNs.

    Args:
        settings: thresholds; the base pack's by default.
        now: wall time [s]; by default this moment.
        mns: only these.
    """
    limits = settings or Settings.of()
    moment = clock.now(store.zone) if now is None else now
    condition, params = ("", []) if mns is None else store.database.any_of("mn", list(mns))
    where = f" WHERE {condition}" if condition else ""
    rows = {row.pop("mn"): row for row in store.database.query_dicts(f"SELECT * FROM device_status{where}", params)}
    gaps: dict[str, int] = dict(store.database.query("SELECT mn, COUNT(*) FROM gap WHERE state IN ('open', 'asked') GROUP BY mn"))
    chosen = [device for device in store.catalogue.devices() if mns is None or device.mn in mns]
    return [_state(device, rows.get(device.mn), gaps.get(device.mn, 0), moment, limits) for device in chosen]


def _state(device: Device, row: dict[str, Any] | None, gaps: int, now: int, limits: Settings) -> DeviceState:
    if row is None:
        return DeviceState(device, presence(device, 0, now, limits), gaps=gaps)
    values = {**row, "connected": bool(row["connected"])}
    age = now - row["seen"] if row["seen"] else None
    return DeviceState(device, presence(device, row["seen"], now, limits), age=age, gaps=gaps, **values)


def counts(store: Store, settings: Settings | None = None, *, now: int | None = None) -> dict[str, int]:
    """Number of devices by presence, and of MNs that wait to be claimed under ``claimable``."""
    totals = dict.fromkeys((entry.value for entry in Presence), 0)
    for state in listed(store, settings, now=now):
        totals[state.presence.value] += 1
    totals[Presence.CLAIMABLE.value] += len(claims(store))
    return totals


def claims(store: Store, states: Collection[str] = ("open",)) -> list[Claim]:
    """Devices that report and are not registered, the one heard last first."""
    marks = ", ".join("?" * len(states))
    columns = "mn, state, first, last, frames, peer, sample, source"
    rows = store.database.query(f"SELECT {columns} FROM claim WHERE state IN ({marks}) ORDER BY last DESC", list(states))
    return [Claim(*row) for row in rows]


def suggest(store: Store, mn: str) -> Device:
    """Guess from the sample how an unclaimed device speaks: password, edition, system, check sum, factor-code generation.

    Raises:
        BilanError: nobody of that MN waits.
    """
    row = store.database.query("SELECT sample FROM claim WHERE mn = ?", (mn,))
    if not row:
        raise BilanError(Problem("gateway.no_claim", {"mn": mn}))
    frames = Framer().feed(row[0][0].encode("utf-8", "surrogateescape") + b"\r\n")
    packet = parse(frames[0].segment) if frames else Packet(mn=mn)
    variant = frames[0].variant if frames else STANDARD
    return Device(
        mn, password=packet.pw, edition=packet.edition, system=packet.st or "31", crc=variant or STANDARD, codes=_generation(packet)
    )


def _generation(packet: Packet) -> str:
    """Factor codes of 2017 have a letter and five digits."""
    modern = [len(factor) == _GENERATION_LENGTH and factor[0].isalpha() and factor[1:].isdigit() for factor in packet.values]
    return "2005" if modern and not any(modern) else "2017"


def claim(store: Store, mn: str, point: str, device: Device | None = None) -> Device:
    """Register an unclaimed device at a point; from then on it is acknowledged.

    Args:
        mn: the device.
        point: code of the point it reports for.
        device: how it speaks; by default what `suggest` says.

    Returns:
        The device as registered. What it sent before can be replayed from the quarantine.

    Raises:
        BilanError: the point is unknown, or the MN is registered already.
    """
    store.catalogue.point(point)
    registered = next((known for known in store.catalogue.devices() if known.mn == mn and known.state != "claimable"), None)
    if registered is not None:
        raise BilanError(Problem("gateway.already_claimed", {"mn": mn, "point": registered.point}))
    chosen = replace(device or suggest(store, mn), mn=mn, point=point, state="active")
    with store.database.transaction():
        store.catalogue.put_devices([chosen])
        store.database.execute("UPDATE claim SET state = 'claimed' WHERE mn = ?", (mn,))
    return chosen


def ignore_claim(store: Store, mn: str) -> None:
    """Take a device off the list of those that wait; what it sends stays unacknowledged."""
    store.database.execute("UPDATE claim SET state = 'ignored' WHERE mn = ?", (mn,))


def faults(store: Store, limit: int = 50) -> list[dict[str, Any]]:
    """Times when the gateway did not acknowledge: begun, what, problem, ended (0 while it lasts), the newest first."""
    rows = store.database.query_dicts("SELECT begun, what, problem, ended FROM gateway_fault ORDER BY begun DESC LIMIT ?", (limit,))
    return [{**row, "problem": Problem.from_dict(json.loads(row["problem"]))} for row in rows]


def gateway_status(city: City) -> dict[str, Any]:
    """Ask the running gateway how it is: whether it acknowledges and, when not, the faults in both languages.

    Returns:
        What `/status` says, with ``reachable``; only that and ``acknowledging`` when the gateway does not answer.
    """
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{city.admin_port}/status", timeout=STATUS_SECONDS) as answer:
            status: dict[str, Any] = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return {"reachable": False, "acknowledging": False, "faults": []}
    return {"reachable": True, **status}
