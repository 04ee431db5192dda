"""Classes of sea water and groundwater as the documented tables hold them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science import groundwater, sea
from bilan.science.standards.single.limits import version_at

SEA, GROUND = "seawater_limits", "groundwater_limits"
_JUDGES = {SEA: sea.judge, GROUND: groundwater.judge}


def graded(frame: pl.DataFrame, limits: str) -> pl.DataFrame:
    """Judge each row by its worst item.

    Args:
        frame: one column an item, by its science name.
        limits: table of the limits, `SEA` or `GROUND`.

    Returns:
        The frame with ``grade``, 1 to 5 and empty where nothing was measured, and ``main``, the items that decide, joined by commas;
        of class I nothing decides.

    Reference:
        GB 3097-1997 Table 1; GB/T 14848-2017 Tables 1 and 2; single-factor evaluation.

    Examples:
        >>> graded(pl.DataFrame({"din": [0.25, 0.6], "do": [7.0, 7.0]}), SEA).select("grade", "main").rows()
        [(2, 'din'), (5, 'din')]
    """
    present = [column for column in items(limits) if column in frame.columns]
    if not present:
        return frame.with_columns(grade=pl.lit(None, dtype=pl.Int64), main=pl.lit(""))
    judged = _JUDGES[limits](frame)
    grade = judged["grade"]
    deciding = [
        pl.when((judged[f"class_{column}"] == grade) & (grade > 1)).then(pl.lit(column)).otherwise(None).alias(column) for column in present
    ]
    main = judged.select(pl.concat_str(deciding, separator=",", ignore_nulls=True)).to_series()
    return frame.with_columns(grade=grade, main=main)


def items(limits: str) -> Sequence[str]:
    """Science names of the items that a table of limits has."""
    return tuple(version_at(limits).items)
