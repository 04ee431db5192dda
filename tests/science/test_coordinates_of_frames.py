"""Conversions of frames, both ways to a hundredth of a metre."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pyproj import Geod

from bilan.problems import BilanError
from bilan.science import coordinates

NEAR = 0.01
"""[m]"""


@settings(deadline=None)
@given(
    some.lists(some.tuples(some.floats(73.5, 135), some.floats(3, 53.5)), min_size=1, max_size=20),
    some.sampled_from(coordinates.System),
    some.sampled_from(coordinates.System),
)
def test_there_and_back_is_within_a_centimetre(places: list[tuple[float, float]], source: str, target: str) -> None:
    frame = pl.DataFrame(places, schema=["lon", "lat"], orient="row")
    back = coordinates.convert_columns(coordinates.convert_columns(frame, source, target), target, source)
    apart = Geod(ellps="GRS80").inv(*(side[name].to_numpy() for side in (frame, back) for name in ("lon", "lat")))[2]
    assert np.max(apart) < NEAR


def test_polars_and_pandas_agree_and_other_columns_stay() -> None:
    frame = pl.DataFrame({"name": ["a", "b"], "x": [116.404, None], "y": [39.915, None]})
    moved = coordinates.convert_columns(frame, "bd09", "gcj02", longitude="x", latitude="y")
    # Tian'anmen, as quoted in the documentation of coordtransform (wandergis).
    assert moved.row(0) == ("a", pytest.approx(116.39762729, abs=5e-6), pytest.approx(39.90865674, abs=5e-6))
    assert moved.row(1) == ("b", None, None)
    panda = coordinates.convert_columns(frame.to_pandas(), "bd09", "gcj02", longitude="x", latitude="y")
    assert isinstance(panda, pd.DataFrame)
    assert panda["x"][0] == moved["x"][0]


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(BilanError, match="lon"):
        coordinates.convert_columns(pl.DataFrame({"long": [1.0], "lat": [1.0]}), "wgs84", "gcj02")
    with pytest.raises(ValueError, match="beijing54"):
        coordinates.convert_columns(pl.DataFrame({"lon": [1.0], "lat": [1.0]}), "beijing54")
