from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from bilan.problems import BilanError
from bilan.tabular.places.pmtiles import read_tile, tile_number
from bilan.tabular.places.tiles import tile_of


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that GDAL has written."""
    path = tmp_path_factory.mktemp("archive") / "places.pmtiles"
    random = np.random.default_rng(1)
    places = shapely.points(random.uniform((117, 24), (119, 26), size=(300, 2)))
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(places),
        field_data=[np.arange(300)],
        fields=["n"],
        geometry_type="Point",
        crs="EPSG:4326",
        driver="PMTiles",
        layer="places",
        MINZOOM=0,
        MAXZOOM=9,
    )
    return path


def test_tiles_of_an_archive_that_gdal_wrote(archive: Path, tmp_path: Path) -> None:
    for zoom in (0, 5, 9):
        x, y = tile_of(118, 25, zoom)
        found = read_tile(archive, zoom, x, y)
        assert found is not None
        content, media = found
        assert media == "application/vnd.mapbox-vector-tile"
        (tmp_path / "tile.mvt").write_bytes(content)
        assert pyogrio.read_info(tmp_path / "tile.mvt", X=str(x), Y=str(y), Z=str(zoom))["features"] > 0
    assert read_tile(archive, 9, 0, 0) is None
    assert read_tile(archive, 12, 1, 1) is None


@given(some.integers(1, 8), some.data())
def test_neighbours_on_the_curve_are_neighbours_on_the_map(z: int, data: some.DataObject) -> None:
    side = 1 << z
    numbers = {tile_number(z, x, y): (x, y) for x in range(min(side, 32)) for y in range(min(side, 32))}
    first = ((1 << 2 * z) - 1) // 3
    assert len(numbers) == min(side, 32) ** 2
    assert min(numbers) == first
    at = data.draw(some.sampled_from(sorted(numbers)))
    if at + 1 in numbers:
        (a, b), (c, d) = numbers[at], numbers[at + 1]
        assert abs(a - c) + abs(b - d) == 1


@pytest.mark.parametrize("content", [b"", b"PMTiles\x02" + bytes(200), b"PMTiles\x03" + b"\xff" * 200, b"x" * 300])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.pmtiles"
    path.write_bytes(content)
    with pytest.raises(BilanError):
        read_tile(path, 3, 1, 1)
