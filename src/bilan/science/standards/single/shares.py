"""How many points are of each class, and what share is good and worst."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, need


def class_shares(data: AnyFrame, keys: Sequence[str], *, good: int, worst: int, points: str, sums: Sequence[str] = ()) -> AnyFrame:
    """Count the classes of every group.

    Parameters:
        data: one row a point of one period, with ``grade``; rows without one do not count.
        keys: columns that make a group; the whole frame when empty.
        good: worst class that still counts as good.
        worst: class that counts as worst.
        points: name of the column that counts the points.
        sums: further columns to add up.

    Returns:
        One row a group: `points`, ``class_1`` … ``class_<worst>``, ``share_first``, ``share_good``, ``share_worst`` [fraction] and
        `sums`.
    """
    need(data, *keys, "grade")
    numbers = range(1, worst + 1)
    data = data.filter(~nw.col("grade").is_null()).select(
        *keys, *sums, *[(nw.col("grade") == number).cast(nw.Int64).alias(f"class_{number}") for number in numbers]
    )
    added = [nw.col(name).sum() for name in (*sums, *(f"class_{number}" for number in numbers))]
    counts = data.group_by(*keys).agg(*added) if keys else data.select(*added)
    whole = nw.sum_horizontal(*[nw.col(f"class_{number}") for number in numbers])
    better = nw.sum_horizontal(*[nw.col(f"class_{number}") for number in numbers if number <= good])
    counts = counts.with_columns(whole.alias(points)).filter(nw.col(points) > 0)
    return counts.with_columns(
        share_first=nw.col("class_1") / nw.col(points),
        share_good=better / nw.col(points),
        share_worst=nw.col(f"class_{worst}") / nw.col(points),
    )
