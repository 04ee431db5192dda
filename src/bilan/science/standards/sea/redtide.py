"""Risk of a red tide: signs that a buoy sees, and the density of algae that makes it one."""

from __future__ import annotations

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.bands import doubts
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.water.main_pollutants import joined
from bilan.science.standards.water.numbers import usable
from bilan.science.tables import Row, rows_where

RISKS = {0: ("无迹象", "no sign"), 1: ("关注", "watch"), 2: ("预警", "warning"), 3: ("赤潮", "red tide")}
"""Words of each risk in Chinese and English."""
_DENSITY = "algae"


def red_tide_risk(frame: Native, *, organism: str = "organism") -> Native:
    """Tell the risk of a red tide for every row.

    Three signs count: chlorophyll a, oxygen saturation and pH over their warning values. One sign is a matter of watching, two or
    more a warning; a density of algae at or above the base density of the organism or of its size is a red tide.

    Parameters:
        frame: any of ``chla`` [mg/L], ``do_saturation`` [%], ``ph`` [-], ``algae`` [cells/L]; for the density also a column that names
            the organism or its size as seawater_red_tide.csv does (``size_10``, ``size_30``, ``size_100``, ``size_300``,
            ``size_1000``, ``Akashiwo sanguinea``); a density without it is not judged.
        organism: name of that column.

    Returns:
        The frame with ``red_tide_signs`` (joined by commas), ``red_tide_risk`` (0 none, 1 watch, 2 warning, 3 red tide; empty where
        nothing was measured) and ``unverified`` naming the table.

    Raises:
        BilanError: none of the columns is there.

    Reference:
        HY/T 069-2005, base densities; warning values from practice (seawater_red_tide.csv, nearly all from recollection)

    Examples:
        >>> import polars as pl
        >>> buoy = pl.DataFrame({"chla": [0.003, 0.012, 0.03], "do_saturation": [98.0, 104.0, 141.0], "ph": [8.1, 8.1, 8.6]})
        >>> red_tide_risk(buoy).select("red_tide_risk", "red_tide_signs").rows()
        [(0, ''), (1, 'chlorophyll'), (2, 'chlorophyll,oxygen,ph')]
    """
    return run(frame, lambda data: _risk(data, organism))


def _risk(data: AnyFrame, organism: str) -> AnyFrame:
    present = data.collect_schema().names()
    signs = [row for row in rows_where("seawater_red_tide", kind="sign") if row["column"] in present]
    counted = _DENSITY in present and organism in present
    if not signs and not counted:
        allowed = [*(row["column"] for row in rows_where("seawater_red_tide", kind="sign")), _DENSITY]
        raise BilanError(Problem("single.no_items", {"value": "HY/T 069-2005", "allowed": allowed}))
    seen = [usable(row["column"]) >= float(row["lower"]) for row in signs]
    number = nw.sum_horizontal(*[one.cast(nw.Int64) for one in seen]) if seen else nw.lit(0)
    named = [nw.when(one).then(nw.lit(row["sign"])) for one, row in zip(seen, signs, strict=True)]
    bloom = _bloom(organism) if counted else nw.lit(None).cast(nw.Boolean)
    measured = nw.lit(False)
    for one in [*seen, bloom]:
        measured = measured | ~one.is_null()
    level = nw.when(number >= 2).then(nw.lit(2)).otherwise(number)
    risk = nw.when(bloom.fill_null(False)).then(nw.lit(3)).when(measured).then(level)
    return data.with_columns(
        red_tide_signs=joined(named) if named else nw.lit(""),
        red_tide_risk=risk.cast(nw.Int64),
        unverified=doubts(present, "seawater_red_tide"),
    )


def _bloom(organism: str) -> nw.Expr:
    limit: nw.Expr = nw.lit(None).cast(nw.Float64)
    for row in rows_where("seawater_red_tide", kind="density"):
        limit = nw.when(nw.col(organism) == row["sign"]).then(nw.lit(_lower(row))).otherwise(limit)
    return usable(_DENSITY) >= limit


def _lower(row: Row) -> float:
    return float(row["lower"])
