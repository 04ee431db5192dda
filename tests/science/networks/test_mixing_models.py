"""Each formula of HJ 2.3 appendix E: what it conserves, the equation it solves, the limits it has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bilan.problems import BilanError
from bilan.science import networks
from bilan.science.tables import table

RIVER = {"velocity": 0.4, "dispersion": 30.0, "decay": 3e-6}
DAY = 86_400.0


def test_every_model_of_the_table_has_a_function() -> None:
    assert [known.model for known in networks.models()] == [row["model_id"] for row in table("water_mixing_models")]
    assert all(callable(getattr(networks, known.function)) for known in networks.models())


@settings(deadline=None)
@given(some.floats(0.1, 100), some.floats(0.1, 100), some.floats(0, 50), some.floats(0, 50))
def test_complete_mixing_keeps_the_mass_and_lies_between(river: float, waste: float, low: float, high: float) -> None:
    mixed = float(networks.complete_mixing(low, river, high, waste))
    assert mixed * (river + waste) == pytest.approx(low * river + high * waste)
    assert min(low, high) - 1e-9 <= mixed <= max(low, high) + 1e-9


def test_instantaneous_release_keeps_its_mass_but_for_decay() -> None:
    x = np.linspace(-60_000, 120_000, 200_001)
    for hours in (1, 12, 24):
        found = networks.instantaneous(x, hours * 3600.0, 5e6, area=80.0, **RIVER)
        assert 80.0 * np.trapezoid(found, x) == pytest.approx(5e6 * np.exp(-RIVER["decay"] * hours * 3600), rel=1e-9)
    assert networks.instantaneous(x, 0.0, 5e6, area=80.0, **RIVER).max() == 0.0


def test_peak_is_the_release_at_the_time_of_travel() -> None:
    place = 20_000.0
    times = np.linspace(30_000, 70_000, 40_001)
    passing = networks.instantaneous(place, times, 5e6, area=80.0, **RIVER)
    assert float(networks.peak(place, 5e6, area=80.0, **RIVER)) == pytest.approx(passing.max(), rel=0.01)
    # All of the mass passes: the flow times the time integral of the concentration, less what decays on the way.
    passed = (
        80.0
        * RIVER["velocity"]
        * np.trapezoid(networks.instantaneous(place, np.linspace(1, 4e5, 400_001), 5e6, area=80.0, **RIVER), dx=1.0)
    )
    assert passed == pytest.approx(5e6 * np.exp(-RIVER["decay"] * place / RIVER["velocity"]), rel=0.002)


def test_finite_release_is_a_sum_and_becomes_steady() -> None:
    x = np.linspace(-60_000, 120_000, 100_001)
    rates = np.array([10.0, 40.0, 20.0])
    found = networks.finite(x, 40_000.0, rates, 3600.0, area=80.0, **RIVER)
    left = sum(rate * 3600 * np.exp(-RIVER["decay"] * (40_000 - (n + 0.5) * 3600)) for n, rate in enumerate(rates))
    assert 80.0 * np.trapezoid(found, x) == pytest.approx(left, rel=1e-9)
    long = networks.finite(5_000.0, 400 * 600.0, np.full(400, 30.0), 600.0, area=80.0, **RIVER)
    steady = networks.steady(5_000.0, 30.0, 80.0 * RIVER["velocity"], **RIVER)
    assert float(long) == pytest.approx(float(steady), rel=0.003)


def test_full_form_solves_its_equation_and_carries_the_load_away() -> None:
    x = np.linspace(100.0, 40_000.0, 4_001)
    step = x[1] - x[0]
    found = networks.steady(x, 30.0, 32.0, velocity=0.4, dispersion=2_000.0, decay=5e-5)
    second = np.diff(found, 2) / step**2
    first = (found[2:] - found[:-2]) / (2 * step)
    assert np.abs(2_000.0 * second - 0.4 * first - 5e-5 * found[1:-1]).max() < 1e-9
    everywhere = np.linspace(-200_000, 400_000, 600_001)
    held = np.trapezoid(networks.steady(everywhere, 30.0, 32.0, velocity=0.4, dispersion=2_000.0, decay=5e-5), everywhere)
    # What decays in a second over the whole river is what is let in in a second (area = flow / velocity).
    assert 32.0 / 0.4 * 5e-5 * held == pytest.approx(30.0, rel=1e-4)


def test_the_other_forms_are_its_limits() -> None:
    x = np.array([0.0, 1_000.0, 30_000.0])
    full = networks.steady(x, 30.0, 32.0, velocity=0.4, dispersion=1.0, decay=2e-6)
    assert full == pytest.approx(networks.steady(x, 30.0, 32.0, velocity=0.4, decay=2e-6), rel=1e-4)
    slow = {"velocity": 1e-5, "dispersion": 500.0, "decay": 1e-5}
    spread = np.array([-3_000.0, 0.0, 3_000.0])
    assert networks.form(1e-5, 500.0, 1e-5, 50.0) is networks.Form.DIFFUSION
    diffusion = networks.steady(spread, 30.0, 8e-4, area=80.0, use=networks.Form.DIFFUSION, **slow)
    assert diffusion == pytest.approx(networks.steady(spread, 30.0, 8e-4, **slow), rel=0.02)
    simple = networks.steady(
        np.array([-50.0, 0.0, 9_000.0]), 30.0, 32.0, velocity=0.4, dispersion=30.0, decay=2e-6, use=networks.Form.CONVECTION_SIMPLE
    )
    assert simple[1] == pytest.approx(30 / 32)
    assert simple[0] < simple[1] > simple[2]


def test_form_follows_both_numbers() -> None:
    assert networks.form(1e-7, 10.0, 0.5, 50.0) is networks.Form.CONVECTION
    assert networks.form(1e-7, 100.0, 0.5, 50.0) is networks.Form.CONVECTION_SIMPLE
    assert networks.oconnor(1e-4, 1_000.0, 0.5) == pytest.approx(0.4)
    assert networks.peclet(0.5, 50.0, 100.0) == pytest.approx(0.25)


@pytest.mark.parametrize(("offshore", "images"), [(0.0, 12), (30.0, 12), (0.0, 1)])
def test_belt_carries_the_load_past_every_section(offshore: float, images: int) -> None:
    y = np.linspace(-offshore, 100.0 - offshore, 20_001)
    river = {"depth": 2.0, "velocity": 0.5, "lateral": 0.1, "decay": 4e-6, "width": 100.0}
    for distance in (200.0, 5_000.0) if images > 1 else (200.0, 2_000.0):
        found = networks.belt(distance, y, 25.0, offshore=offshore, background=0.3, images=images, **river)
        passing = 2.0 * 0.5 * np.trapezoid(found - 0.3, y)
        assert passing == pytest.approx(25.0 * np.exp(-4e-6 * distance / 0.5), rel=1e-6 if images > 1 else 1e-3)


def test_belt_without_far_bank_and_far_down() -> None:
    y = np.linspace(0, 2_000, 40_001)
    found = networks.belt(1_000.0, y, 25.0, depth=2.0, velocity=0.5, lateral=0.2)
    assert 2.0 * 0.5 * np.trapezoid(found, y) == pytest.approx(25.0, rel=1e-6)
    assert (np.diff(found) <= 0).all()
    far = networks.belt(60_000.0, np.linspace(0, 100, 11), 25.0, depth=2.0, velocity=0.5, lateral=0.2, width=100.0, images=15)
    assert far == pytest.approx(np.full(11, 25.0 / (100 * 2 * 0.5)), rel=1e-3)


def test_plane_release_keeps_its_mass() -> None:
    x, y = np.linspace(0, 4_000, 1_001)[:, None], np.linspace(-400, 400, 801)[None, :]
    river = {"depth": 3.0, "velocity": 0.5, "dispersion": 20.0, "lateral": 0.5, "decay": 1e-5}
    middle = networks.instantaneous_plane(x, y, 3_600.0, 1e6, shore=False, **river)
    bank = networks.instantaneous_plane(x, y, 3_600.0, 1e6, shore=True, **river)
    cell = 3.0 * (x[1, 0] - x[0, 0]) * (y[0, 1] - y[0, 0])
    assert middle.sum() * cell == pytest.approx(1e6 * np.exp(-0.036), rel=1e-5)
    assert bank[:, 400:].sum() * cell - bank[:, 400].sum() * cell / 2 == pytest.approx(1e6 * np.exp(-0.036), rel=1e-5)


def test_mixing_length_of_the_bank() -> None:
    # The check of the table: from the shore 0.442 u B² / E_y.
    assert networks.mixing_length(0.3, 60.0, 0.2) == pytest.approx(0.442 * 0.3 * 60**2 / 0.2, rel=1e-3)
    assert networks.mixing_length(0.3, 60.0, 0.2, offshore=30.0) == pytest.approx(0.11 * 0.3 * 60**2 / 0.2)


def test_dispersion_formulas() -> None:
    shear = np.sqrt(9.81 * 2.0 * 2e-4)
    assert networks.shear_velocity(2.0, 2e-4) == pytest.approx(shear)
    assert networks.elder(2.0, 2e-4) == pytest.approx(5.93 * 2 * shear)
    assert networks.fischer(0.6, 50.0, 2.0, 2e-4) == pytest.approx(0.011 * 0.36 * 2500 / (2 * shear))
    assert networks.taylor(50.0, 2.0, 2e-4) == pytest.approx((0.116 + 0.325) * shear)


@settings(max_examples=25, deadline=None)
@given(some.floats(0.5, 60), some.floats(0, 6), some.floats(0.05, 1.5), some.floats(0.05, 1.5))
def test_sag_solves_its_equation_and_is_the_lowest_point(bod: float, initial: float, decay: float, reaeration: float) -> None:
    t = np.linspace(0, 60, 6_001)
    found = networks.deficit(t, bod, initial, decay=decay, reaeration=reaeration)
    rate = np.gradient(found, t)[1:-1]
    assert np.abs(rate - (decay * bod * np.exp(-decay * t) - reaeration * found)[1:-1]).max() < 1e-3 * max(bod, initial)
    worst = networks.sag(bod, initial, decay=decay, reaeration=reaeration)
    assert worst.deficit == pytest.approx(found.max(), rel=1e-4, abs=1e-6)
    assert worst.deficit >= initial - 1e-9


def test_rates_alike_have_a_limit() -> None:
    near = networks.deficit([1.0, 3.0], 20.0, 1.0, decay=0.4, reaeration=0.4001)
    assert networks.deficit([1.0, 3.0], 20.0, 1.0, decay=0.4, reaeration=0.4) == pytest.approx(near, rel=1e-3)
    worst = networks.sag(20.0, 1.0, decay=0.4, reaeration=0.4001).days
    assert networks.sag(20.0, 1.0, decay=0.4, reaeration=0.4).days == pytest.approx(worst, rel=1e-3)
    assert networks.sag(0.0, 3.0, decay=0.4, reaeration=0.6).deficit == 3.0


def test_muskingum_as_in_the_textbook() -> None:
    # Chow, Maidment & Mays 1988, Applied Hydrology, example 8.4.1: K = 2.3 h, X = 0.15, first outflow 85 cfs.
    inflow = [93, 137, 208, 320, 442, 546, 630, 678, 691, 675, 634, 571, 477, 390, 329, 247, 184, 134, 108, 90]
    outflow = [85, 91, 114, 159, 233, 324, 420, 509, 578, 623, 642, 635, 603, 546, 479, 413, 341, 274, 215, 170]
    assert networks.muskingum(inflow, 2.3, 0.15, 1.0, 85.0) == pytest.approx(outflow, abs=1.0)
    wave = np.concatenate([np.full(5, 10.0), np.full(20, 60.0), np.full(200, 10.0)])
    assert networks.muskingum(wave, 2.3, 0.15, 1.0).sum() == pytest.approx(wave.sum(), rel=1e-6)
    with pytest.raises(BilanError, match="step"):
        networks.muskingum(inflow, 2.3, 0.15, 9.0)
