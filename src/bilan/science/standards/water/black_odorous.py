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
_TOLD = ("senses", "survey")
_SURVEY_SHARE = 0.6
_BODY_SHARE = 0.6
_RUN = 3
_SHALLOW = 25.0
_SHALLOW_SHARE = 0.4


def black_odorous(frame: Native, scheme: Scheme = "urban") -> Native:
    """Grade every sample by each of the items of black-odorous water.

    Parameters:
        frame: ``sd`` (transparency) [m], ``do`` [mg/L], ``orp`` [mV], ``nh3n`` [mg/L]; optional ``depth`` of the water [m],
            ``senses`` (true where colour or odour is clearly abnormal) and ``survey`` (share of the people asked who call the
            water black or odorous) [fraction], which count in the countryside.
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
        told = [name for name in _TOLD if scheme == "rural" and name in present]
        if not items and not told:
            raise BilanError(Problem("water.no_items", {"allowed": _ITEMS}))
        depth = nw.col("depth") * 100 if "depth" in present else None
        data = data.with_columns(_item_grade(column, rows, depth).alias(f"bo_{column}") for column in items)
        data = data.with_columns(_told_grade(name).alias(f"bo_{name}") for name in told)
        return data.with_columns(black_odorous=nw.max_horizontal(*[nw.col(f"bo_{column}") for column in (*items, *told)]))

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
        城市黑臭水体整治工作指南 (2015), 点位判定

    Examples:
        >>> import polars as pl
        >>> graded = black_odorous(pl.DataFrame({"point": ["a", "a", "b"], "do": [1.0, 4.0, 5.0], "nh3n": [9.0, 2.0, 1.0]}))
        >>> black_odorous_points(graded).sort("point").rows()
        [('a', 2, 1), ('b', 1, 0)]
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


def black_odorous_waters(frame: Native, by: str = "water", order: str | None = None, scheme: Scheme = "urban") -> Native:
    """Grade of a water body from the grades of its points.

    In cities the whole body is severe when at least 60 % of its points are, and a reach is when three points in a row are; in the
    countryside, which knows no degrees, a body is black-odorous when any of its points is.

    Parameters:
        frame: one row a point: ``black_odorous`` as `black_odorous_points` or, for one sampling, `black_odorous` gives it.
        by: column that names the water body.
        order: column that puts its points in order downstream; without it reaches are not told.
        scheme: ``urban`` or ``rural``.

    Returns:
        One row a body: ``points``, ``share_severe`` [fraction], ``black_odorous`` (0 not, 1 mild or rural, 2 severe) and
        ``severe_reach`` (empty without `order`).

    Reference:
        城市黑臭水体整治工作指南 (2015), 水体判定; 环办土壤函[2019]826号, 判定 (the second unverified)

    Examples:
        >>> import polars as pl
        >>> points = pl.DataFrame({"water": ["a"] * 6, "at": range(6), "black_odorous": [2, 2, 2, 0, 1, 0]})
        >>> black_odorous_waters(points, order="at").row(0)
        ('a', 6, 0.5, 1, True)
        >>> black_odorous_waters(points.with_columns(black_odorous=pl.col("at") // 5), scheme="rural")["black_odorous"].item()
        1
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, by, "black_odorous", *([order] if order else []))
        data = data.filter(~nw.col("black_odorous").is_null()).with_columns(_severe=(nw.col("black_odorous") == 2).cast(nw.Int64))
        run_of: nw.Expr = nw.lit(None).cast(nw.Int64)
        if order is not None:
            severe = nw.col("_severe")
            for step in range(1, _RUN):
                severe = severe + nw.col("_severe").shift(step).over(by, order_by=order).fill_null(0)
            run_of = (severe == _RUN).cast(nw.Int64)
        groups = data.with_columns(_run=run_of).group_by(by).agg(
            nw.len().alias("points"), nw.col("_severe").mean().alias("share_severe"), nw.col("black_odorous").max(), nw.col("_run").max()
        )  # fmt: skip
        worst = nw.col("black_odorous")
        whole = nw.when(nw.col("share_severe") >= _BODY_SHARE).then(nw.lit(2)).when(worst >= 1).then(nw.lit(1)).otherwise(worst)
        return groups.select(by, "points", "share_severe", black_odorous=whole.cast(nw.Int64), severe_reach=nw.col("_run") == 1)

    return run(frame, rule)


def _told_grade(name: str) -> nw.Expr:
    """Grade by what people see, smell or answer."""
    value = nw.col(name).cast(nw.Float64)
    return (value >= (_SURVEY_SHARE if name == "survey" else 1.0)).cast(nw.Int64)


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
