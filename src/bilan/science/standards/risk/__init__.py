"""Environmental risk: projects by HJ 169-2018, enterprises by HJ 941-2018."""

from __future__ import annotations

from bilan.science.standards.risk.enterprises import EnterpriseRisk, MediumRisk, judge_enterprise, judge_medium
from bilan.science.standards.risk.projects import (
    ProjectRisk,
    air_sensitivity,
    groundwater_sensitivity,
    judge_project,
    m_score,
    q_ratio,
    water_sensitivity,
)
from bilan.science.standards.risk.words import Substance, find, substances

__all__ = [
    "EnterpriseRisk",
    "MediumRisk",
    "ProjectRisk",
    "Substance",
    "air_sensitivity",
    "find",
    "groundwater_sensitivity",
    "judge_enterprise",
    "judge_medium",
    "judge_project",
    "m_score",
    "q_ratio",
    "substances",
    "water_sensitivity",
]
