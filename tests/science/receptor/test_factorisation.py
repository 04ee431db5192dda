"""PMF against the reference figures of the EPA example sets, sources that are known, and properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bilan.problems import BilanError
from bilan.science import receptor
from bilan.science.receptor.solution import expected
from bilan.science.receptor.solver import Hold, q_true, refine, start
from tests.shared import shared_data

SETS = {
    # Lowest and median Q of ESAT 2025.0.1 (EPA, ls-nmf, 20 models) on the same files, and the lowest that other solvers reached.
    "Baton Rouge": ("Dataset-BatonRouge-{}.csv.gz", ",", 4, 83_705, 83_688, 85_262, 15),
    "Baltimore": ("Dataset-Baltimore_{}.txt.gz", "\t", 7, 14_197, 13_993, 14_428, 3),
}


def example(name: str) -> tuple[receptor.Speciation, tuple[int, ...]]:
    pattern, separator, *figures = SETS[name]
    tables = [
        pl.read_csv(shared_data("pmf_receptor", pattern.format(kind)), separator=separator, infer_schema_length=10_000)
        for kind in ("con", "unc")
    ]
    kept = tables[0].select(pl.all_horizontal(pl.all().is_not_null())).to_series()
    con, unc = (table.filter(kept) for table in tables)
    return receptor.speciation(con, unc, categories=dict.fromkeys(con.columns[1:], "strong")), tuple(figures)


def sources(samples: int = 120, noise: float = 0.05, seed: int = 3) -> tuple[pl.DataFrame, pl.DataFrame, np.ndarray, np.ndarray]:
    """Three sources, two of them with a tracer of their own, two without the tracer of the others: no rotation is possible."""
    random = np.random.default_rng(seed)
    profiles = np.array([[5.0, 1.0, 0.0, 0.0, 2.0, 0.4], [0.0, 2.0, 3.0, 0.0, 1.0, 0.2], [0.0, 0.0, 1.0, 2.0, 0.5, 3.0]])
    contributions = random.gamma(0.7, 1.0, (samples, 3)) * (random.random((samples, 3)) > 0.2)
    clean = contributions @ profiles
    error = noise * clean + 0.02
    names = ["so4", "no3", "oc", "zn", "nh4", "k"]
    measured = np.maximum(clean + error * random.normal(size=clean.shape), 0.0)
    key = pl.DataFrame({"day": np.arange(samples)})
    con, unc = (key.hstack(pl.DataFrame(values, schema=names)) for values in (measured, error))
    return con, unc, profiles, contributions


@pytest.mark.parametrize("name", SETS)
def test_q_is_not_above_the_reference(name: str) -> None:
    data, (factors, esat_lowest, lowest, esat_median, seeds) = example(name)
    found = receptor.pmf(data, factors, seeds=seeds)
    assert found.q_true < min(esat_lowest, lowest)
    assert found.runs["q_true"].median() < esat_median
    assert found.converged
    assert found.runs["q_true"].min() == pytest.approx(found.q_true, rel=1e-9)
    assert (found.profile >= 0).all()
    assert (found.contribution >= 0).all()
    assert found.q_robust < found.q_true


def test_known_sources_are_found() -> None:
    con, unc, profiles, contributions = sources()
    found = receptor.pmf(receptor.speciation(con, unc), 3, seeds=4)
    truth = profiles * contributions.mean(axis=0)[:, None]
    shares = truth / truth.sum(axis=1, keepdims=True)
    ours = found.profile / found.profile.sum(axis=1, keepdims=True)
    nearest = [int(np.argmin(np.abs(ours - share).sum(axis=1))) for share in shares]
    assert sorted(nearest) == [0, 1, 2]
    for source, factor in enumerate(nearest):
        assert np.corrcoef(found.contribution[:, factor], contributions[:, source])[0, 1] > 0.99
        assert found.profile[factor].sum() == pytest.approx(truth[source].sum(), rel=0.05)
    # A right model leaves a Q of about the degrees of freedom.
    assert 0.8 < found.q_true / found.q_expected < 1.2
    assert found.fits()["r2"].min() > 0.95
    assert found.contribution.mean(axis=0) == pytest.approx(np.ones(3))


def test_mass_balances() -> None:
    con, unc, *_ = sources()
    found = receptor.pmf(receptor.speciation(con, unc), 3, seeds=2)
    modelled = found.contribution @ found.profile
    assert found.profiles()["concentration"].sum() == pytest.approx(modelled.mean(axis=0).sum())
    assert found.contributions("so4").drop("day").sum_horizontal().to_numpy() == pytest.approx(modelled[:, 0])
    assert found.profiles().group_by("species").agg(pl.col("share_of_species").sum())["share_of_species"].to_list() == pytest.approx(
        [1] * 6
    )
    assert (found.residuals().drop("day").to_numpy() ** 2).sum() == pytest.approx(found.q_true)


def test_expected_q_as_in_the_user_guide() -> None:
    # EPA/600/R-14/108: 663 samples, 30 strong species and five factors give 16 425.
    assert expected(663, 30, 30, 5) == 16_425


def test_the_order_of_samples_and_the_unit_change_nothing() -> None:
    con, unc, *_ = sources(60)
    plain = receptor.pmf(receptor.speciation(con, unc), 3, seeds=4)
    order = np.random.default_rng(0).permutation(60)
    turned = receptor.pmf(receptor.speciation(con[order], unc[order]), 3, seeds=4)
    nano = receptor.pmf(
        *(receptor.speciation(con.with_columns(pl.exclude("day") * 1e3), unc.with_columns(pl.exclude("day") * 1e3)), 3), seeds=4
    )
    assert turned.q_true == pytest.approx(plain.q_true, rel=1e-4)
    assert nano.q_true == pytest.approx(plain.q_true, rel=1e-4)
    assert nano.profile == pytest.approx(1e3 * plain.profile, rel=0.02, abs=5)


@settings(max_examples=15, deadline=None)
@given(some.integers(0, 10_000), some.integers(1, 4))
def test_q_never_rises(seed: int, factors: int) -> None:
    random = np.random.default_rng(seed)
    values, weights = random.gamma(1.0, 2.0, (20, 6)), random.uniform(0.1, 10.0, (20, 6))
    begin = start(values, weights, factors, random)
    q = q_true(values, weights, *begin)
    for most in (1, 2, 4, 8, 16):
        fit = refine(values, weights, begin, fall=0.0, most=most)
        assert fit.q <= q * (1 + 1e-9)
        q = fit.q


def test_a_held_element_stays_and_its_factor_keeps_the_mean_one() -> None:
    con, unc, *_ = sources(60)
    found = receptor.pmf(receptor.speciation(con, unc), 3, seeds=2)
    fit = refine(found.data.concentration, found.data.weights, (found.contribution, found.profile), fall=1e-4, hold=Hold(1, 2, 0.123))
    assert fit.profiles[1, 2] == 0.123
    assert fit.contributions[:, 1].mean() == pytest.approx(1.0)
    assert fit.q >= found.q_true - 1e-3


def test_robust_q_is_lower_when_it_is_what_is_minimised() -> None:
    con, unc, *_ = sources(80)
    spoilt = con.with_columns(oc=pl.when(pl.col("day") % 17 == 0).then(pl.col("oc") * 4 + 3).otherwise("oc"))
    data = receptor.speciation(spoilt, unc)
    plain, robust = receptor.pmf(data, 3, seeds=3), receptor.pmf(data, 3, seeds=3, robust=True)
    assert robust.q_robust < plain.q_robust
    assert robust.q_true > plain.q_true
    assert robust.robust


def test_figures_carry_every_factor() -> None:
    con, unc, *_ = sources(40)
    found = receptor.pmf(receptor.speciation(con, unc), 3, seeds=1)
    assert len(receptor.profile_figure(found, "µg/m³").parts) == 6
    figure = receptor.contribution_figure(found, "so4", "µg/m³")
    assert len(figure.parts) == 3
    assert figure.data.columns == ["day", "factor_1", "factor_2", "factor_3"]
    assert figure.option("en")


def test_too_many_factors_say_how_many_may_be() -> None:
    con, unc, *_ = sources(40)
    with pytest.raises(BilanError, match="1 to 6"):
        receptor.pmf(receptor.speciation(con, unc), 7)


def test_the_reference_files_are_of_the_size_they_are_said_to_be() -> None:
    assert Path(shared_data("pmf_receptor")).is_dir()
    assert example("Baton Rouge")[0].concentration.shape == (307, 41)
    assert example("Baltimore")[0].concentration.shape == (630, 26)
