"""Composite scores as data: what a scored table makes of a row, and why."""

from __future__ import annotations

from bilan.science.scores.earning import earned
from bilan.science.scores.judging import ItemScore, Judged, change, judge, judge_row
from bilan.science.scores.raising import Gain, gains, next_grade

__all__ = ["Gain", "ItemScore", "Judged", "change", "earned", "gains", "judge", "judge_row", "next_grade"]
