"""Dustfall: deposition from what a jar collected, and the targets of regions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import cache

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.rounding import half_even
from bilan.science.tables import Row, in_force, table

MONTH = 30
"""Days that deposition is stated for (HJ 1221-2021)."""
DETECTION_LIMIT = 0.3
"""t/(km²·30 d), HJ 1221-2021 clause 1."""
_TONNES_PER_KM2 = 1e4
"""1 g/cm² is 10⁴ t/km²."""


def deposition(mass: float, area: float, days: float) -> float:
    """Dustfall of one sample [t/(km²·30 d)].

    Parameters:
        mass: mass of the dust without crucible and blank [g].
        area: opening of the jar [cm²].
        days: time of sampling [d].

    Raises:
        BilanError: a number that is not positive (the mass may be 0).

    Reference:
        HJ 1221-2021: mass / (area · days) · 30 · 10⁴.

    Examples:
        >>> round(deposition(0.1, 176.7, 30), 2)
        5.66
    """
    for name, value, least in (("mass", mass, -1.0), ("area", area, 0.0), ("days", days, 0.0)):
        if not (math.isfinite(value) and value > least and value >= 0):
            raise BilanError(Problem("dustfall.bad_sample", {"name": name, "value": value}))
    return mass / (area * days) * MONTH * _TONNES_PER_KM2


@cache
def regions() -> Mapping[str, Row]:
    """Regions with a target.

    Examples:
        >>> regions()["jjj"]["limit"]
        '9'
    """
    return {row["region"]: row for row in table("dustfall_targets")}


def judge(frame: Native, region: str, *, day: date | None = None) -> Native:
    """Compare dustfall with the target of a region.

    Parameters:
        frame: ``dustfall`` [t/(km²·30 d)].
        region: ``jjj``, ``fenwei``, ``yrd`` or ``yrd_north``. The national plan that set the targets ended with 2020.
        day: the target must be in force then; any time when not given.

    Returns:
        The frame with ``limit_dustfall``, ``factor_dustfall`` (times over), ``attained``, ``standard``, ``version``, ``valid``,
        ``unverified``. Values are compared at one decimal, rounded half to even.

    Raises:
        BilanError: an unknown region, or a column is missing.

    Reference:
        国发[2018]22号 (dustfall_targets.csv).

    Examples:
        >>> import polars as pl
        >>> judge(pl.DataFrame({"dustfall": [9.0, 15.8]}), "jjj").select("attained", "factor_dustfall").rows()
        [(True, None), (False, 0.756)]
    """
    if region not in regions():
        allowed = tuple(regions())
        raise BilanError(Problem("value.unknown_choice", {"value": region, "allowed": allowed, "nearest": nearest(region, allowed)}))
    row = regions()[region]
    holds = day is None or bool(in_force([row], day))

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, "dustfall")
        value = nw.col("dustfall").cast(nw.Float64)
        value = half_even(nw.when(value >= 0).then(value), 1)
        limit = nw.lit(float(row["limit"]) if holds else None).cast(nw.Float64)
        data = data.with_columns(limit_dustfall=limit)
        over = value > nw.col("limit_dustfall")
        met = value <= nw.col("limit_dustfall")
        factor = nw.when(over).then((value / nw.col("limit_dustfall") - 1).round(3))
        return data.with_columns(
            factor_dustfall=factor,
            attained=met,
            standard=nw.lit(row["source"]),
            version=nw.lit("2018"),
            valid=~met.is_null(),
            unverified=nw.lit(f"dustfall_targets {region}" if row["confidence"] == "memory_only" else ""),
        )

    return run(frame, rule)
