"""One TCP connection: bytes in, frames out, bounded in memory, rate and patience."""

from __future__ import annotations

import asyncio
from enum import IntFlag
from typing import TYPE_CHECKING, cast

from bilan.telemetry.hj212.framing import Framer

if TYPE_CHECKING:
    from bilan.telemetry.gateway.server import Gateway


class Pause(IntFlag):
    """Why a connection is not read at the moment."""

    RATE = 1
    PENDING = 2
    UNREAD = 4
    GATE = 8


class Bucket:
    """Tokens that refill with time: what exceeds the burst has to wait."""

    __slots__ = ("burst", "moment", "rate", "tokens")

    def __init__(self, rate: float, burst: float, moment: float) -> None:
        self.rate, self.burst, self.tokens, self.moment = rate, burst, burst, moment

    def take(self, count: float, moment: float) -> float:
        """Take tokens and give how many are left; a negative number is a debt.

        Examples:
            >>> bucket = Bucket(10, 5, 0.0)
            >>> bucket.take(8, 0.0), bucket.take(1, 1.0)
            (-3.0, 4.0)
        """
        self.tokens = min(self.burst, self.tokens + (moment - self.moment) * self.rate) - count
        self.moment = moment
        return float(self.tokens)


class Connection(asyncio.Protocol):
    """What the gateway holds for one connection."""

    __slots__ = (
        "_gateway", "_paused", "address", "begun", "framer", "frames", "good_garbage", "heard", "kept",
        "made", "mns", "peer", "rate", "stuck", "transport",
    )  # fmt: skip

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._paused = Pause(0)
        self.framer = Framer(decrypt=gateway.decrypt)
        self.transport: asyncio.Transport
        self.peer = self.address = ""
        self.made = self.heard = gateway.clock()
        self.begun = 0.0
        """When the frame that is not yet whole began; 0 when there is none."""
        self.stuck = 0.0
        """Since when the device does not read its answers; 0 while it does."""
        self.frames = 0
        self.good_garbage = 0
        self.mns: set[str] = set()
        self.rate = Bucket(gateway.settings.frames_per_second, gateway.settings.frame_burst, self.made)
        self.kept = Bucket(gateway.settings.quarantine_per_second, gateway.settings.quarantine_burst, self.made)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        name = transport.get_extra_info("peername")
        self.address = str(name[0]) if name else ""
        self.peer = f"{name[0]}:{name[1]}" if name else ""
        self.transport.set_write_buffer_limits(high=self._gateway.settings.unread_bytes)
        self._gateway.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._gateway.lost(self)

    def data_received(self, data: bytes) -> None:
        gateway = self._gateway
        now = self.heard = gateway.clock()
        gateway.metrics.bytes += len(data)
        frames = self.framer.feed(data)
        for frame in frames:
            gateway.take(self, frame)
        if not self.framer.pending:
            self.begun = 0.0
        elif frames or not self.begun:
            self.begun = now
        if frames:
            debt = self.rate.take(len(frames), now)
            if debt < 0:
                self.pause(Pause.RATE)
                asyncio.get_running_loop().call_later(-debt / self.rate.rate, self.resume, Pause.RATE)
        if self.framer.garbage - self.good_garbage > gateway.settings.garbage_bytes:
            gateway.drop(self, "garbage")

    def pause_writing(self) -> None:
        self.stuck = self._gateway.clock()
        self.pause(Pause.UNREAD)

    def resume_writing(self) -> None:
        self.stuck = 0.0
        self.resume(Pause.UNREAD)

    def pause(self, why: Pause) -> None:
        """Stop reading until every reason is gone."""
        if not self._paused and not self.transport.is_closing():
            self.transport.pause_reading()
        self._paused |= why

    def resume(self, why: Pause) -> None:
        """Take back a reason; read again when it was the last one."""
        was, self._paused = self._paused, self._paused & ~why
        if was and not self._paused and not self.transport.is_closing():
            self.transport.resume_reading()

    @property
    def waiting(self) -> bool:
        """Whether the gateway itself keeps this connection waiting, so that its silence is not its fault."""
        return bool(self._paused & (Pause.PENDING | Pause.GATE | Pause.RATE))

    def finish_frame(self) -> None:
        """Take what is held back as a broken frame: its rest did not come in time."""
        for frame in self.framer.finish():
            self._gateway.take(self, frame)
        self.begun = 0.0
