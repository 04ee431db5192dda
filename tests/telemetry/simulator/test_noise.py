from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from bilan.telemetry.simulator.noise import Spectrum, grain, normal, seeds_of, uniform

OCTAVES = ((86400, 1.0), (7200, 0.5), (600, 0.3))
SEEDS = seeds_of([str(number) for number in range(400)])


@given(some.integers(-(2**31), 2**33), some.integers(1, 40))
def test_a_moment_does_not_depend_on_what_else_is_asked(begin: int, count: int) -> None:
    times = begin + np.arange(count, dtype=np.int64) * 997
    together = Spectrum(times, OCTAVES).of(SEEDS[:3])
    alone = Spectrum(times[-1:], OCTAVES).of(SEEDS[:3])
    np.testing.assert_allclose(together[:, -1], alone[:, 0], atol=1e-4)


def test_noise_has_mean_zero_and_deviation_one_at_every_moment() -> None:
    curve = Spectrum(np.arange(0, 30 * 86400, 977, dtype=np.int64), OCTAVES).of(SEEDS)
    assert abs(curve.mean()) < 0.02
    assert abs(curve.std() - 1) < 0.02
    assert abs(curve.std(axis=0) - 1).max() < 0.25


def test_noise_is_smooth_between_moments() -> None:
    curve = Spectrum(np.arange(0, 86400, 10, dtype=np.int64), OCTAVES).of(SEEDS[:20])
    assert np.abs(np.diff(curve, axis=1)).max() < 0.1


def test_grain_is_uncorrelated_and_hashes_are_spread() -> None:
    white = grain(SEEDS, np.arange(0, 86400, 60, dtype=np.int64), 60)
    assert abs(np.corrcoef(white[:, :-1].ravel(), white[:, 1:].ravel())[0, 1]) < 0.01
    assert 0.4 < uniform(SEEDS).mean() < 0.6
    assert abs(normal(SEEDS).std() - 1) < 0.1
