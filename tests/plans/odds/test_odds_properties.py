"""What holds of odds whatever the numbers: within 0 and 1, falling with the gap, silent where too little is known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.plans.odds import Aim, Period, Stand, Why, classes, counts, yearly
from bilan.plans.odds.classes import ClassRule

YEAR = Period.year(2025)
TODAY = date(2025, 7, 1)
FEW = settings(max_examples=15, deadline=None)
GRADES = st.lists(st.lists(st.integers(1, 6), min_size=30, max_size=30), min_size=2, max_size=3)
FIGURES = st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3)), min_size=4, max_size=12)


def sampled(grades: list[list[int]]) -> pl.DataFrame:
    """Thirty months of sections up to June 2025."""
    days = [date(2023 + month // 12, month % 12 + 1, 1) for month in range(30)]
    rows = [(day, f"S{number}", grade) for number, row in enumerate(grades) for day, grade in zip(days, row, strict=True)]
    return pl.DataFrame(rows, schema=["day", "station", "value"], orient="row")


def said(stand: Stand) -> float:
    """The probability, which must be one."""
    assert stand.probability is not None
    assert 0.0 <= stand.probability <= 1.0
    return stand.probability


@FEW
@given(grades=GRADES, whole=st.booleans(), worse=st.booleans())
def test_a_share_of_classes_is_the_less_likely_the_more_is_asked(grades: list[list[int]], *, whole: bool, worse: bool) -> None:
    rule = ClassRule(whole=whole, worse=worse)
    asked = [said(classes.stand(sampled(grades), YEAR, TODAY, Aim(">=", share), rule)) for share in (20.0, 50.0, 90.0)]
    assert asked == sorted(asked, reverse=True)
    ceilings = [said(classes.stand(sampled(grades), YEAR, TODAY, Aim("<=", share), rule)) for share in (20.0, 50.0, 90.0)]
    assert ceilings == sorted(ceilings)


@FEW
@given(steps=st.lists(st.integers(0, 40), min_size=12, max_size=30))
def test_a_count_is_the_less_likely_the_more_is_missing(steps: list[int]) -> None:
    days = [date(2023 + number // 12, number % 12 + 1, 28) for number in range(len(steps))]
    history = pl.DataFrame({"day": days, "value": pl.Series(steps, dtype=pl.Float64).cum_sum()})
    found = [counts.stand(history, YEAR, date(2025, 7, 1), Aim(">=", sum(steps) + more)) for more in (1.0, 20.0, 400.0)]
    odds = [one.probability for one in found if one.probability is not None]
    assert odds == sorted(odds, reverse=True)
    assert all(0.0 <= value <= 1.0 for value in odds)
    assert len(odds) in (0, 3)


@FEW
@given(figures=FIGURES, ahead=st.integers(1, 6))
def test_a_yearly_figure_is_the_less_likely_the_more_is_missing(figures: list[float], ahead: int) -> None:
    values = {2024 - place: value for place, value in enumerate(reversed(figures))}
    gaps = (-1e5, 0.0, 1e5)
    floors = [said(yearly.stand(values, 2024 + ahead, TODAY, Aim(">=", values[2024] + gap))) for gap in gaps]
    ceilings = [said(yearly.stand(values, 2024 + ahead, TODAY, Aim("<=", values[2024] + gap))) for gap in gaps]
    assert floors == sorted(floors, reverse=True)
    assert ceilings == sorted(ceilings)


@FEW
@given(figures=FIGURES)
def test_no_worse_than_now_is_a_floor_or_a_ceiling_of_what_was_reached(figures: list[float]) -> None:
    values = {2024 - place: value for place, value in enumerate(reversed(figures))}
    kept, risen = (yearly.stand(values, 2025, TODAY, Aim(comparator, values[2024])) for comparator in (">=", "<="))
    assert kept.gap == risen.gap == 0.0
    assert said(kept) + said(risen) >= 0.99


def test_no_worse_for_classes_that_stand_still_is_likely() -> None:
    rows = sampled([[2] * 30, [3] * 30, [5] * 30])
    assert said(classes.stand(rows, YEAR, TODAY, Aim(">=", 66.7, decimals=1), ClassRule())) > 0.6


def test_months_without_samples_widen_but_do_not_silence() -> None:
    rows = sampled([[2, 4] * 15, [2] * 30, [3] * 30])
    gappy = rows.filter(~pl.col("day").dt.month().is_in([4, 5, 6]) | (pl.col("day").dt.year() < 2025))
    whole, holed = (classes.stand(one, YEAR, TODAY, Aim(">=", 60.0), ClassRule()) for one in (rows, gappy))
    assert 0.0 < said(holed) < 1.0
    assert whole.through == holed.through


@pytest.mark.parametrize("value", [None, float("nan")])
def test_values_that_are_missing_are_no_samples(value: float | None) -> None:
    rows = sampled([[2] * 30]).with_columns(pl.lit(value, dtype=pl.Float64).alias("value"))
    assert classes.stand(rows, YEAR, TODAY, Aim(">=", 60.0), ClassRule()).why == Why.NO_DATA


def test_years_that_are_missing_are_bridged_and_too_few_are_none() -> None:
    values = {2015: 10.0, 2017: 12.0, 2020: 15.0, 2024: 19.0}
    assert 0.0 < said(yearly.stand(values, 2025, TODAY, Aim(">=", 19.5))) < 1.0
    assert yearly.stand({2015: 10.0, 2020: 15.0, 2024: 19.0}, 2025, TODAY, Aim(">=", 19.5)).why == Why.FEW_YEARS


def test_a_steady_register_is_trusted_more_than_one_filled_in_campaigns() -> None:
    days = [date(2023 + number // 12, number % 12 + 1, 28) for number in range(30)]
    steady = pl.DataFrame({"day": days, "value": [10.0 * number for number in range(30)]})
    bursts = steady.with_columns(value=(pl.col("value") // 60.0) * 60.0)
    asked = Aim(">=", 330.0)
    assert said(counts.stand(steady, YEAR, TODAY, asked)) > said(counts.stand(bursts, YEAR, TODAY, asked))
