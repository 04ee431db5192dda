"""Rounding of GB/T 8170 (half to even) in the decimal sense, the same to the last digit on every engine."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import narwhals as nw

GUARD = 6
"""Decimals kept when binary noise is removed: means of measured values that differ by less are the same number."""


def snap(value: nw.Expr, decimals: int = GUARD) -> nw.Expr:
    """Remove the binary noise that engines disagree on, by rounding to `decimals` places.

    Not a rounding of any standard: it makes sums taken in another order equal again.
    """
    scale = float(10**decimals)
    # Engines divide by a constant in two ways, by it or by its reciprocal; the last rounding makes both the nearest decimal.
    return ((value * scale + 0.5).floor() / scale).round(decimals)


def half_even_units(value: nw.Expr, decimals: int) -> nw.Expr:
    """Round half to even at `decimals` places and give the result as a whole number of those places.

    Whole numbers are exact in binary, so interpolation and comparison on them are exact too.

    Parameters:
        value: expression of floating-point numbers; null stays null.
        decimals: places kept; negative rounds tens and hundreds.

    Reference:
        GB/T 8170-2008, clause 3 (round half to even; no repeated rounding).

    Examples:
        >>> import polars as pl
        >>> frame = nw.from_native(pl.DataFrame({"co": [0.25, 0.35, 2.05, 1.1]}))
        >>> frame.select(half_even_units(nw.col("co"), 1))["co"].to_list()
        [2.0, 4.0, 20.0, 11.0]
    """
    parts = float(10**GUARD)
    scaled = value * float(10**decimals) if decimals >= 0 else value / float(10**-decimals)
    fine = (scaled * parts + 0.5).floor()
    whole = ((fine + 0.5) * (1 / parts)).floor()
    rest = fine - whole * parts
    odd = whole - 2 * (whole * 0.5).floor()
    up = (rest > parts / 2) | ((rest == parts / 2) & (odd == 1))
    return nw.when(up).then(whole + 1).otherwise(whole)


def half_even(value: nw.Expr, decimals: int) -> nw.Expr:
    """Round half to even at `decimals` places.

    Reference:
        GB/T 8170-2008, clause 3.

    Examples:
        >>> import polars as pl
        >>> frame = nw.from_native(pl.DataFrame({"pm25": [34.5, 35.5, 35.4999999999]}))
        >>> frame.select(half_even(nw.col("pm25"), 0))["pm25"].to_list()
        [34.0, 36.0, 36.0]
    """
    units = half_even_units(value, decimals)
    return (units / float(10**decimals)).round(decimals) if decimals > 0 else units * float(10**-decimals)


def round_number(value: float | Decimal | str, decimals: int) -> Decimal:
    """Round one number half to even, reading a float by its shortest decimal text.

    Reference:
        GB/T 8170-2008, clause 3.

    Examples:
        >>> round_number(2.675, 2), round_number("0.25", 1)
        (Decimal('2.68'), Decimal('0.2'))
    """
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
