"""Black and odorous water of cities and of the countryside."""

from __future__ import annotations

from typing import Any, Literal

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.tables import Row, table

Scheme = Literal["urban", "rural"]

GRADES = {0: ("非黑臭", "not black-odorous"), 1: ("轻度黑臭", "mild"), 2: ("重度黑臭", "severe")}
"""Words of each grade in Chinese and English; the countryside knows grades 0 and 1 only."""

_ITEMS = ("sd", "do", "orp", "nh3n")
_ONE_ITEM_SHARE = 0.6
_TWO_ITEMS_SHARE = 0.3
_SHALLOW = 25.0
_SHALLOW_SHARE = 0.4


def black_odorous(frame: Native, scheme: Scheme = "urban") -> Native:
    """Grade every sample by each of the items of black-odorous water.

    Parameters:
        frame: ``sd`` (transparency) [m], ``do`` [mg/L], ``orp`` [mV], ``nh3n`` [mg/L]; optional ``depth`` of the water [m].
        scheme: ``urban`` (2015 guide: mild, severe) or ``rural`` (2019 guide: yes or no).

    Returns:
        The frame with ``bo_<item>`` and ``black_odorous`` (worst item): 0 not, 1 mild or rural, 2 severe.

    Reference:
        城市黑臭水体整治工作指南 (2015); 农村黑臭水体治理工作指南(试行) 环办土壤函[2019]826号 (surface_water_black_odorous.csv)

    Examples:
        >>> import polars as pl
        >>> black_odorous(pl.DataFrame({"sd": [0.3, 0.2, 0.05], "do": [4.0, 1.0, 0.1]}))["black_odorous"].to_list()
        [0, 1, 2]
    """
    if scheme not in ("urban", "rural"):
        allowed = ("urban", "rural")
        raise BilanError(Problem("value.unknown_choice", {"value": scheme, "allowed": allowed, "nearest": nearest(scheme, allowed)}))

    def rule(data: AnyFrame) -> AnyFrame:
        present = data.collect_schema().names()
        rows = [row for row in table("surface_water_black_odorous") if row["scheme"] == scheme and row["column"] in present]
        items = [column for column in _ITEMS if any(row["column"] == column for row in rows)]
        if not items:
            raise BilanError(Problem("water.no_items", {"allowed": _ITEMS}))
        depth = nw.col("depth") * 100 if "depth" in present else None
        data = data.with_columns(_item_grade(column, rows, depth).alias(f"bo_{column}") for column in items)
        return data.with_columns(black_odorous=nw.max_horizontal(*[nw.col(f"bo_{column}") for column in items]))

    return run(frame, rule)


def black_odorous_points(frame: Native, by: str = "point") -> Native:
    """Grade of a point from the samples of its period.

    Severe when one item is severe in at least 60 % of its data or two items in at least 30 %; mild when any item is ever in
    the black-odorous range; otherwise not.

    Parameters:
        frame: samples graded by `black_odorous`.
        by: column that names the point.

    Returns:
        One row a point: ``samples`` and ``black_odorous``.

    Reference:
        城市黑臭水体整治工作指南 (2015), 点位判定 (unverified)
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, by, "black_odorous")
        items = [column for column in data.collect_schema().names() if column in {f"bo_{item}" for item in _ITEMS}]
        severe = [(nw.col(column) == 2).cast(nw.Float64).alias(f"_share_{column}") for column in items]
        groups = (
            data.with_columns(*severe)
            .group_by(by)
            .agg(nw.len().alias("samples"), nw.col("black_odorous").max(), *[nw.col(f"_share_{column}").mean() for column in items])
        )
        shares = [nw.col(f"_share_{column}") for column in items]
        one = nw.max_horizontal(*shares) >= _ONE_ITEM_SHARE
        two = nw.sum_horizontal(*[(share >= _TWO_ITEMS_SHARE).cast(nw.Int64) for share in shares]) >= 2
        worst = nw.col("black_odorous")
        grade = nw.when(one | two).then(nw.lit(2)).when(worst >= 1).then(nw.lit(1)).otherwise(worst)
        return groups.select(by, "samples", black_odorous=grade.cast(nw.Int64))

    return run(frame, rule)


def _item_grade(column: str, rows: list[Row], depth: nw.Expr | None) -> nw.Expr:
    value = nw.col(column).cast(nw.Float64) * (100.0 if column == "sd" else 1.0)
    result: nw.Expr = nw.when(~value.is_null()).then(nw.lit(0))
    for row in (row for row in rows if row["column"] == column):
        inside = ~value.is_null()
        if row["lower"]:
            lower = float(row["lower"])
            inside = inside & (value >= lower if row["lower_inclusive"] == "1" else value > lower)
        if row["upper"]:
            upper = _threshold(column, float(row["upper"]), depth)
            inside = inside & (value <= upper if row["upper_inclusive"] == "1" else value < upper)
        result = nw.when(inside).then(nw.lit(2 if row["level_en"] == "severe" else 1)).otherwise(result)
    return result.cast(nw.Int64)


def _threshold(column: str, upper: float, depth: nw.Expr | None) -> Any:
    # Water shallower than 25 cm: 40 % of its depth stands for the 25 cm of transparency.
    if column != "sd" or depth is None or upper != _SHALLOW:
        return upper
    return nw.when(depth < _SHALLOW).then(depth * _SHALLOW_SHARE).otherwise(nw.lit(upper))
