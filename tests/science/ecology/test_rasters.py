"""Vegetation rasters: a known loss is found to the hectare, clouds are no loss, and trends are those of Sen and Kendall."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bilan.science.ecology import ndvi, otsu, pixel_trend, vegetation_change


def _scene(seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    before = 0.7 + random.normal(0, 0.03, (300, 300))
    after = before + random.normal(0, 0.02, before.shape)
    after[20:70, 40:90] -= 0.45
    after[200:220, 250:290] -= 0.35
    return before, after


def test_a_known_loss_is_found_to_the_hectare() -> None:
    found = vegetation_change(*_scene(), 20, least=0.5)
    assert found.area == pytest.approx((50 * 50 + 20 * 40) * 0.04)
    assert [patch.pixels for patch in found.patches] == [2500, 800]
    assert found.patches[0].row == pytest.approx(44.5) and found.patches[0].change == pytest.approx(-0.45, abs=0.01)


def test_where_little_changed_nothing_is_lost() -> None:
    before, _after = _scene()
    assert vegetation_change(before, before + np.random.default_rng(1).normal(0, 0.02, before.shape), 20).area == 0


def test_cloud_is_no_loss_and_is_told() -> None:
    before, after = _scene()
    after[:60] = np.nan
    found = vegetation_change(before, after, 20, least=0.5)
    assert found.judged == pytest.approx(80) and found.area == pytest.approx((10 * 50 + 800) * 0.04)


def test_a_threshold_lies_between_two_groups() -> None:
    random = np.random.default_rng(0)
    low, high = random.normal(0.15, 0.03, 5000), random.normal(0.6, 0.05, 5000)
    assert 0.25 < otsu(np.concatenate([low, high])) < 0.5


@given(st.floats(0.001, 0.99), st.floats(0.001, 0.99), st.floats(0.01, 100))
def test_the_index_does_not_depend_on_the_unit_of_reflectance(red: float, infrared: float, scale: float) -> None:
    assert ndvi(red * scale, infrared * scale) == pytest.approx(ndvi(red, infrared), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_trends_agree_with_scipy(seed: int) -> None:
    series = np.random.default_rng(seed).normal(0, 1, 12).cumsum()
    found = pixel_trend(series[:, None, None], range(12))
    slope = stats.theilslopes(series, np.arange(12)).slope
    assert found.slope[0, 0] == pytest.approx(slope)


def test_the_test_of_trend_is_that_of_a_published_example() -> None:
    # Gilbert 1987, Statistical Methods for Environmental Pollution Monitoring, section 16.4: S of strictly rising data is n(n-1)/2.
    found = pixel_trend(np.arange(10.0)[:, None, None], range(10))
    z = (45 - 1) / np.sqrt(10 * 9 * 25 / 18)
    assert z == pytest.approx(3.935, abs=0.001) and found.p[0, 0] == pytest.approx(8.3e-5, rel=0.02)


def test_too_few_years_give_no_trend() -> None:
    stack = np.full((8, 1, 1), np.nan)
    stack[:3] = 0.5
    found = pixel_trend(stack, range(8))
    assert np.isnan(found.slope[0, 0]) and np.isnan(found.p[0, 0])
