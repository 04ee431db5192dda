"""The patterns by name, for rules that are written as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bilan.science.integrity.clipping import clipped
from bilan.science.integrity.copies import copied_days, copied_points
from bilan.science.integrity.levels import calibrated_away, drift
from bilan.science.integrity.night import night_shift
from bilan.science.integrity.ratios import impossible_ratio, misconverted
from bilan.science.integrity.repeats import constant, stair
from bilan.science.integrity.spikes import outlying
from bilan.science.integrity.weather import ignores_weather
from bilan.science.integrity.working import flow_without_load, treatment_off


class Pattern(NamedTuple):
    """How a rule calls one pattern.

    Attributes:
        find: frame → frame with the columns named after the pattern.
        columns: parameters of `find` that name columns, in order; the others are numbers by keyword.
        hours: how far back hourly values are needed [h].
        names: Chinese and English name.
    """

    find: Callable[..., Any]
    columns: tuple[str, ...]
    hours: int
    names: tuple[str, str]


DAY = 24
MONTH = 30 * DAY

_CONVERSION = ("measured", "converted", "oxygen", "reference", "running")
_CALIBRATION = ("value", "limit", "calibrating", "running")
PATTERNS: dict[str, Pattern] = {
    "constant": Pattern(constant, ("value", "running"), MONTH, ("恒值", "constant")),
    "stair": Pattern(stair, ("value", "running"), MONTH, ("台阶", "stair")),
    "clipped": Pattern(clipped, ("value", "limit", "running"), MONTH, ("限值削顶", "clipped at the limit")),
    "copied_points": Pattern(copied_points, ("value", "running"), 2 * DAY, ("点位间复制", "copied between points")),
    "copied_days": Pattern(copied_days, ("value", "running"), MONTH, ("日间复制", "copied between days")),
    "impossible_ratio": Pattern(impossible_ratio, ("part", "whole", "running"), 2 * DAY, ("比值不可能", "impossible ratio")),
    "misconverted": Pattern(misconverted, _CONVERSION, 2 * DAY, ("折算不符", "wrong conversion")),
    "drift": Pattern(drift, ("value", "running"), 105 * DAY, ("缓慢漂移", "slow drift")),
    "calibrated_away": Pattern(calibrated_away, _CALIBRATION, MONTH, ("临近超标时校准改量程", "calibrated away")),
    "outlying": Pattern(outlying, ("value", "running"), 14 * DAY, ("离群", "far off the usual")),
    "treatment_off": Pattern(treatment_off, ("production", "treatment"), 14 * DAY, ("生产开、治理停", "treatment off")),
    "flow_without_load": Pattern(flow_without_load, ("flow", "load"), 14 * DAY, ("停产有流量", "flow without load")),
    "night_shift": Pattern(night_shift, ("value", "running"), 14 * DAY, ("夜间压低", "night-time shift")),
    "ignores_weather": Pattern(ignores_weather, ("value", "weather", "running"), MONTH, ("不随天气变化", "ignores the weather")),
}  # fmt: skip
"""Every pattern by its name."""
