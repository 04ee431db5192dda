"""The declarations that hold now, for the city this process serves."""

from __future__ import annotations

from django.conf import settings

from bilan.pack.registers import Registers
from bilan.pack.registers.loading import current
from bilan.people import audit


def declared() -> Registers:
    """Registers, vocabularies and zones of the city; read again, and that written down, when a file of the city's pack changes."""
    found = current(settings.CITY.pack)
    before = _served.get(settings.CITY.folder)
    if before != found.signature:
        _served[settings.CITY.folder] = found.signature
        if before is not None:
            audit.record_once("declarations.reload", found.signature, detail={"registers": len(found.registers)})
    return found


_served: dict[object, str] = {}
"""City → signature of the declarations that this process served last."""
