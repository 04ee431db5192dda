"""Ecological flow and level: on how many days a section kept what its water needs."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.numbers import usable

USUAL_RATE = 90.0
"""Share of the days [%] that a section must keep its target on where none is set for it."""


def ecological_flow(
    frame: Native,
    by: str | Sequence[str] = "point",
    *,
    value: str = "river_flow",
    target: str = "target_flow",
    required: str = "required_rate",
    least_days: int = 1,
) -> Native:
    """Satisfaction of ecological flow: days whose mean is at or over the target among the days evaluated.

    Parameters:
        frame: one row a day: columns of `by`, `value` (daily mean flow [m³/s], or level [m]), `target` in the same unit, which
            may change with the season, and optionally `required` [%].
        by: columns that make a section and a period.
        value, target, required: names of those columns.
        least_days: days with value and target that a verdict needs to be valid.

    Returns:
        One row a section: ``days`` (evaluated), ``days_met``, ``share_met`` [fraction], ``required`` [fraction], ``attained``,
        ``shortest`` (least value as a share of its target), ``deficit`` (sum of what was lacking [unit of value × days]),
        ``valid``, ``unverified``.

    Raises:
        BilanError: a column is missing.

    Reference:
        SL/T 793-2020, 8.1.4 to 8.1.6; 水资管[2020]67号 (ecology rule EF1, from recollection)

    Examples:
        >>> import polars as pl
        >>> days = pl.DataFrame({"point": ["weir"] * 4, "river_flow": [3.0, 2.4, 1.8, None], "target_flow": [2.4] * 4})
        >>> ecological_flow(days).select("days", "days_met", "attained", "shortest", "deficit").rows()
        [(3, 2, False, 0.75, 0.6)]
    """
    keys = [by] if isinstance(by, str) else list(by)

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *keys, value, target)
        rate = usable(required) if required in data.collect_schema().names() else nw.lit(None).cast(nw.Float64)
        days = data.select(*keys, _value=usable(value), _target=usable(target), _rate=rate.fill_null(USUAL_RATE))
        days = days.filter(~nw.col("_value").is_null() & ~nw.col("_target").is_null()).with_columns(
            _met=(nw.col("_value") >= nw.col("_target")).cast(nw.Int64),
            _share=nw.when(nw.col("_target") > 0).then(nw.col("_value") / nw.col("_target")),
            _lack=nw.when(nw.col("_value") < nw.col("_target")).then(nw.col("_target") - nw.col("_value")).otherwise(nw.lit(0.0)),
        )
        found = days.group_by(*keys).agg(
            nw.len().alias("days"), nw.col("_met").sum().alias("days_met"), nw.col("_rate").max(),
            nw.col("_share").min().round(6).alias("shortest"), nw.col("_lack").sum().round(6).alias("deficit"),
        )  # fmt: skip
        share = nw.col("days_met") / nw.col("days")
        return found.select(
            *keys, "days", "days_met", share_met=share, required=nw.col("_rate") / 100,
            attained=nw.col("days_met") * 100 >= nw.col("_rate") * nw.col("days") - 1e-9, shortest=nw.col("shortest"),
            deficit=nw.col("deficit"), valid=nw.col("days") >= least_days, unverified=nw.lit("ecological_flow"),
        ).sort(*keys)  # fmt: skip

    return run(frame, rule)
