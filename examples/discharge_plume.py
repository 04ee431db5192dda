"""The belt of effluent along the bank below an outfall. · 岸边排放混合带。

Run: python examples/discharge_plume.py [OUT.svg] [en]
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl

from bilan.science import networks
from bilan.science.figures import Axis, Figure, Layer, Scale, Words

along, across = np.arange(50.0, 4001.0, 50.0), np.arange(0.0, 101.0, 2.5)
value = networks.belt(along[:, None], across[None, :], 25.0, depth=2.5, velocity=0.4, lateral=0.12, width=100.0, background=0.3)
length = networks.mixing_length(0.4, 100.0, 0.12) / 1000
data = pl.DataFrame({"along": np.repeat(along, len(across)), "across": np.tile(across, len(along)), "value": value.ravel()})

figure = Figure(
    title=Words(f"岸边排放混合带（完全混合约 {length:.1f} km）", f"Below an outfall at the bank (mixed after {length:.1f} km)"),
    data=data,
    x=Axis(Words("排口下游", "Below the outfall"), "m", categories=tuple((str(one), Words(en=f"{one:.0f}")) for one in along)),
    y=Axis(Words("距岸", "From the bank"), "m", categories=tuple((str(one), Words(en=f"{one:.0f}")) for one in across)),
    layers=(Layer("tile", x="along", y="across", value="value"),),
    scale=Scale(Words("氨氮", "NH3-N"), "mg/L", palette="azure"),
    note=Words("HJ 2.3—2018 附录 E 岸边排放；虚构数据", "HJ 2.3-2018 appendix E, at the bank; invented data"),
)

if __name__ == "__main__":
    figure.save(*(sys.argv[1:] or ["discharge_plume.svg"]))
