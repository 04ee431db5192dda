"""What is read from a city's files, kept as long as the files stay as they are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

Stamp = TypeVar("Stamp", bound=tuple[object, ...])


class Stamped(Protocol):
    """What was read, with what tells whether the files have changed since."""

    @property
    def stamp(self) -> tuple[object, ...]: ...


State = TypeVar("State", bound=Stamped)


class Kept(Generic[Stamp, State]):
    """One state for each city pack, read again when its files change.

    Args:
        stamp: tells of a city pack (None: only the base pack) what changes when its files do, such as times and sizes.
        load: reads the state of a city pack, given its stamp and the state before, if there is one.
    """

    def __init__(self, stamp: Callable[[Path | None], Stamp], load: Callable[[Path | None, Stamp, State | None], State]) -> None:
        self._stamp = stamp
        self._load = load
        self._states: dict[Path | None, State] = {}
        self._lock = threading.Lock()

    def of(self, city_pack: Path | None) -> State:
        """The state of a city pack as its files are now."""
        now = self._stamp(city_pack)
        known = self._states.get(city_pack)
        if known and known.stamp == now:
            return known
        with self._lock:
            known = self._states.get(city_pack)
            if not known or known.stamp != now:
                known = self._states[city_pack] = self._load(city_pack, now, known)
        return known
