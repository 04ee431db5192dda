"""Numbers as the evaluation measure reads them: usable or not, rounded for evaluation, written as non-detects."""

from __future__ import annotations

import narwhals as nw

from bilan.science.rounding import half_even_units

IMPOSSIBLE = 1e30
"""No concentration reaches this; NaN and infinity fail the comparison on every engine."""

_NOISE = 1e-12
_SMALLEST_DECIMAL = 8


def usable(column: str) -> nw.Expr:
    """Value of a column as a float; negative, infinite and NaN values count as missing."""
    value = nw.col(column).cast(nw.Float64)
    return nw.when((value >= 0) & (value < IMPOSSIBLE)).then(value)


def evaluation_value(value: nw.Expr, decimals: int) -> nw.Expr:
    """Round for evaluation: half-even at `decimals`; a value that would become zero keeps its first significant digit.

    Reference:
        总站水字[2020]90号, 数据统计 (surface_water_rules.csv ST6)

    Examples:
        >>> import polars as pl
        >>> frame = nw.from_native(pl.DataFrame({"nh3n": [0.505, 0.515, 0.0049]}))
        >>> frame.select(evaluation_value(nw.col("nh3n"), 2))["nh3n"].to_list()
        [0.5, 0.52, 0.005]
    """
    scale: nw.Expr = nw.lit(10.0**_SMALLEST_DECIMAL)
    for places in range(_SMALLEST_DECIMAL - 1, decimals - 1, -1):
        scale = nw.when(value > 0.5 / 10.0**places + _NOISE).then(nw.lit(10.0**places)).otherwise(scale)
    return half_even_units(value * scale, 0) / scale


def read_text(column: str) -> nw.Expr:
    """Number written as text; a non-detect (``<0.01``, ``0.01L``) becomes half of its detection limit, other text nothing.

    Reference:
        环办监测函[2020]82号, 数据统计 (surface_water_rules.csv ST5)
    """
    text = nw.col(column).str.strip_chars()
    number = text.str.replace_all(r"^[<＜]\s*|\s*[LlＬ]$", "")
    readable = nw.when(number.str.contains(r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$")).then(number).cast(nw.Float64)
    return nw.when(is_non_detect(column)).then(readable / 2).otherwise(readable)


def is_non_detect(column: str) -> nw.Expr:
    """Whether a text says "not detected": ``<0.01`` or ``0.01L``."""
    return nw.col(column).str.strip_chars().str.contains(r"^[<＜]|[0-9]\s*[LlＬ]$")
