"""Targets made of classes, of pieces that are done, and of figures that come once a year."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from bilan.plans.odds import Aim, Period, Why, classes, counts, yearly
from bilan.plans.odds.classes import ClassRule

YEAR = Period.year(2025)


def sections(grades: dict[str, int], first: int = 2022, months: int = 42) -> pl.DataFrame:
    """Months of sections that never change."""
    days = [date(first + month // 12, month % 12 + 1, 1) for month in range(months)]
    return pl.DataFrame([{"day": day, "station": name, "value": grade} for name, grade in grades.items() for day in days])


def edges(*names: str) -> pl.DataFrame:
    """Sections that are good in every second month."""
    days = [date(2022 + month // 12, month % 12 + 1, 1) for month in range(42)]
    return pl.DataFrame([{"day": day, "station": name, "value": 3 + day.month % 2} for name in names for day in days])


def growing(values: list[float], first: int = 2023) -> pl.DataFrame:
    return pl.DataFrame({"day": [date(first + n // 12, n % 12 + 1, 28) for n in range(len(values))], "value": values})


def test_steady_sections_are_nearly_certain():
    history = sections({f"S{n}": 2 for n in range(9)} | {"S9": 5})
    said = classes.stand(history, YEAR, date(2025, 7, 1), Aim(">=", 90.0), ClassRule())
    assert said.value == 90.0
    assert (said.left, said.affordable) == (60, 0)
    assert said.probability is not None and said.probability > 0.9
    lost = classes.stand(history, YEAR, date(2025, 7, 1), Aim(">=", 95.0), ClassRule())
    assert lost.probability is not None and lost.probability < 0.1


def test_a_section_on_the_edge_decides():
    history = pl.concat([sections({f"S{n}": 2 for n in range(9)}), edges("EDGE")])
    said = classes.stand(history, YEAR, date(2025, 7, 1), Aim(">=", 95.0), ClassRule())
    assert said.probability is not None and said.probability < 0.9
    assert said.deciding["sections"][0]["station"] == "EDGE"


def test_share_of_the_worse_goes_the_other_way():
    history = sections({"A": 2, "B": 2, "C": 2, "D": 6})
    said = classes.stand(history, YEAR, date(2025, 7, 1), Aim("<=", 25.0), ClassRule(limit=5, worse=True))
    assert said.value == pytest.approx(25.0)
    assert said.probability is not None and said.probability > 0.9


def test_campaigns_by_quarter_and_a_better_official_number():
    history = sections({"A": 1, "B": 2})
    rule = ClassRule(limit=1, whole=False, months=3)
    said = classes.stand(history, YEAR, date(2025, 7, 1), Aim(">=", 60.0), rule, official=62.0)
    assert (said.value, said.left) == (62.0, 4)
    assert said.quantiles[0.5] == pytest.approx(62.0, abs=13.0)


def test_few_samples_are_no_ground():
    assert classes.stand(sections({"A": 2}, months=3), YEAR, date(2025, 7, 1), Aim(">=", 90.0), ClassRule()).why == Why.LITTLE_HISTORY
    assert classes.stand(sections({"A": 2}).clear(), YEAR, date(2025, 7, 1), Aim(">=", 90.0), ClassRule()).why == Why.NO_DATA


def test_year_of_classes_that_is_over():
    said = classes.stand(sections({"A": 2, "B": 4}), Period.year(2024), date(2025, 7, 1), Aim(">=", 50.0), ClassRule())
    assert (said.value, said.probability, said.why) == (50.0, 1.0, Why.OVER)


def test_years_to_come_are_drawn_whole_and_the_further_the_wider():
    history = pl.concat([sections({f"S{n}": 2 for n in range(6)}), edges("E0", "E1", "E2", "E3")])
    near, far = (
        classes.stand(history, Period.year(year), date(2025, 7, 1), Aim(">=", 80.0), ClassRule(whole=False)) for year in (2026, 2028)
    )
    assert (near.value, near.why, near.left) == (None, "", 120)
    assert near.probability is not None and 0.2 < near.probability < 0.8
    assert far.quantiles[0.95] - far.quantiles[0.05] > near.quantiles[0.95] - near.quantiles[0.05]


def test_years_to_come_keep_what_the_official_number_has_over_the_classes():
    history, today, rule = sections({"A": 2, "B": 4}), date(2025, 7, 1), ClassRule()
    offset = classes.offset_of(history, YEAR, today, rule, official=57.5)
    assert offset == 7.5
    plain, moved = (classes.stand(history, Period.year(2026), today, Aim(">=", 50.0), rule, offset=over) for over in (0.0, offset))
    assert moved.quantiles[0.5] == pytest.approx(plain.quantiles[0.5] + 7.5)


def test_samples_of_one_month_count_once():
    monthly = sections({f"S{n}": 2 + n % 2 for n in range(6)})
    daily = pl.concat([monthly.with_columns(pl.col("day").dt.offset_by(f"{day}d")) for day in range(20)])
    said = [classes.stand(rows, YEAR, date(2025, 7, 1), Aim(">=", 90.0), ClassRule(limit=2)) for rows in (monthly, daily)]
    assert said[0] == said[1]


def test_pace_that_suffices_and_pace_that_does_not():
    history = growing([10.0 * month for month in range(30)])
    today = date(2025, 6, 28)
    near = counts.stand(history, YEAR, today, Aim(">=", 310.0))
    far = counts.stand(history, YEAR, today, Aim(">=", 500.0))
    assert near.probability is not None and near.probability > 0.9
    assert far.probability is not None and far.probability < 0.05
    assert near.needed == pytest.approx((310.0 - 290.0) / 7)


def test_standstill_has_no_pace_but_what_is_reached_is_reached():
    history, today = growing([50.0] * 30), date(2025, 6, 28)
    assert counts.stand(history, YEAR, today, Aim(">=", 60.0)).why == Why.NO_PACE
    assert counts.stand(history, YEAR, today, Aim(">=", 50.0)).probability == 1.0
    assert counts.stand(history.head(3), YEAR, date(2023, 4, 1), Aim(">=", 60.0)).why == Why.LITTLE_HISTORY


def test_share_never_passes_the_whole():
    history = growing([min(100.0, 60.0 + 1.5 * month) for month in range(26)])
    said = counts.stand(history, YEAR, date(2025, 2, 28), Aim(">=", 98.0), ceiling=100.0)
    assert max(said.quantiles.values()) <= 100.0


def test_filling_in_a_register_is_no_pace():
    history = growing([60.0] * 12 + [40.0] * 12).with_columns(size=pl.Series([100.0] * 12 + [150.0] * 12))
    assert counts.stand(history, YEAR, date(2025, 1, 28), Aim(">=", 50.0), ceiling=100.0).why == Why.NO_PACE
    moving = counts.stand(history.drop("size"), YEAR, date(2025, 1, 28), Aim(">=", 50.0), ceiling=100.0)
    assert moving.basis["pace"] < 0.0


def test_reported_figures_need_four_years():
    values = {2020: 60.0, 2021: 62.0, 2022: 64.5}
    assert yearly.stand(values, 2025, date(2025, 6, 1), Aim(">=", 70.0)).why == Why.FEW_YEARS
    said = yearly.stand(values | {2023: 66.0, 2024: 68.2}, 2025, date(2025, 6, 1), Aim(">=", 69.0))
    assert said.probability is not None and 0.6 < said.probability < 0.99
    assert said.needed == pytest.approx(0.8)


def test_reported_figure_of_the_year_itself_decides():
    said = yearly.stand({2024: 68.0, 2025: 71.0}, 2025, date(2026, 2, 1), Aim(">=", 70.0))
    assert (said.probability, said.why) == (1.0, Why.OVER)
    assert yearly.stand({}, 2025, date(2025, 6, 1), Aim(">=", 70.0)).why == Why.NO_DATA


def test_more_years_ahead_are_wider():
    values = {2019: 60.0, 2020: 61.5, 2021: 61.0, 2022: 63.0, 2023: 64.0, 2024: 64.5}
    near, far = (yearly.stand(values, year, date(2025, 1, 1), Aim(">=", 66.0)).quantiles for year in (2025, 2029))
    assert far[0.9] - far[0.1] > 1.5 * (near[0.9] - near[0.1])
    assert yearly.stand(values, 2035, date(2025, 1, 1), Aim(">=", 66.0)).why == Why.TOO_FAR
