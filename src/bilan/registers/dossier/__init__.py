"""One page for one thing: everything that the registers and the instruments say of an entry, for a screen or a sheet of paper."""

from __future__ import annotations

from bilan.registers.dossier.building import build
from bilan.registers.dossier.model import Dossier

__all__ = ["Dossier", "build"]
