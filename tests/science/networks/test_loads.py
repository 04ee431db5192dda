"""Loads against the numbers that EGRET (USGS) publishes for the same samples and flows."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.stats import norm

from bilan.problems import BilanError
from bilan.science import networks
from bilan.science.networks.regression import fit
from tests.shared import shared_data

# Vignette "Seasonal Analysis in EGRET" (doi-usgs.github.io/EGRET/articles/SeasonalFraction.html), table of water years of the Choptank
# River, nitrate: mean concentration, flow-normalised concentration [mg/L], load, flow-normalised load [10^6 kg/a]. Its stored model has
# half windows of ten years and no adjustment of the edges, the defaults of the version it was made with.
VIGNETTE = {
    1980: (0.949, 1.003, 0.1154, 0.106),
    1981: (1.035, 0.999, 0.0675, 0.108),
    1982: (1.036, 0.993, 0.0985, 0.110),
    1983: (1.007, 0.993, 0.1329, 0.112),
    1984: (0.990, 1.002, 0.1597, 0.114),
    1985: (1.057, 1.017, 0.0489, 0.116),
    1986: (1.062, 1.038, 0.0903, 0.119),
    1990: (1.115, 1.125, 0.1349, 0.129),
    1996: (1.134, 1.213, 0.1980, 0.135),
    1999: (1.277, 1.238, 0.0919, 0.138),
    2006: (1.382, 1.362, 0.1409, 0.147),
    2009: (1.409, 1.419, 0.1328, 0.149),
    2010: (1.323, 1.438, 0.2236, 0.149),
    2011: (1.438, 1.457, 0.1554, 0.148),
}


def record(name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    flows = pl.read_csv(shared_data("river_flow_quality_usgs", f"{name}_daily_flow.csv.gz"), try_parse_dates=True)
    samples = pl.read_csv(shared_data("river_flow_quality_usgs", f"{name}_samples.csv.gz"), try_parse_dates=True)
    return samples.select(day="date", value="ConcHigh", censored=pl.col("Uncen") == 0), flows.rename(
        dict(zip(flows.columns, ("day", "flow"), strict=True))
    )


@cache
def arkansas() -> networks.Loads:
    return networks.loads(*record("arkansas_ammonia"), windows=networks.Windows(years=5, logarithms=3, season=0.25))


def test_choptank_nitrate_year_by_year_as_the_vignette_prints_it() -> None:
    found = networks.loads(*record("choptank_nitrate"), windows=networks.Windows(years=10, edges=False)).years()
    assert found["year"].to_list() == list(range(1980, 2012))
    for row in found.iter_rows(named=True):
        if row["year"] in VIGNETTE:
            ours = (row["concentration"], row["normal_concentration"], row["load"] / 1e6, row["normal_load"] / 1e6)
            assert ours == pytest.approx(VIGNETTE[row["year"]], rel=0.006)


def test_arkansas_ammonia_half_of_it_below_the_limit_as_the_test_suite_of_egret_has_it() -> None:
    # EGRET, tests/testthat/tests_modelEstimation.R, "modelEstimation window params work": means over the days, the flow taken as it stands.
    days = arkansas().days
    assert record("arkansas_ammonia")[0]["censored"].mean() > 0.4
    assert days["logarithm"].mean() == pytest.approx(-3.471, abs=0.004)
    assert days["error"].mean() == pytest.approx(0.6753, rel=0.008)
    assert days["concentration"].mean() == pytest.approx(0.04439, rel=0.002)
    assert days["load"].mean() == pytest.approx(205_300, rel=0.002)
    assert days["normal_concentration"].mean() == pytest.approx(0.04451, rel=0.002)
    assert days["normal_load"].mean() == pytest.approx(200_100, rel=0.002)


def test_years_add_up_and_the_order_of_samples_counts_nothing() -> None:
    days, years = arkansas().days, arkansas().years(1)
    one = days.filter(pl.col("day").dt.year() == 2000)
    assert years.filter(year=2000)["load"].item() == pytest.approx(one["load"].sum())
    months = arkansas().months().filter(pl.col("month").dt.year() == 2000)
    assert months.height == 12
    assert months["load"].sum() == pytest.approx(one["load"].sum())
    samples, flows = record("arkansas_ammonia")
    first = networks.loads(samples, flows, method="rating").days["load"]
    assert first.equals(networks.loads(samples.reverse(), flows, method="rating").days["load"]) or first.to_numpy() == pytest.approx(
        networks.loads(samples.reverse(), flows, method="rating").days["load"].to_numpy(), rel=1e-9
    )


def test_rating_curve_comes_near_the_surface_where_the_curve_is_simple() -> None:
    found = networks.loads(*record("choptank_nitrate"), method="rating")
    # EGRET, tests_modelEstimation.R, "correct values with default args": mean daily load 366.5 kg/d.
    assert found.days["load"].mean() == pytest.approx(366.5, rel=0.06)
    assert abs(found.bias) < 0.05


def test_rating_curve_finds_its_own_coefficients_and_corrects_the_bias() -> None:
    random = np.random.default_rng(1)
    days = pl.date_range(date(2015, 1, 1), date(2024, 12, 31), eager=True).alias("day")
    flow = np.exp(random.normal(1.0, 0.8, len(days)))
    truth = np.exp(0.3 - 0.2 * np.log(flow) + 0.5 * random.normal(size=len(days)))
    flows = pl.DataFrame({"day": days, "flow": flow})
    samples = pl.DataFrame({"day": days, "value": truth})[::7]
    limited = samples.with_columns(value=pl.col("value").clip(0.6), censored=pl.col("value") < 0.6)
    for given in (samples, limited):
        found = networks.loads(given, flows, method="rating")
        assert found.days["load"].sum() == pytest.approx((truth * flow).sum() * 86.4, rel=0.06)


def test_censored_regression_is_the_maximum_of_the_likelihood() -> None:
    random = np.random.default_rng(2)
    terms = np.column_stack([np.ones(80), random.normal(size=80)])
    values = terms @ [1.0, 0.5] + 0.7 * random.normal(size=80)
    censored, weights = values < 0.6, random.uniform(0.2, 2.0, 80)
    values = np.where(censored, 0.6, values)

    def loss(guess: np.ndarray) -> float:
        scaled = (values - terms @ guess[:2]) / np.exp(guess[2])
        return -float((weights * np.where(censored, norm.logcdf(scaled), norm.logpdf(scaled) - guess[2])).sum())

    best = minimize(loss, [0.0, 0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000})
    found = fit(terms, values, censored, weights[None, :])
    assert found.coefficients[0] == pytest.approx(best.x[:2], abs=1e-4)
    assert found.errors[0] == pytest.approx(np.exp(best.x[2]), rel=1e-4)


def test_the_unit_of_flow_changes_no_concentration() -> None:
    samples, flows = record("arkansas_ammonia")
    feet, metres = (
        networks.loads(samples, flows, method="rating"),
        networks.loads(samples, flows.with_columns(pl.col("flow") * 0.028316846592), method="rating"),
    )
    assert metres.days["concentration"].to_numpy() == pytest.approx(feet.days["concentration"].to_numpy(), rel=1e-6)


def test_years_are_drawn() -> None:
    figure = networks.load_figure(arkansas())
    assert figure.data.height == 23
    assert figure.option("zh-hans")


def test_what_is_missing_is_said() -> None:
    flows = pl.DataFrame({"day": pl.date_range(date(2024, 1, 1), date(2024, 12, 31), eager=True), "flow": 1.0})
    samples = flows.gather_every(10).select("day", value=pl.lit(0.5))
    with pytest.raises(BilanError, match="too few"):
        networks.loads(samples, flows)
    with pytest.raises(BilanError, match="above zero"):
        networks.loads(samples.with_columns(value=pl.lit(0.0)), flows)
    with pytest.raises(BilanError, match="2025-01-01"):
        networks.loads(pl.DataFrame({"day": [date(2025, 1, 1)], "value": [1.0]}), flows)
    with pytest.raises(BilanError, match="flow"):
        networks.loads(samples, flows.rename({"flow": "q"}))
