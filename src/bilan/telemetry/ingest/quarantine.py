"""Frames that could not be used: listed with the reason, corrected by a person, replayed into the store."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.gateway.decryption import segment_of
from bilan.telemetry.gateway.events import reason_and_frame
from bilan.telemetry.hj212.building import wrap
from bilan.telemetry.hj212.fast import read_header
from bilan.telemetry.hj212.frame import LONGEST
from bilan.telemetry.hj212.text import canonical_charset
from bilan.telemetry.ingest.explode import Batch, Exploded, Exploder
from bilan.telemetry.journal import Kind, read
from bilan.telemetry.store import Store

OPEN = "open"
REPLAYED = "replayed"
IGNORED = "ignored"
_COLUMNS = "id, mn, peer, arrived, code, problems, text, state, corrected, person, changed, note"
_HEAD = re.compile(r"\A\s*(?:##\d{0,4})?")
_TAIL = re.compile(r"&&[0-9A-Fa-f]{0,4}\s*\Z")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")
_MN = re.compile(rb"(\A|;)MN=[^;]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A frame in quarantine.

    Attributes:
        id: its position in the journal, where its bytes are.
        mn, peer: who sent it from where.
        arrived: when [s of the wall clock].
        problems: what is wrong with it.
        text: the frame, readable.
        state: ``open``, ``replayed`` or ``ignored``.
        corrected: what a person made of it; empty when nobody did.
        person, changed, note: who decided, when, why.
    """

    id: int
    mn: str
    peer: str
    arrived: int
    code: str
    problems: tuple[Problem, ...]
    text: str
    state: str
    corrected: str
    person: str
    changed: int
    note: str


def listed(store: Store, *, state: str = OPEN, code: str = "", mn: str = "", before: int | None = None, limit: int = 100) -> list[Entry]:
    """Frames in quarantine, the newest first.

    Args:
        state: ``open``, ``replayed``, ``ignored``, or empty for all.
        code: only with this first problem.
        mn: only of this device.
        before: only entries older than this id, for the next page.
    """
    wanted = [("state = ?", state), ("code = ?", code), ("mn = ?", mn), ("id < ?", before)]
    chosen = [(condition, value) for condition, value in wanted if value]
    where = "WHERE " + " AND ".join(condition for condition, _ in chosen) if chosen else ""
    rows = store.database.query(
        f"SELECT {_COLUMNS} FROM quarantine {where} ORDER BY id DESC LIMIT ?", [value for _, value in chosen] + [limit]
    )
    return [_entry(row) for row in rows]


def entry(store: Store, number: int) -> Entry:
    """One frame in quarantine.

    Raises:
        BilanError: there is none of that id.
    """
    rows = store.database.query(f"SELECT {_COLUMNS} FROM quarantine WHERE id = ?", (number,))
    if not rows:
        raise BilanError(Problem("quarantine.unknown", {"value": number}))
    return _entry(rows[0])


def counts(store: Store) -> list[dict[str, Any]]:
    """Frames by problem: ``code``, ``kept`` in quarantine, ``counted`` beyond what is kept, ``last`` [s], the most frequent first."""
    return store.database.query_dicts("SELECT code, kept, counted, last FROM quarantine_count ORDER BY kept + counted DESC")


def open_count(store: Store) -> int:
    """Number of frames that nobody has dealt with."""
    return int(store.database.query("SELECT COUNT(*) FROM quarantine WHERE state = ?", (OPEN,))[0][0])


def _entry(row: Sequence[Any]) -> Entry:
    problems = tuple(Problem.from_dict(problem) for problem in json.loads(row[5]))
    return Entry(row[0], row[1], row[2], row[3], row[4], problems, *row[6:])


def raw(journal: Path, number: int) -> bytes:
    """The frame exactly as it came.

    Raises:
        BilanError: the journal does not hold it any more.
    """
    record = read(journal, number)
    return record.payload if record.kind == Kind.FRAME else reason_and_frame(record.payload)[1]


def ignore(store: Store, numbers: Sequence[int], person: str, note: str = "") -> None:
    """Put frames aside for good; they stay listed with who did so and why."""
    for number in numbers:
        _settle(store, number, IGNORED, entry(store, number).corrected, person, note)


def replay(store: Store, journal: Path, number: int, person: str, *, text: str = "", mn: str = "", note: str = "") -> Exploded:
    """Bring a quarantined frame into the store, corrected or now that its device is registered.

    The check sum is not asked for again: a person vouches for the text.

    Args:
        journal: folder of the journal that holds the frame.
        number: id of the frame.
        person: who does so.
        text: corrected frame or data segment; by default the frame as it came.
        mn: device it belongs to, when the MN in it is wrong or unknown.
        note: why.

    Returns:
        What it came to.

    Raises:
        BilanError: it still cannot be used, and why; it stays in quarantine.
    """
    found = entry(store, number)
    if found.state == REPLAYED:
        raise BilanError(Problem("quarantine.settled", {"value": number, "state": found.state}))
    exploder = Exploder(store)
    exploder.refresh()
    given = text or found.corrected
    frame = raw(journal, number)
    device = exploder.device(mn or _mn(given, frame) or found.mn)
    if device is None:
        raise BilanError(Problem("gateway.unknown_device", {"mn": mn or found.mn}))
    segment = _segment(given, device.charset) if given else segment_of(frame, device)
    if segment is None or len(segment) > LONGEST - len(device.mn):
        raise BilanError(Problem("ingest.unreadable", {"mn": device.mn, "bytes": len(frame)}))
    batches: dict[str, Batch] = {}
    arrived = clock.now(store.zone) if given else found.arrived
    plain = wrap(_MN.sub(rb"\1MN=" + device.mn.encode(), segment, 1)).rstrip(b"\r\n")
    result = exploder.explode(device.mn, plain, arrived, number, batches, plain=True)
    if not exploder.complete():
        result = exploder.explode(device.mn, plain, arrived, number, batches, plain=True)
    problems = [*result.problems, *([] if result.count else [Problem("quarantine.no_data", {"cn": result.cn})])]
    if problems:
        raise BilanError(*problems)
    with store.database.transaction():
        for interval, batch in batches.items():
            store.write(interval, batch.readings, arrived=batch.arrived, source=batch.sources)
        _settle(store, number, REPLAYED, given, person, note)
    return result


def replay_device(store: Store, journal: Path, mn: str, person: str, limit: int = 10_000) -> tuple[int, list[Entry]]:
    """Replay everything of one device that is open, after it was claimed or its dialect was set right.

    Returns:
        How many frames were replayed, and those that still cannot be used.
    """
    done, left = 0, []
    for found in reversed(listed(store, mn=mn, limit=limit)):
        try:
            replay(store, journal, found.id, person)
            done += 1
        except BilanError:
            left.append(found)
    return done, left


def _mn(text: str, frame: bytes) -> str:
    segment = _segment(text, "utf-8") if text else frame[6:]
    return read_header(segment).mn


def _segment(text: str, charset: str) -> bytes:
    """Data segment of a frame as a person typed it, with or without length and check sum; escapes stand for bytes.

    Examples:
        >>> _segment("##0013ST=91;CP=&&&&3B80", "utf-8"), _segment("ST=91;CP=&&&&", "utf-8")
        (b'ST=91;CP=&&&&', b'ST=91;CP=&&&&')
    """
    bare = _TAIL.sub("&&", _HEAD.sub("", text, count=1), count=1)
    encoded = bare.strip().encode(canonical_charset(charset), "surrogateescape")
    return _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), encoded)


def _settle(store: Store, number: int, state: str, corrected: str, person: str, note: str) -> None:
    sql = "UPDATE quarantine SET state = ?, corrected = ?, person = ?, changed = ?, note = ? WHERE id = ?"
    store.database.execute(sql, (state, corrected, person, clock.now(store.zone), note, number))
