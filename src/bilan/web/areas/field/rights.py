"""Who may use the field pages."""

from __future__ import annotations

from bilan.people.roles import Capability, Right

HANDLES = Right(Capability.HANDLE, "kernel/casework")
SEES_ENTRIES = Right(Capability.SEE, "registers")
