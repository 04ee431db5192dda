"""What the journal says about devices, gathered over a batch and written in one go: state, claims, quarantine, commands, faults."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilan.problems import Problem
from bilan.telemetry.gateway.events import Event, read_event, reason_and_frame
from bilan.telemetry.gateway.orders import FINAL, State
from bilan.telemetry.hj212.text import decode
from bilan.telemetry.journal import Kind, Record
from bilan.telemetry.store.database import Database

TEXT_LENGTH = 12_000
_COMMAND_COLUMNS = (
    "id",
    "mn",
    "cn",
    "fields",
    "person",
    "created",
    "expires",
    "state",
    "qn",
    "attempts",
    "sent",
    "finished",
    "result",
    "answer",
)
_STATUS_COLUMNS = ("mn", "connected", "peer", "since", "seen", "data_time", "frames", "bytes", "readings", "errors", "lag", "reason")
_STATUS_ASSIGN = (
    "connected = CASE WHEN excluded.connected < 0 THEN device_status.connected ELSE excluded.connected END, "
    "peer = CASE WHEN excluded.peer = '' THEN device_status.peer ELSE excluded.peer END, "
    "since = CASE WHEN excluded.since = 0 THEN device_status.since ELSE excluded.since END, "
    "seen = CASE WHEN excluded.seen > device_status.seen THEN excluded.seen ELSE device_status.seen END, "
    "data_time = CASE WHEN excluded.data_time > device_status.data_time THEN excluded.data_time ELSE device_status.data_time END, "
    "frames = device_status.frames + excluded.frames, bytes = device_status.bytes + excluded.bytes, "
    "readings = device_status.readings + excluded.readings, errors = device_status.errors + excluded.errors, "
    "lag = CASE WHEN excluded.data_time = 0 THEN device_status.lag ELSE excluded.lag END, "
    "reason = CASE WHEN excluded.connected < 0 THEN device_status.reason ELSE excluded.reason END"
)
_CLAIM_ASSIGN = (
    "last = excluded.last, frames = claim.frames + excluded.frames, peer = excluded.peer, "
    "state = CASE WHEN claim.state = 'claimed' THEN 'open' ELSE claim.state END, "
    "sample = CASE WHEN excluded.sample = '' THEN claim.sample ELSE excluded.sample END, "
    "source = CASE WHEN excluded.source = 0 THEN claim.source ELSE excluded.source END"
)


@dataclass(slots=True)
class Status:
    """What a batch says about one device; -1 for `connected` when it says nothing about it."""

    connected: int = -1
    peer: str = ""
    since: int = 0
    seen: int = 0
    data_time: int = 0
    frames: int = 0
    bytes: int = 0
    readings: int = 0
    errors: int = 0
    lag: int = 0
    reason: str = ""

    def row(self, mn: str) -> tuple[Any, ...]:
        """As a row of the table `device_status`."""
        return (
            mn, self.connected, self.peer, self.since, self.seen, self.data_time, self.frames, self.bytes, self.readings,
            self.errors, self.lag, self.reason,
        )  # fmt: skip


@dataclass(slots=True)
class Claim:
    """What a batch says about one MN that nobody claimed."""

    first: int
    last: int = 0
    frames: int = 0
    peer: str = ""
    sample: str = ""
    source: int = 0


class Projector:
    """Gathers records and events; `flush` writes them within the transaction of the batch.

    Args:
        database: where the tables of `schema/20_devices.sql` are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._clear()

    def _clear(self) -> None:
        self.status: defaultdict[str, Status] = defaultdict(Status)
        self._claims: dict[str, Claim] = {}
        self._quarantine: dict[int, tuple[Any, ...]] = {}
        self._kept: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._commands: dict[int, dict[str, Any]] = {}
        self._faults: list[tuple[str, tuple[Any, ...]]] = []
        self._reset = False

    def forget(self) -> None:
        """Drop what was gathered: its transaction did not happen."""
        self._clear()

    def frame(self, record: Record, length: int) -> Status:
        """A frame of a known device came."""
        status = self.status[record.mn]
        status.frames += 1
        status.bytes += length
        status.seen = max(status.seen, record.arrived // 1000)
        status.peer = record.peer
        return status

    def refused(self, record: Record) -> None:
        """A frame came that the gateway could not use: quarantine, and for an unknown device the list to be claimed."""
        problem, frame = reason_and_frame(record.payload)
        if record.kind == Kind.UNKNOWN:
            self._claimed(record.mn, record.arrived // 1000, 1, record.peer, readable(frame), record.position)
        elif record.mn:
            self.status[record.mn].errors += 1
        self.quarantine(record, [problem], frame)

    def quarantine(self, record: Record, problems: Sequence[Problem], frame: bytes) -> None:
        """Keep a frame with what is wrong with it; the journal position is its id, so that it is kept once."""
        described = json.dumps([problem.as_dict() for problem in problems[:50]], ensure_ascii=False, default=str)
        arrived = record.arrived // 1000
        code = problems[0].code
        self._quarantine[record.position] = (record.position, record.mn, record.peer, arrived, code, _plain(described), readable(frame))
        tally = self._kept[code]
        tally[0] += 1
        tally[2] = arrived

    def _claimed(self, mn: str, moment: int, frames: int, peer: str, sample: str, source: int) -> None:
        claim = self._claims.setdefault(mn, Claim(moment))
        claim.last, claim.frames = moment, claim.frames + frames
        claim.peer, claim.sample, claim.source = peer or claim.peer, sample or claim.sample, source or claim.source

    def event(self, record: Record) -> None:
        """Something happened at the gateway."""
        values = read_event(record.payload)
        moment = record.arrived // 1000
        name = values.get("event")
        if name == Event.CONNECTED:
            status = self.status[record.mn]
            status.connected, status.since, status.peer, status.reason = 1, moment, record.peer, ""
        elif name == Event.DISCONNECTED:
            status = self.status[record.mn]
            status.connected, status.since, status.reason = 0, moment, str(values.get("reason", ""))
        elif name in (Event.STARTED, Event.STOPPED):
            self._nobody_connected()
        elif name == Event.COUNTED:
            self._counted(values["counts"], moment)
        elif name == Event.COMMAND:
            self._command(record.mn, moment, values)
        elif name in (Event.FAULT, Event.RECOVERED):
            self._fault(name, moment, values)

    def _nobody_connected(self) -> None:
        self._reset = True
        for status in self.status.values():
            status.connected = 0 if status.connected == 1 else status.connected

    def _counted(self, counts: list[list[Any]], moment: int) -> None:
        for mn, code, count in counts:
            tally = self._kept[code]
            tally[1] += count
            tally[2] = moment
            if code == "gateway.unknown_device":
                self._claimed(mn, moment, count, "", "", 0)
            elif mn:
                self.status[mn].errors += count

    def _command(self, mn: str, moment: int, values: dict[str, Any]) -> None:
        row = self._commands.setdefault(values["id"], {"mn": mn, "cn": values["cn"], "created": moment})
        state = values["state"]
        row |= {"state": state, "qn": values["qn"], "attempts": values["attempts"]}
        row |= {name: values[name] for name in ("person", "expires", "result", "answer") if name in values}
        if "fields" in values:
            row["fields"] = json.dumps(values["fields"], ensure_ascii=False)
        if state == State.SENT:
            row.setdefault("sent", moment)
        elif state in FINAL:
            row["finished"] = moment

    def _fault(self, name: str, moment: int, values: dict[str, Any]) -> None:
        what, problem = values["what"], json.dumps(values["problem"], ensure_ascii=False)
        if name == Event.RECOVERED:
            begun = moment - int(values.get("seconds", 0))
            self._faults.append(("UPDATE gateway_fault SET ended = ? WHERE what = ? AND ended = 0", (moment, what)))
            if what == "journal":
                row = (begun, what, problem, moment)
                insert = "INSERT INTO gateway_fault (begun, what, problem, ended) VALUES (?, ?, ?, ?) ON CONFLICT (begun, what) DO NOTHING"
                self._faults.append((insert, row))
                self._nobody_connected()
        else:
            insert = "INSERT INTO gateway_fault (begun, what, problem) VALUES (?, ?, ?) ON CONFLICT (begun, what) DO NOTHING"
            self._faults.append((insert, (moment, what, problem)))

    def flush(self) -> None:
        """Write everything gathered; within the transaction of the batch."""
        database = self._database
        if self._reset:
            database.execute("UPDATE device_status SET connected = 0, reason = 'gateway' WHERE connected = 1")
        if self.status:
            rows = [status.row(mn) for mn, status in self.status.items()]
            database.bulk_upsert("device_status", _STATUS_COLUMNS, rows, ["mn"], _STATUS_ASSIGN)
            database.execute("UPDATE device_status SET connected = 0 WHERE connected < 0")
        self._flush_kept()
        for number, row in self._commands.items():
            self._flush_command(number, row)
        for sql, params in self._faults:
            database.execute(sql, params)
        self._clear()

    def _flush_kept(self) -> None:
        database = self._database
        if self._claims:
            rows = [(mn, c.first, c.last, c.frames, c.peer, c.sample, c.source) for mn, c in self._claims.items()]
            database.bulk_upsert("claim", ("mn", "first", "last", "frames", "peer", "sample", "source"), rows, ["mn"], _CLAIM_ASSIGN)
        if self._quarantine:
            columns = ("id", "mn", "peer", "arrived", "code", "problems", "text")
            database.insert_new("quarantine", columns, list(self._quarantine.values()))
        if self._kept:
            tallies = [(code, *tally) for code, tally in self._kept.items()]
            add = (
                "kept = quarantine_count.kept + excluded.kept, counted = quarantine_count.counted + excluded.counted, last = excluded.last"
            )
            database.bulk_upsert("quarantine_count", ("code", "kept", "counted", "last"), tallies, ["code"], add)

    def _flush_command(self, number: int, row: dict[str, Any]) -> None:
        """Bring a command forward; one that the gateway gave itself has no row yet."""
        defaults = {"fields": "{}", "person": "", "expires": row["created"], "sent": 0, "finished": 0, "result": "", "answer": ""}
        full = {"id": number, **defaults, **row}
        changed = [name for name in ("state", "qn", "attempts", "sent", "finished", "result", "answer") if name in row]
        assign = ", ".join(f"{name} = excluded.{name}" for name in changed)
        if "sent" in changed:
            assign = assign.replace("sent = excluded.sent", "sent = CASE WHEN command.sent = 0 THEN excluded.sent ELSE command.sent END")
        self._database.bulk_upsert("command", _COMMAND_COLUMNS, [tuple(full[name] for name in _COMMAND_COLUMNS)], ["id"], assign)


def readable(frame: bytes) -> str:
    """Show a frame as text that a person can read and correct; bytes that are no text stay visible as escapes.

    Examples:
        >>> readable(b"##0001" + "清".encode("gbk")), readable(bytes([0x00, 0xff]))
        ('##0001清', '\\\\x00\\\\xff')
    """
    text, _ = decode(frame[:TEXT_LENGTH])
    return "".join(char if char.isprintable() or char in "\r\n\t" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    number = ord(char)
    return f"\\x{number - 0xDC00:02x}" if 0xDC80 <= number <= 0xDCFF else f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def _plain(text: str) -> str:
    """Text without what a database refuses: lone surrogates and null characters."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "")
