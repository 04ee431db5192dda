"""The journal: every byte a device sent, in order, durable before it is acknowledged, and kept as evidence."""

from bilan.telemetry.journal.archive import archive
from bilan.telemetry.journal.reader import Reader, read
from bilan.telemetry.journal.record import Kind, Record, encode
from bilan.telemetry.journal.segments import locate, position
from bilan.telemetry.journal.writer import Writer

__all__ = ["Kind", "Reader", "Record", "Writer", "archive", "encode", "locate", "position", "read"]
