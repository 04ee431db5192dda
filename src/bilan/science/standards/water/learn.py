"""Learn from published classes which sections are judged as rivers and which as lakes."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.classify import classify
from bilan.science.standards.water.limits import SECTION_TYPES

PUBLISHED_ITEMS = ("ph", "do", "codmn", "nh3n", "tp")
"""Items that set the class in the national real-time publication."""


def learn_section_types(frame: Native, *, section: str | Sequence[str] = "point", official: str = "official") -> Native:
    """Find for every section which limits of total phosphorus explain its published classes better.

    Parameters:
        frame: one row a published sample: `section`, the `official` class (1..6; other values mean none was published) and
            the items of the publication.
        section: column or columns that name a section.
        official: column of the published class.

    Returns:
        One row a section: ``section_type``, ``rows`` with a published class, ``river_equal`` and ``lake_equal`` (how many of
        them each choice explains), ``told`` (whether the rows told the two apart; ``river`` is assumed when not).

    Raises:
        BilanError: a column is missing.

    Examples:
        >>> import polars as pl
        >>> seen = pl.DataFrame({"point": ["湖心", "湖心", "桥"], "do": [8.0] * 3, "tp": [0.06, 0.04, 0.06], "official": [4, 3, 2]})
        >>> learn_section_types(seen).sort("point").select("point", "section_type", "rows", "told").rows()
        [('桥', 'river', 1, True), ('湖心', 'lake', 2, True)]
    """
    keys = [section] if isinstance(section, str) else list(section)

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *keys, official)
        data = data.filter((nw.col(official) >= 1) & (nw.col(official) <= 6))
        for kind in SECTION_TYPES:
            data = _agreement(data, kind, official)
        sums = [nw.col(f"_{kind}_equal").sum().alias(f"{kind}_equal") for kind in SECTION_TYPES]
        found = data.group_by(*keys).agg(nw.len().alias("rows"), *sums)
        lake = nw.col("lake_equal") > nw.col("river_equal")
        return found.with_columns(
            section_type=nw.when(lake).then(nw.lit("lake")).otherwise(nw.lit("river")),
            told=nw.col("lake_equal") != nw.col("river_equal"),
        )

    return run(frame, rule)


def _agreement(data: AnyFrame, kind: str, official: str) -> AnyFrame:
    present = data.collect_schema().names()
    items = [column for column in PUBLISHED_ITEMS if column in present]
    judged: AnyFrame = nw.from_native(classify(data.with_columns(_type=nw.lit(kind)).to_native(), section_type="_type", items=items))
    equal = (nw.col("grade") == nw.col(official)).fill_null(False).cast(nw.Int64)
    return judged.with_columns(equal.alias(f"_{kind}_equal")).select(*present, f"_{kind}_equal")
