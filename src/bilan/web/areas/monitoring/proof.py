"""The proof of a value: the frame that its device sent, as it lies in the journal, checked and taken apart."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from bilan.pack import vocab
from bilan.problems import BilanError
from bilan.telemetry import journal
from bilan.telemetry.hj212.catalogue import commands
from bilan.telemetry.hj212.check import Checked, as_json, check
from bilan.telemetry.journal import Kind, Record
from bilan.telemetry.store import ROLLED_UP
from bilan.web import site
from bilan.web.areas.monitoring import choices
from bilan.web.components import numbers
from bilan.web.registry import Request

_PASSWORD = re.compile(r"(PW=)[^;&]*")
_HIDDEN = r"\1******"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known about where a value came from.

    Attributes:
        origin: ``frame``, ``rolled_up``, ``written`` (imported or written without a frame) or ``lost`` (the frame is not in the journal).
        received: the value as received.
        text: the frame as text, its password hidden.
        digest: SHA-256 of the frame's bytes as they came.
        arrived: when the gateway had it [s of the wall clock].
        told: everything the checker says about it, see `bilan.telemetry.hj212.check.as_json`.
        rows: the frame's values by factor; the one that is proved is marked.
    """

    origin: str
    received: dict[str, Any]
    text: str = ""
    digest: str = ""
    arrived: int = 0
    mn: str = ""
    peer: str = ""
    command: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def proof(request: Request, series: dict[str, Any], start: int) -> Proof | None:
    """Where the value of a series at `start` [s of the wall clock] came from; None when there is no such value."""
    received = request.monitoring.received(series["id"], start, series["interval"])
    if received is None:
        return None
    if received["source"] == ROLLED_UP:
        return Proof("rolled_up", received)
    if received["source"] <= 0:
        return Proof("written", received)
    try:
        record = journal.read(site.city().journal, received["source"])
    except BilanError:
        return Proof("lost", received)
    return _of_record(request, record, received, series)


def _of_record(request: Request, record: Record, received: dict[str, Any], series: dict[str, Any]) -> Proof:
    device = next((entry for entry in request.monitoring.devices() if entry.mn == record.mn), None)
    key = bytes.fromhex(device.sm4_key) if device and device.sm4_key else None
    frame = record.payload if record.kind == Kind.FRAME else record.payload.partition(b"\n")[2]
    checked = next(iter(check(frame, device.charset if device else "utf-8", key)), None)
    told = as_json(checked) if checked else {}
    told.pop("pw", None)
    command = commands().get(str(told.get("cn", "")))
    return Proof(
        "frame",
        received,
        text=_PASSWORD.sub(_HIDDEN, frame.decode("utf-8", "backslashreplace").strip()),
        digest=hashlib.sha256(frame).hexdigest(),
        arrived=record.arrived // 1000,
        mn=record.mn,
        peer=record.peer,
        command="" if command is None else (command.name_en if numbers.language() == "en" else command.name_zh),
        told=told,
        rows=_rows(checked, series),
        problems=[problem["en" if numbers.language() == "en" else "zh"] for problem in told.get("problems", [])],
    )


def _rows(checked: Checked | None, series: dict[str, Any]) -> list[dict[str, Any]]:
    if checked is None or checked.packet is None:
        return []
    old = vocab.parameters()[series["parameter"]].old_code if series["parameter"] in vocab.parameters() else ""
    rows = []
    for factor, tags in checked.packet.values.items():
        proved = factor == series["parameter"] or (bool(old) and factor == old)
        rows.append(
            {"factor": factor, "name": _name(factor), "text": "  ".join(f"{tag}={text}" for tag, text in tags.items()), "proved": proved}
        )
    return sorted(rows, key=lambda row: not row["proved"])


def _name(factor: str) -> str:
    if factor in vocab.parameters():
        return choices.label(factor)
    known = vocab.vocabulary().by_old_code(factor)
    return numbers.labelled(known) if known else ""
