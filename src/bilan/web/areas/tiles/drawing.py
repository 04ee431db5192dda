"""Entries of one register drawn into one vector tile: points thinned where they crowd, lines and areas cut and simplified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from django.db.models import CharField, Count, F, Min, QuerySet, TextField, Value
from django.db.models.functions import Cast

from bilan.pack.registers import Register
from bilan.registers.stored import Stored
from bilan.tabular.places import mvt
from bilan.tabular.places.tiles import Bounds, cell_range, cell_shift, tile_bounds

FULL = 2000
"""Entries that are all shown each by itself at every zoom; where there are more, crowded squares show their counts."""
SOLO = 3
"""Points of a square that are shown each by itself."""
GRID = 5
"""A tile's squares: two to this power along a side."""
DETAILED = 14
"""Zoom from which every point is shown by itself."""
MOST_POINTS = 20_000
MOST_SHAPES = 4_000
SMALL = 16 / mvt.EXTENT
"""Lines and areas smaller than this share of a tile's side are drawn as points."""
MARGIN = mvt.BUFFER / mvt.EXTENT


def drawn(found: QuerySet[Any], register: Register, by: str, z: int, x: int, y: int) -> bytes:
    """The tile of some entries.

    Features carry `code`, `name`, `status` and, where the register is coloured by a choice, `choice`; groups carry `count` and the
    bounds are those of a square.

    Parameters:
        found: entries of the register that the reader may see.
        by: field whose choice colours them; empty for none.
        z, x, y: the tile.
    """
    layer = mvt.Layer(register.name, z, x, y)
    plain = found.order_by().annotate(choice=Stored(by) if by else Value("", CharField()))
    if register.geometry in {"line", "polygon", "any"}:
        _add_shapes(layer, plain, tile_bounds(z, x, y, MARGIN), 360 / (1 << z) * SMALL)
    if register.geometry in {"point", "any"}:
        low, high = cell_range(z, x, y)
        many = bool(found.order_by().values("pk")[FULL : FULL + 1])
        _add_points(layer, plain.filter(cell__gte=low, cell__lte=high), z, many=many)
    return mvt.tile([layer])


def _add_points(layer: mvt.Layer, points: QuerySet[Any], z: int, *, many: bool) -> None:
    """Points each by itself, but squares that hold more than `SOLO` as their counts: squares are the same in neighbouring tiles."""
    if z >= DETAILED or not many:
        _add_singles(layer, points[:MOST_POINTS])
        return
    squared = points.annotate(square=F("cell").bitrightshift(cell_shift(z + GRID)))
    groups = list(squared.values("square").annotate(count=Count("pk"), first=Min("pk")).values_list("square", "first", "count"))
    _add_singles(layer, squared.filter(square__in=[square for square, _, count in groups if count <= SOLO]))
    crowds = {first: count for _, first, count in groups if count > SOLO}
    places = list(points.filter(pk__in=list(crowds)).values_list("lon", "lat", "pk"))
    layer.add_points(np.array([row[:2] for row in places], dtype=np.float64).reshape(-1, 2), {"count": [crowds[row[2]] for row in places]})


def _add_singles(layer: mvt.Layer, points: QuerySet[Any]) -> None:
    rows = list(points.values_list("lon", "lat", "code", "name", "status", "choice"))
    if not rows:
        return
    lon, lat, *columns = zip(*rows, strict=True)
    layer.add_points(np.array([lon, lat], dtype=np.float64).T, _properties(columns))


def _add_shapes(layer: mvt.Layer, found: QuerySet[Any], bounds: Bounds, small: float) -> None:
    here = found.filter(
        cell__isnull=True, west__lte=bounds.east, east__gte=bounds.west, south__lte=bounds.north, north__gte=bounds.south
    ).annotate(wide=F("east") - F("west"), high=F("north") - F("south"))
    _add_singles(layer, here.filter(wide__lt=small, high__lt=small)[:MOST_POINTS])
    large = here.exclude(wide__lt=small, high__lt=small).annotate(drawn=Cast("geometry", TextField()))
    rows = list(large.order_by("-wide").values_list("drawn", "code", "name", "status", "choice")[:MOST_SHAPES])
    shapes = shapely.from_geojson([row[0] for row in rows], on_invalid="ignore")
    names = ("code", "name", "status", "choice")
    pairs = zip(shapes, rows, strict=True)
    layer.add_shapes((shape, {k: v or None for k, v in zip(names, row[1:], strict=True)}) for shape, row in pairs if shape is not None)


def _properties(columns: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Columns of features; one that is empty throughout is left out."""
    named = zip(("code", "name", "status", "choice"), columns, strict=True)
    return {name: [value or "" for value in column] for name, column in named if any(column)}
