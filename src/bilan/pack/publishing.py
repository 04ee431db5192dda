"""What a city says in `city.toml` about publishing the lake's tables: ``[publishing]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bilan.pack.indicators import tables
from bilan.pack.security import checked_table
from bilan.problems import BilanError, Place, Problem, nearest

REGISTERS = "registers"
"""Stands for the tables of all registers as they are now."""


@dataclass(frozen=True, slots=True)
class Publishing:
    """When tables are published, and what stays of their former versions.

    Attributes:
        nightly: wall time at which all tables are brought up to date, ``HH:MM``; empty for never.
        hourly: tables that are brought up to date each hour too; ``registers`` for those of all registers.
        keep_versions: so many versions of a table always stay.
        keep_hours: a version stays so long after it was replaced, for who is reading it [h].
        compact: whether the months of past years are brought into one file a year.
    """

    nightly: str = "02:30"
    hourly: tuple[str, ...] = ("indicator_values", "figures", "cases", "alerts", REGISTERS)
    keep_versions: int = 3
    keep_hours: int = 24
    compact: bool = True

    @property
    def at(self) -> time | None:
        """The time of the night; None for never."""
        return time.fromisoformat(self.nightly) if self.nightly else None

    def last(self, now: datetime) -> datetime | None:
        """When the tables were last to be published.

        Args:
            now: wall time.

        Examples:
            >>> Publishing().last(datetime(2026, 3, 5, 2, 0))
            datetime.datetime(2026, 3, 4, 2, 30)
        """
        if self.at is None:
            return None
        today = datetime.combine(now.date(), self.at)
        return today if today <= now else today - timedelta(days=1)

    def next(self, now: datetime) -> datetime | None:
        """When they are to be published next, after `now`."""
        last = self.last(now)
        return last + timedelta(days=1) if last else None


def publishing(values: Mapping[str, Any], source: str = "") -> Publishing:
    """The table ``[publishing]`` of a city.

    Raises:
        BilanError: a key is unknown or a value is not allowed; every mistake is told.

    Examples:
        >>> publishing({"nightly": "03:15", "hourly": ["registers"]}).at
        datetime.time(3, 15)
    """
    found = Publishing(**checked_table(Publishing(), values, source))
    problems = []
    try:
        _ = found.at
    except ValueError:
        problems.append(Problem("pack.wrong_type", {"key": "nightly", "value": repr(found.nightly), "allowed": "HH:MM"}, Place(source)))
    known = [REGISTERS, *tables()]
    for name in found.hourly:
        if name not in known:
            values = {"value": name, "allowed": known, "nearest": nearest(name, known)}
            problems.append(Problem("value.unknown_choice", values, Place(source)))
    if problems:
        raise BilanError(*problems)
    return found
