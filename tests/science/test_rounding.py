"""Columns round as decimals do: half to even, whatever binary makes of the number."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.science.rounding import half_even, half_even_units, round_number, snap

THOUSANDTHS = st.lists(st.integers(0, 5_000_000), min_size=1, max_size=50)


def column(expression: nw.Expr, values: list[float | None]) -> list[float | None]:
    return nw.from_native(pl.DataFrame({"x": values}, schema={"x": pl.Float64})).select(expression.alias("y"))["y"].to_list()


@pytest.mark.parametrize("decimals", [0, 1, 2])
@settings(deadline=None)
@given(whole=THOUSANDTHS)
def test_columns_round_like_decimals(decimals, whole):
    values = [number / 1000 for number in whole]
    expected = [float(round_number(value, decimals)) for value in values]
    assert column(half_even(nw.col("x"), decimals), values) == expected
    assert column(half_even_units(nw.col("x"), decimals), values) == [int(Decimal(str(value)).scaleb(decimals)) for value in expected]


@settings(deadline=None)
@given(THOUSANDTHS)
def test_noise_of_sums_does_not_matter(whole):
    values = [number / 1000 for number in whole]
    forward, backward = sum(values) / len(values), sum(reversed(values)) / len(values)
    first, second = column(half_even(nw.col("x"), 1), [forward, backward])
    assert first == second


def test_nulls_stay_nulls():
    for expression in (half_even(nw.col("x"), 1), half_even_units(nw.col("x"), 0), snap(nw.col("x"))):
        assert column(expression, [None, 1.0]) == [None, 1.0]


def test_tens_can_be_rounded_too():
    assert column(half_even(nw.col("x"), -1), [25.0, 35.0, 36.0]) == [20, 40, 40]
