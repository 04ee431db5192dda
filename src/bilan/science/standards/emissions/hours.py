"""A complete grid of hours from the first to the last of each point, and the numbers that place a row on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.engine import AnyFrame
from bilan.science.grid import complete_days, is_complete

GIVEN = "__given"
POINT = "__point"


def on_grid(data: AnyFrame) -> AnyFrame:
    """Sort by point and hour and add the hours that are not there, marked by a null in ``__given``; days are filled up.

    A frame that is sorted and complete is taken as it is. ``__point`` names the point: a number on eager frames, which groups faster.

    Raises:
        BilanError: an hour of a point is there twice.
    """
    if isinstance(data, nw.DataFrame):
        if is_complete(data):
            return _numbered(data.with_columns(nw.lit(1).alias(GIVEN)))
        _refuse_duplicates(data)
    grid = complete_days(data.with_columns(nw.lit(1).alias(GIVEN)))
    edges = data.lazy().group_by("point").agg(nw.col("start").min().alias("__first"), nw.col("start").max().alias("__last"))
    inside = (
        grid.lazy()
        .join(edges, on="point", how="left")
        .filter((nw.col("start") >= nw.col("__first")) & (nw.col("start") <= nw.col("__last")))
    )
    inside = inside.drop(["__first", "__last"]).sort("point", "start")
    if isinstance(data, nw.DataFrame):
        return _numbered(inside.collect(backend=cast(Any, data.implementation)))
    return inside.with_columns(nw.col("point").alias(POINT))


def joined(left: AnyFrame, right: AnyFrame, keys: Sequence[str], how: Literal["left", "inner"] = "left") -> AnyFrame:
    """Join two frames of one kind on equal keys."""
    result: AnyFrame = cast(Any, left).join(cast(Any, right), on=list(keys), how=how)
    return result


def stacked(parts: Sequence[AnyFrame]) -> AnyFrame:
    """Frames of one kind with the same columns, one below the other."""
    result: AnyFrame = nw.concat(cast(Any, parts))
    return result


def _numbered(data: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    changes = (nw.col("point") != nw.col("point").shift(1)).fill_null(True)
    return data.with_columns(changes.cast(nw.Int64).cum_sum().alias(POINT))


def _refuse_duplicates(data: nw.DataFrame[Any]) -> None:
    surplus = len(data) - len(data.select("point", "start").unique())
    if surplus:
        point, start = data.select("point", "start").filter(nw.struct("point", "start").is_duplicated()).row(0)
        raise BilanError(Problem("emissions.duplicate_hours", {"value": surplus, "point": point, "start": start}))
