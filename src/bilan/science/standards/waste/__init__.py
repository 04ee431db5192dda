"""Hazardous-waste codes of the national list: read, checked, categories and hazards."""

from __future__ import annotations

from bilan.science.standards.waste.codes import CodeCheck, WasteCode, categories, changes_of_2025, check, hazards, parse
from bilan.science.standards.waste.judge import judge

__all__ = ["CodeCheck", "WasteCode", "categories", "changes_of_2025", "check", "hazards", "judge", "parse"]
