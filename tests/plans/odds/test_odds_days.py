"""Targets made of days: what is certain, what is needed, and that chances are believed neither too much nor too little."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from bilan.plans.odds import Aim, Kind, Period, Why, deciding
from bilan.plans.odds.days import DayRule, Outlook, outlook, stand

YEAR = Period.year(2025)
SHARE = DayRule(Kind.SHARE_OF_DAYS, "aqi", limit=100.0)
MEAN = DayRule(Kind.MEAN, "pm25")


def rows(values: np.ndarray, first: date = date(2023, 1, 1)) -> pl.DataFrame:
    return pl.DataFrame({"day": [first + timedelta(days=int(n)) for n in range(len(values))], "value": values.astype(float)})


def weather(seed: int, days: int, mean: float = 30.0) -> np.ndarray:
    """Days that hang together and have a winter, made without the model under test."""
    random = np.random.default_rng(seed)
    swing, found = 0.0, []
    for day in range(days):
        swing = 0.6 * swing + random.normal(0, 0.3)
        found.append(mean * np.exp(0.3 * np.cos(2 * np.pi * day / 365.25) + swing))
    return np.array(found)


def test_share_that_can_no_longer_be_missed_is_sure():
    history = rows(np.full(731 + 350 - 1, 50.0))
    said = stand(outlook(history, YEAR, date(2025, 12, 16), SHARE), Aim(">=", 90.0, decimals=1), SHARE)
    assert (said.probability, said.why) == (1.0, Why.SURE)
    # Of 365 days a tenth may be bad, and 0.05 points of rounding add none.
    assert (said.affordable, said.left, said.value) == (36, 16, 100.0)


def test_share_that_is_lost_is_told_so():
    values = np.concatenate([np.full(731, 50.0), np.full(100, 150.0)])
    said = stand(outlook(rows(values), YEAR, date(2025, 4, 11), SHARE), Aim(">=", 90.0), SHARE)
    assert (said.probability, said.why, said.affordable) == (0.0, Why.SURE, 36 - 100)


def test_mean_needed_of_the_rest():
    values = np.concatenate([np.full(731, 20.0), np.full(181, 25.0)])
    said = stand(outlook(rows(values), YEAR, date(2025, 7, 1), MEAN), Aim("<=", 22.0), MEAN)
    assert said.left == 184
    assert said.needed == pytest.approx((22.0 * 365 - 25.0 * 181) / 184)
    assert said.gap == pytest.approx(3.0)


def test_rounding_belongs_to_the_promise():
    values = np.concatenate([np.full(731, 20.0), np.full(364, 22.4)])
    said = stand(outlook(rows(values), YEAR, date(2025, 12, 31), MEAN), Aim("<=", 22.0, decimals=0), MEAN)
    assert said.probability is not None and said.probability > 0.95


def test_percentile_allows_a_tenth_of_the_days():
    rule = DayRule(Kind.PERCENTILE, "o3", percentile=90.0)
    values = np.concatenate([np.full(731, 80.0), np.full(200, 100.0)])
    said = stand(outlook(rows(values), YEAR, date(2025, 7, 20), rule), Aim("<=", 160.0), rule)
    # HJ 663-2013: rank 1 + 364 * 0.9 = 328.6 of 365, so 36 days may lie above whatever their height.
    assert said.affordable == 36


def test_past_year_is_decided():
    said = stand(outlook(rows(weather(1, 1200)), Period.year(2024), date(2026, 3, 1), MEAN), Aim("<=", 100.0), MEAN)
    assert (said.probability, said.why, said.left) == (1.0, Why.OVER, 0)


def test_little_history_is_no_ground():
    assert stand(outlook(rows(weather(1, 40)), YEAR, date(2023, 2, 10), MEAN), Aim("<=", 22.0), MEAN).why == Why.LITTLE_HISTORY
    assert outlook(rows(weather(1, 400)), YEAR, date(2026, 1, 1), MEAN) is None


def test_gaps_and_later_days_change_nothing_before():
    known, today, aim = rows(weather(3, 365 * 3)), date(2025, 8, 1), Aim("<=", 30.0)
    later = known.with_columns(pl.when(pl.col("day") >= today).then(pl.col("value") * 9).otherwise(pl.col("value")).alias("value"))
    assert stand(outlook(known, YEAR, today, MEAN), aim, MEAN) == stand(outlook(later, YEAR, today, MEAN), aim, MEAN)
    gaps = known.filter(pl.col("day").dt.day() != 7)
    assert stand(outlook(gaps, YEAR, today, MEAN), aim, MEAN).probability is not None


def test_forecast_moves_the_odds():
    history, today = rows(weather(4, 731 + 350)), date(2025, 12, 17)
    aim = Aim("<=", stand(outlook(history, YEAR, today, MEAN), Aim("<=", 30.0), MEAN).quantiles[0.5])
    bad = pl.DataFrame({"day": [today + timedelta(days=n) for n in range(5)], "value": [150.0] * 5})
    plain, warned = (stand(outlook(history, YEAR, today, MEAN, forecast=told), aim, MEAN).probability for told in (None, bad))
    assert plain is not None and warned is not None
    assert warned < 0.1 < plain


def test_chances_hold_on_weather_the_model_did_not_make():
    said, came = [], []
    for seed in range(40):
        values = weather(100 + seed, 365 * 2 + 366)
        days = outlook(rows(values), YEAR, date(2025, 3 + seed % 8, 1), MEAN, paths=300)
        assert isinstance(days, Outlook)
        truth = float(values[731 : 731 + 365].mean())
        middle = stand(days, Aim("<=", truth), MEAN).quantiles[0.5]
        for ratio in (0.96, 0.98, 1.0, 1.02, 1.04):
            aim = Aim("<=", middle * ratio)
            said.append(stand(days, aim, MEAN).probability)
            came.append(truth <= aim.value)
    assert abs(np.mean(np.array(said, dtype=float)) - np.mean(came)) < 0.12


def test_quantiles_rise_and_a_statement_can_be_made_again():
    days = [outlook(rows(weather(9, 800)), YEAR, date(2025, 3, 1), SHARE) for _ in range(2)]
    first, second = (stand(one, Aim(">=", 90.0), SHARE) for one in days)
    assert first == second
    assert list(first.quantiles.values()) == sorted(first.quantiles.values())


def test_what_decides():
    values = np.full(731 + 90, 50.0)
    values[740] = 150.0
    history = rows(values).with_columns(main=pl.when(pl.col("value") > 100).then(pl.lit("O3,PM2.5")).otherwise(None))
    today, aim = date(2025, 4, 1), Aim(">=", 99.0)
    assert deciding.days(history, YEAR, today, aim, SHARE) == [
        {"day": "2025-01-10", "value": 150.0, "cost": pytest.approx(100 / 90, abs=1e-3), "main": "O3,PM2.5"}
    ]
    assert [row["name"] for row in deciding.pollutants(history, YEAR, today, SHARE)] == ["O3", "PM2.5"]


def test_needed_cut_brings_even_odds():
    days = outlook(rows(weather(11, 850, mean=35.0)), YEAR, date(2025, 5, 1), MEAN)
    assert days is not None
    aim = Aim("<=", 30.0)
    share = deciding.cut(days, aim, MEAN)
    assert share is not None and 0.0 < share < 0.6
    lower = Outlook(days.past, days.coming * (1 - share), days.through, days.seen)
    assert stand(lower, aim, MEAN).probability == pytest.approx(0.5, abs=0.05)


def test_one_district_alone():
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(30)]
    parts = pl.DataFrame({"day": days * 2, "district": ["A"] * 30 + ["B"] * 30, "value": [40.0] * 30 + [20.0] * 30})
    city = pl.DataFrame({"day": days, "value": [30.0] * 30})
    found = deciding.districts(parts, city, YEAR, date(2025, 2, 1), 0.2)
    # A breathes two thirds of the city's load, so it must lower its own by 0.2 / (2/3).
    assert {row["district"]: row["alone"] for row in found} == {"A": pytest.approx(0.3, abs=1e-3), "B": pytest.approx(0.6, abs=1e-3)}
    assert {row["district"]: row["rank"] for row in found} == {"B": 1, "A": 2}
    assert all(row["alone"] is None for row in deciding.districts(parts, city, YEAR, date(2025, 2, 1), 0.9))
