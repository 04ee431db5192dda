"""Which connections a device has: several for a while, the older one dropped once a newer one proved alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bilan.telemetry.gateway.connection import Connection


@dataclass(slots=True)
class Session:
    """The connections of one MN, in the order in which each brought its first good frame."""

    mn: str
    connections: list[Connection] = field(default_factory=list)

    @property
    def newest(self) -> Connection:
        """The connection that commands are sent on."""
        return self.connections[-1]


class Sessions:
    """Every device that is connected.

    Args:
        joined, left: told when a device's first connection proves alive, and when its last one is gone.
    """

    def __init__(self, joined: Callable[[str, Connection], None], left: Callable[[str, Connection], None]) -> None:
        self._joined = joined
        self._left = left
        self._by_mn: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._by_mn)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._by_mn.values())

    def get(self, mn: str) -> Session | None:
        """The session of a device that is connected."""
        return self._by_mn.get(mn)

    def prove(self, mn: str, connection: Connection) -> None:
        """A connection brought a good frame of a device for the first time."""
        connection.mns.add(mn)
        session = self._by_mn.get(mn)
        if session is None:
            session = self._by_mn[mn] = Session(mn)
        session.connections.append(connection)
        if len(session.connections) == 1:
            self._joined(mn, connection)

    def forget(self, connection: Connection) -> None:
        """A connection is gone."""
        for mn in connection.mns:
            session = self._by_mn.get(mn)
            if session and connection in session.connections:
                session.connections.remove(connection)
                if not session.connections:
                    del self._by_mn[mn]
                    self._left(mn, connection)

    def superseded(self, now: float, patience: float, most: int) -> Iterator[Connection]:
        """Older connections to drop: silent for `patience` [s] while a newer one lives, or more than `most` of one device."""
        for session in self._by_mn.values():
            if len(session.connections) < 2:
                continue
            newest = session.newest
            older = [entry for entry in session.connections[:-1] if len(entry.mns) == 1]
            silent = [entry for entry in older if now - entry.heard > patience and newest.heard > entry.heard]
            yield from silent
            excess = len(session.connections) - len(silent) - most
            if excess > 0:
                rest = sorted((entry for entry in older if entry not in silent), key=lambda entry: entry.heard)
                yield from rest[:excess]
