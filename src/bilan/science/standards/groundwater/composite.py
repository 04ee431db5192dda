"""The composite score F of the 1993 version, which older systems still ask for."""

from __future__ import annotations

import narwhals as nw

from bilan.science.bands import band
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.rounding import snap
from bilan.science.standards.groundwater.judge import known
from bilan.science.tables import rows_where

SCORES = (0.0, 1.0, 3.0, 6.0, 10.0)
"""Score of an item of class I to V."""
_LEFT_OUT = "microbiology"


def composite_score(frame: Native) -> Native:
    """Compute the composite score F = √((mean² + max²) / 2) of the scores of the items, and its grade.

    Parameters:
        frame: as `judge` gives it: ``class_<item>``; microbiological items are left out.

    Returns:
        The frame with ``score`` (F) and ``score_grade`` (1 excellent … 5 very poor).

    Reference:
        GB/T 14848-93, 6.3 (replaced in 2018; scores and grades in groundwater_scores.csv)

    Examples:
        >>> import polars as pl
        >>> wells = pl.DataFrame({"class_fe": [1, 5], "class_mn": [1, 3], "class_cl": [1, 1]})
        >>> composite_score(wells).select("score", "score_grade").rows()
        [(0.0, 1), (7.7064, 5)]
    """
    return run(frame, _scored)


def _scored(data: AnyFrame) -> AnyFrame:
    present = data.collect_schema().names()
    items = [entry for entry in known().items.values() if f"class_{entry.column}" in present and entry.group != _LEFT_OUT]
    data = data.with_columns(_score(f"class_{entry.column}").alias(f"_s_{entry.column}") for entry in items)
    scores = [nw.col(f"_s_{entry.column}") for entry in items]
    number = nw.sum_horizontal(*[(~score.is_null()).cast(nw.Int64) for score in scores])
    mean = nw.when(number > 0).then(nw.sum_horizontal(*scores) / number)
    worst = nw.max_horizontal(*scores)
    value = snap(((mean * mean + worst * worst) / 2).sqrt(), 4)
    data = data.with_columns(score=value)
    grade = band(nw.col("score"), rows_where("groundwater_scores"))
    return data.with_columns(score_grade=grade).drop([f"_s_{entry.column}" for entry in items])


def _score(column: str) -> nw.Expr:
    result: nw.Expr = nw.lit(None).cast(nw.Float64)
    for number, score in enumerate(SCORES, start=1):
        result = nw.when(nw.col(column) == number).then(nw.lit(score)).otherwise(result)
    return result
