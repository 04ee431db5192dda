"""Classes of soil in words."""

from __future__ import annotations

from collections.abc import Mapping

from bilan.science.standards.explaining import Words
from bilan.science.tables import rows_where

NOT_JUDGED = Words("没有可参评的值，不评价", "no value that can be judged")


def _words(rule_set: str) -> dict[int, Words]:
    return {int(row["seq"]): Words(row["name_zh"], row["name_en"]) for row in rows_where("soil_rules", rule_set=rule_set)}


FARMLAND: Mapping[int, Words] = _words("farmland_class")
"""Classes of farmland: 1 priority protection, 2 safe use, 3 strict control."""
CONSTRUCTION: Mapping[int, Words] = _words("construction_judgement")
"""Verdicts on construction land: 1 negligible, 2 survey and assessment, 3 control or remediation."""


def grade_words(grades: Mapping[int, Words], grade: int) -> Words:
    """Number and name of a class.

    Examples:
        >>> grade_words(FARMLAND, 3).zh, grade_words(CONSTRUCTION, 1).en
        ('3 类（严格管控类）', 'Class 1, risk negligible')
    """
    return Words(f"{grade} 类（{grades[grade].zh}）", f"Class {grade}, {grades[grade].en}")
