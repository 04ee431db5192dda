"""Readings that come as files or messages, brought in by the same door as those of devices."""

from __future__ import annotations

from bilan.telemetry.readers.applying import Applied, apply_import
from bilan.telemetry.readers.planning import ImportPlan, ImportSettings, plan_import
from bilan.telemetry.readers.quarantine import Refused, correct, dismiss, quarantined, replay
from bilan.telemetry.readers.report import error_table

__all__ = [
    "Applied",
    "ImportPlan",
    "ImportSettings",
    "Refused",
    "apply_import",
    "correct",
    "dismiss",
    "error_table",
    "plan_import",
    "quarantined",
    "replay",
]
