"""The declarations that hold now, for the city this process serves."""

from __future__ import annotations

from django.conf import settings

from bilan.pack.registers import Registers
from bilan.pack.registers.loading import current


def declared() -> Registers:
    """Registers, vocabularies and zones of the city; read again when a file of the city's pack changes."""
    return current(settings.CITY.pack)
