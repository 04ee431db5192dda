"""Where sample entries lie: pools of places in every district, along the coast and off it, and the shapes around them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely

from bilan.demo.districts import NEIGHBOURS, District
from bilan.demo.geography import Area, packaged_area
from bilan.tabular.places.coordinates import Lines

AROUND = (*NEIGHBOURS, "350400", "350600", "350800")
"""Neighbouring cities whose land keeps a boundary from being a coast."""
METRES_NORTH = 110_574.0
METRES_EAST = 100_900.0
"""Length of a degree at 25° north [m]."""
COAST_STEP = 0.012
POOL = 400


class Places:
    """Places of the demo city.

    Args:
        districts: districts with their boundaries.
        random: what draws.
    """

    def __init__(self, districts: list[District], random: np.random.Generator) -> None:
        self.districts = [district for district in districts if district.weight]
        self._random = random
        weights = np.array([district.weight for district in self.districts], dtype=float)
        self._weights = weights / weights.sum()
        self._pools: dict[str, list[Lines]] = {}

    @cached_property
    def areas(self) -> dict[str, Any]:
        """Polygon of each district."""
        return {district.adcode: _polygon(district.area) for district in self.districts}

    @cached_property
    def land(self) -> Any:
        """Land of the city and its neighbours."""
        return shapely.union_all([*self.areas.values(), *(_polygon(packaged_area(code)) for code in ("350500", *AROUND))])

    @cached_property
    def coast(self) -> dict[str, Lines]:
        """Points of each coastal district's outline that face the sea, in their order."""
        found = {}
        for district in self.districts:
            if not district.coastal:
                continue
            outline = district.area.outline
            angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
            ring = outline[:, None, :] + COAST_STEP * np.stack([np.cos(angles), np.sin(angles)], axis=1)[None, :, :]
            wet = ~shapely.contains_xy(self.land, ring[..., 0].ravel(), ring[..., 1].ravel())
            facing = outline[wet.reshape(len(outline), -1).sum(axis=1) >= 2]
            if len(facing) > 3:
                found[district.adcode] = facing
        return found

    def district(self, kind: str = "") -> str:
        """A district: by its weight, evenly, or one at the coast or without one."""
        if kind in {"coast", "sea"}:
            codes = list(self.coast)
            lengths = np.array([len(self.coast[code]) for code in codes], dtype=float)
            return codes[int(self._random.choice(len(codes), p=lengths / lengths.sum()))]
        if kind == "inland":
            inland = [district.adcode for district in self.districts if not district.coastal]
            return inland[int(self._random.integers(len(inland)))]
        if kind == "even":
            return self.districts[int(self._random.integers(len(self.districts)))].adcode
        return self.districts[int(self._random.choice(len(self.districts), p=self._weights))].adcode

    def place(self, adcode: str, kind: str = "") -> tuple[float, float]:
        """A place in a district; at its coast or in the water before it when so wanted."""
        if kind in {"coast", "sea"} and adcode in self.coast:
            line = self.coast[adcode]
            at = line[int(self._random.integers(len(line)))]
            return self._afloat(at) if kind == "sea" else _pair(at)
        pool = self._pools.setdefault(adcode, [])
        if not pool:
            pool.extend(self._drawn(adcode))
        return _pair(pool.pop())

    def near(self, place: tuple[float, float], adcode: str, metres: float) -> tuple[float, float]:
        """A place within about `metres` of another, in the same district."""
        for _ in range(6):
            moved = np.array(place) + self._random.normal(0, metres / 2, 2) / (METRES_EAST, METRES_NORTH)
            if adcode not in self.areas or shapely.contains_xy(self.areas[adcode], moved[0], moved[1]):
                return _pair(moved)
        return place

    def holding(self, place: tuple[float, float]) -> str:
        """The district a place lies in, or the nearest one."""
        point = shapely.Point(place)
        return min(self.areas, key=lambda code: self.areas[code].distance(point))

    def _drawn(self, adcode: str) -> list[Lines]:
        area = next(district.area for district in self.districts if district.adcode == adcode)
        west, south, east, north = area.bounds
        drawn = self._random.uniform((west, south), (east, north), size=(POOL, 2))
        return list(drawn[shapely.contains_xy(self.areas[adcode], drawn[:, 0], drawn[:, 1])])

    def _afloat(self, shore: Lines) -> tuple[float, float]:
        for reach in (0.01, 0.02, 0.03, 0.05, 0.08):
            drawn = shore + self._random.normal(0, reach, (12, 2))
            wet = ~shapely.contains_xy(self.land, drawn[:, 0], drawn[:, 1])
            if wet.any():
                return _pair(drawn[wet][0])
        return _pair(shore)


def _polygon(area: Area) -> Any:
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in area.polygons]
    return shapely.simplify(shapely.make_valid(shapely.MultiPolygon(parts)), 0.0004)


def _pair(place: Any) -> tuple[float, float]:
    return round(float(place[0]), 6), round(float(place[1]), 6)
