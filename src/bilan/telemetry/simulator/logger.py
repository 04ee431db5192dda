"""One data logger: sends what is due, keeps what was not acknowledged, answers the host."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from functools import partial

from bilan.telemetry.clock import DAY, HOUR, moment
from bilan.telemetry.hj212 import Framer, Packet, answer, answered, parse
from bilan.telemetry.hj212.sm4 import decrypt
from bilan.telemetry.simulator.obedience import obey
from bilan.telemetry.simulator.observing import Observed
from bilan.telemetry.simulator.sampler import Sampler
from bilan.telemetry.simulator.telegrams import DAYS, HOURS, MINUTES, REALTIME, Telegrams
from bilan.telemetry.simulator.timing import FleetClock

KEPT = 6000
"""Periods a logger keeps for sending later."""

SHARE = 6
"""Kept periods sent beside each real-time telegram: new data first."""

HEARTBEAT_SECONDS = 300


@dataclass(slots=True)
class Sent:
    """A telegram that waits for its acknowledgement."""

    frame: bytes
    period: tuple[str, int, int] | None
    deadline: float
    attempts: int = 1


@dataclass(slots=True)
class Tally:
    """What a fleet did."""

    sent: int = 0
    acknowledged: int = 0
    repeated: int = 0
    given_up: int = 0
    commands: int = 0
    connected: int = 0


class Logger(asyncio.Protocol):
    """A simulated data logger on one connection at a time.

    Parameters:
        telegrams: what it says and how.
        sampler: what it measures.
        clock: its clock.
        tally: counts of the fleet.

    Reference: HJ 212-2017 6.2 (time-outs and repeats), 6.6.
    """

    def __init__(self, telegrams: Telegrams, sampler: Sampler, clock: FleetClock, tally: Tally) -> None:
        self.telegrams = telegrams
        self.device = telegrams.device
        self.sampler = sampler
        self.clock = clock
        self.tally = tally
        self.transport: asyncio.Transport | None = None
        self.patience, self.repeats = 10.0, 3
        self.realtime_seconds = self.device.realtime_seconds
        self.minute_seconds = self.device.minute_interval * 60
        self.realtime_on = True
        self.calibrating_until = 0.0
        self.closed = asyncio.Event()
        self._waiting: dict[str, Sent] = {}
        self._kept: deque[tuple[str, int, int]] = deque(maxlen=KEPT)
        self._framer = Framer(decrypt=self._opener())
        begun = int(clock.now())
        self._done = {cn: begun // length * length - (length if cn != MINUTES else 0) for cn, length in self._lengths().items()}
        self._heartbeat = begun

    def _opener(self) -> partial[bytes | None] | None:
        key = self.device.sm4_key
        return partial(decrypt, key=bytes.fromhex(key)) if key else None

    def _lengths(self) -> dict[str, int]:
        whole_days = {DAYS: DAY} if self.telegrams.network.startswith("source_") else {}
        return {MINUTES: self.minute_seconds, HOURS: HOUR, **whole_days}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.tally.connected += 1
        self.closed.clear()
        self._framer = Framer(decrypt=self._opener())

    def connection_lost(self, exc: Exception | None) -> None:
        if self.transport is not None:
            self.tally.connected -= 1
        self.transport = None
        for waiting in self._waiting.values():
            self._keep(waiting.period)
        self._waiting.clear()
        self.closed.set()

    def data_received(self, data: bytes) -> None:
        for frame in self._framer.feed(data):
            if frame.segment and (not frame.error or frame.sums_as(self.device.crc)):
                self._heard(parse(frame.segment, self.device.charset))

    def _heard(self, packet: Packet) -> None:
        if packet.cn in ("9013", "9014"):
            if self._waiting.pop(answered(packet), None) is not None:
                self.tally.acknowledged += 1
        elif packet.cn.isdigit() and int(packet.cn) < 9000:
            self.tally.commands += 1
            obey(self, packet)

    def reply(self, to: Packet, cn: str, code: int = 1) -> None:
        """Answer the host."""
        self.write(self.telegrams.write(answer(to, cn, code, self.device.edition)))

    def write(self, frame: bytes) -> None:
        """Send bytes when there is a connection."""
        if self.transport is not None:
            self.transport.write(frame)

    def tick(self, silent: bool, lost: bool) -> None:
        """Do what is due: real-time data, finished periods, a share of what was kept.

        Parameters:
            silent: no connection is allowed now; finished periods are kept.
            lost: there is no power either; finished periods are gone.
        """
        now = int(self.clock.now())
        due = self._finished(now)
        if lost:
            return
        if silent or self.transport is None:
            for period in due:
                self._keep(period)
            return
        if self.realtime_on:
            self.send_period((REALTIME, now // self.realtime_seconds * self.realtime_seconds, 0))
        for period in due:
            self.send_period(period)
        for _ in range(min(SHARE, len(self._kept))):
            self.send_period(self._kept.popleft(), late=True)
        if self.device.edition == "2025" and now - self._heartbeat >= HEARTBEAT_SECONDS:
            self._heartbeat = now
            self._post(self.telegrams.heartbeat(self.clock.moment()), None)

    def _finished(self, now: int) -> list[tuple[str, int, int]]:
        """Periods that ended since the last call, oldest first."""
        due = []
        for cn, length in self._lengths().items():
            last = now // length * length
            begin = max(self._done[cn], last - KEPT * length)
            due += [(cn, start, length) for start in range(begin // length * length, last, length)]
            self._done[cn] = last
        return due

    def send_period(self, period: tuple[str, int, int], *, late: bool = False) -> bool:
        """Send the telegrams of one period; whether there was anything to send."""
        cn, start, seconds = period
        observed = self.sampler.at(self.telegrams.network, start, seconds)
        if start <= self.calibrating_until and seconds == 0:
            observed = self._calibrating(observed)
        frames = self.telegrams.data(cn, observed, start, seconds, self.clock.moment(), late=late)
        self._post(frames, None if cn == REALTIME else period)
        return bool(frames)

    def _calibrating(self, observed: Observed) -> Observed:
        flags = observed.flags.copy()
        flags[self.telegrams.row, 0] = ord("C")
        return Observed(observed.block, flags, observed.absent)

    def _post(self, frames: list[tuple[str, bytes]], period: tuple[str, int, int] | None) -> None:
        deadline = asyncio.get_running_loop().time() + self.patience
        for qn, frame in frames:
            self._waiting[qn] = Sent(frame, period, deadline)
            self.write(frame)
            self.tally.sent += 1

    def _keep(self, period: tuple[str, int, int] | None) -> None:
        if period is not None and period not in self._kept:
            self._kept.append(period)

    def chase(self, now: float) -> None:
        """Repeat what was not acknowledged in time; when the repeats are used up the connection is given up.

        Parameters:
            now: time of the event loop [s].
        """
        for qn, waiting in list(self._waiting.items()):
            if waiting.deadline > now:
                break
            if waiting.attempts > self.repeats:
                self.tally.given_up += 1
                self.hang_up()
                return
            del self._waiting[qn]
            waiting.attempts += 1
            waiting.deadline = now + self.patience
            self._waiting[qn] = waiting
            self.write(waiting.frame)
            self.tally.repeated += 1

    def hang_up(self) -> None:
        """Close the connection."""
        if self.transport is not None:
            self.transport.abort()

    def set_minute_interval(self, minutes: int) -> None:
        """Change the length of minute data [min]."""
        self.minute_seconds = minutes * 60
        self._done[MINUTES] = int(self.clock.now()) // self.minute_seconds * self.minute_seconds

    @property
    def kept(self) -> int:
        """Number of periods kept for later."""
        return len(self._kept)

    @property
    def local_time(self) -> str:
        """SystemTime as sent."""
        return f"{moment(int(self.clock.now())):%Y%m%d%H%M%S}"
