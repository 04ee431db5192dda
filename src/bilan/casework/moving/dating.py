"""The moment that acts are signed under: now, or a past one while history itself is brought in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

from bilan.pack.expressions import on_day

_past: ContextVar[datetime | None] = ContextVar("bilan_casework_past", default=None)


def moment() -> datetime:
    """Now, to the microsecond that both databases keep; the past moment while history is brought in."""
    return _past.get() or timezone.now()


def past() -> datetime | None:
    """The past moment that acts are signed under; None when it is now."""
    return _past.get()


@contextmanager
def as_of(at: datetime) -> Iterator[None]:
    """Let everything within be signed as of a past moment, and tell nobody: for records that are taken over, and for the demo city.

    Parameters:
        at: with its zone; conditions that ask for today get its day.
    """
    token = _past.set(at)
    try:
        with on_day(timezone.localtime(at).date()):
            yield
    finally:
        _past.reset(token)
