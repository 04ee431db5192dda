"""The documentation of registers, written from their declarations."""

from __future__ import annotations

from bilan.pack.registers.reference.keys_page import keys_page
from bilan.pack.registers.reference.pages import pages

__all__ = ["keys_page", "pages"]
