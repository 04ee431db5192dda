"""Base maps a city may show under its own data: declared in ``city.toml``, none required.

Each is a table ``[[basemaps]]``::

    [[basemaps]]
    name = "天地图矢量 · Tianditu"
    type = "tianditu"        # tianditu | xyz | pmtiles
    layer = "vec"            # of Tianditu: vec, img or ter
    key = "…"                # the city's own key

    [[basemaps]]
    name = "内网影像 · Imagery"
    type = "xyz"             # any address with {z} {x} {y}; a WMTS address in this form as well
    url = "https://tiles.example.org/{z}/{x}/{y}.png"
    attribution = "…"
    system = "gcj02"         # wgs84 (default, CGCS2000 alike) or gcj02

    [[basemaps]]
    name = "离线底图 · Offline"
    type = "pmtiles"         # raster tiles in a file of the city folder, served by ourselves
    file = "basemap.pmtiles"
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bilan.pack.registers.words import Bilingual
from bilan.problems import BilanError, Place, Problem, nearest

TYPES = ("tianditu", "xyz", "pmtiles")
SYSTEMS = ("wgs84", "gcj02")
KEYS = ("name", "type", "url", "file", "layer", "key", "attribution", "system", "maximum", "size")
TIANDITU = {"vec": "cva", "img": "cia", "ter": "cta"}
"""Layer of Tianditu → the layer of names that belongs on it."""
_TIANDITU = (
    "https://t{host}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
_HOSTS = range(8)
_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")


@dataclass(frozen=True, slots=True)
class Basemap:
    """A base map.

    Attributes:
        tiles: a list of addresses for each layer it is made of, lowest first; empty for a file of our own.
        file: name of a PMTiles file in the city folder; empty for none.
        system: ``wgs84`` or ``gcj02``.
        maximum: highest zoom there are tiles for.
        size: pixels of a tile.
        index: its place in the declaration.
    """

    name: Bilingual
    tiles: tuple[tuple[str, ...], ...]
    file: str
    attribution: str
    system: str
    maximum: int
    size: int
    index: int

    @property
    def hosts(self) -> frozenset[str]:
        """Origins that a browser asks for its tiles, as a content security policy names them.

        Examples:
            >>> sorted(basemaps([{"name": "底图", "type": "xyz", "url": "https://a.example.org/{z}/{x}/{y}.png"}])[0].hosts)
            ['https://a.example.org']
        """
        parts = [urlsplit(address) for addresses in self.tiles for address in addresses]
        return frozenset(f"{part.scheme}://{part.netloc}" for part in parts)


def basemaps(declared: Sequence[Mapping[str, Any]], file: str = "city.toml") -> tuple[Basemap, ...]:
    """Check what a city declares.

    Raises:
        BilanError: with every problem: `basemap.unknown_key`, `basemap.unknown_value`, `basemap.bad_address`, `basemap.bad_key`.
    """
    found, problems = [], []
    for index, entry in enumerate(declared):
        try:
            found.append(_one(index, entry))
        except BilanError as error:
            problems += [Problem(problem.code, problem.values, Place(file, column=f"basemaps[{index}]")) for problem in error.problems]
    if problems:
        raise BilanError(*problems)
    return tuple(found)


def _one(index: int, entry: Mapping[str, Any]) -> Basemap:
    for key in entry:
        if key not in KEYS:
            raise BilanError(Problem("basemap.unknown_key", {"value": key, "allowed": KEYS, "nearest": nearest(key, KEYS)}))
    kind, system = _chosen(entry, "type", TYPES, ""), _chosen(entry, "system", SYSTEMS, "wgs84")
    attribution = str(entry.get("attribution", "天地图 Tianditu" if kind == "tianditu" else ""))
    limits = int(entry.get("maximum", 18)), int(entry.get("size", 256))
    name = Bilingual.parse(str(entry.get("name", f"{kind} {index + 1}")))
    return Basemap(name, _tiles(kind, entry), str(entry.get("file", "")) if kind == "pmtiles" else "", attribution, system, *limits, index)


def _chosen(entry: Mapping[str, Any], key: str, allowed: Sequence[str], default: str) -> str:
    value = str(entry.get(key, default))
    if value not in allowed:
        values = {"name": key, "value": value, "allowed": allowed, "nearest": nearest(value, allowed)}
        raise BilanError(Problem("basemap.unknown_value", values))
    return value


def _tiles(kind: str, entry: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    if kind == "pmtiles":
        return ()
    key = str(entry.get("key", ""))
    if key and not _KEY.match(key):
        raise BilanError(Problem("basemap.bad_key", {"value": key[:10]}))
    if kind == "tianditu":
        layer = _chosen(entry, "layer", tuple(TIANDITU), "vec")
        if not key:
            raise BilanError(Problem("basemap.bad_key", {"value": ""}))
        return tuple(tuple(_TIANDITU.format(host=host, layer=name, key=key) for host in _HOSTS) for name in (layer, TIANDITU[layer]))
    address = str(entry.get("url", "")).replace("{key}", key)
    parts = urlsplit(address)
    unsafe = not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc or "")
    if parts.scheme not in {"http", "https"} or unsafe or not all(mark in address for mark in ("{z}", "{x}", "{y}")):
        raise BilanError(Problem("basemap.bad_address", {"value": address[:100], "allowed": "https://…/{z}/{x}/{y}.png"}))
    return ((address,),)
