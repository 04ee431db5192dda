"""Dustfall by HJ 1221-2021 and the targets of regions."""

from __future__ import annotations

from bilan.science.standards.dustfall.judge import DETECTION_LIMIT, deposition, judge, regions

__all__ = ["DETECTION_LIMIT", "deposition", "judge", "regions"]
