"""Compare our classes with published ones and say where each difference comes from."""

from __future__ import annotations

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.classify import classify
from bilan.science.standards.water.learn import PUBLISHED_ITEMS

EXPONENTS = (1e-3, 1e-4)
"""Powers of ten that published values below 0.01 were found to have lost."""

_MANTISSA_ITEMS = ("nh3n", "tp")


def compare_published(frame: Native, *, official: str = "official") -> Native:
    """Judge published samples and name the reason of each difference.

    Parameters:
        frame: published samples: items, ``section_type`` and the `official` class; other values than 1..6 mean none.
        official: column of the published class.

    Returns:
        The frame with the columns of `classify` and ``difference``:

        - ``equal``: our class is the published one, or neither exists;
        - ``lost_exponent``: ammonia nitrogen or phosphorus is a whole number of 1 to 9 mg/L, and a thousandth or
          ten-thousandth of it gives the published class: the publication cut ``4.0E-3`` to ``4.0``;
        - ``section_type``: the limits of the other section type give the published class;
        - ``not_judged``, ``not_published``: only one side has a class;
        - ``unexplained``: none of these.

    Raises:
        BilanError: a column is missing.

    Examples:
        >>> import polars as pl
        >>> published = pl.DataFrame({"nh3n": [0.4, 4.0], "do": [8.0, 8.0], "section_type": ["river", "river"], "official": [2, 1]})
        >>> compare_published(published)["difference"].to_list()
        ['equal', 'lost_exponent']
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, official)
        kind = nw.col("section_type") if "section_type" in data.collect_schema().names() else nw.lit("river")
        data = data.with_columns(section_type=kind.fill_null("river"))
        for power in EXPONENTS:
            data = _second_opinion(data, f"_lost_{power:.0e}", power)
        data = _second_opinion(data, "_other", None)
        items = [column for column in PUBLISHED_ITEMS if column in data.collect_schema().names()]
        judged: AnyFrame = nw.from_native(classify(data.to_native(), items=items))
        published = ((nw.col(official) >= 1) & (nw.col(official) <= 6)).fill_null(False)
        lost = [nw.col(f"_lost_{power:.0e}") == nw.col(official) for power in EXPONENTS]
        reason = (
            nw.when((~published & nw.col("grade").is_null()) | (nw.col("grade") == nw.col(official)).fill_null(False))
            .then(nw.lit("equal"))
            .when(~published)
            .then(nw.lit("not_published"))
            .when(nw.col("grade").is_null())
            .then(nw.lit("not_judged"))
            .when((lost[0] | lost[1]).fill_null(False))
            .then(nw.lit("lost_exponent"))
            .when(nw.col("_other") == nw.col(official))
            .then(nw.lit("section_type"))
            .otherwise(nw.lit("unexplained"))
        )
        return judged.with_columns(difference=reason).drop("_other", *[f"_lost_{power:.0e}" for power in EXPONENTS])

    return run(frame, rule)


def _second_opinion(data: AnyFrame, name: str, power: float | None) -> AnyFrame:
    present = data.collect_schema().names()
    items = [column for column in PUBLISHED_ITEMS if column in present]
    kept = {column: nw.col(column).alias(f"_kept_{column}") for column in (*items, "section_type")}
    changed = data.with_columns(*kept.values())
    if power is None:
        other = nw.when(nw.col("section_type") == "lake").then(nw.lit("river")).otherwise(nw.lit("lake"))
        changed = changed.with_columns(section_type=other)
    else:
        changed = changed.with_columns(_shrunk(column, power).alias(column) for column in _MANTISSA_ITEMS if column in items)
    judged: AnyFrame = nw.from_native(classify(changed.to_native(), items=items))
    judged = judged.with_columns(nw.col("grade").alias(name), *[nw.col(f"_kept_{column}").alias(column) for column in kept])
    return judged.select(*present, name)


def _shrunk(column: str, power: float) -> nw.Expr:
    value = nw.col(column)
    mantissa = (value >= 1) & (value <= 9) & (value.floor() == value)
    return nw.when(mantissa).then(value * power).otherwise(value)
