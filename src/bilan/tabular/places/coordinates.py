"""Coordinate systems of Chinese maps: WGS 84 (and CGCS2000), GCJ-02 and BD-09.

CGCS2000 (GB 22021-2008) differs from WGS 84 by centimetres, less than any coordinate in a ledger is good for: here the two are one. GCJ-02
is the shifted system of Chinese web maps, BD-09 another shift on top of it; outside China neither is applied.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.float64]
"""Longitudes and latitudes [deg], shape (points, 2)."""

KRASOVSKY_AXIS = 6378245.0
KRASOVSKY_ECCENTRICITY = 0.00669342162296594323
BAIDU_TURN = np.pi * 3000.0 / 180.0
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north [deg] of the box in which the shifts apply."""
CONVERGED = 1e-11
MAXIMUM_STEPS = 20


class System(StrEnum):
    """A coordinate system in degrees."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def convert(places: Lines, source: System | str, target: System | str = System.WGS84) -> Lines:
    """Carry places from one coordinate system to another.

    Args:
        places: shape (points, 2) [deg].
        source: the system they are in; `target` the one wanted.

    Returns:
        A new array; rows that are not finite stay as they are.

    Raises:
        ValueError: no such system.

    Examples:
        >>> bd09 = convert(np.array([[118.646843, 24.848644]]), "cgcs2000", "bd09")
        >>> [round(float(value), 5) for value in convert(bd09, "bd09")[0]]
        [118.64684, 24.84864]
    """
    begin, end = System(source), System(target)
    found = np.array(places, dtype=np.float64)
    finite = np.isfinite(found).all(axis=1)
    if begin is not end:
        found[finite] = _out_of_wgs84(_into_wgs84(found[finite], begin), end)
    return found


def _into_wgs84(places: Lines, source: System) -> Lines:
    if source is System.BD09:
        return to_wgs84(_from_bd09(places))
    return to_wgs84(places) if source is System.GCJ02 else places


def _out_of_wgs84(places: Lines, target: System) -> Lines:
    if target is System.BD09:
        return _to_bd09(to_gcj02(places))
    return to_gcj02(places) if target is System.GCJ02 else places


def to_gcj02(wgs84: Lines) -> Lines:
    """Shift WGS 84 positions the way Chinese web maps do; places outside China stay.

    Examples:
        >>> [round(float(value), 6) for value in to_gcj02(np.array([[118.646843, 24.848644]]))[0]]
        [118.651331, 24.845679]
        >>> to_gcj02(np.array([[2.35, 48.85]])).tolist()
        [[2.35, 48.85]]
    """
    x, y = wgs84[:, 0] - 105.0, wgs84[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    shared = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (shared + _waves(y, ((20, 1), (40, 3), (160, 12), (320, 30)))) / 1.5
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (shared + _waves(x, ((20, 1), (40, 3), (150, 12), (300, 30)))) / 1.5
    latitude = np.deg2rad(wgs84[:, 1])
    curve = 1 - KRASOVSKY_ECCENTRICITY * np.sin(latitude) ** 2
    meridian = KRASOVSKY_AXIS * (1 - KRASOVSKY_ECCENTRICITY) / (curve * np.sqrt(curve))
    shift = np.stack([np.rad2deg(east / (KRASOVSKY_AXIS / np.sqrt(curve) * np.cos(latitude))), np.rad2deg(north / meridian)], axis=1)
    return np.asarray(np.where(inside_china(wgs84)[:, None], wgs84 + shift, wgs84), dtype=np.float64)


def inside_china(places: Lines) -> NDArray[np.bool_]:
    """Which places lie in the box where the shifts apply.

    Parameters:
        places: longitude and latitude [°], shape (places, 2).

    Examples:
        >>> inside_china(np.array([[118.6, 24.9], [2.3, 48.9]])).tolist()
        [True, False]
    """
    west, south, east, north = CHINA
    x, y = places[:, 0], places[:, 1]
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def to_wgs84(gcj02: Lines) -> Lines:
    """Undo the shift of Chinese web maps: iterate until `to_gcj02` of the answer is the question.

    Examples:
        >>> place = np.array([[118.651331, 24.845679]])
        >>> bool(np.abs(to_gcj02(to_wgs84(place)) - place).max() < 1e-9)
        True
    """
    guess = gcj02.copy()
    for _ in range(MAXIMUM_STEPS):
        error = to_gcj02(guess) - gcj02
        guess -= error
        if np.abs(error).max(initial=0) < CONVERGED:
            break
    # At the edge of the box the shift is not continuous: what no iteration settles was never shifted.
    settled = np.abs(to_gcj02(guess) - gcj02).max(axis=1, initial=0) < 1e-7
    return np.asarray(np.where(settled[:, None], guess, gcj02), dtype=np.float64)


def _waves(angle: NDArray[np.float64], terms: tuple[tuple[int, int], ...]) -> NDArray[np.float64]:
    return np.asarray(sum(size * np.sin(np.pi * angle / length) for size, length in terms))


def _to_bd09(gcj02: Lines) -> Lines:
    x, y = gcj02[:, 0], gcj02[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU_TURN)
    turned = np.stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006], axis=1)
    return np.asarray(np.where(inside_china(gcj02)[:, None], turned, gcj02), dtype=np.float64)


def _from_bd09(bd09: Lines) -> Lines:
    guess = bd09.copy()
    for _ in range(MAXIMUM_STEPS):
        error = _to_bd09(guess) - bd09
        guess -= error
        if np.abs(error).max(initial=0) < CONVERGED:
            break
    return guess
