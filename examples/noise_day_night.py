"""Day and night levels of three points with the limits of their zones. · 昼夜等效声级与功能区限值。

Run: python examples/noise_day_night.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

from bilan.science import noise, samples
from bilan.science.figures import Axis, Figure, Layer, Words

POINTS = (
    ("park", Words("公园 1 类", "Park 1")),
    ("shops", Words("商业街 2 类", "Shops 2")),
    ("road", Words("干线 4a 类", "Road 4a")),
)
minutes = samples.noise_minutes(days=4)
days = noise.evaluate_periods(noise.days(noise.statistics(minutes)), "month")
judged = noise.judge(days.join(minutes.select("point", "zone_class").unique(), on="point"))
levels = judged.unpivot(["ld", "limit_ld", "ln", "limit_ln"], index="point", variable_name="kind", value_name="level")


def part(period: str, name: Words) -> Figure:
    """Bars of a period beside the limits."""
    groups = ((period, Words("实测", "Measured")), (f"limit_{period}", Words("限值", "Limit")))
    return Figure(
        title=name,
        data=levels,
        x=Axis(kind="category", categories=POINTS),
        y=Axis(Words("等效声级", "Leq"), "dB(A)", lower=30, upper=75),
        layers=(Layer("bar", x="point", y="level", by="kind", groups=groups, colours=("#0b6bcb", "#d9a5b8")),),
    )


figure = Figure(
    title=Words("功能区声环境质量（GB 3096）", "Sound by zone (GB 3096)"),
    data=levels,
    parts=(part("ld", Words("昼间", "Day")), part("ln", Words("夜间", "Night"))),
    note=Words("虚构数据", "Invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["noise_day_night.svg"]))
