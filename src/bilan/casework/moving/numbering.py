"""Codes of new cases."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from bilan.pack.flows import Flow
from bilan.registers.models import Serial


class Codes:
    """Gives codes to the new cases of one flow; call it inside the writing transaction, so that two openers never get the same.

    Args:
        flow: the flow.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._register = f"case/{flow.name}"[:60]
        self._last: dict[str, int] = {}
        self._digits = 5

    def next(self, district: str, opened: datetime) -> str:
        """The next code for a case of a district that is opened at a moment."""
        day = timezone.localtime(opened)
        values = {"flow": self._flow.name, "adcode": settings.CITY.adcode, "district": district or settings.CITY.adcode}
        before = self._before({**values, "year": f"{day:%Y}", "month": f"{day:%m}"})
        if before not in self._last:
            kept = Serial.objects.select_for_update().filter(register=self._register, prefix=before).first()
            self._last[before] = kept.last if kept else 0
        self._last[before] += 1
        return f"{before}{str(self._last[before]).zfill(self._digits)}"

    def keep(self) -> None:
        """Remember the last number given."""
        for prefix, last in self._last.items():
            Serial.objects.update_or_create(register=self._register, prefix=prefix, defaults={"last": last})

    def _before(self, values: Mapping[str, str]) -> str:
        found = ""
        for text, name, form, _ in string.Formatter().parse(self._flow.code):
            found += text
            if name == "serial":
                self._digits = int(form or "5")
                return found
            found += values.get(name or "", "")
        return found
