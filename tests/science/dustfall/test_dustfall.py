"""Dustfall against the monthly notices of the ministry and the method."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science import dustfall


def test_one_gram_in_a_jar_of_fifteen_centimetres():
    """1 g over 176.7 cm² in 30 days is 10⁻⁶ t over 1.767·10⁻⁸ km²; half the days double it (HJ 1221-2021)."""
    assert dustfall.deposition(1.0, 176.7, 30) == pytest.approx(1e-6 / 176.7e-10)
    assert dustfall.deposition(1.0, 176.7, 15) == pytest.approx(2 * 1e-6 / 176.7e-10)
    for mass, area, days in ((-0.1, 176.7, 30), (0.1, 0.0, 30), (0.1, 176.7, float("nan"))):
        with pytest.raises(BilanError):
            dustfall.deposition(mass, area, days)


def test_cities_of_april_2020():
    """Notice of the ministry, April 2020: 6.9 to 15.8 in the 2+26 cities, 4.8 to 10.4 in the Fenwei plain, target 9.0."""
    cities = pl.DataFrame({"dustfall": [6.9, 9.0, 15.8]})
    assert dustfall.judge(cities, "jjj", day=date(2020, 4, 1))["attained"].to_list() == [True, True, False]
    assert dustfall.judge(pl.DataFrame({"dustfall": [4.8, 10.4]}), "fenwei")["attained"].to_list() == [True, False]


def test_after_the_plan_there_is_no_target():
    found = dustfall.judge(pl.DataFrame({"dustfall": [15.8]}), "jjj", day=date(2026, 4, 1))
    assert found.select("limit_dustfall", "attained", "valid").row(0) == (None, None, False)


def test_unverified_targets_say_so():
    found = dustfall.judge(pl.DataFrame({"dustfall": [5.04, 5.06, -1.0, None]}), "yrd")
    assert found["attained"].to_list() == [True, False, None, None]
    assert set(found["unverified"]) == {"dustfall_targets yrd"}
    with pytest.raises(BilanError):
        dustfall.judge(found, "prd")
