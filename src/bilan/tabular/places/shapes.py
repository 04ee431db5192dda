"""Geometries of entries: checked when they come in, measured on the ellipsoid afterwards.

A geometry is a GeoJSON mapping (RFC 7946) in WGS 84 degrees with two coordinates a position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from bilan.problems import BilanError, Place, Problem, nearest
from bilan.tabular.places.coordinates import Lines
from bilan.tabular.places.positions import positions

Geometry = dict[str, Any]
"""``{"type": …, "coordinates": …}``."""

KINDS: dict[str, tuple[str, ...]] = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}
"""Which GeoJSON types a register's kind of geometry allows; ``any`` allows all of them."""
DECIMALS = 7
"""To how many decimals [deg] coordinates are kept: a centimetre."""
ELLIPSOID = Geod(ellps="GRS80")
"""The ellipsoid of CGCS2000."""
LONG_EDGE = 0.05
"""Edges longer than this [deg] are divided before they are projected."""
SMOOTH = 16
"""Segments of a quarter circle around a buffered vertex."""


def checked(geometry: Any, kind: str = "any", *, place: Place | None = None, notes: list[Problem] | None = None) -> Geometry:
    """Take a geometry in: valid GeoJSON of an allowed kind, in range, closed, not crossing itself, no larger than is sensible.

    A feature, or a collection of one feature, is accepted for its geometry; heights are left out; polygons are turned as RFC 7946 has
    them (outer rings against the clock).

    Args:
        geometry: what came in, of any type at all.
        kind: ``point``, ``line``, ``polygon`` or ``any``.
        place: where it stood, for the problem.
        notes: list that is given what was mended: `shape.closed`, `shape.repaired`.

    Returns:
        A new geometry with coordinates to `DECIMALS` decimals.

    Raises:
        BilanError: `shape.no_geometry`, `shape.wrong_kind`, `shape.bad_position`, `shape.out_of_range`, `shape.too_short`,
            `shape.too_many`, `shape.nothing_left`.

    Examples:
        >>> checked({"type": "Point", "coordinates": [118.58678123, 24.89, 12.0]}, "point")
        {'type': 'Point', 'coordinates': [118.5867812, 24.89]}
        >>> notes = []
        >>> bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}
        >>> checked(bow_tie, "polygon", notes=notes)["type"], [note.code for note in notes]
        ('MultiPolygon', ['shape.closed', 'shape.repaired'])
    """
    mended: list[Problem] = []
    try:
        found = _checked(_unwrapped(geometry), kind, mended)
    except BilanError as error:
        raise BilanError(*(Problem(problem.code, problem.values, place) for problem in error.problems)) from None
    if notes is not None:
        notes += [Problem(problem.code, problem.values, place) for problem in mended]
    return found


def _unwrapped(geometry: Any) -> Any:
    if isinstance(geometry, Mapping) and geometry.get("type") == "FeatureCollection":
        features = geometry.get("features")
        geometry = features[0] if isinstance(features, list) and len(features) == 1 else None
    return geometry.get("geometry") if isinstance(geometry, Mapping) and geometry.get("type") == "Feature" else geometry


def _checked(geometry: Any, kind: str, notes: list[Problem]) -> Geometry:
    if not isinstance(geometry, Mapping) or not isinstance(geometry.get("type"), str):
        raise BilanError(Problem("shape.no_geometry", {"value": str(geometry)[:60]}))
    allowed = KINDS.get(kind) or tuple(name for names in KINDS.values() for name in names)
    type_ = geometry["type"]
    if type_ not in allowed:
        raise BilanError(Problem("shape.wrong_kind", {"value": type_[:40], "allowed": allowed, "nearest": nearest(type_[:40], allowed)}))
    made = positions(type_, geometry.get("coordinates"), notes)
    if kind == "point" and type_ == "MultiPoint":
        if len(made.geoms) != 1:
            raise BilanError(Problem("shape.wrong_kind", {"value": type_, "allowed": ("Point",), "nearest": "Point"}))
        made = made.geoms[0]
    return as_geometry(_repaired(made, notes))


def _repaired(made: Any, notes: list[Problem]) -> Any:
    if made.geom_type not in KINDS["polygon"]:
        return made
    if not made.is_valid:
        reason = shapely.is_valid_reason(made)
        whole = shapely.make_valid(made, method="structure", keep_collapsed=False)
        parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon" and part.area > 0]
        if not parts:
            raise BilanError(Problem("shape.nothing_left", {"value": reason}))
        made = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
        notes.append(Problem("shape.repaired", {"value": reason}))
    if made.area == 0:
        raise BilanError(Problem("shape.nothing_left", {"value": made.geom_type}))
    return shapely.orient_polygons(made)


def as_shape(geometry: Mapping[str, Any]) -> Any:
    """The geometry as a shapely object [deg]."""
    return shapely.geometry.shape(geometry)


def as_geometry(made: Any) -> Geometry:
    """A shapely object [deg] as GeoJSON with coordinates to `DECIMALS` decimals, without heights."""
    plain = shapely.transform(shapely.force_2d(made), lambda rows: np.round(rows, DECIMALS))
    mapping = shapely.geometry.mapping(plain)
    return {"type": mapping["type"], "coordinates": _listed(mapping["coordinates"])}


def _listed(value: Any) -> Any:
    return [_listed(part) for part in value] if isinstance(value, tuple | list) else value


def bounds(geometry: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east, north [deg].

    Examples:
        >>> bounds({"type": "LineString", "coordinates": [[118, 24], [119, 25.5]]})
        (118.0, 24.0, 119.0, 25.5)
    """
    west, south, east, north = as_shape(geometry).bounds
    return west, south, east, north


def representative(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The one place [deg] that stands for a geometry: the point, the middle of a line's longest part, a point inside the largest polygon.

    Examples:
        >>> representative({"type": "LineString", "coordinates": [[118, 24], [119, 24], [120, 24]]})
        (119.0, 24.0)
    """
    parts = shapely.get_parts(as_shape(geometry))
    dimension = int(shapely.get_dimensions(parts).max())
    sizes = shapely.area(parts) if dimension == 2 else shapely.length(parts)
    part = parts[int(np.argmax(sizes))]
    found = part.interpolate(0.5, normalized=True) if dimension == 1 else part.point_on_surface()
    return round(float(found.x), DECIMALS), round(float(found.y), DECIMALS)


def within(inner: Mapping[str, Any], outer: Mapping[str, Any]) -> bool:
    """Whether a geometry lies in another, its edge included."""
    return bool(as_shape(outer).covers(as_shape(inner)))


def intersects(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two geometries have any place in common."""
    return bool(as_shape(one).intersects(as_shape(other)))


def places_within(places: Lines, outer: Mapping[str, Any]) -> NDArray[np.bool_]:
    """Which of many places, shape (points, 2) [deg], lie in a polygon, its edge included."""
    polygon = as_shape(outer)
    shapely.prepare(polygon)
    return np.asarray(shapely.intersects_xy(polygon, places[:, 0], places[:, 1]))


def distance_m(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Shortest distance [m] between two geometries on the ellipsoid; 0 where they touch.

    Examples:
        >>> a, b = ({"type": "Point", "coordinates": [118.0 + step, 24.0]} for step in (0, 1))
        >>> round(distance_m(a, b))
        101752
    """
    return distances_m(one, [other])[0]


def distances_m(one: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> list[float]:
    """Shortest distance [m] of a geometry from each of several that lie around it, on the ellipsoid; 0 where they touch.

    Examples:
        >>> places = [{"type": "Point", "coordinates": [118.0 + step / 100, 24.0]} for step in range(3)]
        >>> [round(metres) for metres in distances_m(places[0], places)]
        [0, 1018, 2035]
    """
    if not others:
        return []
    first, made = as_shape(one), np.array([as_shape(other) for other in others], dtype=object)
    west, south, east, north = shapely.total_bounds([first, *made])
    out, back = _local((west + east) / 2, (south + north) / 2)
    lines = _carried(shapely.shortest_line(_flat(first, out), _flat(made, out)), back)
    ends = shapely.get_coordinates(lines).reshape(-1, 4)
    metres = ELLIPSOID.inv(*ends.T)[2]
    found: list[float] = np.where((ends[:, 0] == ends[:, 2]) & (ends[:, 1] == ends[:, 3]), 0.0, metres).tolist()
    return found


def buffer_m(geometry: Mapping[str, Any], metres: float) -> Geometry:
    """Everything within `metres` [m] of a geometry, as a polygon.

    Raises:
        BilanError: `shape.bad_width` for a width that is not above 0 and at most 200 km; `shape.nothing_left`.

    Examples:
        >>> round(area_m2(buffer_m({"type": "Point", "coordinates": [118.5, 24.9]}, 1000)) / 1e6, 2)
        3.14
    """
    if not 0 < metres <= 200_000:
        raise BilanError(Problem("shape.bad_width", {"value": metres, "allowed": "0–200000"}))
    made = as_shape(geometry)
    west, south, east, north = made.bounds
    out, back = _local((west + east) / 2, (south + north) / 2)
    around = _carried(_flat(made, out).buffer(metres, quad_segs=SMOOTH), back)
    return as_geometry(shapely.orient_polygons(around))


def area_m2(geometry: Mapping[str, Any]) -> float:
    """Area [m²] of a polygon on the ellipsoid, holes taken off; 0 for points and lines."""
    made = as_shape(geometry)
    if made.geom_type not in KINDS["polygon"]:
        return 0.0
    return abs(float(ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(made))[0]))


def _local(lon: float, lat: float) -> tuple[Transformer, Transformer]:
    """To metres around a place and back: azimuthal, true distances from the middle."""
    here = f"+proj=aeqd +lat_0={lat:.6f} +lon_0={lon:.6f} +ellps=GRS80 +units=m"
    return Transformer.from_crs("EPSG:4490", here, always_xy=True), Transformer.from_crs(here, "EPSG:4490", always_xy=True)


def _flat(made: Any, out: Transformer) -> Any:
    """In metres; long edges are divided first, because they are straight in degrees and not on the ellipsoid."""
    return _carried(shapely.segmentize(made, LONG_EDGE), out)


def _carried(made: Any, transformer: Transformer) -> Any:
    return shapely.transform(made, lambda rows: np.stack(transformer.transform(rows[:, 0], rows[:, 1]), axis=1))
