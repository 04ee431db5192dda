"""One text of every rule, the same result on Polars and on DuckDB."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.science import water

BEGIN = datetime(2025, 1, 3)


@pytest.fixture(scope="module")
def samples():
    return pl.DataFrame(
        [
            {
                "point": f"断面{point}",
                "basin": "甲" if point < 6 else "乙",
                "lake": f"湖{point % 3}",
                "city": f"市{point % 4}",
                "section_type": "lake" if point % 3 == 0 else "river",
                "target_class": point % 4 + 1,
                "start": BEGIN + timedelta(days=20 * day),
                "ph": 6.1 + (point * day) % 7 / 2,
                "do": 3.0 + (point + day) % 6,
                "codmn": 1.5 + (point * 3 + day) % 9,
                "nh3n": 0.1 * ((point + 2 * day) % 17),
                "tp": None if point == day else 0.013 * ((point * day) % 19),
                "tn": 0.3 * (point + 1),
                "cn": 0.05 * point,
                "chla": 0.002 * (day + 1),
                "sd": 0.2 * (point + 1),
                "depth": 1.0,
            }
            for point in range(9)
            for day in range(19)
        ]
    )


def monthly(frame):
    return water.evaluate_periods(frame, "month")


RULES = {
    "classify": lambda frame: water.classify(frame, against="target"),
    "describe": lambda frame: water.describe(water.classify(frame)),
    "month": monthly,
    "year": lambda frame: water.evaluate_periods(frame, "year"),
    "basins": lambda frame: water.evaluate_basins(monthly(frame), ["basin", "start"]),
    "lakes": lambda frame: water.evaluate_lakes(frame, "quarter"),
    "trophic": lambda frame: water.trophic_index(frame, partial=True),
    "city": water.city_index,
    "attainment": lambda frame: water.attainment(water.classify(frame), "basin"),
    "trend": lambda frame: water.spearman_trend(frame, "nh3n"),
    "black_odorous": lambda frame: water.black_odorous_points(water.black_odorous(frame)),
    "learn": lambda frame: water.learn_section_types(frame, official="target_class"),
    "compare": lambda frame: water.compare_published(frame, official="target_class"),
    "rounded": water.rounded_means,
}


@pytest.mark.parametrize("name", RULES)
def test_duckdb_and_polars_agree(name, samples):
    ours = RULES[name](samples)
    theirs = RULES[name](duckdb.sql("SELECT * FROM samples")).pl()
    order = [column for column in ("point", "basin", "lake", "city", "start") if column in ours.columns]
    assert ours.height > 0
    assert_frame_equal(ours.sort(order), theirs.sort(order), check_dtypes=False, check_column_order=False, rel_tol=1e-9)


def test_a_lazy_frame_stays_lazy(samples):
    assert isinstance(water.classify(samples.lazy()), pl.LazyFrame)
