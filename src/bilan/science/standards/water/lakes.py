"""Lakes and reservoirs with several points and several samplings."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.classify import classify
from bilan.science.standards.water.means import grouped_means, item_columns
from bilan.science.standards.water.periods import Period, evaluate_periods
from bilan.science.standards.water.trophic import trophic_index


def evaluate_lakes(frame: Native, by: Period = "month", *, lake: str = "lake", point: str = "point") -> Native:
    """Judge whole lakes: first the mean of every point over the period, then the mean over the points.

    Parameters:
        frame: one row a sample: `lake`, `point`, ``start`` (naive date-time), items as for `classify`, and for the trophic
            state ``chla`` [mg/L], ``tn`` [mg/L], ``sd`` [m].
        by: month, quarter or year.
        lake: column that names the lake.
        point: column that names the sampling point.

    Returns:
        One row a lake and period: means, ``points``, ``samples``, the columns of `classify` with the lake limits of total
        phosphorus, and those of `trophic_index` when all its items are there.

    Raises:
        BilanError: a column is missing.

    Reference:
        环办[2011]22号, 湖泊、水库评价 (surface_water_rules.csv LK1 to LK3)

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> rows = pl.DataFrame({"lake": ["L", "L", "L"], "point": ["a", "a", "b"], "start": [datetime(2026, 7, 2)] * 3,
        ...                      "tp": [0.02, 0.04, 0.07], "codmn": [3.0, 3.0, 3.0]})
        >>> evaluate_lakes(rows).select("lake", "tp", "points", "samples", "grade").rows()
        [('L', 0.05, 2, 3, 3)]
    """
    as_lake = run(frame, lambda data: _as_lake(data, lake))
    points = evaluate_periods(as_lake, by, point=point)
    means = run(points, lambda data: _over_points(data, [lake, "start", "section_type"]))
    judged = classify(means, rounding="evaluation")
    return run(judged, _with_trophic)


def _as_lake(data: AnyFrame, lake: str) -> AnyFrame:
    need(data, lake)
    return data.with_columns(section_type=nw.lit("lake"), lake=nw.col(lake))


def _over_points(data: AnyFrame, keys: Sequence[str]) -> AnyFrame:
    return grouped_means(data, keys, item_columns(data), nw.len().alias("points"), nw.col("samples").sum())


def _with_trophic(data: AnyFrame) -> AnyFrame:
    present = data.collect_schema().names()
    if all(column in present for column in ("chla", "tp", "tn", "sd", "codmn")):
        with_index: AnyFrame = nw.from_native(trophic_index(data.to_native()))
        return with_index
    return data
