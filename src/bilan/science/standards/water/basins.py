"""Rivers and basins: shares of classes for five sections and more, means for fewer."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.classify import classify
from bilan.science.standards.water.limits import WORSE_THAN_V, Item, version_at
from bilan.science.standards.water.main_pollutants import KEPT, with_largest
from bilan.science.standards.water.means import grouped_means, with_numbers
from bilan.science.standards.water.status import section_status
from bilan.science.tables import table

LEAST_SECTIONS = 5
"""From this number of sections on, shares of classes are used instead of mean concentrations."""

_GOOD = 3
_NOISE = 1e-9


def evaluate_basins(frame: Native, by: str | Sequence[str] = "basin") -> Native:
    """Judge rivers, basins or any other group of sections.

    Parameters:
        frame: one row a section of one period, as `classify` or `evaluate_periods` gives it: ``grade``, ``class_<item>``,
            item means.
        by: column or columns that make the group (basin; add ``start`` for several periods).

    Returns:
        One row a group: ``sections``, ``class_1`` … ``class_6`` (counts), ``share_good`` (class I to III) and ``share_worst``
        (worse than V) as fractions, ``status`` 1..5, ``main`` (first three, empty when good), ``method`` (shares or mean)
        and, for fewer than five sections, ``grade`` of the means.

    Raises:
        BilanError: a column is missing.

    Reference:
        环办[2011]22号, 河流/流域(水系)水质评价 (surface_water_status.csv; surface_water_rules.csv BS6, MP7, MP8)

    Examples:
        >>> import polars as pl
        >>> rows = pl.DataFrame({"basin": ["A"] * 5, "tp": [0.1, 0.15, 0.18, 0.25, 0.5]})
        >>> evaluate_basins(classify(rows)).select("share_good", "share_worst", "status", "main", "method").rows()
        [(0.6, 0.2, 4, 'TP', 'shares')]
    """
    keys = [by] if isinstance(by, str) else list(by)
    counted = run(frame, lambda data: _aggregate(data, keys))
    judged = classify(counted, rounding="evaluation")
    return run(judged, lambda data: _verdict(data, keys))


def basin_status(share_good: nw.Expr, share_worst: nw.Expr) -> nw.Expr:
    """Status 1..5 of a basin from the shares of good and of worst sections [fraction].

    The case that no row of the measure covers (60 to 75 % good with 40 % worst) counts as heavy pollution.
    """
    result: nw.Expr = nw.lit(None).cast(nw.Int64)
    for row in reversed([row for row in table("surface_water_status") if row["scope"] == "basin"]):
        inside = share_good.is_null() == nw.lit(False)
        for bound, value in (("good", share_good), ("worst", share_worst)):
            if row[f"{bound}_from"]:
                inside = inside & (value >= float(row[f"{bound}_from"]) - _NOISE)
            if row[f"{bound}_below"]:
                inside = inside & (value < float(row[f"{bound}_below"]) - _NOISE)
        result = nw.when(inside).then(nw.lit(int(row["grade"]))).otherwise(result)
    return result.cast(nw.Int64)


def _items(data: AnyFrame) -> list[Item]:
    present = data.collect_schema().names()
    return [entry for entry in version_at().items.values() if entry.column in present and f"class_{entry.column}" in present]


def _aggregate(data: AnyFrame, keys: Sequence[str]) -> AnyFrame:
    need(data, *keys, "grade")
    items = [entry for entry in _items(data) if entry.counted]
    data = with_numbers(data, [entry.column for entry in items]).filter(~nw.col("grade").is_null())
    data = data.with_columns(
        *[(nw.col("grade") == number).cast(nw.Int64).alias(f"_n_{number}") for number in range(1, WORSE_THAN_V + 1)],
        *[(nw.col(f"class_{entry.column}") > _GOOD).cast(nw.Int64).alias(f"_over_{entry.column}") for entry in items],
    )
    section_types = ["section_type"] if "section_type" in data.collect_schema().names() else []
    sums = [nw.col(f"_n_{number}").sum() for number in range(1, WORSE_THAN_V + 1)]
    over = [nw.col(f"_over_{entry.column}").sum() for entry in items]
    # A group whose sections are of one type keeps it; a mixed group is judged with river limits.
    kinds = [nw.col(column).max() for column in section_types]
    return grouped_means(data, keys, [entry.column for entry in items], nw.len().alias("sections"), *sums, *over, *kinds)


def _verdict(data: AnyFrame, keys: Sequence[str]) -> AnyFrame:
    items = [entry for entry in _items(data) if entry.counted]
    many = nw.col("sections") >= LEAST_SECTIONS
    good = nw.col("_n_1") + nw.col("_n_2") + nw.col("_n_3")
    data = data.with_columns(
        share_good=good / nw.col("sections"), share_worst=nw.col(f"_n_{WORSE_THAN_V}") / nw.col("sections"), _mean_main=nw.col("main")
    )
    data = data.with_columns(
        status=nw.when(many).then(basin_status(nw.col("share_good"), nw.col("share_worst"))).otherwise(section_status(nw.col("grade"))),
        grade=nw.when(~many).then(nw.col("grade")),
        method=nw.when(many).then(nw.lit("shares")).otherwise(nw.lit("mean")),
    )
    over = {entry.symbol: _share_key(entry, position) for position, entry in enumerate(items)}
    data = with_largest(data, over, "_share_main", KEPT)
    poor = nw.col("status") > 2
    data = data.with_columns(
        main=nw.when(~many).then(nw.col("_mean_main")).when(poor).then(nw.col("_share_main")).otherwise(nw.lit("")),
        **{f"class_{number}": nw.col(f"_n_{number}") for number in range(1, WORSE_THAN_V + 1)},
    )
    counts = [f"class_{number}" for number in range(1, WORSE_THAN_V + 1)]
    return data.select(
        *keys, "sections", *counts, "share_good", "share_worst", "status", "grade", "main", "method", "standard", "version"
    ).sort(*keys)


def _share_key(entry: Item, position: int) -> nw.Expr:
    sections_over = nw.col(f"_over_{entry.column}")
    return nw.when(sections_over > 0).then(sections_over - position * 1e-3)
