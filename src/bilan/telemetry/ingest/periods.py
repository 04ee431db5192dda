"""Which periods of each device have come: one bit a period, one row a device, kind and day."""

from __future__ import annotations

from collections.abc import Iterable

from bilan.telemetry.clock import DAY
from bilan.telemetry.store.database import Database

KINDS = ("minute", "hour")
_COLUMNS = ("mn", "kind", "day", "step", "bits")
REMEMBERED = 20_000

Key = tuple[str, str, int]


class Periods:
    """Received periods, gathered in memory and written with the batch they came in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[Key, tuple[int, int]] = {}
        self._changed: dict[Key, tuple[int, int]] = {}
        database.on_rollback(self.forget)

    def forget(self) -> None:
        """Forget what is remembered: a transaction was rolled back."""
        self._known.clear()
        self._changed.clear()

    def forget_changes(self) -> None:
        """Forget what was gathered and not written."""
        self._changed.clear()

    def came(self, mn: str, kind: str, start: int, step: int) -> None:
        """A period came: it begins at `start` and is `step` long [s]."""
        day = start // DAY * DAY
        key = (mn, kind, day)
        held = self._changed.get(key) or self._known.get(key)
        bits = held[1] if held is not None and held[0] == step else self._load(key, step)
        wanted = bits | 1 << (start - day) // step
        if wanted != bits or held is None:
            self._changed[key] = (step, wanted)

    def _load(self, key: Key, step: int) -> int:
        rows = self._database.query("SELECT step, bits FROM period WHERE mn = ? AND kind = ? AND day = ?", key)
        return int(rows[0][1], 16) if rows and rows[0][0] == step else 0

    def flush(self) -> None:
        """Write what changed; within the transaction of the batch."""
        if not self._changed:
            return
        rows = [(*key, step, f"{bits:x}") for key, (step, bits) in self._changed.items()]
        self._database.bulk_upsert("period", _COLUMNS, rows, ["mn", "kind", "day"])
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._known |= self._changed
        self._changed.clear()


def missing_runs(bits_by_day: dict[int, int], step: int, begin: int, end: int) -> Iterable[tuple[int, int]]:
    """Runs of periods that did not come: begin of the first and end of the last one of each run [s].

    Args:
        bits_by_day: received periods by begin of the day; a day that is not there has none.
        step: length of a period [s].
        begin, end: begins of periods that should have come: begin ≤ start < end.

    Examples:
        >>> list(missing_runs({0: 0b1011}, 3600, 0, 6 * 3600))
        [(7200, 10800), (14400, 21600)]
    """
    first = None
    start = begin
    while start < end:
        day = start // DAY * DAY
        here = bits_by_day.get(day, 0) >> (start - day) // step & 1
        if here and first is not None:
            yield first, start
            first = None
        elif not here and first is None:
            first = start
        start += step
    if first is not None:
        yield first, start
