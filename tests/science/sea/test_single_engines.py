"""One text of every rule of sea and groundwater, the same result on Polars and on DuckDB."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.science import groundwater, sea

BEGIN = datetime(2025, 1, 3)


@pytest.fixture(scope="module")
def stations():
    return pl.DataFrame(
        [
            {
                "point": f"S{point}",
                "bay": "甲" if point < 6 else "乙",
                "target_class": point % 4 + 1,
                "start": BEGIN + timedelta(days=29 * day),
                "ph": 7.5 + (point * day) % 7 / 5,
                "do": 2.5 + (point + day) % 6,
                "cod": 0.7 + (point * 3 + day) % 9 / 2,
                "codmn": 0.7 + (point * 3 + day) % 9 / 2,
                "din": None if point == day else 0.05 * ((point + 2 * day) % 17),
                "dip": 0.004 * ((point * day) % 19),
                "wt_rise": 0.5 * (day % 9),
                "las": 0.05 * (point % 3),
                "nh3n": 0.1 * ((point + 2 * day) % 17),
                "tc": 10.0 * (point * day),
                "chla": 0.002 * (day + 1),
                "do_saturation": 90.0 + day * 3,
                "algae": 1e5 * day,
                "organism": "size_30",
            }
            for point in range(9)
            for day in range(13)
        ]
    )


RULES = {
    "judge": lambda frame: sea.judge(frame, targeted=True),
    "shellfish": lambda frame: sea.judge(frame, use="shellfish"),
    "season": lambda frame: sea.evaluate_periods(frame, "season"),
    "year": lambda frame: sea.evaluate_periods(frame, "year"),
    "zones": lambda frame: sea.evaluate_zones(sea.evaluate_periods(frame, "quarter"), ["bay", "start"]),
    "whole": lambda frame: sea.evaluate_zones(sea.judge(frame)),
    "bulletin": sea.eutrophication,
    "hj442": lambda frame: sea.eutrophication(frame, "hj442"),
    "red tide": sea.red_tide_risk,
    "wells": groundwater.judge,
    "well months": lambda frame: groundwater.evaluate_periods(frame, "month"),
    "well areas": lambda frame: groundwater.evaluate_areas(groundwater.judge(frame), "bay"),
    "score": lambda frame: groundwater.composite_score(groundwater.judge(frame)),
}


@pytest.mark.parametrize("name", RULES)
def test_duckdb_and_polars_agree(name, stations):
    ours = RULES[name](stations)
    theirs = RULES[name](duckdb.sql("SELECT * FROM stations")).pl()
    order = [column for column in ("point", "bay", "start") if column in ours.columns]
    assert ours.height > 0
    assert_frame_equal(ours.sort(order), theirs.sort(order), check_dtypes=False, check_column_order=False, rel_tol=1e-9)


def test_a_lazy_frame_stays_lazy(stations):
    assert isinstance(sea.judge(stations.lazy()), pl.LazyFrame)
