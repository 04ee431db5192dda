"""The odds that a target is kept: pure functions of daily, monthly and yearly rows, calibrated on many cities."""

from __future__ import annotations

from bilan.plans.odds.model import Aim, Kind, Period, Stand, Why

__all__ = ["Aim", "Kind", "Period", "Stand", "Why"]
