from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from bilan.tabular.places.tiles import CELL_ZOOM, cell, cell_place, cell_range, cell_shift, cells, is_tile, tile_bounds, tile_of

LON, LAT = some.floats(-180, 180, exclude_max=True), some.floats(-85, 85)


@given(LON, LAT, some.integers(0, CELL_ZOOM))
def test_a_place_is_in_its_tile_and_its_cell_in_the_tiles_range(lon: float, lat: float, z: int) -> None:
    x, y = tile_of(lon, lat, z)
    assert is_tile(z, x, y)
    west, south, east, north = tile_bounds(z, x, y)
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
    low, high = cell_range(z, x, y)
    number = cell(lon, lat)
    assert 0 <= low <= number <= high < 1 << 48
    assert number >> cell_shift(z) == low >> cell_shift(z)


@given(some.integers(1, CELL_ZOOM), some.data())
def test_four_children_make_a_tile(z: int, data: some.DataObject) -> None:
    x, y = (data.draw(some.integers(0, (1 << (z - 1)) - 1)) for _ in range(2))
    low, high = cell_range(z - 1, x, y)
    children = sorted(cell_range(z, 2 * x + across, 2 * y + down) for across in (0, 1) for down in (0, 1))
    assert (children[0][0], children[-1][1]) == (low, high)
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(children))


@given(some.integers(0, (1 << 48) - 1))
def test_the_middle_of_a_cell_has_its_number(number: int) -> None:
    assert cell(*cell_place(number)) == number


def test_known_tiles() -> None:
    # Slippy map tile of Tian'anmen at zoom 10 by the formula of the OpenStreetMap wiki.
    assert tile_of(116.391, 39.907, 10) == (843, 388)
    assert [round(side, 4) for side in tile_bounds(1, 1, 0)] == [0.0, 0.0, 180.0, 85.0511]
    assert not is_tile(2, 4, 0)
    assert not is_tile(25, 0, 0)


def test_many_at_once_are_each_alone() -> None:
    random = np.random.default_rng(3)
    places = random.uniform((-180, -85), (180, 85), size=(500, 2))
    assert cells(places).tolist() == [cell(lon, lat) for lon, lat in places]
