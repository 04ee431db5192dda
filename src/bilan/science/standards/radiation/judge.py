"""Classes of a whole table of sources, and of sources kept together."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.radiation.sources import EXEMPT, nuclides

_LEAST = ((4, 0.01), (3, 1.0), (2, 10.0), (1, 1000.0))


def judge(frame: Native) -> Native:
    """Class of every source of a table.

    Parameters:
        frame: ``nuclide`` (as the table writes it) and ``activity`` [Bq].

    Returns:
        The frame with ``ratio`` (A/D), ``grade`` (1 to 5, 6 exempt; empty for an unknown nuclide or no positive activity),
        ``standard``, ``version``, ``valid``, ``unverified`` (the nuclide, when a bound its class rests on is).

    Raises:
        BilanError: a column is missing.

    Reference:
        放射源分类办法 2005 年第 62 号公告.

    Examples:
        >>> import polars as pl
        >>> sources = pl.DataFrame({"nuclide": ["Co-60", "Ir-192", "Kr-85"], "activity": [3e11, 4e10, 3e13]})
        >>> judge(sources).select("ratio", "grade", "unverified").rows()
        [(10.0, 2, ''), (0.5, 4, ''), (1.0, 3, 'Kr-85')]
    """
    return run(frame, _judge)


def aggregate_by(frame: Native, by: Sequence[str]) -> Native:
    """Class of the sources of each group taken together.

    Parameters:
        frame: as for `judge`.
        by: columns of the group, such as the room or the unit.

    Returns:
        One row a group: ``sources`` (judged), ``ratio`` (sum of A/D), ``grade`` (1 to 5), ``largest`` (class of the strongest source).

    Raises:
        BilanError: a column is missing.

    Reference:
        IAEA RS-G-1.9 (2005): aggregate A/D = Σ Aᵢ/Dᵢ.

    Examples:
        >>> import polars as pl
        >>> sources = pl.DataFrame({"room": ["x", "x", "y"], "nuclide": ["Co-60", "Cs-137", "Am-241"], "activity": [2e10, 7e10, 6e9]})
        >>> aggregate_by(sources, ["room"]).sort("room").select("room", "sources", pl.col("ratio").round(2), "grade").rows()
        [('x', 2, 1.37, 3), ('y', 1, 0.1, 4)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *by)
        judged = _judge(data).filter(~nw.col("grade").is_null())
        found = judged.group_by(*by).agg(nw.len().alias("sources"), nw.col("ratio").sum(), nw.col("grade").min().alias("largest"))
        grade: nw.Expr = nw.lit(5)
        for number, least in _LEAST:
            grade = nw.when(nw.col("ratio").round(9) >= least).then(nw.lit(number)).otherwise(grade)
        return found.with_columns(grade=grade.cast(nw.Int64), sources=nw.col("sources").cast(nw.Int64))

    return run(frame, rule)


def _judge(data: AnyFrame) -> AnyFrame:
    need(data, "nuclide", "activity")
    value = nw.col("activity").cast(nw.Float64)
    usable = nw.when(value > 0).then(value)
    dangerous: nw.Expr = nw.lit(None).cast(nw.Float64)
    grade: nw.Expr = nw.lit(None).cast(nw.Int64)
    memory: nw.Expr = nw.lit("")
    for entry in nuclides().values():
        own = nw.col("nuclide") == entry.name
        own_class: nw.Expr = nw.when(~usable.is_null()).then(nw.lit(EXEMPT))
        for number in range(5, 0, -1):
            own_class = nw.when(usable >= entry.bounds[number]).then(nw.lit(number)).otherwise(own_class)
        dangerous = nw.when(own).then(nw.lit(entry.dangerous)).otherwise(dangerous)
        grade = nw.when(own).then(own_class).otherwise(grade)
        doubted = [number for number in range(1, EXEMPT + 1) if entry.confidence_of(number) == "memory_only"]
        if doubted:
            memory = nw.when(own & own_class.is_in(doubted)).then(nw.lit(entry.name)).otherwise(memory)
    data = data.with_columns(ratio=usable / dangerous, grade=grade.cast(nw.Int64), unverified=memory)
    return data.with_columns(standard=nw.lit("放射源分类办法"), version=nw.lit("2005-62"), valid=~nw.col("grade").is_null())
