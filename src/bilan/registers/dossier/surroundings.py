"""What lies around an entry: neighbours within a kilometre, zones that hold it, and what an area holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import Q
from pyproj import Geod

from bilan.pack.registers import Register
from bilan.registers.dossier.model import Neighbour, Surroundings
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import Content
from bilan.tabular.places import shapes, tiles

RADIUS = 1000
"""How far neighbours are looked for [m]."""
MOST = 200
"""Neighbours that are shown at most."""
MOST_READ = 5000
MOST_COUNTED = 20_000
STANDING = [False]
"""Said as a list, so that the indexes that begin with register and state of archiving serve."""
_DEGREE = 111_320.0
_ELLIPSOID = Geod(ellps="GRS80")
Box = tuple[float, float, float, float]


def surroundings(ledger: Ledger, record: Record) -> Surroundings | None:
    """What lies around and inside an entry; None when it has no place."""
    geometry = record.geometry
    if not geometry or record.lon is None:
        return None
    inside = _inside(ledger, record) if shapes.as_shape(geometry).geom_type.endswith("Polygon") else []
    return Surroundings(RADIUS, _near(ledger, record), _zones(ledger, record), inside)


def _near(ledger: Ledger, record: Record) -> list[Neighbour]:
    """Entries within the radius: points by their cells, everything else by its box."""
    registers = {entry.name: entry for entry in ledger.registers() if entry.mapped and entry.zone is None}
    box = around(_box(record), RADIUS)
    base = ledger.visible(registers.values()).filter(archived__in=STANDING).exclude(register=record.register, code=record.code)
    found = _points(base, record, box, registers)
    wide = [entry for entry in registers.values() if entry.geometry != "point"]
    shaped = ledger.visible(wide).filter(_crossing(box), archived__in=STANDING, cell__isnull=True, geometry__isnull=False)
    shaped = shaped.exclude(register=record.register, code=record.code)[:MOST]
    found += [entry for entry in _measured(record, list(shaped), registers) if entry.distance <= RADIUS]
    return sorted(found, key=lambda entry: (entry.distance, entry.record.code))[:MOST]


def _points(base: Any, record: Record, box: Box, registers: Mapping[str, Register]) -> list[Neighbour]:
    read = list(base.filter(pk__in=in_box(base, box, registers, MOST_READ)))
    if not read:
        return []
    if record.cell is not None:
        own = [record.lon] * len(read), [record.lat] * len(read)
        metres = _ELLIPSOID.inv(*own, [other.lon for other in read], [other.lat for other in read])[2]
        return [Neighbour(other, registers[other.register], float(far)) for other, far in zip(read, metres, strict=True) if far <= RADIUS]
    ring = shapes.buffer_m(record.geometry, RADIUS)
    kept = shapes.places_within(np.array([[other.lon, other.lat] for other in read]), ring)
    close = [other for other, keep in zip(read, kept, strict=True) if keep][:MOST]
    return _measured(record, close, registers)


def _measured(record: Record, others: Sequence[Record], registers: Mapping[str, Register]) -> list[Neighbour]:
    distances = shapes.distances_m(record.geometry, [other.geometry for other in others])
    return [Neighbour(other, registers[other.register], metres) for other, metres in zip(others, distances, strict=True)]


def _zones(ledger: Ledger, record: Record) -> list[Neighbour]:
    """Zones that hold or touch the entry's place, in the order of their priority."""
    zones = {entry.name: entry for entry in ledger.registers() if entry.zone is not None}
    if not zones:
        return []
    base = ledger.visible(zones.values()).filter(_crossing(_box(record)), archived__in=STANDING, geometry__isnull=False)
    held = [other for other in base[:MOST] if other.number != record.number and shapes.intersects(record.geometry, other.geometry)]
    held.sort(key=lambda other: (_priority(zones[other.register]), other.code))
    return [Neighbour(other, zones[other.register], 0.0) for other in held]


def _priority(register: Register) -> int:
    return register.zone.priority if register.zone else 0


def _inside(ledger: Ledger, record: Record) -> list[tuple[Register, int]]:
    """How many visible points of each register lie in an area; nothing for areas that hold more than can be counted at once."""
    registers = {entry.name: entry for entry in ledger.registers() if entry.mapped}
    box = _box(record)
    base = ledger.visible(registers.values()).filter(archived__in=STANDING).values_list("register", "lon", "lat")
    keys = in_box(base, box, registers, MOST_COUNTED)
    if len(keys) == MOST_COUNTED:
        return []
    rows = list(base.filter(pk__in=keys))
    if not rows:
        return []
    kept = shapes.places_within(np.array([row[1:] for row in rows]), record.geometry)
    counts = Counter(row[0] for row, keep in zip(rows, kept, strict=True) if keep)
    return [(registers[name], count) for name, count in counts.most_common()]


def _box(record: Content) -> Box:
    return (record.west, record.south, record.east, record.north)


def around(box: Box, metres: float) -> Box:
    """A box with `metres` around it.

    Examples:
        >>> [round(side, 3) for side in around((118.0, 24.0, 118.0, 24.0), 1000)]
        [117.99, 23.991, 118.01, 24.009]
    """
    west, south, east, north = box
    up = metres / _DEGREE
    across = up / max(0.01, math.cos(math.radians(max(abs(south), abs(north)))))
    return (west - across, south - up, east + across, north + up)


def _crossing(box: Box) -> Q:
    return Q(west__lte=box[2], east__gte=box[0], south__lte=box[3], north__gte=box[1])


def in_box(base: Any, box: Box, registers: Iterable[str], most: int) -> list[int]:
    """Keys of points in a box, at most `most`, found by the cells of at most four tiles.

    Of `base` only the table counts, not what it leaves out.
    """
    west, south, east, north = box
    zoom = tiles.CELL_ZOOM
    while True:
        (left, top), (right, bottom) = tiles.tile_of(west, north, zoom), tiles.tile_of(east, south, zoom)
        if right - left <= 1 and bottom - top <= 1:
            break
        zoom -= 1
    held = base.model.objects.filter(
        register__in=list(registers), archived__in=STANDING, lon__range=(west, east), lat__range=(south, north)
    )
    ranges = [tiles.cell_range(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
    first, *others = [held.filter(cell__range=span).values_list("pk", flat=True) for span in ranges]
    return list((first.union(*others, all=True) if others else first)[:most])
