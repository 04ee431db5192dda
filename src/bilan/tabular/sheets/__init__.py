"""Sheets as bureaus keep them: title rows, merged headers, units in brackets and notes at the foot, read for a register and written back."""

from __future__ import annotations

from bilan.tabular.sheets.model import Heading, Note, Sheet
from bilan.tabular.sheets.reading import read_sheet

__all__ = ["Heading", "Note", "Sheet", "read_sheet"]
