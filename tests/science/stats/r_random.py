"""The random numbers of R (``set.seed``, ``runif``, ``rnorm``), to rebuild examples that were printed with them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

_BIG = 134217728


class R:
    """Mersenne Twister with the scrambling and the inversion of R."""

    def __init__(self, seed: int) -> None:
        state = seed & 0xFFFFFFFF
        for _ in range(50):
            state = (69069 * state + 1) & 0xFFFFFFFF
        words = []
        for _ in range(625):
            state = (69069 * state + 1) & 0xFFFFFFFF
            words.append(state)
        self._source = np.random.MT19937()
        self._source.state = {"bit_generator": "MT19937", "state": {"key": np.array(words[1:], dtype=np.uint32), "pos": 624}}

    def runif(self, count: int) -> np.ndarray:
        return np.array([self._one() for _ in range(count)])

    def rnorm(self, count: int) -> np.ndarray:
        return np.array([NormalDist().inv_cdf((int(_BIG * self._one()) + self._one()) / _BIG) for _ in range(count)])

    def _one(self) -> float:
        return float(self._source.random_raw()) * 2.3283064365386963e-10
