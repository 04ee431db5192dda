"""Collecting what happens to alerts, to be written together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bilan.casework.models import Alert, AlertEvent

BATCH = 1000


class Journal:
    """The events of one act.

    Parameters:
        at: moment of the act.
        person: who acts; None for the platform.
    """

    def __init__(self, at: datetime, person: Any = None) -> None:
        self.at = at
        self._person = person
        self.events: list[AlertEvent] = []

    def add(self, alert: Alert, kind: str, *, text: str = "", tell: bool = False, **values: Any) -> None:
        """Note that something happened to an alert.

        Parameters:
            tell: whether those concerned are to be told.
        """
        self.events.append(
            AlertEvent(
                alert=alert,
                at=self.at,
                kind=kind,
                level=alert.level,
                person=self._person,
                author=str(self._person or "")[:80],
                text=text[:1000],
                values=values,
                told=not tell,
            )
        )

    def write(self) -> None:
        """Add the events to the database."""
        AlertEvent.objects.bulk_create(self.events, batch_size=BATCH)
