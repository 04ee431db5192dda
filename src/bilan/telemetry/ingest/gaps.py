"""What should have come, what came, and asking again: by itself within bounds, or because a person wants it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.gateway.commands import resend
from bilan.telemetry.gateway.orders import FINAL
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.ingest.periods import KINDS, missing_runs
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store

PERSON = "gaps"
RANGE_COMMAND = {"minute": "2051", "hour": "2061"}
VALID_SECONDS = 6 * clock.HOUR
_COLUMNS = ("mn", "kind", "start", "until", "missing", "state", "asked", "next_ask", "command", "found")


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of periods that did not come.

    Attributes:
        mn, kind: device, and ``minute`` or ``hour``.
        start, until: begin of the first and end of the last period missing, seconds of the wall clock.
        missing: number of periods.
        state: ``open``, ``asked``, ``filled`` or ``given_up``.
        asked: how often it was asked for.
        next_ask: not asked for again before this time.
        command: id of the last request.
        found: when it was noticed.
    """

    mn: str
    kind: str
    start: int
    until: int
    missing: int
    state: str
    asked: int
    next_ask: int
    command: int
    found: int


def listed(store: Store, mn: str = "", states: tuple[str, ...] = ("open", "asked"), limit: int = 500) -> list[Gap]:
    """Gaps, the newest first."""
    where = f"state IN ({', '.join('?' * len(states))})" + (" AND mn = ?" if mn else "")
    params: list[Any] = [*states, *([mn] if mn else []), limit]
    rows = store.database.query(f"SELECT {', '.join(_COLUMNS)} FROM gap WHERE {where} ORDER BY start DESC LIMIT ?", params)
    return [Gap(*row) for row in rows]


def completeness(store: Store, begin: int, end: int, kind: str = "hour") -> dict[str, tuple[int, int]]:
    """Periods that came and that should have come of each device that reports this kind, for begin ≤ start < end.

    Args:
        begin, end: whole days, seconds of the wall clock; only the days kept for the gap finder are known.

    Returns:
        MN → (came, expected).
    """
    sql = "SELECT mn, step, bits FROM period WHERE kind = ? AND day >= ? AND day < ?"
    came: dict[str, int] = defaultdict(int)
    steps: dict[str, int] = {}
    for mn, step, bits in store.database.query(sql, (kind, begin, end)):
        came[mn] += int(bits, 16).bit_count()
        steps[mn] = step
    return {mn: (count, (end - begin) // steps[mn]) for mn, count in came.items()}


def look_for_gaps(store: Store, settings: Settings, now: int) -> int:
    """Compare what came with what should have come, keep the gaps, and ask for them.

    Args:
        now: wall time [s].

    Returns:
        Number of requests queued.
    """
    found = [gap for kind in KINDS for gap in _find(store, settings, kind, now)]
    with store.database.transaction():
        gaps = _keep(store, found)
        forget = now - (settings.gap_days + 2) * clock.DAY
        store.database.execute("DELETE FROM period WHERE day < ?", (forget - clock.DAY,))
        store.database.execute("DELETE FROM gap WHERE until < ?", (forget - 30 * clock.DAY,))
        return _ask(store, settings, gaps, now) if settings.gap_automatic else 0


def ask(store: Store, mn: str, kind: str, start: int, until: int, person: str) -> int:
    """Ask a device for the periods of start ≤ begin < until again; gives the id of the command.

    Raises:
        BilanError: the device is unknown, or the range is empty.
    """
    device = store.catalogue.device(mn)
    step = _step(kind, device)
    if until <= start:
        raise BilanError(Problem("gateway.bad_range", {"begin": clock.moment(start), "end": clock.moment(until)}))
    shift = step if device.labels == "end" else 0
    return resend(
        store, mn, RANGE_COMMAND[kind], clock.moment(start + shift), clock.moment(until - step + shift), person, valid_seconds=VALID_SECONDS
    )


def _step(kind: str, device: Device) -> int:
    return clock.HOUR if kind == "hour" else device.minute_interval * 60


def _find(store: Store, settings: Settings, kind: str, now: int) -> list[Gap]:
    """Runs that are missing since the first period that a device sent within the days looked at."""
    since = (now - settings.gap_days * clock.DAY) // clock.DAY * clock.DAY
    days: dict[str, dict[int, int]] = defaultdict(dict)
    devices = {device.mn: device for device in store.catalogue.devices() if device.state == "active"}
    for mn, day, step, bits in store.database.query("SELECT mn, day, step, bits FROM period WHERE kind = ? AND day >= ?", (kind, since)):
        if mn in devices and step == _step(kind, devices[mn]):
            days[mn][day] = int(bits, 16)
    grace = settings.gap_hour_grace if kind == "hour" else settings.gap_minute_grace
    gaps: list[Gap] = []
    for mn, bits_by_day in days.items():
        step = _step(kind, devices[mn])
        end = (now - grace) // step * step
        day = min(bits_by_day)
        begin = day + _lowest(bits_by_day[day]) * step
        runs = missing_runs(bits_by_day, step, begin, end)
        gaps += [Gap(mn, kind, start, until, (until - start) // step, "open", 0, 0, 0, now) for start, until in runs]
    return gaps


def _lowest(bits: int) -> int:
    """Place of the lowest bit set.

    Examples:
        >>> _lowest(0b1000)
        3
    """
    return (bits & -bits).bit_length() - 1


def _keep(store: Store, found: list[Gap]) -> list[Gap]:
    """Write the gaps; one that is what is left of an earlier one goes on with its history, others that are gone are filled."""
    before: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for gap in listed(store, states=("open", "asked", "given_up"), limit=1_000_000):
        before[gap.mn, gap.kind].append(gap)
    kept: list[Gap] = []
    for gap in found:
        earlier = next((old for old in before[gap.mn, gap.kind] if old.start < gap.until and gap.start < old.until), None)
        kept.append(gap if earlier is None else _continued(gap, earlier))
    keys = {(gap.mn, gap.kind, gap.start) for gap in kept}
    gone = [old for gaps in before.values() for old in gaps if (old.mn, old.kind, old.start) not in keys]
    for old in gone:
        store.database.execute("UPDATE gap SET state = 'filled' WHERE mn = ? AND kind = ? AND start = ?", (old.mn, old.kind, old.start))
    store.database.bulk_upsert("gap", _COLUMNS, [_row(gap) for gap in kept], ["mn", "kind", "start"])
    return kept


def _continued(gap: Gap, old: Gap) -> Gap:
    return Gap(gap.mn, gap.kind, gap.start, gap.until, gap.missing, old.state, old.asked, old.next_ask, old.command, old.found)


def _row(gap: Gap) -> tuple[Any, ...]:
    return tuple(getattr(gap, column) for column in _COLUMNS)


def _ask(store: Store, settings: Settings, gaps: list[Gap], now: int) -> int:
    """Queue requests for gaps that are due, of devices that are connected and have none under way."""
    connected = {mn for (mn,) in store.database.query("SELECT mn FROM device_status WHERE connected = 1")}
    final = ", ".join(f"'{state}'" for state in sorted(FINAL))
    sql = f"SELECT mn, COUNT(*) FROM command WHERE person = ? AND state NOT IN ({final}) AND expires > ? GROUP BY mn"
    under_way: dict[str, int] = defaultdict(int, store.database.query(sql, (PERSON, now)))
    queued = 0
    for gap in sorted(gaps, key=lambda entry: -entry.start):
        if gap.state == "given_up" or gap.next_ask > now or gap.mn not in connected:
            continue
        if gap.asked >= settings.gap_asks:
            _settle(store, gap, "given_up", gap.command, gap.asked, 0)
        elif under_way[gap.mn] < settings.gap_open_commands:
            until = min(gap.until, gap.start + settings.gap_span_hours * clock.HOUR)
            command = ask(store, gap.mn, gap.kind, gap.start, until, PERSON)
            pause = settings.gap_pause * 2**gap.asked
            _settle(store, gap, "asked", command, gap.asked + (until == gap.until), now + pause)
            under_way[gap.mn] += 1
            queued += 1
    return queued


def _settle(store: Store, gap: Gap, state: str, command: int, asked: int, next_ask: int) -> None:
    sql = "UPDATE gap SET state = ?, command = ?, asked = ?, next_ask = ? WHERE mn = ? AND kind = ? AND start = ?"
    store.database.execute(sql, (state, command, asked, next_ask, gap.mn, gap.kind, gap.start))
