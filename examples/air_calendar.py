"""A year of days coloured by the official level of the air. · 全年每日空气质量级别日历。

Run: python examples/air_calendar.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import air, samples
from bilan.science.figures import Axis, Figure, Layer, Scale, Step, Words

days = air.judge_days(samples.air_hours(365))
counted = air.good_days(days, "year").row(0, named=True)
levels = [Step(known.level, known.colour, Words(known.name_zh, known.name_en)) for known in air.categories("2012")]

figure = Figure(
    title=Words(
        f"2025 年优良 {counted['good']} 天，共 {counted['days']} 天（{counted['ratio']}%）",
        f"{counted['good']} good days of {counted['days']} in 2025 ({counted['ratio']} %)",
    ),
    data=days,
    frame="calendar",
    layers=(Layer("tile", x="day", value="level"),),
    x=Axis(kind="time"),
    scale=Scale(Words("级别", "Level"), lower=0.5, steps=tuple(levels)),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["air_calendar.svg"]))
