"""The one writer of a journal: group commit in a thread of its own, so that the caller never waits for the disk."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bilan.telemetry.journal.segments import mend, segment_path, segments, sync_folder

SEGMENT_BYTES = 64 << 20
ALLOCATE_BYTES = 4 << 20

Committed = Callable[[list[Any], OSError | None], None]
"""Told, in the writer's thread, which tokens are durable, or which are not and why."""


class Writer:
    """Appends records and reports each batch when it is on the disk.

    A writer begins a new segment whenever it is opened and after every failed write, so that no position is ever
    given twice, whatever a crash took back.

    Args:
        folder: the journal's folder; made when absent.
        committed: called once a batch, after `fdatasync` or after its failure.
        segment_bytes: length at which the next segment is begun [byte].
        allocate_bytes: how far ahead disk space is reserved [byte].
    """

    def __init__(
        self, folder: Path, committed: Committed, *, segment_bytes: int = SEGMENT_BYTES, allocate_bytes: int = ALLOCATE_BYTES
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        known = segments(folder)
        if known and segment_path(folder, known[-1]).exists():
            mend(segment_path(folder, known[-1]))
        self.folder = folder
        self.segment = known[-1] if known else 0
        self.offset = 0
        self.begin = (self.segment + 1) << 32
        self._committed = committed
        self._segment_bytes = segment_bytes
        self._allocate_bytes = allocate_bytes
        self._allocated = 0
        self._file = -1
        self._records: list[bytes] = []
        self._tokens: list[Any] = []
        self._closing = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def append(self, record: bytes, token: Any = None) -> None:
        """Hand over an encoded record; `token` comes back in `committed`."""
        with self._wake:
            self._records.append(record)
            self._tokens.append(token)
            self._wake.notify()

    def close(self) -> None:
        """Write what is waiting, then stop; returns when all of it is reported."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()
        self._leave_segment()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._records and not self._closing:
                    self._wake.wait()
                records, tokens = self._records, self._tokens
                self._records, self._tokens = [], []
            if not records:
                return
            self._committed(tokens, self._commit(b"".join(records)))

    def _commit(self, content: bytes) -> OSError | None:
        try:
            if self._file < 0 or self.offset + len(content) > max(self._segment_bytes, len(content)):
                self._next_segment()
            self._allocate(len(content))
            view = memoryview(content)
            while view:
                written = os.write(self._file, view)
                self.offset += written
                view = view[written:]
            os.fdatasync(self._file)
        except OSError as error:
            self._leave_segment()
            return error
        return None

    def _allocate(self, wanted: int) -> None:
        if self.offset + wanted > self._allocated:
            length = max(self._allocate_bytes, wanted)
            os.posix_fallocate(self._file, self.offset, length)
            self._allocated = self.offset + length

    def _next_segment(self) -> None:
        self._leave_segment()
        path = segment_path(self.folder, self.segment + 1)
        self._file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o640)
        self.segment += 1
        self.offset = self._allocated = 0
        sync_folder(self.folder)

    def _leave_segment(self) -> None:
        """Close the segment and give back what was reserved; a failure here leaves an end that readers skip."""
        if self._file < 0:
            return
        handle, self._file = self._file, -1
        try:
            if self.offset:
                os.ftruncate(handle, self.offset)
            else:
                segment_path(self.folder, self.segment).unlink()
        except OSError:
            return
        finally:
            os.close(handle)
