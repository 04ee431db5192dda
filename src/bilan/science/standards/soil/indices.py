"""Pollution indices of soil: single-factor index of each item and the Nemerow index of all."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.soil.construction import judge_construction
from bilan.science.standards.soil.farmland import judge_farmland
from bilan.science.standards.soil.limits import construction_at, farmland_at
from bilan.science.standards.soil.verdicts import screening_index

Kind = Literal["farmland", "construction"]
KINDS: tuple[Kind, ...] = ("farmland", "construction")


def pollution_index(frame: Native, kind: Kind = "farmland", **options: str) -> Native:
    """Index of each item against its screening value, and the Nemerow index of the sample.

    Parameters:
        frame: as for `judge_farmland` or `judge_construction`.
        kind: ``farmland`` or ``construction``: whose screening values are the reference.
        options: passed on: ``land_use`` or ``land_class``.

    Returns:
        The columns of the verdict with ``index_<item>`` (content / screening value) and ``nemerow``: the root of half the sum of the
        squared mean and the squared largest index.

    Raises:
        BilanError: as the function that judges; an unknown kind.

    Reference:
        P_i = C_i / S_i, P = sqrt((mean(P_i)² + max(P_i)²) / 2), common practice (soil_rules.csv SI1, SI2)

    Examples:
        >>> import polars as pl
        >>> soil = pl.DataFrame({"ph": [6.0], "cd_soil": [0.6], "pb_soil": [45.0]})
        >>> pollution_index(soil).select("index_cd_soil", "index_pb_soil", "nemerow").rows()
        [(2.0, 0.5, 1.667708)]
    """
    if kind not in KINDS:
        raise BilanError(Problem("value.unknown_choice", {"value": kind, "allowed": KINDS, "nearest": nearest(kind, KINDS)}))
    known = farmland_at().items if kind == "farmland" else construction_at().items
    judged = (judge_farmland if kind == "farmland" else judge_construction)(frame, with_index=True, **options)

    def rule(data: AnyFrame) -> AnyFrame:
        indices = [nw.col(screening_index(column)) for column in known if screening_index(column) in data.collect_schema()]
        mean, largest = nw.mean_horizontal(*indices), nw.max_horizontal(*indices)
        return data.with_columns(nemerow=((mean * mean + largest * largest) / 2).sqrt().round(6))

    return run(judged, rule)
