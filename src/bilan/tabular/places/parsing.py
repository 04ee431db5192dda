"""Places written in one or two cells, with what had to be assumed to read them."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from bilan.problems import Place, Problem
from bilan.tabular.places.angles import Angle, read_angle
from bilan.tabular.places.projected import to_degrees, zone_of

MARGIN = 0.2
"""How far [deg] beyond a city's box a place may lie: outfalls at sea, sections just upstream."""
COARSE = 3
"""Fewer decimals of a degree than this do not tell one factory from the next."""
_BETWEEN = (re.compile(r"\s*[;；|/、]\s*"), re.compile(r"\s*[,，]\s*"), re.compile(r"\s+"))
_POINT = re.compile(r"POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)
_AFTER_LETTER = re.compile(r"(?<=[NSEW])[\s,;，；]*(?=\d)", re.IGNORECASE)
_BEFORE_LETTER = re.compile(r"(?<=[\d'\"″′”’°度分秒])[\s,;，；]*(?=[NSEW东北])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east and north [deg]: where places are expected."""

    west: float
    south: float
    east: float
    north: float

    def grown(self, margin: float = MARGIN) -> Box:
        """The box with `margin` [deg] around it."""
        return Box(self.west - margin, self.south - margin, self.east + margin, self.north + margin)

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place lies inside."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    @property
    def text(self) -> str:
        """The box as a sentence shows it.

        Examples:
            >>> Box(117.5, 24.4, 119.1, 25.9).text
            '117.5–119.1°E, 24.4–25.9°N'
        """
        return f"{self.west:g}–{self.east:g}°E, {self.south:g}–{self.north:g}°N"


@dataclass(frozen=True, slots=True)
class Location:
    """A place [deg] in the system it was written in, and what was assumed to read it."""

    lon: float
    lat: float
    notes: tuple[Problem, ...] = ()


def read_location(longitude: Any, latitude: Any = None, *, box: Box | None = None, place: Place | None = None) -> Location | Problem | None:
    """Read a place from one cell that holds both coordinates or from two cells.

    Hemisphere letters decide which coordinate is which; else the cells' order; where that lies outside `box` and the other way round
    lies inside, they were swapped. Numbers beyond 1,000 are eastings and northings of a 3-degree Gauss-Krüger zone.

    Args:
        longitude, latitude: cells as text or numbers; `latitude` None where the first holds both.
        box: where the place must lie (give it with its margin); None for anywhere on Earth.
        place: where the cells stand, for problems and notes.

    Returns:
        The place, None when the cells are empty, or the problem: `place.unreadable`, `place.sixty`, `place.half` (one of two missing),
        `place.zero`, `place.range`, `place.outside`.

    Examples:
        >>> read_location("118°30'36\\"E", "N24°30.0′")
        Location(lon=118.51, lat=24.5, notes=())
        >>> found = read_location("24.89167,118.58678", box=Box(117.5, 24.4, 119.1, 25.9))
        >>> found.lon, found.lat, [note.code for note in found.notes]
        (118.58678, 24.89167, ['place.swapped'])
        >>> read_location("0", "0").code
        'place.zero'
    """
    cells = [_cell(longitude), _cell(latitude)] if latitude is not None else _divided(_cell(longitude))
    written = " ".join(text for text in cells if text)
    if not written:
        return None
    if len(cells) != 2 or not all(cells):
        return Problem("place.half" if len(cells) == 2 or _is_angle(written) else "place.unreadable", {"value": written[:100]}, place)
    angles = []
    for text in cells:
        angle = read_angle(text)
        if isinstance(angle, str):
            return Problem(angle, {"value": text[:100]}, place)
        angles.append(angle)
    return _placed(angles[0], angles[1], written, box, place)


def _placed(first: Angle, second: Angle, written: str, box: Box | None, place: Place | None) -> Location | Problem:
    x, y = first.degrees, second.degrees
    if x == 0 and y == 0:
        return Problem("place.zero", {"value": written}, place)
    notes = [Problem(code, {"value": written}, place) for code in dict.fromkeys((*first.assumed, *second.assumed))]
    if min(abs(x), abs(y)) > 1000:
        return _surveyed(x, y, written, box, place)
    candidates = _candidates(first, second, box)
    if not candidates:
        return Problem("place.range", {"value": written, "allowed": "-180–180, -90–90"}, place)
    (lon, lat, code) = next((entry for entry in candidates if box is None or box.holds(entry[0], entry[1])), candidates[0])
    if box is not None and not box.holds(lon, lat):
        return Problem("place.outside", {"value": written, "allowed": box.text, "nearest": _mended(x, y, box)}, place)
    if code:
        notes.append(Problem(code, {"value": written}, place))
    if all(angle.decimals is not None and angle.decimals < COARSE for angle in (first, second)):
        notes.append(Problem("place.coarse", {"value": written, "allowed": COARSE}, place))
    return Location(lon, lat, tuple(notes))


def _candidates(first: Angle, second: Angle, box: Box | None) -> list[tuple[float, float, str]]:
    """What the place may be, the likeliest first: (longitude, latitude, code of the assumption)."""
    x, y = first.degrees, second.degrees
    straight, swapped = (x, y), (y, x)
    if {first.axis, second.axis} == {"lon", "lat"} or (first.axis != second.axis):
        lettered = swapped if first.axis == "lat" or second.axis == "lon" else straight
        other = straight if lettered is swapped else swapped
        found = [(lettered, "place.swapped" if lettered is swapped else ""), (other, "place.letters")]
    else:
        found = [(straight, "place.letters" if first.axis else ""), (swapped, "place.swapped")]
    return [(*pair, code) for pair, code in found if abs(pair[0]) <= 180 and abs(pair[1]) <= 90]


def _surveyed(x: float, y: float, written: str, box: Box | None, place: Place | None) -> Location | Problem:
    """Eastings and northings in either order; without a zone prefix the box tells the meridian."""
    meridians = range(round(box.west / 3), round(box.east / 3) + 1) if box else range(1)
    for (easting, northing), number in itertools.product(((x, y), (y, x)), meridians):
        zone = zone_of(easting, 3 * number)
        if zone is None or not 300_000 < northing < 6_100_000:
            continue
        lon, lat = (float(value) for value in to_degrees(np.array([[easting, northing]]), zone)[0])
        if box is None or box.holds(lon, lat):
            return Location(lon, lat, (Problem("place.projected", {"value": written, "allowed": zone.name}, place),))
    allowed = box.text if box else "-180–180, -90–90"
    return Problem("place.outside", {"value": written, "allowed": allowed, "nearest": _mended(x, y, box) if box else []}, place)


def _mended(x: float, y: float, box: Box) -> list[str]:
    """What was perhaps meant: the decimal point forgotten in one or both, or degrees, minutes and seconds run together."""
    found: list[str] = []
    for reading in (_pointed, _packed):
        for a, b in ((x, y), (y, x)):
            for lon, lat in itertools.product(reading(a), reading(b)):
                if box.holds(lon, lat):
                    found.append(f"{lon:.6f} {lat:.6f}")
    return found[:2]


def _pointed(value: float) -> list[float]:
    digits = f"{abs(value):.0f}"
    return [value, *(float(f"{digits[:places]}.{digits[places:]}") for places in (2, 3) if len(digits) > places + 1)]


def _packed(value: float) -> list[float]:
    degrees, rest = divmod(abs(value), 10_000)
    minutes, seconds = divmod(rest, 100)
    return [degrees + minutes / 60 + seconds / 3600] if 0 < degrees <= 180 and minutes < 60 and seconds < 60 else []


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        return repr(value) if abs(value) < 1e15 and "e" not in repr(value) else f"{value:.12f}"
    text = str(value).replace("\xa0", " ").replace("\x00", "").strip()
    return "" if text in {"-", "--", "—", "/", "\\", "无"} or text.lower() in {"na", "n/a", "null", "none"} else text


def _is_angle(text: str) -> bool:
    return not isinstance(read_angle(text), str)


def _divided(text: str) -> list[str]:
    """The two halves of a cell that holds both coordinates: the first way of dividing that gives two angles."""
    if not text or len(text) > 200:
        return [text]
    if found := _POINT.fullmatch(text):
        return [found[1], found[2]]
    for pattern in (*_BETWEEN[:2], _BEFORE_LETTER, _AFTER_LETTER, _BETWEEN[2]):
        for match in pattern.finditer(text):
            halves = [text[: match.start()], text[match.end() :]]
            if all(halves) and all(_is_angle(half) for half in halves) and not (pattern is _BEFORE_LETTER and match.end() == len(text) - 1):
                return halves
    return [text]
