"""Coordinate systems of Chinese maps on arrays and on frames: WGS 84 and CGCS2000, GCJ-02, BD-09, both ways.

The arithmetic stands in `bilan.tabular.places.coordinates`, a floor below, where imports of registers need it; this is the face of it for
analysts: `from bilan.science import coordinates`.
"""

from __future__ import annotations

from typing import Any, cast

import narwhals as nw
import numpy as np

from bilan.science.engine import Native, need
from bilan.tabular.places.coordinates import CHINA, Lines, System, convert, inside_china, to_gcj02, to_wgs84

__all__ = ["CHINA", "Lines", "System", "convert", "convert_columns", "inside_china", "to_gcj02", "to_wgs84"]


def convert_columns(
    frame: Native, source: System | str, target: System | str = System.WGS84, *, longitude: str = "lon", latitude: str = "lat"
) -> Native:
    """Carry the places of a frame from one coordinate system to another.

    Back-conversions iterate until the forward conversion of the answer is the question, to far less than 0.01 m; places outside China are
    not shifted, rows without a place stay without.

    Parameters:
        frame: Polars or pandas DataFrame with two columns [deg].
        source: ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``; `target` likewise.
        longitude: name of the column; `latitude` likewise.

    Returns:
        The frame with both columns replaced.

    Raises:
        BilanError: a column is missing.
        ValueError: no such system.

    Reference:
        GB 22021-2008 (CGCS2000); GCJ-02 and BD-09 have no published text

    Examples:
        >>> import polars as pl
        >>> moved = convert_columns(pl.DataFrame({"lon": [118.651331, None], "lat": [24.845679, 24.9]}), "gcj02", "cgcs2000")
        >>> moved.with_columns(pl.all().round(6)).rows()
        [(118.646843, 24.848644), (None, 24.9)]
    """
    given: nw.DataFrame[Any] = nw.from_native(cast(Any, frame), eager_only=True)
    need(given, longitude, latitude)
    columns = [given[name].cast(nw.Float64).to_numpy() for name in (longitude, latitude)]
    places = np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
    moved = convert(places, source, target)
    replaced = [nw.new_series(name, moved[:, at], backend=given.implementation) for at, name in enumerate((longitude, latitude))]
    whole = given.with_columns(*replaced).with_columns(
        nw.when(~nw.col(name).is_nan()).then(nw.col(name)).alias(name) for name in (longitude, latitude)
    )
    result: Native = whole.to_native()
    return result
