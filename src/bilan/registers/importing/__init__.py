"""Registers from files: tried first, row by row, then written in one change set; what is refused is kept to be corrected."""

from __future__ import annotations

from bilan.registers.importing.applying import Applied, apply
from bilan.registers.importing.planning import Plan, Prepared, RowResult, plan, prepare
from bilan.registers.importing.settings import POLICIES, SYSTEMS, ImportSettings

__all__ = ["POLICIES", "SYSTEMS", "Applied", "ImportSettings", "Plan", "Prepared", "RowResult", "apply", "plan", "prepare"]
