"""The composite index equals the one published in municipal bulletins, for the concentrations printed beside it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from bilan.science import air

BULLETINS = [
    # Heyuan, www.heyuan.gov.cn: October 2023, March 2024, January 2023, February 2022, January 2021, September 2024.
    ("东源县", date(2023, 10, 1), 10, 11, 25, 14, 0.7, 112, 2.09),
    ("和平县", date(2023, 10, 1), 7, 19, 37, 24, 1.0, 118, 2.81),
    ("连平县", date(2023, 10, 1), 8, 11, 25, 18, 0.8, 102, 2.12),
    ("龙川县", date(2023, 10, 1), 6, 8, 29, 16, 0.8, 102, 2.01),
    ("紫金县", date(2023, 10, 1), 6, 7, 24, 15, 0.9, 96, 1.87),
    ("源城区", date(2023, 10, 1), 6, 15, 32, 22, 0.8, 107, 2.44),
    ("河源市", date(2023, 10, 1), 6, 13, 33, 22, 0.8, 108, 2.40),
    ("东源县", date(2024, 3, 1), 8, 18, 35, 13, 1.1, 107, 2.40),
    ("和平县", date(2024, 3, 1), 6, 19, 44, 20, 1.2, 104, 2.73),
    ("连平县", date(2024, 3, 1), 6, 15, 30, 19, 0.9, 104, 2.32),
    ("龙川县", date(2024, 3, 1), 7, 13, 34, 15, 1.0, 82, 2.12),
    ("紫金县", date(2024, 3, 1), 6, 9, 29, 17, 1.0, 96, 2.07),
    ("河源市", date(2024, 3, 1), 6, 14, 40, 23, 1.0, 110, 2.62),
    ("东源县", date(2023, 1, 1), 8, 8, 38, 27, 1.0, 98, 2.50),
    ("和平县", date(2023, 1, 1), 9, 17, 49, 36, 0.9, 98, 3.13),
    ("连平县", date(2023, 1, 1), 7, 13, 41, 27, 0.8, 93, 2.58),
    ("龙川县", date(2023, 1, 1), 6, 13, 42, 29, 0.9, 94, 2.66),
    ("紫金县", date(2023, 1, 1), 7, 7, 39, 28, 1.2, 86, 2.50),
    ("源城区", date(2023, 1, 1), 5, 15, 45, 29, 0.9, 96, 2.75),
    ("河源市", date(2023, 1, 1), 5, 14, 48, 30, 1.0, 98, 2.84),
    ("河源市", date(2022, 2, 1), 3, 13, 16, 13, 0.9, 87, 1.73),
    ("河源市", date(2021, 1, 1), 10, 33, 63, 36, 1.1, 128, 4.00),
    ("东源县", date(2024, 9, 1), 5, 9, 28, 9, 0.6, 106, 1.77),
    # Wuyuan, www.wuyuan.gov.cn, September 2023.
    ("婺源县", date(2023, 9, 1), 11, 16, 40, 16, 0.6, 139, 2.63),
]
"""Place, month, SO2, NO2, PM10, PM2.5 [µg/m³], CO 95th percentile [mg/m³], O3 90th percentile [µg/m³], published composite index."""

RANKS = {"紫金县": 1, "龙川县": 2, "东源县": 3, "连平县": 4, "源城区": 5, "和平县": 6}
"""Published ranks of October 2023."""


@pytest.fixture(scope="module")
def index() -> pl.DataFrame:
    columns = ["point", "day", "so2", "no2", "pm10", "pm25", "co", "o3_8h", "official"]
    months = pl.DataFrame(BULLETINS, schema=columns, orient="row")
    found = air.composite_index(months.drop("official"), "month")
    return found.join(months.select("point", "official", period="day"), on=["point", "period"])


def test_every_published_index_is_equal(index):
    assert index.height == len(BULLETINS) == 24
    assert index.filter(pl.col("composite") != pl.col("official")).is_empty()


def test_the_ranks_are_the_published_ones(index):
    month = index.filter((pl.col("period") == date(2023, 10, 1)) & (pl.col("point") != "河源市"))
    assert dict(air.rank(month).select("point", "rank").rows()) == RANKS


def test_ties_share_the_published_first_rank(index):
    month = index.filter((pl.col("period") == date(2023, 1, 1)) & (pl.col("point") != "河源市"))
    ranks = dict(air.rank(month).select("point", "rank").rows())
    assert ranks["东源县"] == ranks["紫金县"] == 1
