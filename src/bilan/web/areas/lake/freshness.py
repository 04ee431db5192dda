"""How fresh the lake's tables are beside the city's schedule, and what keeps them from being so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from bilan.lake import Manifest, record
from bilan.lake.record import Record
from bilan.pack.publishing import Publishing
from bilan.registers.lake import tables
from bilan.telemetry import clock
from bilan.web.components import numbers

FRESH, LATE, FAILED, NEVER = "fresh", "late", "failed", "never"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The schedule and what became of it.

    Attributes:
        now: wall time.
        may_know_why: whether the reader is told reasons, which may name files and machines.
    """

    rules: Publishing
    record: Record
    now: datetime
    may_know_why: bool

    @classmethod
    def now_of(cls, *, may_know_why: bool) -> Freshness:
        """As it is now."""
        return cls(settings.PUBLISHING, record.read(tables()), clock.moment(clock.now(settings.CITY.timezone)), may_know_why)

    @property
    def late(self) -> bool:
        """Whether the last night's publication was not carried out."""
        return self.record.late(self.rules.last(self.now))

    @property
    def next(self) -> datetime | None:
        """When all tables are published next."""
        return self.rules.last(self.now) if self.late else self.rules.next(self.now)

    @property
    def published(self) -> datetime | None:
        """Wall time of the schedule that was last carried out."""
        return datetime.fromisoformat(self.record.nightly) if self.record.nightly else None

    def of(self, name: str, held: Manifest | None) -> str:
        """How a table stands.

        Args:
            held: the version that stands.
        """
        fault = self.record.faults.get(name)
        if fault and fault.stands(held):
            return FAILED
        if held is None:
            return NEVER
        due = self.rules.last(self.now)
        return LATE if due and moment(held.checked) < due else FRESH

    def states(self) -> list[tuple[str, str]]:
        """Ways in which a table can stand, in words."""
        return [
            (FRESH, _("Up to date")),
            (LATE, _("Publication overdue")),
            (FAILED, _("Could not be published")),
            (NEVER, _("Not published yet")),
        ]

    def faults(self, titles: Mapping[str, str], held: Mapping[str, Manifest | None]) -> list[dict[str, object]]:
        """What keeps tables from being published, the reason only for those who may know it.

        Args:
            titles: the tables that the reader may know of.
            held: their versions that stand.
        """
        return [
            {
                "name": name,
                "title": titles[name],
                "since": moment(fault.since),
                "reason": fault.reason.text(numbers.language()) if self.may_know_why else "",
            }
            for name, fault in sorted(self.record.faults.items())
            if name in titles and fault.stands(held[name])
        ]


def moment(text: str) -> datetime:
    """A moment as wall time of the city."""
    return datetime.fromisoformat(text).astimezone().replace(tzinfo=None)
