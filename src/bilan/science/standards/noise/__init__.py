"""Noise by GB 3096 and HJ 640, and at boundaries by GB 12348, GB 12523 and GB 22337: levels, limits, areas, roads."""

from __future__ import annotations

from bilan.science.standards.explaining import Explanation, ItemVerdict
from bilan.science.standards.noise.areas import coverage, evaluate_area, evaluate_roads
from bilan.science.standards.noise.boundaries import judge_boundary
from bilan.science.standards.noise.explain import explain
from bilan.science.standards.noise.levels import days, energy_mean, evaluate_periods, statistics
from bilan.science.standards.noise.limits import BOUNDARIES, ZONES, Level, NoiseLimit, boundary_limits, levels, zone_limits
from bilan.science.standards.noise.zones import attainment, judge

__all__ = [
    "BOUNDARIES",
    "ZONES",
    "Explanation",
    "ItemVerdict",
    "Level",
    "NoiseLimit",
    "attainment",
    "boundary_limits",
    "coverage",
    "days",
    "energy_mean",
    "evaluate_area",
    "evaluate_periods",
    "evaluate_roads",
    "explain",
    "judge",
    "judge_boundary",
    "levels",
    "statistics",
    "zone_limits",
]
