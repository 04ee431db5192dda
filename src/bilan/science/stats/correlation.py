"""How columns go together: their correlations, with those that are alike beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.figures import Axis, Figure, Layer, Scale, Words
from bilan.science.stats.frames import named, prepared
from bilan.science.stats.result import Analysis

_Array = np.ndarray[Any, np.dtype[np.float64]]
FEWEST = 3
"""Pairs a correlation needs."""


@dataclass(frozen=True, kw_only=True)
class Correlations(Analysis):
    """Correlations as long table, and the columns in the order in which they are drawn."""

    order: tuple[str, ...]


def correlations(frame: Any, columns: Sequence[str], *, cluster: bool = True) -> Correlations:
    """Pearson's correlation of every two columns over the rows that have both.

    Parameters:
        frame: a row a time.
        columns: two or more columns of numbers.
        cluster: put columns that correlate alike beside each other (complete linkage on the distance of their correlations); else keep the
            order given.

    Returns:
        data: x, y, r, count; both ways and with itself.

    Raises:
        BilanError: a column is missing, or there are fewer than two.

    Reference:
        Friendly, M. (2002): American Statistician 56, 316–324 (corrgram); openair corPlot.

    Examples:
        >>> frame = pl.DataFrame({"no2": [1.0, 2.0, 3.0, 4.0], "o3": [4.0, 3.0, 2.0, 0.0], "co": [1.0, 2.0, 3.0, 5.0]})
        >>> found = correlations(frame, ["no2", "o3", "co"])
        >>> found.order, found.data.filter(x="no2", y="o3")["r"].round(3).item()
        (('o3', 'no2', 'co'), -0.983)
    """
    names = list(dict.fromkeys(columns))
    if len(names) < 2:
        raise BilanError(Problem("analysis.too_few", {"value": len(names), "allowed": 2, "what": "columns"}))
    rows = prepared(frame, names)
    r, count = np.eye(len(names)), np.zeros((len(names), len(names)), dtype=np.int64)
    for one, other in combinations(range(len(names)), 2):
        both = rows.select(names[one], names[other]).drop_nulls()
        found = both.select(pl.corr(names[one], names[other])).item() if both.height >= FEWEST else None
        r[one, other] = r[other, one] = np.nan if found is None else found
        count[one, other] = count[other, one] = both.height
    np.fill_diagonal(count, [rows[name].count() for name in names])
    places = leaves(r) if cluster else list(range(len(names)))
    order = tuple(names[place] for place in places)
    cells = [(names[i], names[j], float(r[i, j]), int(count[i, j])) for i in places for j in places]
    data = pl.DataFrame(cells, schema={"x": pl.String, "y": pl.String, "r": pl.Float64, "count": pl.Int64}, orient="row")
    data = data.with_columns(pl.col("r").fill_nan(None))
    return Correlations(data=data, figure=_figure(data, order), order=order)


def leaves(correlation: _Array) -> list[int]:
    """Order of the leaves of the tree that complete linkage builds from the distances of the rows.

    Of two branches the one made earlier stands left, a single leaf before a branch, as R's ``hclust`` has it.

    Examples:
        >>> leaves(np.array([[1.0, -0.9, 0.9], [-0.9, 1.0, -0.8], [0.9, -0.8, 1.0]]))
        [1, 0, 2]
    """
    rows = np.nan_to_num(correlation)
    distance = np.sqrt(((rows[:, None, :] - rows[None, :, :]) ** 2).sum(axis=2))
    # Each branch: when it was made (leaves before all others), and its leaves.
    branches: list[tuple[int, list[int]]] = [(at - len(rows), [at]) for at in range(len(rows))]
    made = 0
    while len(branches) > 1:
        pairs = combinations(range(len(branches)), 2)
        one, other = min(pairs, key=lambda pair: distance[np.ix_(branches[pair[0]][1], branches[pair[1]][1])].max())
        first, second = sorted((branches[one], branches[other]))
        branches = [branch for at, branch in enumerate(branches) if at not in (one, other)]
        branches.append((made := made + 1, first[1] + second[1]))
    return branches[0][1]


def _figure(data: pl.DataFrame, order: tuple[str, ...]) -> Figure:
    hundred = (100 * pl.col("r")).round(0).cast(pl.Int64).cast(pl.String)
    drawn = data.with_columns(hundred.alias("shown"))
    groups = tuple((name, named(name)) for name in order)
    layer = Layer("tile", x="x", y="y", value="r", text="shown")
    x, y = Axis(kind="category", categories=groups), Axis(kind="category", categories=groups)
    scale = Scale(Words("相关系数", "Correlation"), palette="diverging", lower=-1.0, upper=1.0)
    note = Words("格内为相关系数×100", "Numbers: correlation × 100")
    return Figure(title=Words("相关矩阵", "Correlation matrix"), note=note, data=drawn, x=x, y=y, scale=scale, layers=(layer,))
