"""What was expensive to make, kept for a moment in this process and made by one thread only."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values by key, each kept for some seconds; while one thread makes a value the others wait for it.

    Who may see a value is the caller's to put into the key.

    Args:
        seconds: how long a value is kept.
        most: how many values are kept; the one used longest ago goes first.
    """

    def __init__(self, seconds: float, most: int = 64) -> None:
        self._seconds = seconds
        self._most = most
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of `key`, made when there is none or it is too old."""
        found = self._fresh(key)
        if found is not None:
            return found[1]
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self._fresh(key)
            value = found[1] if found is not None else make()
            if found is None:
                self._keep(key, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    def _fresh(self, key: Hashable) -> tuple[float, Value] | None:
        with self._lock:
            found = self._values.get(key)
            if found is None or time.monotonic() - found[0] > self._seconds:
                return None
            self._values.move_to_end(key)
            return found

    def _keep(self, key: Hashable, value: Value) -> None:
        with self._lock:
            self._values[key] = (time.monotonic(), value)
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            self._making.pop(key, None)
