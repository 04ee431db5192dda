"""How an index of ecology changed between years."""

from __future__ import annotations

import narwhals as nw

from bilan.pack.scores import load
from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.rounding import half_even

SCORES = {"ei": "ecological-index", "eqi": "ecological-quality-index"}
"""Index → scored table that names its changes."""


def judge_changes(frame: Native, index: str = "ei", *, by: str = "region", year: str = "year") -> Native:
    """Change of an index against the year before, with its name.

    Parameters:
        frame: one row a region and year: `by`, `year` and `index`.
        index: ``ei`` or ``eqi``.
        by, year: names of those columns.

    Returns:
        The frame by region and year with ``before`` (index of the row before), ``change``, ``change_grade`` (of the names of the
        standard, 1 the best) and ``change_word``; empty in the first year.

    Raises:
        BilanError: an unknown index, or a column is missing.

    Reference:
        HJ 192-2015 clause 5; 区域生态质量评价办法(试行) 环监测[2021]99号

    Examples:
        >>> import polars as pl
        >>> years = pl.DataFrame({"region": ["A"] * 3, "year": [2019, 2020, 2021], "ei": [60.0, 60.4, 56.0]})
        >>> judge_changes(years)["change_word"].to_list()
        [None, '无明显变化', '明显变差']
    """
    if index not in SCORES:
        raise BilanError(Problem("value.unknown_choice", {"value": index, "allowed": tuple(SCORES), "nearest": nearest(index, SCORES)}))
    names = load()[SCORES[index]].changes

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, by, year, index)
        data = data.with_columns(before=nw.col(index).shift(1).over(by, order_by=year))
        data = data.with_columns(change=half_even(nw.col(index) - nw.col("before"), 2))
        known = ~nw.col("change").is_null()
        grade: nw.Expr = nw.lit(None).cast(nw.Int64)
        word: nw.Expr = nw.lit(None).cast(nw.String)
        for place, entry in reversed(list(enumerate(names, start=1))):
            reached = known & (nw.col("change") >= entry.at_least)
            grade = nw.when(reached).then(nw.lit(place)).otherwise(grade)
            word = nw.when(reached).then(nw.lit(entry.title.zh)).otherwise(word)
        return data.with_columns(change_grade=grade, change_word=word).sort(by, year)

    return run(frame, rule)
