"""What came from one device lately, read from the end of the journal and from the proofs of its newest values."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.problems import BilanError
from bilan.telemetry.gateway.events import read_event, reason_and_frame
from bilan.telemetry.journal import Kind, Record, position, read
from bilan.telemetry.journal.record import decode
from bilan.telemetry.journal.segments import following, segment_path, segments
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store

SPAN_BYTES = 8 << 20
"""So much of the end of the journal is looked through [byte]."""
FRAMES = 20
EVENTS = 20
CONNECTIONS = frozenset({"connected", "disconnected"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame as it came: position in the journal, when [s], from where, its bytes."""

    position: int
    arrived: int
    peer: str
    frame: bytes


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection made or ended: when [s], which of both, from where, why it ended."""

    arrived: int
    connected: bool
    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """Frames and connections of a device, each the newest first."""

    frames: tuple[Arrival, ...]
    connections: tuple[Connection, ...]


def recent(store: Store, journal: Path, device: Device, *, span: int = SPAN_BYTES) -> Traffic:
    """Look for a device's newest frames and connections.

    Parameters:
        store: the city's store, which knows the proof of each value.
        journal: folder of the journal.
        device: whose.
        span: how much of the end of the journal is read [byte].
    """
    frames: dict[int, Arrival] = {}
    connections: list[Connection] = []
    for record in _backwards(journal, device.mn, span):
        if record.kind == Kind.EVENT:
            connections += _connection(record)
        else:
            frames[record.position] = _arrival(record)
    if len(frames) < FRAMES:
        frames |= {record.position: _arrival(record) for record in _proofs(store, journal, device) if record.position not in frames}
    newest = sorted(frames.values(), key=lambda entry: -entry.position)[:FRAMES]
    return Traffic(tuple(newest), tuple(connections[:EVENTS]))


def _backwards(journal: Path, mn: str, span: int) -> Iterator[Record]:
    """Records of a device within the last `span` bytes of the journal, the newest first."""
    for number in reversed(segments(journal)):
        path = segment_path(journal, number)
        if span <= 0 or not path.is_file():
            return
        offset = max(0, path.stat().st_size - span)
        content = _tail(path, offset)
        span -= len(content)
        yield from reversed([record for record in _records(content, position(number, offset), whole=offset == 0) if record.mn == mn])


def _tail(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset, os.SEEK_SET)
        return file.read()


def _records(content: bytes, base: int, *, whole: bool) -> Iterator[Record]:
    offset = 0 if whole else following(content, 0)
    while 0 <= offset < len(content):
        record = decode(content, offset, base)
        if record is None:
            offset = following(content, offset + 1)
            continue
        yield record
        offset = record.next - base


def _proofs(store: Store, journal: Path, device: Device) -> Iterator[Record]:
    """The frames that the newest values of a device's point came from."""
    if not device.point:
        return
    series = store.catalogue.series_frame(points=[device.point])
    sources: set[int] = set()
    for interval in ("instant", "minute", "hour", "day"):
        for (number,) in series.filter(series["interval"] == interval).select("id").head(2).iter_rows():
            sql = f"SELECT source FROM obs_{interval} WHERE series = ? ORDER BY start DESC LIMIT 5"
            sources |= {source for (source,) in store.database.query(sql, (number,)) if source}
    for source in sorted(sources, reverse=True)[:FRAMES]:
        try:
            record = read(journal, source)
        except BilanError:
            continue
        if record.mn == device.mn:
            yield record


def _arrival(record: Record) -> Arrival:
    frame = record.payload if record.kind == Kind.FRAME else reason_and_frame(record.payload)[1]
    return Arrival(record.position, record.arrived // 1000, record.peer, frame)


def _connection(record: Record) -> list[Connection]:
    values: dict[str, Any] = read_event(record.payload)
    if values.get("event") not in CONNECTIONS:
        return []
    return [Connection(record.arrived // 1000, values["event"] == "connected", record.peer, str(values.get("reason", "")))]
