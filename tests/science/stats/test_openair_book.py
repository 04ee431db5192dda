"""What the openair book prints for its example data is what we compute from the same data.

Source: D. C. Carslaw, The openair book, https://openair-project.github.io/book (repository openair-project/book); each test names
the chapter.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

from bilan.science import stats
from tests.science.stats.r_random import R
from tests.shared import shared_data

WIND = {"speed": "ws", "direction": "wd"}


@cache
def mydata() -> pl.DataFrame:
    return pl.read_csv(shared_data("openair_mydata", "mydata.csv.gz"), try_parse_dates=True, infer_schema_length=None)


def test_wind_rose_of_the_book() -> None:
    """Chapter Wind and pollution roses, figure of windRose(mydata): "mean = 4.4887, calm = 0.1%" and the paddles read off its SVG."""
    rose = stats.wind_rose(mydata(), **WIND)
    assert round(rose.mean, 2) == 4.49
    assert round(rose.calm, 1) == 0.1
    # One per cent is 4.7836 points, the paddles begin 9.715 points from the centre (146.871, 138.555).
    edges = {0.0: [118.477, 103.168, 95.781, 93.371], 180.0: [166.422, 183.328, 197.188]}
    read = {0.0: [(138.555 - y - 9.715) / 4.7836 for y in edges[0.0]], 90.0: (180.246 - 146.871 - 9.715) / 4.7836}
    read[270.0] = (146.871 - 81.895 - 9.715) / 4.7836
    read[180.0] = (197.188 - 138.555 - 9.715) / 4.7836
    # The book divides by all hours with a speed, we by those that also have a direction.
    hours = mydata().drop_nulls(["ws", "wd"]).height / mydata()["ws"].drop_nulls().len()
    shares = rose.data.with_columns(pl.col("share") * hours)
    totals = dict(shares.group_by("sector").agg(pl.col("share").sum()).iter_rows())
    assert [totals[sector] for sector in (90.0, 180.0, 270.0)] == pytest.approx([read[90.0], read[180.0], read[270.0]], abs=0.02)
    assert shares.filter(sector=0.0)["share"].cum_sum().to_list() == pytest.approx(read[0.0], abs=0.02)


def test_time_variation_of_the_book() -> None:
    """Chapter Temporal variations, printed head of timeVariation(mydata, pollutant = "so2")$data$day.hour; intervals by bootstrap."""
    data = stats.time_variation(mydata(), "so2", time="date").data.filter(part="weekday_hour", hour=0).sort("weekday").head(6)
    assert data["value"].round(2).to_list() == [2.93, 3.21, 3.35, 3.22, 3.64, 4.25]
    assert data["lower"].to_list() == pytest.approx([2.70, 2.98, 3.12, 3.00, 3.31, 3.94], abs=0.08)
    assert data["upper"].to_list() == pytest.approx([3.27, 3.52, 3.59, 3.53, 3.89, 4.56], abs=0.08)


def test_trend_of_ozone_of_the_book() -> None:
    """Chapter Theil-Sen trends: "0.37 (ppb) per year and the 95% confidence intervals in the slope from 0.22-0.50", significant to 0.001.

    The book takes the season out by STL first, so the estimates differ; each lies within the interval of the other.
    """
    found = stats.trend(mydata(), "o3", time="date")
    assert 0.22 < found.slope < 0.50
    assert found.lower < 0.37 < found.upper
    assert found.p <= 0.001
    assert found.p_kendall < 0.01


def test_trend_of_ozone_by_wind_of_the_book() -> None:
    """Chapter Theil-Sen trends, printed table by eight sectors: mean concentration, slope per day and its upper bound."""
    printed = {
        "N": (9.82, 0.00240, 0.00294),
        "NE": (9.77, 0.00198, 0.00297),
        "E": (6.08, 0.00113, 0.00154),
        "SE": (5.79, 0.000125, 0.000385),
    }
    printed |= {"S": (5.06, 0.000118, 0.000294), "SW": (4.77, 0.000225, 0.000459)}
    printed |= {"W": (5.62, 0.000513, 0.000691), "NW": (9.79, 0.00168, 0.00234)}
    sector = ((pl.col("wd") + 22.5) // 45 % 8).cast(pl.Int64)
    rows = mydata().drop_nulls("wd").with_columns(sector.alias("sector"))
    found = {name: stats.trend(rows.filter(sector=at), "o3", time="date", resamples=200) for at, name in enumerate(printed)}
    for name, (mean, slope, upper) in printed.items():
        assert found[name].data["value"].mean() == pytest.approx(mean, rel=0.02)
        assert found[name].lower < slope * 365.25 < found[name].upper
        assert found[name].slope < upper * 365.25
    assert np.corrcoef([one.slope for one in found.values()], [slope for _, slope, _ in printed.values()])[0, 1] > 0.95
    assert {name for name, one in found.items() if one.sign == 1} >= {"N", "NE", "NW", "W"}
    assert {name for name, one in found.items() if one.sign == 0} >= {"S", "SE"}


def test_polar_plots_of_the_book() -> None:
    """Chapter Polar plots: highest NOx "from the south-west"; SO2 "high concentrations with high wind speeds from the east"."""
    nox = stats.polar_plot(mydata(), "nox", **WIND)
    assert 200 <= nox.direction <= 250
    so2 = stats.polar_plot(mydata(), "so2", **WIND)
    assert 70 <= so2.direction <= 120
    assert so2.speed > 8


def test_probability_of_the_book() -> None:
    """Chapter Polar plots, CPF: the 90th percentile of SO2 is "9.2 ppb in this case"; high probabilities lie to the east."""
    found = stats.conditional_probability(mydata(), "so2", percentile=90, **WIND)
    assert found.threshold is not None
    assert found.threshold[0] == pytest.approx(9.2, abs=0.051)
    assert 70 <= found.direction <= 120


def test_cpf_of_the_book() -> None:
    """Chapter Percentile roses: high SO2 "dominated by easterly wind directions", CO and NOx "by south/south-westerly winds"."""
    found = {value: stats.cpf(mydata(), value, percentile=95, **WIND).direction for value in ("so2", "co", "nox", "o3")}
    assert 60 <= found["so2"] <= 130
    assert 170 <= found["co"] <= 250
    assert 170 <= found["nox"] <= 250
    assert found["o3"] <= 60 or found["o3"] >= 300


def test_source_of_nox() -> None:
    """The same direction with its interval: weeks resampled keep the south-west."""
    found = stats.source_direction(mydata(), "nox", time="date", resamples=50, **WIND)
    assert 200 <= found.lower <= found.direction <= found.upper <= 250


def test_model_statistics_of_the_book() -> None:
    """Chapter Model evaluation: set.seed(10) and five models; the printed table of modStats."""
    source = R(10)
    observed = 100 * source.runif(100)
    assert observed[:6].tolist() == pytest.approx([50.747820, 30.676851, 42.690767, 69.310208, 8.513597, 22.543662], abs=1e-6)
    models = [observed + 10, observed + 20 * source.rnorm(100), observed - 10 * source.rnorm(100)]
    models += [observed / 2 + 10 * source.rnorm(100), observed * 1.5 + 3 * source.rnorm(100)]
    rows = pl.concat([pl.DataFrame({"observed": observed, "modelled": told, "model": f"model {at + 1}"}) for at, told in enumerate(models)])
    data = stats.model_statistics(rows, by="model").data
    printed = {
        "fac2": [0.89, 0.79, 0.88, 0.56, 0.96],
        "mb": [10, 0.922, 1.01, -20.6, 22.5],
        "mge": [10, 16.6, 7.89, 21.9, 22.6],
        "nmb": [0.225, 0.0207, 0.0228, -0.463, 0.506],
        "nmge": [0.225, 0.373, 0.177, 0.491, 0.507],
        "rmse": [10, 19.3, 9.45, 25.8, 26.1],
        "r": [1, 0.826, 0.937, 0.814, 0.996],
        "coe": [0.538, 0.234, 0.636, -0.00933, -0.0420],
    }
    shown = {name: [float(f"{value:.3g}") for value in data[name]] for name in printed}
    assert shown == printed
    assert data["n"].to_list() == [100] * 5
