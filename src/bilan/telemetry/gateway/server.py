"""The gateway: what comes is judged, journaled, and acknowledged when it is durable."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from typing import Any

from bilan.pack.city import City
from bilan.problems import Problem
from bilan.telemetry import clock
from bilan.telemetry.gateway.connection import Bucket, Connection, Pause
from bilan.telemetry.gateway.decryption import decrypter
from bilan.telemetry.gateway.dispatch import Dispatcher
from bilan.telemetry.gateway.events import Event, event, kept
from bilan.telemetry.gateway.health import Fault, Gate, probes
from bilan.telemetry.gateway.metrics import Metrics
from bilan.telemetry.gateway.sessions import Sessions
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.gateway.table import DeviceTable, Profile, refuse_frame, refuse_sender, refuse_time
from bilan.telemetry.gateway.wire import CLOCK_WANTED, INTERACTION, Header, answer, answer_command, header, printable, wants_answer
from bilan.telemetry.hj212 import Frame
from bilan.telemetry.journal import Kind, Writer, encode

log = logging.getLogger("bilan.gateway")

UNKNOWN_MNS = 10_000
DEVICES_PER_CONNECTION = 256

Token = tuple[Connection | None, bytes | None, int]


class Gateway:
    """One gateway of one city.

    Args:
        city: whose devices report.
        table: the devices.
        settings: limits and pauses.
        loop: where connections live.
    """

    def __init__(self, city: City, table: DeviceTable, settings: Settings, loop: asyncio.AbstractEventLoop) -> None:
        self.city = city
        self.settings = settings
        self.table = table
        self.metrics = Metrics()
        self.connections: set[Connection] = set()
        self.sessions = Sessions(self._joined, self._left)
        self.dispatcher = Dispatcher(self)
        self.decrypt = decrypter(table)
        self.pending = 0
        self._oldest = 0.0
        self.clock = time.monotonic
        self._loop = loop
        self._heartbeat_answer = settings.heartbeat_answer.encode()
        self._addresses: Counter[str] = Counter()
        self._waiting: list[Connection] = []
        self._unknown: dict[bytes, Bucket] = {}
        self._counted: Counter[tuple[str, str]] = Counter()
        self._reasons: dict[Connection, str] = {}
        self._earliest = self._latest = b""
        self.tick()
        self.gate = Gate(probes(city, settings), settings.probe_seconds, settings.grace_seconds, self._fault_from_thread)
        self.journal = Writer(
            city.journal, self._durable_from_thread, segment_bytes=settings.segment_bytes, allocate_bytes=settings.allocate_bytes
        )

    def tick(self) -> None:
        """Take the wall clock: arrival times and the window of believable data times follow from it."""
        wall = clock.now(self.city.timezone)
        self._ahead = wall * 1000 - int(self.clock() * 1000)
        self._latest = _stamp(wall + self.settings.future_seconds)
        self._earliest = _stamp(wall - self.settings.ancient_days * clock.DAY)

    def arrived(self) -> int:
        """Wall time of the city at this moment [ms]."""
        return int(self.clock() * 1000) + self._ahead

    def admit(self, connection: Connection) -> None:
        """A connection was made: keep it, or close it at once when there are too many."""
        self.connections.add(connection)
        self._addresses[connection.address] += 1
        limit = self.settings.connections_per_address
        if len(self.connections) > self.settings.max_connections or (limit and self._addresses[connection.address] > limit):
            self.drop(connection, "too_many")
        elif not self.gate.open:
            connection.pause(Pause.GATE)

    def drop(self, connection: Connection, reason: str) -> None:
        """Close a connection and count why."""
        if not connection.transport.is_closing():
            self._reasons[connection] = reason
            self.metrics.closed.labels(reason).inc()
            connection.transport.abort()

    def lost(self, connection: Connection) -> None:
        """A connection is gone."""
        self.connections.discard(connection)
        self._addresses[connection.address] -= 1
        if self._addresses[connection.address] <= 0:
            del self._addresses[connection.address]
        self.sessions.forget(connection)
        self._reasons.pop(connection, None)

    def take(self, connection: Connection, frame: Frame) -> None:
        """Judge one frame and hand it to the journal with what is to be answered once it is durable."""
        if not self.gate.open:
            self._counted["", "gateway.not_acknowledging"] += 1
            return
        head = header(frame.segment)
        profile = self.table.get(head.mn) if head else None
        problem = refuse_frame(frame, profile)
        if problem is None and head is None:
            problem = Problem("gateway.no_identity", {"bytes": len(frame.raw)})
        if problem is not None or head is None:
            self._quarantine(connection, frame, head, problem or Problem("gateway.no_identity"), None)
        elif profile is None:
            self._claim(connection, frame, head)
        else:
            self._take_known(connection, frame, head, profile)

    def _take_known(self, connection: Connection, frame: Frame, head: Header, profile: Profile) -> None:
        mn = profile.device.mn
        refused = refuse_sender(head, profile, connection.address)
        if refused is not None:
            self._quarantine(connection, frame, head, refused, None)
            return
        connection.frames += 1
        connection.good_garbage = connection.framer.garbage
        if mn not in connection.mns and len(connection.mns) < DEVICES_PER_CONNECTION:
            self.sessions.prove(mn, connection)
        reply = None
        if wants_answer(head, profile.device.acknowledge):
            reply = answer(head, answer_command(head, self._heartbeat_answer), profile.device.crc)
        strange = refuse_time(head, self._earliest, self._latest)
        if strange is not None:
            self._quarantine(connection, frame, head, strange, reply)
            return
        self.metrics.frames += 1
        self.write(encode(Kind.FRAME, self.arrived(), mn, connection.peer, frame.raw), connection, reply)
        if head.cn in INTERACTION or self.dispatcher.busy(mn):
            self.dispatcher.heard(mn, head, frame.segment)
        if head.cn == CLOCK_WANTED:
            self.dispatcher.set_clock(mn)

    def _quarantine(self, connection: Connection, frame: Frame, head: Header | None, problem: Problem, reply: bytes | None) -> None:
        """Keep a frame that cannot be used. It is answered only when it is whole, authentic and kept: then asking again helps nobody."""
        mn = printable(head.mn) if head else ""
        self.metrics.rejected.labels(problem.code).inc()
        if reply is None and connection.kept.take(1, self.clock()) < 0:
            connection.kept.tokens = max(connection.kept.tokens, 0.0)
            self._count(mn, problem.code)
            return
        self.write(kept(Kind.QUARANTINE, self.arrived(), mn, connection.peer, problem, frame.raw), connection, reply)

    def _claim(self, connection: Connection, frame: Frame, head: Header) -> None:
        mn = printable(head.mn)
        problem = Problem("gateway.unknown_device", {"mn": mn})
        self.metrics.rejected.labels(problem.code).inc()
        now = self.clock()
        bucket = self._unknown.get(head.mn)
        if bucket is None:
            if len(self._unknown) >= UNKNOWN_MNS:
                del self._unknown[next(iter(self._unknown))]
            bucket = self._unknown[head.mn] = Bucket(self.settings.unknown_per_minute / 60, self.settings.unknown_burst, now)
        if bucket.take(1, now) < 0 or connection.kept.take(1, now) < 0:
            bucket.tokens, connection.kept.tokens = max(bucket.tokens, 0.0), max(connection.kept.tokens, 0.0)
            self._count(mn, problem.code)
            return
        self.write(kept(Kind.UNKNOWN, self.arrived(), mn, connection.peer, problem, frame.raw), connection, None)

    def _count(self, mn: str, code: str) -> None:
        self._counted[mn if len(self._counted) < UNKNOWN_MNS else "", code] += 1

    def write(self, record: bytes, connection: Connection | None, reply: bytes | None) -> None:
        """Hand a record to the journal; `reply` is sent on `connection` once it is durable."""
        if not self.pending:
            self._oldest = self.clock()
        self.pending += len(record)
        self.journal.append(record, (connection, reply, len(record)))
        if connection and self.pending > self.settings.pending_bytes:
            connection.pause(Pause.PENDING)
            self._waiting.append(connection)

    def note(self, name: Event, mn: str = "", peer: str = "", **values: Any) -> None:
        """Write an event to the journal."""
        self.write(event(name, self.arrived(), mn, peer, **values), None, None)

    def _durable_from_thread(self, tokens: list[Token], error: OSError | None) -> None:
        self._loop.call_soon_threadsafe(self._durable, tokens, error)

    def _durable(self, tokens: list[Token], error: OSError | None) -> None:
        now = self.clock()
        self.metrics.commits += 1
        self.metrics.latency.observe(now - self._oldest)
        self._oldest = now
        self.pending -= sum(size for _, _, size in tokens)
        if error is not None:
            reason = error.strerror or str(error)
            self.gate.doubt(Problem("gateway.journal_unwritable", {"folder": str(self.city.journal), "reason": reason}))
        else:
            self._send(tokens)
        if self._waiting and self.pending <= self.settings.pending_bytes // 2:
            waiting, self._waiting = self._waiting, []
            for connection in waiting:
                connection.resume(Pause.PENDING)

    def _send(self, tokens: list[Token]) -> None:
        replies: dict[Connection, list[bytes]] = {}
        for connection, reply, _ in tokens:
            if reply is not None and connection is not None:
                replies.setdefault(connection, []).append(reply)
        for connection, parts in replies.items():
            if not connection.transport.is_closing():
                connection.transport.write(b"".join(parts))
                self.metrics.acknowledged += len(parts)

    def _joined(self, mn: str, connection: Connection) -> None:
        self.note(Event.CONNECTED, mn, connection.peer)
        self.dispatcher.joined(mn)

    def _left(self, mn: str, connection: Connection) -> None:
        self.note(Event.DISCONNECTED, mn, connection.peer, reason=self._reasons.get(connection, "device"))
        self.dispatcher.left(mn)

    def _fault_from_thread(self, fault: Fault, began: bool) -> None:
        self._loop.call_soon_threadsafe(self._fault, fault, began)

    def _fault(self, fault: Fault, began: bool) -> None:
        problem = fault.problem.as_dict()
        if began:
            self.metrics.faults.labels(fault.what).inc()
            log.error("not acknowledging · 停止应答: %s · %s", fault.problem.text("en"), fault.problem.text())
            for connection in self.connections:
                connection.pause(Pause.GATE)
            if fault.what != "journal":
                self.note(Event.FAULT, what=fault.what, problem=problem)
            return
        log.warning("%s works again · 已恢复", fault.what)
        self.note(Event.RECOVERED, what=fault.what, problem=problem, seconds=round(self.clock() - fault.began, 1))
        if fault.what == "journal":
            for session in self.sessions:
                self.note(Event.CONNECTED, session.mn, session.newest.peer)
        self._reopen()

    def _reopen(self) -> None:
        if self.gate.open:
            for connection in self.connections:
                connection.resume(Pause.GATE)

    def sweep(self) -> None:
        """Once a second: take the clock, drop who keeps others waiting, write down what was only counted."""
        self.tick()
        now = self.clock()
        limits = self.settings
        self._reopen()
        for connection in list(self.connections):
            if connection.waiting:
                connection.heard = now
                connection.begun = now if connection.begun else 0.0
            elif not connection.frames and now - connection.made > limits.first_frame_seconds:
                self.drop(connection, "no_frame")
            elif connection.begun and now - connection.begun > limits.frame_seconds:
                connection.finish_frame()
                self.drop(connection, "slow")
            elif now - connection.heard > limits.idle_seconds:
                self.drop(connection, "idle")
            elif connection.stuck and now - connection.stuck > limits.first_frame_seconds:
                self.drop(connection, "unread")
        for connection in list(self.sessions.superseded(now, limits.superseded_seconds, limits.connections_per_device)):
            self.drop(connection, "superseded")
        self.dispatcher.sweep(now)
        if self._counted and self.gate.open:
            counted, self._counted = self._counted, Counter()
            self.note(Event.COUNTED, counts=[[mn, code, count] for (mn, code), count in counted.items()])

    def status(self) -> dict[str, Any]:
        """What `/status` shows: whether frames are acknowledged, and if not, why, in both languages."""
        return {
            "acknowledging": self.gate.open,
            "faults": [
                {
                    "what": fault.what,
                    "seconds": round(self.clock() - fault.began, 1),
                    "zh": fault.problem.text(),
                    "en": fault.problem.text("en"),
                }
                for fault in list(self.gate.faults.values())
                if fault.reported
            ],
            "connections": len(self.connections),
            "devices": len(self.sessions),
            "registered": len(self.table.profiles),
            "frames": self.metrics.frames,
            "acknowledged": self.metrics.acknowledged,
            "bytes": self.metrics.bytes,
            "pending_bytes": self.pending,
            "commands": self.dispatcher.open_commands(),
            "segment": self.journal.segment,
            "offset": self.journal.offset,
        }

    def scrape(self) -> bytes:
        """What `/metrics` shows."""
        return self.metrics.text(
            connections=len(self.connections), devices=len(self.sessions), pending_bytes=self.pending, acknowledging=float(self.gate.open)
        )


def _stamp(seconds: int) -> bytes:
    return clock.moment(seconds).strftime("%Y%m%d%H%M%S").encode()
