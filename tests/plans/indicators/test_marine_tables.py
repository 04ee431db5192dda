"""Periods of wells and shares of the sea area, as the documented tables hold them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from bilan.plans.indicators.marine import groundwater_periods, sea_areas

EAST = [[118.52, 24.0], [119.0, 24.0], [119.0, 25.0], [118.52, 25.0], [118.52, 24.0]]
"""A district on the eastern shore, its boundary along the coast."""


@pytest.fixture
def samples() -> pl.DataFrame:
    days = [date(2025, 5, 12), date(2025, 8, 12)]
    return pl.DataFrame(
        [
            {"point": f"S{at}", "day": day, "lon": 118.3 + 0.1 * at, "lat": 24.5, "din": 0.1 if at == 0 else 0.6, "oxygen": 7.0}
            for day in days
            for at in range(3)
        ]
    )


def test_wells_are_judged_in_every_item_by_the_means_of_their_days() -> None:
    days = pl.DataFrame(
        {"point": ["w", "w"], "name": ["井"] * 2, "district": ["1"] * 2, "day": [date(2025, 1, 5), date(2025, 2, 5)], "nh3n": [0.2, 2.0],
         "fe": [2.5, 2.5]}
    )  # fmt: skip
    found = groundwater_periods(days)
    assert found.filter(period="2025").select("days", "grade", "main", "nh3n", "name").row(0) == (2, 5, "fe", 1.1, "井")
    assert found.filter(period="2025-02").select("days", "grade", "main").row(0) == (1, 5, "fe,nh3n")
    assert set(found["period"]) == {"2025", "2025-Q1", "2025-01", "2025-02"}
    assert groundwater_periods(days.head(0)).is_empty()


def test_campaigns_of_the_sea_take_the_land_off(samples: pl.DataFrame) -> None:
    open_water = sea_areas(samples)
    assert open_water.select("day", "stations", "samples", "land_masked").rows() == [
        (date(2025, 4, 1), 3, 3, False), (date(2025, 7, 1), 3, 3, False),
    ]  # fmt: skip
    masked = sea_areas(samples, [EAST])
    assert masked["land_masked"].to_list() == [True, True]
    assert masked["area"][0] < open_water["area"][0]
    assert masked["good"][0] > open_water["good"][0]
    assert masked["points_good"][0] == pytest.approx(1 / 3)


def test_a_boundary_that_holds_the_sea_is_not_land(samples: pl.DataFrame) -> None:
    whole = [[117.0, 23.0], [120.0, 23.0], [120.0, 26.0], [117.0, 26.0]]
    assert sea_areas(samples, [whole])["land_masked"].to_list() == [False, False]
    assert sea_areas(samples.head(0)).is_empty()
