"""A connection to the gateway on behalf of devices that cannot speak to it themselves."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bilan.telemetry.hj212 import Framer, parse

_PIECE = 1 << 16
_ANSWERS = ("9014", "9013")
Key = tuple[str, str]


@dataclass(slots=True, eq=False)
class _Waiting:
    """Telegrams of one message: what is still to be answered, until when, and what happens then."""

    keys: set[Key]
    asked: bool
    deadline: float
    done: Callable[[], None] = field(repr=False)


class Door:
    """Sends telegrams to the gateway and tells when they are safe.

    A message is safe once every telegram of it that asked for an answer got one. A telegram the gateway does not answer
    (it asked for none, or was put into quarantine) counts as safe after `patience`, if the connection still stands:
    the gateway reads in order and keeps what it refuses.

    Args:
        host, port: where the gateway listens.
        patience: how long an answer is waited for [s].

    Raises:
        OSError: nobody listens there.
    """

    def __init__(self, host: str, port: int, patience: float = 5.0) -> None:
        self._socket = socket.create_connection((host, port), timeout=patience)
        self._socket.settimeout(0.2)
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self.lost = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="door", daemon=True)
        self._thread.start()

    def send(self, frames: Sequence[bytes], done: Callable[[], None]) -> None:
        """Send the telegrams of one message; `done` is called, on another thread, once they are safe, and never if the door is lost."""
        keys = {key for frame in frames for key in _keys(frame)}
        with self._lock:
            self._waiting.append(_Waiting(keys, bool(keys), time.monotonic() + self._patience, done))
            try:
                self._send(b"".join(frames))
            except OSError:
                self.lost.set()

    def close(self) -> None:
        """Close the connection; what is not safe by now never will be."""
        self.lost.set()
        self._socket.close()
        self._thread.join()

    def _send(self, content: bytes) -> None:
        """Send all of it; a full buffer is waited for as long as an answer would be."""
        deadline = time.monotonic() + self._patience
        view = memoryview(content)
        while view:
            try:
                view = view[self._socket.send(view) :]
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise

    def _listen(self) -> None:
        framer = Framer()
        while not self.lost.is_set():
            try:
                content = self._socket.recv(_PIECE)
            except TimeoutError:
                self._settle(set())
                continue
            except OSError:
                break
            if not content:
                break
            answered = set()
            for frame in framer.feed(content):
                packet = parse(frame.segment)
                if packet.cn in _ANSWERS:
                    answered.add((packet.mn, packet.qn))
            self._settle(answered)
        self.lost.set()

    def _settle(self, answered: set[Key]) -> None:
        now = time.monotonic()
        with self._lock:
            for entry in self._waiting:
                entry.keys -= answered
            safe = [entry for entry in self._waiting if (entry.asked and not entry.keys) or entry.deadline <= now]
            self._waiting = [entry for entry in self._waiting if entry not in safe]
        for entry in safe:
            entry.done()


def _keys(frame: bytes) -> list[Key]:
    """What the answers to the telegrams in a message will carry."""
    framer = Framer()
    packets = [parse(found.segment) for found in (*framer.feed(frame), *framer.finish())]
    return [(packet.mn, packet.qn) for packet in packets if packet.wants_answer]
