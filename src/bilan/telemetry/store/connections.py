"""The connections that the threads of a process hold, so that all can be closed and none outlives its thread."""

from __future__ import annotations

import os
import threading
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """Anything that can be closed."""

    def close(self) -> None:
        """Close it."""


C = TypeVar("C", bound=Closable)


class Connections(Generic[C]):
    """Connections by the thread that opened them."""

    def __init__(self) -> None:
        self._held: list[tuple[threading.Thread, C]] = []
        self._guard = threading.Lock()
        self._process = os.getpid()

    def keep(self, connection: C) -> None:
        """Remember a connection of this thread, and close those whose threads have ended."""
        with self._guard:
            self._forget_parent()
            ended = [held for thread, held in self._held if not thread.is_alive()]
            self._held = [(thread, held) for thread, held in self._held if thread.is_alive()]
            self._held.append((threading.current_thread(), connection))
        for held in ended:
            held.close()

    def close(self) -> None:
        """Close every connection."""
        with self._guard:
            self._forget_parent()
            held = [connection for _, connection in self._held]
            self._held.clear()
        for connection in held:
            connection.close()

    def _forget_parent(self) -> None:
        """After a fork the connections belong to the parent; closing them here would cut them there."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._held.clear()
