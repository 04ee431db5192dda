"""A spill passes three places along a river. · 突发泄漏沿程浓度过程。

Run: python examples/spill_pulse.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl

from bilan.science import networks
from bilan.science.figures import Axis, Figure, Layer, Words

PLACES = {"5": Words("下游 5 km", "5 km below"), "15": Words("下游 15 km", "15 km below"), "30": Words("下游 30 km", "30 km below")}
hours = np.linspace(0.05, 24, 240)
river = {"area": 60.0, "velocity": 0.55, "dispersion": 18.0, "decay": 0.3 / 86400}
rows = [
    pl.DataFrame({"place": place, "hour": hours, "value": networks.instantaneous(float(place) * 1000, hours * 3600, 2e6, **river)})
    for place in PLACES
]

figure = Figure(
    title=Words("2 t 泄漏后的浓度过程", "After a spill of 2 t"),
    data=pl.concat(rows),
    x=Axis(Words("泄漏后", "After the spill"), "h", lower=0, upper=24),
    y=Axis(Words("浓度", "Concentration"), "mg/L", lower=0),
    layers=(
        Layer("line", x="hour", y="value", by="place", groups=tuple(PLACES.items()), smooth=True),
        Layer("rule", at=1.0, name=Words("Ⅲ类限值", "Limit of class III")),
    ),
    note=Words("HJ 2.3—2018 附录 E 一维瞬时排放；虚构数据", "HJ 2.3-2018 appendix E, one dimension, all at once; invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["spill_pulse.svg"]))
