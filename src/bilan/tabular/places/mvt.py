"""Mapbox Vector Tiles, version 2.1: a small encoder for points, lines and polygons with their properties.

Reference: vector-tile-spec 2.1 (github.com/mapbox/vector-tile-spec), protocol buffers wire format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from bilan.tabular.places.coordinates import Lines
from bilan.tabular.places.tiles import fraction

EXTENT = 4096
"""Units along a tile's side."""
BUFFER = 64
"""Units beyond the tile's edge to which lines and polygons are drawn, so that seams do not show."""
Value = str | int | float | bool | None
"""A property; None is left out."""

_POINT, _LINE, _POLYGON = 1, 2, 3
_MOVE, _DRAW, _CLOSE = 1, 2, 7
_TOLERANCE = 1.0


def varint(number: int) -> bytes:
    """Base-128 encoding of a number that is not negative.

    Examples:
        >>> varint(300).hex()
        'ac02'
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


_SMALL = [varint(number) for number in range(1 << 15)]
_TEXTS = np.array(_SMALL, dtype=object)


def _short(number: int) -> bytes:
    return _SMALL[number] if number < len(_SMALL) else varint(number)


def _zigzag(number: int) -> int:
    return (number << 1) ^ (number >> 63)


def _field(tag: int, content: bytes) -> bytes:
    """A length-delimited field: `tag` is its number shifted by three bits, plus 2."""
    return bytes((tag,)) + varint(len(content)) + content


class Layer:
    """One layer of a tile: features are added, then `encoded` gives its bytes.

    Args:
        name: such as ``river-outfall``.
        z, x, y: the tile.

    Examples:
        >>> layer = Layer("outfalls", 10, 849, 438)
        >>> layer.add_points(np.array([[118.58, 24.89]]), {"code": ["A1"], "count": [3]})
        1
        >>> len(tile([layer])) > 40
        True
    """

    def __init__(self, name: str, z: int, x: int, y: int) -> None:
        self.name = name
        self.scale = 1 << z
        self.corner = np.array([x, y], dtype=np.float64)
        self._features: list[bytes] = []
        self._keys: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._values: dict[tuple[type, Value], int] = {}
        self._encoded: list[bytes] = []

    def __len__(self) -> int:
        return len(self._features)

    def units(self, places: Lines) -> NDArray[np.float64]:
        """Places [deg] in units of the tile, x to the east and y to the south, shape (points, 2)."""
        return np.asarray((fraction(places) * self.scale - self.corner) * EXTENT, dtype=np.float64)

    def add_points(self, places: Lines, properties: Mapping[str, Sequence[Value]], ids: Sequence[int] | None = None) -> int:
        """Add one feature a place.

        Args:
            places: shape (points, 2) [deg]; those outside the tile are added as well and will not be seen.
            properties: columns, each as long as `places`.
            ids: numbers that are not negative, one a place.

        Returns:
            How many were added.
        """
        columns = [self._pairs(name, values) for name, values in properties.items()]
        tags = list(map(b"".join, zip(*columns, strict=True))) if columns else [b""] * len(places)
        numbers = [b"\x08" + varint(number) for number in ids] if ids is not None else [b""] * len(places)
        bodies = [
            b"%b\x12%b%b\x18\x01\x22%b" % (number, _SMALL[len(tag)], tag, geometry)
            for number, tag, geometry in zip(numbers, tags, self._dots(places), strict=True)
        ]
        self._features += [b"\x12%b%b" % (_SMALL[len(body)], body) for body in bodies]
        return len(bodies)

    def _dots(self, places: Lines) -> list[bytes]:
        """Commands of single points, each with its length before it."""
        whole = np.floor(self.units(places)).astype(np.int64)
        coded = (whole << 1) ^ (whole >> 63)
        if len(coded) and int(coded.max()) >= len(_SMALL):
            return [b"%b\x09%b" % (_SMALL[len(pair) + 1], pair) for pair in (varint(x) + varint(y) for x, y in coded.tolist())]
        pairs = [x + y for x, y in zip(_TEXTS[coded[:, 0]].tolist(), _TEXTS[coded[:, 1]].tolist(), strict=True)]
        return [b"%b\x09%b" % (_SMALL[len(pair) + 1], pair) for pair in pairs]

    def add_shapes(self, shapes: Iterable[tuple[Any, Mapping[str, Value]]]) -> int:
        """Add lines and polygons, cut to the tile with `BUFFER` around it and simplified to a unit.

        Args:
            shapes: shapely geometries [deg] with their properties; what does not reach into the tile is passed over, points are
                taken as well.

        Returns:
            How many were added.
        """
        count = len(self._features)
        for made, properties in shapes:
            kind, geometry = _drawn(self._cut(made))
            if geometry:
                tags = b"".join(self._pairs(name, [value])[0] for name, value in properties.items())
                self._features.append(_feature(b"", tags, bytes((0x18, kind)), geometry))
        return len(self._features) - count

    def _cut(self, made: Any) -> Any:
        flat = shapely.transform(made, self.units)
        edge = EXTENT + BUFFER
        west, south, east, north = flat.bounds
        if east < -BUFFER or north < -BUFFER or west > edge or south > edge:
            return shapely.Point()
        if flat.geom_type in {"Polygon", "MultiPolygon"}:
            # Coarse first: cutting an outline of 100,000 positions costs more than thinning it.
            flat = shapely.simplify(flat, _TOLERANCE / 2, preserve_topology=False)
            flat = flat if flat.is_valid else shapely.make_valid(flat, method="structure", keep_collapsed=False)
        if west < -BUFFER or south < -BUFFER or east > edge or north > edge:
            flat = shapely.clip_by_rect(flat, -BUFFER, -BUFFER, edge, edge)
        return shapely.simplify(flat, _TOLERANCE, preserve_topology=False) if flat.geom_type not in {"Point", "MultiPoint"} else flat

    def _pairs(self, name: str, values: Sequence[Value]) -> list[bytes]:
        """For each value the two numbers that stand for key and value; nothing for None."""
        key = _short(self._keys.setdefault(name, len(self._keys)))
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) == len(values):
            pairs = self._texts(key, texts)
            return [pairs[value] for value in texts]
        return [b"" if value is None else key + _short(self._number(value)) for value in values]

    def _texts(self, key: bytes, values: Sequence[str]) -> dict[str, bytes]:
        """For each different text the two numbers."""
        known = self._words
        different = list(dict.fromkeys(values))
        new = [value for value in different if value not in known]
        known.update(zip(new, range(len(self._encoded), len(self._encoded) + len(new)), strict=True))
        contents = [value.encode("utf-8", "replace") for value in new]
        self._encoded += [
            _TEXT_HEADS[len(content)] + content if len(content) < len(_TEXT_HEADS) else _text(content) for content in contents
        ]
        if len(self._encoded) > len(_SMALL):
            return {value: key + varint(known[value]) for value in different}
        return {value: key + _SMALL[known[value]] for value in different}

    def _number(self, value: Value) -> int:
        """Place of a value in the layer's list of values."""
        typed = (type(value), value)
        index = self._values.get(typed)
        if index is None:
            index = self._values[typed] = len(self._encoded)
            self._encoded.append(_value(value))
        return index

    def encoded(self) -> bytes:
        """The layer as it stands in a tile; empty without features."""
        if not self._features:
            return b""
        keys = b"".join(_field(0x1A, name.encode()) for name in self._keys)
        body = b"".join((_field(0x0A, self.name.encode()), *self._features, keys, *self._encoded, b"\x28", varint(EXTENT), b"\x78\x02"))
        return _field(0x1A, body)


def tile(layers: Iterable[Layer]) -> bytes:
    """A whole tile."""
    return b"".join(layer.encoded() for layer in layers)


def _feature(number: bytes, tags: bytes, kind: bytes, geometry: bytes) -> bytes:
    tagged = b"\x12" + _short(len(tags)) + tags if tags else b""
    body = number + tagged + kind + b"\x22" + _short(len(geometry)) + geometry
    return b"\x12" + _short(len(body)) + body


def _value(value: Value) -> bytes:
    """A property's value as a field of its layer."""
    if isinstance(value, bool):
        content = b"\x38" + bytes((value,))
    elif isinstance(value, int):
        content = b"\x28" + varint(value) if value >= 0 else b"\x30" + varint(_zigzag(value))
    elif isinstance(value, float):
        content = b"\x19" + struct.pack("<d", value)
    else:
        return _text(str(value).encode("utf-8", "replace"))
    return _field(0x22, content)


def _text(content: bytes) -> bytes:
    """A text as a value of its layer."""
    return _field(0x22, _field(0x0A, content))


_TEXT_HEADS = [_text(b"x" * size)[:-size] if size else _text(b"") for size in range(256)]
"""What stands before a text of each length."""


def _drawn(made: Any) -> tuple[int, bytes]:
    """Kind and commands of a geometry in tile units; no commands when nothing of it is left."""
    if made.is_empty:
        return _POINT, b""
    dimension = shapely.get_dimensions(made)
    parts = [part for part in shapely.get_parts(made) if shapely.get_dimensions(part) == dimension]
    cursor = np.zeros(2, dtype=np.int64)
    commands: list[int] = []
    if dimension == 0:
        cursor = _path(commands, _whole(shapely.get_coordinates(made)), cursor, closed=False, moves=True)
    for part in parts if dimension else []:
        lines = [part] if dimension == 1 else [shapely.get_exterior_ring(part), *(ring for ring in part.interiors)]
        for number, line in enumerate(lines):
            rows = _whole(shapely.get_coordinates(line))
            ring = _turned(rows, outer=number == 0) if dimension == 2 else rows
            if ring is None and number == 0:
                break
            if ring is not None and len(ring) > 1:
                cursor = _path(commands, ring, cursor, closed=dimension == 2, moves=False)
    return dimension + 1, b"".join(map(_short, commands))


def _whole(rows: Lines) -> NDArray[np.int64]:
    """Whole units, without repeated positions."""
    whole = np.floor(rows).astype(np.int64)
    keep = np.ones(len(whole), dtype=bool)
    keep[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    return whole[keep]


def _turned(rows: NDArray[np.int64], *, outer: bool) -> NDArray[np.int64] | None:
    """A ring without its closing position, outer ones with positive area as the specification has them; None without any area."""
    ring = rows[:-1] if len(rows) and (rows[0] == rows[-1]).all() else rows
    if len(ring) < 3:
        return None
    x, y = ring[:, 0], ring[:, 1]
    area = int((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
    if area == 0:
        return None
    return ring if (area > 0) is outer else ring[::-1]


def _path(commands: list[int], rows: NDArray[np.int64], cursor: NDArray[np.int64], *, closed: bool, moves: bool) -> NDArray[np.int64]:
    """Append the commands of one path; returns where the pen is."""
    steps = np.diff(rows, axis=0, prepend=cursor[None, :])
    numbers = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
    if moves:
        commands += [_MOVE | len(rows) << 3, *numbers]
        return np.asarray(rows[-1])
    commands += [_MOVE | 1 << 3, *numbers[:2], _DRAW | (len(rows) - 1) << 3, *numbers[2:]]
    if closed:
        commands.append(_CLOSE | 1 << 3)
    return np.asarray(rows[-1])
