"""Running the ingest: the journal followed to its end, each batch written with its offset in one transaction."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bilan.pack.city import City
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.gateway.settings import STREAM, Settings
from bilan.telemetry.ingest.explode import Batch, Exploder
from bilan.telemetry.ingest.gaps import look_for_gaps
from bilan.telemetry.ingest.periods import KINDS, Periods
from bilan.telemetry.ingest.projector import Projector
from bilan.telemetry.journal import Kind, Reader, Record, archive
from bilan.telemetry.model import Reading
from bilan.telemetry.store import Store, StoreUnavailable

log = logging.getLogger("bilan.ingest")

LONGEST_PAUSE = 5.0
BUSY_PERIODS = 10
CHUNK_BYTES = 4 << 20

UNUSABLE = (BilanError, ValueError, LookupError, TypeError)
"""What a record can do that nobody foresaw; it must not hold up the records after it."""

Quality = Callable[[str, Sequence[Reading]], list[Reading]]
"""Level-1 quality control: interval and readings in, the same readings with quality bits out."""


@dataclass(slots=True)
class Tally:
    """What an ingest has done since it started."""

    records: int = 0
    readings: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0


class Ingest:
    """Brings the journal of a city into its store.

    Args:
        city: whose journal.
        store: where readings go.
        settings: batch sizes and pauses.
        quality: level-1 quality control; none by default.
    """

    def __init__(self, city: City, store: Store, settings: Settings, quality: Quality | None = None) -> None:
        self.city = city
        self.store = store
        self.settings = settings
        self.tally = Tally()
        self._quality = quality
        self._exploder = Exploder(store)
        self._projector = Projector(store.database)
        self._periods = Periods(store.database)
        self._reader = Reader(city.journal, store.offsets.get(STREAM))
        self._since = 0

    def step(self) -> int:
        """Bring the next records into the store.

        Returns:
            Their number; 0 at the end of the journal.

        Raises:
            StoreUnavailable: the store cannot be written now; the next step takes the same records.
        """
        begin = self._reader.position
        records = self._reader.read(self.settings.batch_records, chunk_bytes=CHUNK_BYTES)
        try:
            self._take(records)
        except StoreUnavailable:
            self._reader.position = begin
            raise
        except UNUSABLE as error:
            log.error("%s", error)
            self._one_by_one(records, begin)
        self.tally.records += len(records)
        return len(records)

    def _one_by_one(self, records: list[Record], begin: int) -> None:
        """Take records singly so that the one that fails is put aside and holds up nobody else."""
        for record in records:
            try:
                self._take([record])
            except StoreUnavailable:
                self._reader.position = begin
                raise
            except UNUSABLE as error:
                self._put_aside(record, _problems(error))
            begin = record.next

    def _put_aside(self, record: Record, problems: list[Problem]) -> None:
        with self.store.database.transaction():
            self._projector.forget()
            self._projector.quarantine(record, problems, record.payload)
            self._projector.flush()
            self.store.offsets.set(STREAM, record.next)

    def _take(self, records: list[Record]) -> None:
        if not records:
            return
        self._exploder.refresh()
        self._since = clock.now(self.city.timezone) - (self.settings.gap_days + 1) * clock.DAY
        batches = self._gather(records)
        while not self._exploder.complete():
            batches = self._gather(records)
        with self.store.database.transaction():
            for interval, batch in batches.items():
                self._write(interval, batch)
            self._periods.flush()
            self._projector.flush()
            self.store.offsets.set(STREAM, records[-1].next)

    def _gather(self, records: list[Record]) -> dict[str, Batch]:
        batches: dict[str, Batch] = {}
        self._projector.forget()
        self._periods.forget_changes()
        for record in records:
            self._take_record(record, batches)
        return batches

    def _write(self, interval: str, batch: Batch) -> None:
        readings = self._quality(interval, batch.readings) if self._quality else batch.readings
        written = self.store.write(interval, readings, arrived=batch.arrived, source=batch.sources)
        self.tally.readings += len(readings)
        self.tally.inserted += written.inserted
        self.tally.changed += written.changed
        self.tally.unchanged += written.unchanged

    def _take_record(self, record: Record, batches: dict[str, Batch]) -> None:
        if record.kind == Kind.FRAME:
            self._take_frame(record, batches)
        elif record.kind == Kind.EVENT:
            self._projector.event(record)
        elif record.kind in (Kind.QUARANTINE, Kind.UNKNOWN):
            self._projector.refused(record)

    def _take_frame(self, record: Record, batches: dict[str, Batch]) -> None:
        arrived = record.arrived // 1000
        status = self._projector.frame(record, len(record.payload))
        result = self._exploder.explode(record.mn, record.payload, arrived, record.position, batches)
        if result.problems:
            status.errors += 1
            self._projector.quarantine(record, result.problems, record.payload)
        if result.count:
            status.readings += result.count
            if result.start >= status.data_time:
                status.data_time = result.start
                status.lag = arrived - result.start - result.seconds
            if result.interval in KINDS and result.seconds and result.start >= self._since:
                self._periods.came(record.mn, result.interval, result.start, result.seconds)

    def keep_house(self) -> None:
        """Look for gaps and ask for what is missing; compress what was consumed."""
        look_for_gaps(self.store, self.settings, clock.now(self.city.timezone))
        archive(self.city.journal, self._reader.position, keep=self.settings.archive_keep)

    def run(self, stop: threading.Event) -> None:
        """Follow the journal until `stop` is set; an unavailable store is waited for."""
        pause = self.settings.ingest_seconds
        housekeeping = time.monotonic() + self.settings.gap_seconds
        while not stop.is_set():
            try:
                count = self.step()
                overdue = time.monotonic() - housekeeping
                if overdue >= 0 and (not count or overdue > BUSY_PERIODS * self.settings.gap_seconds):
                    self.keep_house()
                    housekeeping = time.monotonic() + self.settings.gap_seconds
            except StoreUnavailable as error:
                log.error("%s · %s", error.text("en"), error.text())
                pause = min(2 * pause, LONGEST_PAUSE)
                stop.wait(pause)
                continue
            pause = self.settings.ingest_seconds
            if not count:
                stop.wait(pause)
        self._reader.close()
        log.info("stopped after %d records · 入库已停止", self.tally.records)


def _problems(error: Exception) -> list[Problem]:
    if isinstance(error, BilanError):
        return list(error.problems)
    return [Problem("ingest.failed", {"reason": f"{type(error).__name__}: {error}"[:200]})]
