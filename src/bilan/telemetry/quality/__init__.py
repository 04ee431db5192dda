"""Level-1 quality control: every value keeps the bits of what is doubtful about it; none is deleted."""

from __future__ import annotations

from bilan.telemetry.quality.arrival import Arrival, SeriesPlace
from bilan.telemetry.quality.check import Check, describe
from bilan.telemetry.quality.gaps import completeness, missing
from bilan.telemetry.quality.hook import arrival_checks
from bilan.telemetry.quality.reviewing import Review, review

__all__ = ["Arrival", "Check", "Review", "SeriesPlace", "arrival_checks", "completeness", "describe", "missing", "review"]
