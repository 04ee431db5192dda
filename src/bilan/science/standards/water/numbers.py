"""Numbers as the evaluation measure reads them: usable or not, half-even rounding, text of non-detects."""

from __future__ import annotations

import narwhals as nw

IMPOSSIBLE = 1e30
"""No concentration reaches this; NaN and infinity fail the comparison on every engine."""

_NOISE_DIGITS = 7
_SMALLEST_DECIMAL = 8


def usable(column: str) -> nw.Expr:
    """Value of a column as a float; negative, infinite and NaN values count as missing."""
    value = nw.col(column).cast(nw.Float64)
    return nw.when((value >= 0) & (value < IMPOSSIBLE)).then(value)


def half_even(value: nw.Expr, decimals: int) -> nw.Expr:
    """Round half to even at `decimals` places, as GB/T 8170 asks; binary noise below 1e-7 of the last place is ignored.

    Reference:
        GB/T 8170-2008, 3.2
    """
    scaled = (value * 10.0**decimals).round(_NOISE_DIGITS)
    floor = scaled.floor()
    rest = scaled - floor
    odd = floor - (floor / 2).floor() * 2
    step = nw.when(rest > 0.5).then(nw.lit(1.0)).when(rest < 0.5).then(nw.lit(0.0)).otherwise(odd)
    return ((floor + step) / 10.0**decimals).round(decimals)


def evaluation_value(value: nw.Expr, decimals: int) -> nw.Expr:
    """Round for evaluation: half-even at `decimals`; a value that would become zero keeps its first significant digit.

    Reference:
        总站水字[2020]90号, 数据统计 (surface_water_rules.csv ST6)
    """
    result = half_even(value, decimals)
    for finer in range(decimals + 1, _SMALLEST_DECIMAL + 1):
        result = nw.when((result == 0) & (value > 0)).then(half_even(value, finer)).otherwise(result)
    return result


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
