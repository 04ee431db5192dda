"""Months, quarters and years of a section: means first, then one class for the period."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, begun, need, run
from bilan.science.standards.water.classify import Against, classify
from bilan.science.standards.water.means import grouped_means, item_columns, with_numbers

Period = Literal["month", "quarter", "year"]

LEAST_MONTHS = {"month": 1, "quarter": 2, "year": 12}
"""Months with a sample that a period needs to be valid; a frozen section's year may do with 8."""

_TRUNCATE = {"month": "1mo", "quarter": "1q", "year": "1y"}
_CONSTANT = ("section_type", "target_class", "river", "basin", "lake", "city", "district", "province", "name")


def evaluate_periods(
    frame: Native, by: Period = "month", *, point: str = "point", least_months: int | None = None, against: Against = "class_3"
) -> Native:
    """Judge every section for every month, quarter or year.

    A month takes the mean of its samples; quarter and year take the mean of their months. Means are rounded half to even to
    the decimals of the measure before they are compared.

    Parameters:
        frame: one row a sample: `point`, ``start`` (naive date-time), items as for `classify`. Columns that describe the
            section (``section_type``, ``target_class``, ``river``, ``basin``, ``lake``, ``city`` …) are carried along.
        by: month, quarter or year.
        point: column that names the section.
        least_months: months with samples needed for a valid period; 1, 2 and 12 when not given.
        against: as for `classify`.

    Returns:
        One row a section and period: ``start`` (of the period), means (unrounded), ``samples``, ``months`` and the columns
        of `classify`; ``valid`` is false when months are missing, the class is given all the same.

    Raises:
        BilanError: a column is missing, or `by` is unknown.

    Reference:
        环办[2011]22号, 数据统计; 环办监测函[2020]82号 (surface_water_rules.csv ST1 to ST6)

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> rows = pl.DataFrame({"point": ["a", "a"], "start": [datetime(2026, 7, 2), datetime(2026, 7, 9)], "tp": [0.19, 0.215]})
        >>> evaluate_periods(rows).select("tp", "samples", "grade").rows()
        [(0.2025, 2, 4)]
    """
    if by not in _TRUNCATE:
        raise BilanError(Problem("value.unknown_choice", {"value": by, "allowed": tuple(_TRUNCATE), "nearest": nearest(by, _TRUNCATE)}))
    needed = LEAST_MONTHS[by] if least_months is None else least_months
    means = run(frame, lambda data: _means(data, by, point))
    judged = classify(means, rounding="evaluation", against=against)
    return run(judged, lambda data: data.with_columns(valid=nw.col("valid") & (nw.col("months") >= needed)))


def _means(data: AnyFrame, by: str, point: str) -> AnyFrame:
    need(data, point, "start")
    present = data.collect_schema().names()
    keys = [point, *(column for column in _CONSTANT if column in present and column != point), "start"]
    columns = item_columns(data)
    measured = with_numbers(data, columns).with_columns(begun(nw.col("start"), "1mo"))
    months = grouped_means(measured, keys, columns, nw.len().alias("samples"))
    if by == "month":
        return months.with_columns(months=nw.lit(1))
    longer = months.with_columns(begun(nw.col("start"), _TRUNCATE[by]))
    return grouped_means(longer, keys, columns, nw.col("samples").sum(), nw.len().alias("months"))
