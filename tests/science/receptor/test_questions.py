"""Bootstrap and displacement: against an analytic answer, known sources and properties."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science import receptor
from bilan.science.receptor.bootstrap import drawn, mapped
from tests.science.receptor.test_factorisation import sources


def single(uncertainty: float) -> receptor.Solution:
    con = pl.DataFrame({"day": range(9), "so4": [3.0, 5.0, 4.0, 8.0, 6.0, 7.0, 5.0, 4.0, 3.0]})
    return receptor.pmf(receptor.speciation(con, con.with_columns(so4=pl.lit(uncertainty))), 1, seeds=1)


@pytest.mark.parametrize("uncertainty", [0.1, 0.5])
def test_displacement_of_one_species_and_one_factor_is_analytic(uncertainty: float) -> None:
    # With g of the mean one and f moved to v, the best fit misses each of n values by v − mean: dQ = n ((v − mean) / u)².
    found = receptor.displacement(single(uncertainty), rises=[4.0, 9.0, 16.0]).intervals
    half = [root * uncertainty / 3 for root in (2, 3, 4)]
    assert (found["high"] - found["base"]).to_list() == pytest.approx(half, rel=0.03)
    assert (found["base"] - found["low"]).to_list() == pytest.approx(half, rel=0.03)


def test_displacement_holds_the_truth_where_nothing_can_turn() -> None:
    con, unc, profiles, contributions = sources(80)
    base = receptor.pmf(receptor.speciation(con, unc), 3, seeds=3)
    found = receptor.displacement(base, rises=[4.0, 15.0], species=["so4", "zn"])
    assert found.fall < 1.0
    assert found.swaps["swaps"].sum() == 0
    narrow, wide = (found.intervals.filter(pl.col("rise") == rise) for rise in (4.0, 15.0))
    assert (wide["low"] <= narrow["low"]).all()
    assert (wide["high"] >= narrow["high"]).all()
    assert (narrow["low"] <= narrow["base"]).all()
    assert (narrow["high"] >= narrow["base"]).all()
    factor = int(np.argmax(base.profile[:, 0] / base.profile.sum(axis=1))) + 1
    row = wide.filter(species="so4", factor=factor).row(0, named=True)
    assert row["low"] <= float((profiles * contributions.mean(axis=0)[:, None])[0, 0]) <= row["high"]


def test_bootstrap_maps_clear_sources_and_spans_the_base() -> None:
    con, unc, *_ = sources(120)
    base = receptor.pmf(receptor.speciation(con, unc), 3, seeds=3)
    found = receptor.bootstrap(base, runs=20)
    assert found.block == 5
    assert found.mapping["mapped"].to_list() == [20, 20, 20]
    assert found.unmapped == 0
    ranges = found.profiles
    assert (ranges["p5"] <= ranges["p95"]).all()
    big = ranges.filter(pl.col("base") > 0.3)
    assert big.select((pl.col("base").is_between("p5", "p95")).mean()).item() > 0.8
    assert receptor.bootstrap(base, runs=20).profiles.equals(ranges)


def test_blocks_are_runs_of_neighbours() -> None:
    rows = drawn(100, 10, np.random.default_rng(0))
    assert len(rows) == 100
    assert ((np.diff(rows.reshape(10, 10), axis=1) % 100) == 1).all()


def test_a_factor_goes_where_it_correlates_or_nowhere() -> None:
    random = np.random.default_rng(0)
    base = random.gamma(1, 1, (200, 2))
    other = random.gamma(1, 1, 200)
    assert mapped(np.column_stack([3 * base[:, 1] + 0.1 * other, other]), base, 0.6) == [1, -1]


def test_a_block_longer_than_the_series_is_refused() -> None:
    with pytest.raises(BilanError, match="1 to 9"):
        receptor.bootstrap(single(0.5), block=10)
