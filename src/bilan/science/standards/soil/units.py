"""Units of farmland: class from the points, adjusted by what grows on them; safe use of polluted farmland."""

from __future__ import annotations

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.pandas_frames import taken
from bilan.science.rounding import half_even
from bilan.science.tables import rows_where

_SLIGHT, _SEVERE = (float(next(row["lower"] for row in rows_where("soil_rules", rule_id=rule))) for rule in ("CI2", "CI3"))
_LEAST_POINTS, _CLEAN_SHARE = (float(rows_where("soil_rules", rule_id=rule)[0]["value"]) for rule in ("FJ1", "FJ3"))
_PREVAILING = float(rows_where("soil_rules", rule_id="FU1")[0]["value"])
UNVERIFIED_UNIT, UNVERIFIED_CROPS = "soil_rules FU1", "soil_rules CI1-CI3"


def evaluate_units(points: Native, unit: str = "unit") -> Native:
    """Class of each unit of farmland from the classes of its points.

    Parameters:
        points: one row a point with `unit` and ``grade`` (from `judge_farmland`).
        unit: column that names the unit.

    Returns:
        One row a unit: ``points``, ``points_1`` to ``points_3``, ``grade`` (the class that at least 80 % of the points have, else the
        worst), ``divide`` (no class prevails: the guide asks to divide the unit), ``valid``, ``unverified``.

    Raises:
        BilanError: a column is missing.

    Reference:
        农用地土壤环境质量类别划分技术指南 环办土壤[2019]53号 (soil_rules.csv FU1, unverified)

    Examples:
        >>> import polars as pl
        >>> points = pl.DataFrame({"unit": ["a"] * 5 + ["b"] * 2, "grade": [1, 1, 1, 1, 2, 1, 3]})
        >>> evaluate_units(points).sort("unit").select("unit", "grade", "divide").rows()
        [('a', 1, False), ('b', 3, True)]
    """
    return run(points, lambda data: _units(data, unit))


def adjust_by_crops(units: Native, crops: Native, unit: str = "unit") -> Native:
    """Adjust the class of units by the contents of the crops grown on them.

    Parameters:
        units: `unit` and ``grade`` (1 to 3).
        crops: one row a crop sample and item: `unit`, ``point``, ``content`` and ``food_limit`` [same unit]; a point counts by its
            worst item.
        unit: column that names the unit.

    Returns:
        The units with ``crop_points``, ``crop_slight``, ``crop_severe`` (points over the limit, and over twice the limit),
        ``crop_clean_share`` [%], ``grade_soil`` (as given), ``grade`` (adjusted) and ``unverified``.

    Raises:
        BilanError: a column is missing.

    Reference:
        农用地土壤环境质量类别划分技术指南 环办土壤[2019]53号, 农产品辅助判定 (soil_rules.csv FJ1 to FJ4, CI1 to CI3)

    Examples:
        >>> import polars as pl
        >>> units = pl.DataFrame({"unit": ["a"], "grade": [2]})
        >>> rice = pl.DataFrame({"unit": ["a"] * 3, "point": [1, 2, 3], "content": [0.1, 0.15, 0.2], "food_limit": [0.2] * 3})
        >>> adjust_by_crops(units, rice).select("grade_soil", "grade", "crop_clean_share").rows()
        [(2, 1, 100.0)]
    """
    return run(units, lambda data: _adjusted(data, nw.from_native(taken(crops)), unit))


def safe_use_rate(areas: Native, by: tuple[str, ...] = ()) -> Native:
    """Share of polluted farmland that is used safely.

    Parameters:
        areas: one row a field: ``area`` [any unit], ``safe`` (true when used safely) and the columns `by`.
        by: columns to group by; the whole frame when empty.

    Returns:
        One row a group: ``area``, ``safe_area``, ``rate`` [%, one decimal], ``unverified``.

    Raises:
        BilanError: a column is missing.

    Reference:
        受污染耕地安全利用率, common practice (soil_rules.csv SI3, unverified)

    Examples:
        >>> import polars as pl
        >>> fields = pl.DataFrame({"county": ["A", "A", "B"], "area": [30.0, 10.0, 5.0], "safe": [True, False, True]})
        >>> safe_use_rate(fields, ("county",)).sort("county").select("county", "safe_area", "rate").rows()
        [('A', 30.0, 75.0), ('B', 5.0, 100.0)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, "area", "safe", *by)
        data = data.with_columns(_all=nw.lit(0), _safe=nw.when(nw.col("safe").cast(nw.Boolean)).then(nw.col("area")).otherwise(nw.lit(0.0)))
        found = data.group_by("_all", *by).agg(nw.col("area").sum(), nw.col("_safe").sum().alias("safe_area")).drop("_all")
        rate = half_even(nw.col("safe_area") / nw.col("area") * 100, 1)
        return found.with_columns(rate=nw.when(nw.col("area") > 0).then(rate), unverified=nw.lit("soil_rules SI3"))

    return run(areas, rule)


def _units(data: AnyFrame, unit: str) -> AnyFrame:
    need(data, unit, "grade")
    data = data.filter(~nw.col("grade").is_null())
    classes = [(nw.col("grade") == number).cast(nw.Int64).alias(f"points_{number}") for number in (1, 2, 3)]
    counts = [nw.col(f"points_{number}").sum() for number in (1, 2, 3)]
    found = data.with_columns(*classes).group_by(unit).agg(nw.len().alias("points"), *counts, nw.col("grade").max().alias("_worst"))
    found = found.with_columns(points=nw.col("points").cast(nw.Int64))
    prevailing: nw.Expr = nw.lit(None).cast(nw.Int64)
    for number in (1, 2, 3):
        share = nw.col(f"points_{number}") * 100 >= nw.col("points") * _PREVAILING
        prevailing = nw.when(share).then(nw.lit(number)).otherwise(prevailing)
    found = found.with_columns(_class=prevailing.cast(nw.Int64))
    return found.with_columns(
        grade=nw.coalesce(nw.col("_class"), nw.col("_worst").cast(nw.Int64)),
        divide=nw.col("_class").is_null(),
        valid=nw.lit(True),
        unverified=nw.lit(UNVERIFIED_UNIT),
    ).drop("_class", "_worst")


def _adjusted(units: AnyFrame, crops: AnyFrame, unit: str) -> AnyFrame:
    need(units, unit, "grade")
    need(crops, unit, "point", "content", "food_limit")
    measured = crops.with_columns(_e=nw.col("content") / nw.col("food_limit")).filter(~nw.col("_e").is_null())
    worst = measured.group_by(unit, "point").agg(nw.col("_e").max())
    levels = worst.with_columns(
        crop_slight=((nw.col("_e") > _SLIGHT) & (nw.col("_e") <= _SEVERE)).cast(nw.Int64),
        crop_severe=(nw.col("_e") > _SEVERE).cast(nw.Int64),
    )
    counted = levels.group_by(unit).agg(nw.len().alias("crop_points"), nw.col("crop_slight").sum(), nw.col("crop_severe").sum())
    names = ("crop_points", "crop_slight", "crop_severe")
    data = units.join(counted, on=unit, how="left")  # type: ignore[arg-type]
    data = data.with_columns(nw.col(name).fill_null(0).cast(nw.Int64) for name in names)
    over = nw.col("crop_slight") + nw.col("crop_severe")
    clean = (nw.col("crop_points") - over) * 100 / nw.col("crop_points")
    enough = nw.col("crop_points") >= _LEAST_POINTS
    cleaned = enough & (over == 0)
    mostly = enough & (nw.col("crop_severe") == 0) & ((nw.col("crop_points") - over) * 100 >= nw.col("crop_points") * _CLEAN_SHARE)
    grade = nw.col("grade")
    adjusted = nw.when((grade == 2) & cleaned).then(nw.lit(1)).when((grade == 3) & (cleaned | mostly)).then(nw.lit(2)).otherwise(grade)
    return data.with_columns(
        crop_clean_share=nw.when(nw.col("crop_points") > 0).then(half_even(clean, 1)),
        grade_soil=grade,
        grade=adjusted.cast(nw.Int64),
        unverified=nw.when(nw.col("crop_points") > 0).then(nw.lit(UNVERIFIED_CROPS)).otherwise(nw.lit("")),
    )
