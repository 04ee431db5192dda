"""Composite scores as data: what a scored table makes of a row, and why."""

from __future__ import annotations

from bilan.science.scores.earning import earned
from bilan.science.scores.judging import ItemScore, Judged, change, judge, judge_row

__all__ = ["ItemScore", "Judged", "change", "earned", "judge", "judge_row"]
