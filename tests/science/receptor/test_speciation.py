"""Categories, missing values and uncertainties as the user guide of PMF 5.0 has them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science import receptor

CON = pl.DataFrame({"day": [1, 2, 3, 4], "a": [10.0, 12.0, 8.0, 11.0], "b": [1.0, 1.7, 1.6, 1.9], "c": [0.1, 0.2, 0.1, 0.1]})
UNC = pl.DataFrame({"day": [1, 2, 3, 4], "a": [1.0, 1.2, 0.8, 1.1], "b": [1.0, 1.0, 1.0, 1.0], "c": [0.2, 0.2, 0.2, 0.2]})


def test_signal_to_noise_gives_the_category() -> None:
    found = receptor.speciation(CON, UNC)
    # a: (10 − 1) / 1 = 9 each; b: (0 + 0.7 + 0.6 + 0.9) / 4 = 0.55; c: never above its uncertainty.
    assert found.table["signal_to_noise"].to_list() == pytest.approx([9.0, 0.55, 0.0])
    assert found.table["category"].to_list() == ["strong", "weak", "bad"]
    assert found.species == ("a", "b")
    assert found.uncertainty[:, 1].tolist() == [3.0] * 4
    assert found.strong.tolist() == [True, False]


def test_the_analyst_has_the_last_word() -> None:
    found = receptor.speciation(CON, UNC, categories={"a": "weak", "c": "strong"})
    assert found.table["category"].to_list() == ["weak", "weak", "strong"]
    assert found.uncertainty[:, 0] == pytest.approx(3 * UNC["a"].to_numpy())
    with pytest.raises(BilanError, match="nearest"):
        receptor.speciation(CON, UNC, categories={"aa": "weak"})


def test_missing_values_are_filled_or_drop_the_sample() -> None:
    holed = CON.with_columns(a=pl.Series([10.0, None, 8.0, 11.0]))
    filled = receptor.speciation(holed, UNC)
    assert filled.concentration[1, 0] == 10.0
    assert filled.uncertainty[1, 0] == pytest.approx(4 * 1.0)
    assert filled.table["filled"].to_list() == [1, 0, 0]
    dropped = receptor.speciation(holed, UNC, missing="drop")
    assert dropped.times.to_list() == [1, 3, 4]
    empty = holed.with_columns(pl.when(pl.col("day") == 2).then(None).otherwise(pl.exclude("day")).name.keep())
    assert receptor.speciation(empty, UNC).times.to_list() == [1, 3, 4]


def test_uncertainty_of_the_model_adds_in_squares() -> None:
    found = receptor.speciation(CON, UNC, extra=0.1)
    assert found.uncertainty[0, 0] == pytest.approx(np.hypot(1.0, 0.1 * 10.0))


def test_uncertainty_from_the_detection_limit() -> None:
    # EPA/600/R-14/108, equations 4-1 and 4-2.
    assert receptor.uncertainty(np.array([0.1, 1.0, 1.0001]), 1.0, 0.1) == pytest.approx([5 / 6, 5 / 6, np.hypot(0.10001, 0.5)])


@pytest.mark.parametrize(
    ("con", "unc", "says"),
    [
        (CON, UNC.drop("b"), "lacks"),
        (CON, UNC[:3], "differ"),
        (CON, UNC.with_columns(a=pl.lit(0.0)), "above zero"),
        (CON.with_columns(a=pl.lit("x")), UNC, "numbers"),
        (CON.with_columns(pl.lit(None, pl.Float64).alias(name) for name in "abc"), UNC, "no sample"),
    ],
)
def test_tables_that_do_not_fit_are_refused_with_the_reason(con: pl.DataFrame, unc: pl.DataFrame, says: str) -> None:
    with pytest.raises(BilanError, match=says):
        receptor.speciation(con, unc)
