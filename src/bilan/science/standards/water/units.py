"""Control units: whether their sections keep the targets, and how much must go where they do not."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.limits import version_at
from bilan.science.standards.water.main_pollutants import KEPT, with_largest


def evaluate_units(frame: Native, by: str | Sequence[str] = "unit") -> Native:
    """Judge control units by the targets of their sections.

    Parameters:
        frame: one row a section of one period, judged with ``against="target"`` by `classify` or `evaluate_periods`: ``grade``,
            ``target_class``, ``class_<item>``, ``factor_<item>``.
        by: columns that make a unit (add ``start`` for several periods).

    Returns:
        One row a unit: ``sections`` (with class and target), ``attained_sections``, ``share_attained`` [fraction], ``attained``
        (every section keeps its target), ``grade`` (worst section), ``main`` (up to three items by how many sections they spoil,
        then by what must go) and for every item ``cut_<item>``: the share of the worst concentration that must go for the target
        [fraction; empty when nothing must].

    Raises:
        BilanError: a column is missing.

    Reference:
        通行口径 (surface_water_rules.csv GT2: a section keeps its target when its class is no worse)

    Examples:
        >>> import polars as pl
        >>> from bilan.science.standards.water.classify import classify
        >>> rows = pl.DataFrame({"unit": ["U1", "U1", "U2"], "target_class": [3, 3, 4], "nh3n": [1.25, 0.8, 1.4], "tp": [0.25, 0.1, 0.1]})
        >>> evaluate_units(classify(rows, against="target")).select("unit", "attained", "main", "cut_nh3n").rows()
        [('U1', False, 'NH3-N,TP', 0.2), ('U2', True, '', None)]
    """
    keys = [by] if isinstance(by, str) else list(by)
    return run(frame, lambda data: _units(data, keys))


def _units(data: AnyFrame, keys: Sequence[str]) -> AnyFrame:
    need(data, *keys, "grade", "target_class")
    present = data.collect_schema().names()
    items = [entry for entry in version_at().items.values() if entry.counted and f"class_{entry.column}" in present]
    cuts = [entry for entry in items if f"factor_{entry.column}" in present]
    data = data.filter(~nw.col("grade").is_null() & ~nw.col("target_class").is_null())
    factors = {entry.column: nw.col(f"factor_{entry.column}") for entry in cuts}
    data = data.with_columns(
        (nw.col("grade") <= nw.col("target_class")).cast(nw.Int64).alias("_met"),
        *[
            (nw.col(f"class_{entry.column}") > nw.col("target_class")).cast(nw.Int64).fill_null(0).alias(f"_n_{entry.column}")
            for entry in items
        ],
        *[(factor / (factor + 1)).round(6).alias(f"cut_{column}") for column, factor in factors.items()],
    )
    found = data.group_by(*keys).agg(
        nw.len().alias("sections"), nw.col("_met").sum().alias("attained_sections"), nw.col("grade").max(),
        *[nw.col(f"_n_{entry.column}").sum() for entry in items], *[nw.col(f"cut_{entry.column}").max() for entry in cuts],
    )  # fmt: skip
    found = found.with_columns(
        share_attained=nw.col("attained_sections") / nw.col("sections"), attained=nw.col("attained_sections") == nw.col("sections")
    )
    order = {}
    for place, entry in enumerate(items):
        count = nw.col(f"_n_{entry.column}")
        weight = nw.col(f"cut_{entry.column}").fill_null(0.0) if entry in cuts else nw.lit(0.0)
        order[entry.symbol] = nw.when(count > 0).then(count + weight * 0.9 - place * 1e-6)
    found = with_largest(found, order, "main", KEPT)
    said = ("sections", "attained_sections", "share_attained", "attained", "grade", "main")
    return found.select(*keys, *said, *[f"cut_{entry.column}" for entry in cuts]).sort(*keys)
