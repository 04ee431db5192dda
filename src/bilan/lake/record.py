"""What became of the lake's last publications, kept beside the tables: whether they are late, and why."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bilan.lake.manifest import Manifest
from bilan.lake.reading import FOLDER, LakeTables
from bilan.pack.registers.words import Bilingual
from bilan.telemetry.store import parquet

FILE = "_publishing.json"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a table could not be published.

    Attributes:
        since: moment of the first time in a row, `last`: of the last time, ISO 8601 with the zone.
        reason: what went wrong, in both languages.
    """

    since: str
    last: str
    reason: Bilingual

    def stands(self, held: Manifest | None) -> bool:
        """Whether the table was not published by somebody else since.

        Args:
            held: the version that stands.
        """
        return held is None or datetime.fromisoformat(held.checked) < datetime.fromisoformat(self.last)


@dataclass(frozen=True, slots=True)
class Record:
    """What the last rounds came to.

    Attributes:
        nightly: wall time of the schedule that was last carried out to its end, ISO 8601; empty before the first.
        ended: moment at which the last round ended; `seconds`: how long the last nightly one took [s].
        faults: table → why it is not as it should be.
    """

    nightly: str = ""
    ended: str = ""
    seconds: float = 0.0
    faults: Mapping[str, Fault] = field(default_factory=dict)

    def late(self, due: datetime | None) -> bool:
        """Whether the night's publication that was due has not been carried out.

        Args:
            due: wall time of the last one of the schedule; None when there is no schedule.

        Examples:
            >>> Record(nightly="2026-03-04T02:30:00").late(datetime(2026, 3, 5, 2, 30)), Record().late(None)
            (True, False)
        """
        return due is not None and (not self.nightly or datetime.fromisoformat(self.nightly) < due)


def read(lake: LakeTables) -> Record:
    """The record of a lake; an empty one when nothing was published by schedule yet, or it cannot be read."""
    try:
        values = json.loads((lake.root / FOLDER / FILE).read_text(encoding="utf-8"))
        faults = {name: Fault(entry["since"], entry["last"], Bilingual(**entry["reason"])) for name, entry in values["faults"].items()}
        return Record(values["nightly"], values["ended"], values["seconds"], faults)
    except (OSError, ValueError, KeyError, TypeError):
        return Record()


def write(lake: LakeTables, record: Record) -> None:
    """Keep the record of a lake; readers see the one before or this one.

    Raises:
        StoreUnavailable: the folder cannot be written.
    """
    folder = lake.root / FOLDER
    with parquet.locked(folder):
        beside = folder / f".{FILE}.{os.getpid()}"
        beside.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1), encoding="utf-8")
        parquet.flush(beside)
        beside.replace(folder / FILE)
