"""The science loads nothing heavy by itself, and frames of pandas go in and come back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.science import air, dustfall, emissions, groundwater, networks, noise, radiation, samples, sea, soil, stats, voc, waste, water

SOURCE = Path(__file__).resolve().parents[2] / "src"
FACADES = (
    *("air", "water", "sea", "groundwater", "soil", "noise", "emissions", "voc", "waste", "radiation", "risk", "dustfall"),
    *("stats", "figures", "receptor", "networks", "integrity", "ecology", "scores", "catalogue", "samples", "coordinates"),
)
HEAVY = ("django", "duckdb", "scipy", "lightgbm", "matplotlib", "pyspark", "pyarrow", "pandas", "shapely", "pyproj", "bilan.web")
CODE = """
import importlib, sys
for name in {facades!r}:
    importlib.import_module(f"bilan.science.{{name}}")
print(",".join(sorted(name for name in {heavy!r} if name in sys.modules)))
"""

MEDIA: dict[str, tuple[Callable[[Any], Any], Callable[[], pl.DataFrame]]] = {
    "air.judge_hours": (air.judge_hours, lambda: samples.air_hours(2)),
    "air.judge_days": (air.judge_days, lambda: samples.air_hours(2)),
    "water.classify": (water.classify, lambda: samples.sections(2, 3)),
    "water.evaluate_periods": (water.evaluate_periods, lambda: samples.sections(2, 3)),
    "sea.judge": (sea.judge, lambda: samples.sea_stations(6)),
    "groundwater.judge": (groundwater.judge, lambda: samples.wells(6)),
    "soil.judge_farmland": (soil.judge_farmland, lambda: samples.soils(6)),
    "noise.statistics": (noise.statistics, lambda: samples.noise_minutes(1)),
    "noise.judge": (noise.judge, lambda: pl.DataFrame({"zone_class": ["2", "4a"], "ld": [60.0, 71.2], "ln": [51.0, 55.0]})),
    "emissions.judge": (lambda frame: emissions.judge(frame, "ultra-low-coal-2015"), lambda: samples.stack_hours(1)),
    "voc.ozone_potential": (lambda frame: voc.ozone_potential(frame, unit="ppb"), lambda: samples.voc_hours(1)),
    "waste.judge": (waste.judge, lambda: pl.DataFrame({"waste_code": ["HW49 900-041-49", "900-041-94"]})),
    "radiation.judge": (radiation.judge, lambda: pl.DataFrame({"nuclide": ["Co-60", "Ir-192"], "activity": [3e11, 4e10]})),
    "dustfall.judge": (lambda frame: dustfall.judge(frame, "jjj"), lambda: pl.DataFrame({"dustfall": [9.0, 15.8]})),
}
"""Main functions of the media with a small frame each."""


def test_the_facades_load_nothing_heavy():
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BILAN", "DJANGO", "COV"))}
    code = CODE.format(facades=FACADES, heavy=HEAVY)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**environment, "PYTHONPATH": str(SOURCE)})
    assert (done.stdout.strip(), done.stderr) == ("", "")


def pandas_of(frame: pl.DataFrame) -> pd.DataFrame:
    """The frame as pandas users make it."""
    return pd.DataFrame({name: pd.Series(values) for name, values in frame.to_dict(as_series=False).items()})


def cells(frame: pd.DataFrame, column: str) -> list[Any]:
    """The cells of a column with everything that is missing as None."""
    return [None if missing else value for value, missing in zip(frame[column].tolist(), frame[column].isna(), strict=True)]


@pytest.mark.parametrize("name", MEDIA)
def test_pandas_goes_in_and_comes_back_the_same(name):
    judge, frame = MEDIA[name]
    given = frame()
    expected, found = judge(given), judge(pandas_of(given))
    assert isinstance(found, pd.DataFrame)
    assert list(found.columns) == expected.columns
    back = pl.DataFrame({column: pl.Series(cells(found, column), strict=False).cast(expected[column].dtype) for column in found.columns})
    assert_frame_equal(back, expected, check_row_order=False)


def test_rows_keep_their_labels_and_periods_have_none():
    hours = pandas_of(samples.air_hours(2)).set_index(pd.Index([f"h{hour}" for hour in range(48)]))
    busy = hours[hours["no2"] > hours["no2"].median()]
    judged = air.judge_hours(busy)
    assert list(judged.index) == list(busy.index)
    assert judged["no2"].tolist() == busy["no2"].tolist()
    assert list(air.judge_days(hours).index) == [0, 1]
    assert set(air.judge_days(hours).columns) == set(air.judge_days(samples.air_hours(2)).columns)


def test_types_of_pandas_are_understood():
    frame = pd.DataFrame(
        {
            "ph": pd.array([7.1, None], dtype="Float64"),
            "do": [5.2, None],
            "nh3n": pd.array([1, 2], dtype="Int64"),
            "section_type": pd.Categorical(["river", "lake"]),
            "point": ["a", "b"],
            "seen": pd.to_datetime(["2026-03-01", None]).astype("datetime64[ns]"),
        }
    )
    judged = water.classify(frame)
    assert judged["grade"].tolist() == [3, 5]
    assert judged["seen"].dtype == frame["seen"].dtype
    assert judged["seen"].isna().tolist() == [False, True]
    assert judged["point"].tolist() == ["a", "b"]


def test_analyses_take_pandas_and_give_polars():
    hours = samples.air_hours(20)
    assert_frame_equal(stats.wind_rose(pandas_of(hours)).data, stats.wind_rose(hours).data)
    assert_frame_equal(stats.polar_plot(pandas_of(hours), "so2").data, stats.polar_plot(hours, "so2").data)
    assert networks.network(*samples.reaches()).order[-1] == "mouth"
