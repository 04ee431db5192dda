"""Eutrophication index of sea water, graded by either of the two scales in use."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.bands import band, doubts
from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.rounding import snap
from bilan.science.standards.water.means import with_numbers
from bilan.science.tables import rows_where

Scale = Literal["bulletin", "hj442"]

NUTRIENTS = ("cod", "din", "dip")
_SCALES = ("bulletin", "hj442")
_DIVISOR = 4500.0


def eutrophication(frame: Native, scale: Scale = "bulletin") -> Native:
    """Compute the eutrophication index E = COD · DIN · DIP · 10⁶ / 4500 of every row and its grade.

    Parameters:
        frame: ``cod`` (by alkaline permanganate), ``din``, ``dip`` [mg/L]; a row that lacks one of them has no index.
        scale: ``bulletin`` (1, 3, 9; 中国海洋生态环境状况公报) or ``hj442`` (1, 2, 5, 15).

    Returns:
        The frame with ``eutrophication`` [-], ``eutrophication_grade`` (1 none … 4 heavy by `bulletin`; 1 … 5 by `hj442`),
        ``eutrophication_scale`` and ``unverified`` naming the grading, which is from recollection.

    Raises:
        BilanError: a column is missing or the scale is unknown.

    Reference:
        HJ 442.10-2020, eutrophication index (seawater_eutrophication.csv)

    Examples:
        >>> import polars as pl
        >>> limits = pl.DataFrame({"cod": [2.0, 5.0], "din": [0.2, 0.5], "dip": [0.015, 0.045]})
        >>> eutrophication(limits).select("eutrophication", "eutrophication_grade").rows()
        [(1.333333, 2), (25.0, 4)]
    """
    if scale not in _SCALES:
        raise BilanError(Problem("value.unknown_choice", {"value": scale, "allowed": _SCALES, "nearest": nearest(scale, _SCALES)}))

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *NUTRIENTS)
        present = data.collect_schema().names()
        copies = {f"_e_{column}": nw.col(column) for column in NUTRIENTS}
        numbers = with_numbers(data.with_columns(**copies), list(copies))
        product = nw.col("_e_cod") * nw.col("_e_din") * nw.col("_e_dip")
        graded = numbers.with_columns(eutrophication=snap(product * (1e6 / _DIVISOR))).drop(list(copies))
        return graded.with_columns(
            eutrophication_grade=band(nw.col("eutrophication"), rows_where("seawater_eutrophication", scale=scale)),
            eutrophication_scale=nw.lit(scale),
            unverified=doubts(present, f"eutrophication_{scale}"),
        )

    return run(frame, rule)
