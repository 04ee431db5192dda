"""Arithmetic of web map tiles: where a tile is, and places as numbers such that each tile is one range of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bilan.tabular.places.coordinates import Lines

CELL_ZOOM = 24
"""Zoom of the tiles that places are numbered by: 2.4 m at the equator."""
FARTHEST = 85.0511287798066
"""Latitude [deg] at which the square of the web Mercator projection ends."""
_SIDE = 1 << CELL_ZOOM


class Bounds(NamedTuple):
    """West, south, east, north [deg]."""

    west: float
    south: float
    east: float
    north: float


def is_tile(z: int, x: int, y: int) -> bool:
    """Whether there is such a tile."""
    return 0 <= z <= CELL_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z


def fraction(places: Lines) -> Lines:
    """Places [deg] as shares of the square of the projection: x from the west, y from the north, shape (points, 2).

    Examples:
        >>> fraction(np.array([[0.0, 0.0]])).tolist()
        [[0.5, 0.5]]
    """
    latitude = np.deg2rad(np.clip(places[:, 1], -FARTHEST, FARTHEST))
    y = 0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)
    return np.stack([places[:, 0] / 360.0 + 0.5, y], axis=1)


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Column and row of the tile a place is in.

    Examples:
        >>> tile_of(118.58, 24.89, 10)
        (849, 438)
    """
    x, y = fraction(np.array([[lon, lat]]))[0]
    last = (1 << z) - 1
    return min(max(int(x * (1 << z)), 0), last), min(max(int(y * (1 << z)), 0), last)


def tile_bounds(z: int, x: int, y: int, buffer: float = 0.0) -> Bounds:
    """Where a tile is, with `buffer` times its side around it.

    Examples:
        >>> [round(side, 3) for side in tile_bounds(10, 849, 438)]
        [118.477, 24.847, 118.828, 25.165]
    """
    side = 1 << z

    def latitude(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))

    west, east = ((x - buffer) / side - 0.5) * 360, ((x + 1 + buffer) / side - 0.5) * 360
    return Bounds(west, latitude(y + 1 + buffer), east, latitude(y - buffer))


def cell(lon: float, lat: float) -> int:
    """Number of the tile at `CELL_ZOOM` that holds a place: column and row interleaved bit by bit (Morton), 0 to 2⁴⁸ − 1.

    Examples:
        >>> low, high = cell_range(10, *tile_of(118.58, 24.89, 10))
        >>> low <= cell(118.58, 24.89) <= high
        True
    """
    # One place at a time is reckoned without arrays: a bulk import asks for a hundred thousand of them.
    latitude = math.radians(min(max(lat, -FARTHEST), FARTHEST))
    y = 0.5 - math.asinh(math.tan(latitude)) / (2 * math.pi)
    column, row = (min(max(math.floor(share * _SIDE), 0), _SIDE - 1) for share in (lon / 360.0 + 0.5, y))
    return _spread_one(column) | (_spread_one(row) << 1)


def cells(places: Lines) -> NDArray[np.int64]:
    """`cell` of many places, shape (points, 2) [deg]."""
    whole = np.clip(np.floor(fraction(places) * _SIDE), 0, _SIDE - 1).astype(np.int64)
    found: NDArray[np.int64] = _spread(whole[:, 0]) | (_spread(whole[:, 1]) << 1)
    return found


def cell_place(number: int) -> tuple[float, float]:
    """Longitude and latitude [deg] of the middle of a cell."""
    x, y = _gathered(number), _gathered(number >> 1)
    bounds = tile_bounds(CELL_ZOOM, x, y)
    return (bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2


def cell_range(z: int, x: int, y: int) -> tuple[int, int]:
    """First and last cell of a tile, both included: a place is in the tile exactly when its cell is between them.

    Examples:
        >>> cell_range(0, 0, 0) == (0, 2**48 - 1), cell_range(1, 1, 0)[0] == 2**46
        (True, True)
    """
    shift = 2 * (CELL_ZOOM - z)
    number = int(_spread(np.array([x]))[0] | (_spread(np.array([y]))[0] << 1))
    return number << shift, ((number + 1) << shift) - 1


def cell_shift(z: int) -> int:
    """By how many bits cells are shifted to number the tiles of a zoom: ``cell >> cell_shift(z)``."""
    return 2 * (CELL_ZOOM - min(z, CELL_ZOOM))


_SPREAD = ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333), (1, 0x5555555555555555))


def _spread(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put a zero before every bit of numbers below 2³¹."""
    found = numbers.astype(np.int64)
    for shift, mask in _SPREAD:
        found = (found | (found << shift)) & mask
    return found


def _spread_one(number: int) -> int:
    """Put a zero before every bit of one number below 2³¹."""
    for shift, mask in _SPREAD:
        number = (number | (number << shift)) & mask
    return number


def _gathered(number: int) -> int:
    """Every second bit."""
    return sum((number >> (2 * bit) & 1) << bit for bit in range(CELL_ZOOM))
