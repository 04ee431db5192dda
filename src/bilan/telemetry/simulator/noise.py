"""Noise that any moment can be asked for: no state, so history and the live fleet follow one curve.

Each octave is a lattice of independent numbers, hashed from (seed, octave, lattice index) and joined by a smooth
curve. Because the curve is linear in the lattice numbers, a whole block of series × times is one matrix product.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Seeds = NDArray[np.uint32]
Seconds = NDArray[np.int64]

PIECE = 744
"""Moments that are worked out together: a month of hours."""

_BYTE_SUM_MEAN = 4 * 127.5
_BYTE_SUM_DEVIATION = np.float32(np.sqrt(4 * (256**2 - 1) / 12))


def single(values: ArrayLike) -> Floats:
    """Hold numbers in single precision; free when they already are."""
    return np.asarray(values, dtype=np.float32)


def seed_of(name: str, seed: int = 0) -> int:
    """Seed of a named thing under the run's seed: the same on every machine and in every process.

    Examples:
        >>> seed_of("PM2.5") == seed_of("PM2.5"), seed_of("PM2.5") == seed_of("PM2.5", 1)
        (True, False)
    """
    return zlib.crc32(f"{seed}/{name}".encode())


def seeds_of(names: list[str], what: str = "", seed: int = 0) -> Seeds:
    """One seed a name, different for each `what`."""
    return np.array([seed_of(f"{what}/{name}", seed) for name in names], dtype=np.uint32)


def mix(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Scatter 32-bit numbers so that neighbours share nothing (the finaliser of MurmurHash3)."""
    mixed = values ^ (values >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def uniform(seeds: Seeds, salt: int = 0) -> Floats:
    """One number in [0, 1) a seed.

    Examples:
        >>> bool(0 <= uniform(np.array([7], dtype=np.uint32))[0] < 1)
        True
    """
    return (mix(mix(seeds) ^ np.uint32(salt * 0x9E3779B9 & 0xFFFFFFFF)) >> np.uint32(8)).astype(np.float32) / np.float32(1 << 24)


def normal(seeds: Seeds, salt: int = 0) -> Floats:
    """One number a seed, nearly normal with mean 0 and deviation 1 (sum of the four bytes of a hash)."""
    return _bytes_to_normal(mix(mix(seeds) ^ np.uint32(salt * 0x9E3779B9 & 0xFFFFFFFF)))


def _bytes_to_normal(hashes: NDArray[np.uint32]) -> Floats:
    parts = np.ascontiguousarray(hashes).view(np.uint8).reshape(*hashes.shape, 4)
    total = parts[..., 0].astype(np.float32)
    for byte in (1, 2, 3):
        total += parts[..., byte]
    total -= np.float32(_BYTE_SUM_MEAN)
    total /= _BYTE_SUM_DEVIATION
    return total


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Fractal noise at given moments, ready for any number of series.

    Attributes:
        times: moments [s of the wall clock], shape (times,).
        octaves: (scale [s], amplitude) pairs; the sum has mean 0 and deviation 1 whatever the amplitudes.

    Examples:
        >>> times = np.arange(0, 86400, 3600, dtype=np.int64)
        >>> curve = Spectrum(times, ((86400, 1.0), (7200, 0.5))).of(np.array([1, 2], dtype=np.uint32))
        >>> curve.shape
        (2, 24)
        >>> alone = Spectrum(times[5:6], ((86400, 1.0), (7200, 0.5))).of(np.array([2], dtype=np.uint32))
        >>> bool(abs(alone[0, 0] - curve[1, 5]) < 1e-5)
        True
    """

    times: Seconds
    octaves: tuple[tuple[int, float], ...]

    @cached_property
    def _lattices(self) -> list[tuple[NDArray[np.uint32], Floats]]:
        pieces = range(0, max(len(self.times), 1), PIECE)
        return [_lattice(self.times[begin : begin + PIECE], self.octaves) for begin in pieces]

    def of(self, seeds: Seeds) -> Floats:
        """Noise of each seed at each moment.

        Returns:
            Mean 0 and deviation 1, shape (seeds, times).
        """
        mixed = mix(seeds)[:, None]
        curves = [_bytes_to_normal(mix(mixed ^ keys[None, :])) @ weights for keys, weights in self._lattices]
        return curves[0] if len(curves) == 1 else np.concatenate(curves, axis=1)


def _lattice(times: Seconds, octaves: tuple[tuple[int, float], ...]) -> tuple[NDArray[np.uint32], Floats]:
    """Keys of the lattice numbers that matter at `times`, and their weight at each; the matrix is dense, so pieces stay short."""
    count = len(times)
    moment = np.arange(count)
    keys: list[NDArray[np.uint32]] = []
    blocks: list[Floats] = []
    for number, (scale, amplitude) in enumerate(octaves):
        cell = times // scale
        place = (times - cell * scale) / scale
        smooth = (place * place * (3 - 2 * place)).astype(np.float32)
        indices, column = np.unique(np.concatenate([cell, cell + 1]), return_inverse=True)
        weights = np.zeros((len(indices), count), dtype=np.float32)
        weights[column[:count], moment] = amplitude * (1 - smooth)
        weights[column[count:], moment] += amplitude * smooth
        keys.append(mix((indices * 0x9E3779B1 + scale * 0x27D4EB2F + number).astype(np.uint32)))
        blocks.append(weights)
    joined = np.concatenate(blocks)
    joined /= np.sqrt(np.einsum("lt,lt->t", joined, joined))
    return np.concatenate(keys), joined


def grain(seeds: Seeds, times: Seconds, step: int) -> Floats:
    """Uncorrelated noise, one number for each `step` [s]; mean 0 and deviation 1, shape (seeds, times)."""
    keys = mix(((times // step) * 0x9E3779B1 + step).astype(np.uint32))
    return _bytes_to_normal(mix(mix(seeds)[:, None] ^ keys[None, :]))
