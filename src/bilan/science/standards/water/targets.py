"""How many sections are good, worse than class V, and within their target."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.limits import WORSE_THAN_V

_GOOD = 3


def attainment(frame: Native, by: str | Sequence[str] = ()) -> Native:
    """Share of good sections and of sections within their target.

    Parameters:
        frame: one row a section of one period: ``grade`` and, for the target, ``target_class`` (1..5).
        by: columns that make a group (``start``, ``city`` …); the whole frame when empty.

    Returns:
        One row a group: ``sections`` with a class, ``good`` (class I to III), ``share_good``, ``worst`` (worse than V),
        ``share_worst``, ``with_target``, ``attained``, ``share_attained`` (of those with a target); shares as fractions.

    Raises:
        BilanError: a column is missing.

    Reference:
        surface_water_rules.csv GT1, GT2

    Examples:
        >>> import polars as pl
        >>> rows = pl.DataFrame({"grade": [2, 3, 4, 6], "target_class": [2, 2, 4, None]})
        >>> attainment(rows).select("share_good", "share_worst", "attained", "with_target").rows()
        [(0.5, 0.25, 2, 3)]
    """
    keys = [by] if isinstance(by, str) else list(by)

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *keys, "grade")
        target = nw.col("target_class") if "target_class" in data.collect_schema().names() else nw.lit(None)
        data = data.filter(~nw.col("grade").is_null()).with_columns(
            _one=nw.lit(1),
            _good=(nw.col("grade") <= _GOOD).cast(nw.Int64),
            _worst=(nw.col("grade") == WORSE_THAN_V).cast(nw.Int64),
            _target=(~target.is_null()).cast(nw.Int64),
            _attained=(nw.col("grade") <= target.cast(nw.Int64)).cast(nw.Int64),
        )
        named = {"sections": "_one", "good": "_good", "worst": "_worst", "with_target": "_target", "attained": "_attained"}
        sums = [nw.col(column).sum().alias(name) for name, column in named.items()]
        counts = data.group_by(*keys).agg(*sums) if keys else data.select(*sums)
        return counts.with_columns(
            share_good=nw.col("good") / nw.col("sections"),
            share_worst=nw.col("worst") / nw.col("sections"),
            share_attained=nw.when(nw.col("with_target") > 0).then(nw.col("attained") / nw.col("with_target")),
        )

    return run(frame, rule)
