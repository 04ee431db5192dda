"""What happens at the gateway, as journal records: the ingest process projects them into the database."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from bilan.problems import Problem
from bilan.telemetry.journal import Kind, encode


class Event(StrEnum):
    """Names of the events in a journal record of kind EVENT."""

    STARTED = "started"
    STOPPED = "stopped"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    COUNTED = "counted"
    COMMAND = "command"
    FAULT = "fault"
    RECOVERED = "recovered"


def event(name: Event, arrived: int, mn: str = "", peer: str = "", **values: Any) -> bytes:
    """Encode one event as a journal record.

    Args:
        arrived: wall time of the city [ms].
        values: what the event says, plain values.
    """
    payload = json.dumps({"event": name, **values}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogateescape")
    return encode(Kind.EVENT, arrived, mn, peer, payload)


def kept(kind: Kind, arrived: int, mn: str, peer: str, problem: Problem, frame: bytes) -> bytes:
    """Encode a frame that cannot be used now, with the reason before it."""
    reason = json.dumps(problem.as_dict(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogateescape")
    return encode(kind, arrived, mn, peer, reason + b"\n" + frame)


def reason_and_frame(payload: bytes) -> tuple[Problem, bytes]:
    """Take apart what `kept` put together.

    Examples:
        >>> from bilan.telemetry.journal.record import decode
        >>> record = decode(kept(Kind.QUARANTINE, 0, "A", "", Problem("gateway.bad_crc", {"declared": "0000"}), b"##0001"), 0, 0)
        >>> reason_and_frame(record.payload)[1]
        b'##0001'
    """
    reason, _, frame = payload.partition(b"\n")
    return Problem.from_dict(json.loads(reason)), frame


def read_event(payload: bytes) -> dict[str, Any]:
    """Give the values of an EVENT record; its name is under ``event``."""
    values: dict[str, Any] = json.loads(payload)
    return values
