"""Sheets as bureaus keep them, read for a register and written back: titles, merged headers, units in brackets, notes at the foot."""

from __future__ import annotations

from bilan.tabular.sheets.model import Heading, Note, Sheet
from bilan.tabular.sheets.reading import read_sheet

__all__ = ["Heading", "Note", "Sheet", "read_sheet"]
