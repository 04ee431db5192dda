"""Which version of a standard holds on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A version with the time it is in force."""

    @property
    def effective_from(self) -> date: ...

    @property
    def effective_to(self) -> date | None: ...


Version = TypeVar("Version", bound=Dated)


def in_force(versions: Sequence[Version], day: date | None = None) -> Version:
    """The version in force on a day; the newest without a day.

    Parameters:
        versions: oldest first.

    Raises:
        LookupError: none was in force on that day.
    """
    for known in reversed(versions):
        if day is None or (known.effective_from <= day and (known.effective_to is None or day <= known.effective_to)):
            return known
    raise LookupError(day)
