"""Eastings and northings of Chinese surveys: CGCS2000 in 3-degree Gauss-Krüger zones, with or without the zone in front."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from pyproj import Transformer

from bilan.tabular.places.coordinates import Lines

ZONES = range(25, 46)
"""Numbers of the 3-degree zones of China: central meridians 75° to 135°."""
FALSE_EASTING = 500_000.0
PREFIX = 1_000_000.0
_REACH = 190_000.0
"""An easting lies at most this far [m] from its central meridian."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A 3-degree Gauss-Krüger zone.

    Attributes:
        number: 25 to 45.
        prefixed: whether eastings begin with the number (``39456789``) or not (``456789``).

    Examples:
        >>> Zone(39, True).epsg, Zone(39, False).epsg, Zone(39, True).meridian
        (4527, 4548, 117)
    """

    number: int
    prefixed: bool

    def __post_init__(self) -> None:
        if self.number not in ZONES:
            raise ValueError(f"no 3-degree zone of China: {self.number}")

    @property
    def epsg(self) -> int:
        """Code of the coordinate reference system in the EPSG registry."""
        return (4513 if self.prefixed else 4534) + self.number - 25

    @property
    def meridian(self) -> int:
        """Central meridian [deg]."""
        return 3 * self.number

    @property
    def name(self) -> str:
        """What surveyors call it."""
        zone = str(self.number) if self.prefixed else f"CM {self.meridian}E"
        return f"CGCS2000 / 3° GK {zone} (EPSG:{self.epsg})"


def zone_of(easting: float, longitude: float | None = None) -> Zone | None:
    """Which zone an easting [m] is in: by its prefix, else the one around `longitude` [deg].

    Examples:
        >>> zone_of(39456789.1)
        Zone(number=39, prefixed=True)
        >>> zone_of(666789.1, longitude=118.6)
        Zone(number=40, prefixed=False)
        >>> zone_of(123.4, longitude=118.6) is None
        True
    """
    number, rest = divmod(easting, PREFIX)
    if abs(rest - FALSE_EASTING) > _REACH:
        return None
    if int(number) in ZONES:
        return Zone(int(number), True)
    if number == 0 and longitude is not None and round(longitude / 3) in ZONES:
        return Zone(round(longitude / 3), False)
    return None


@cache
def _transformer(epsg: int, inverse: bool) -> Transformer:
    ends = (4490, epsg) if inverse else (epsg, 4490)
    return Transformer.from_crs(*ends, always_xy=True)


def to_degrees(metres: Lines, zone: Zone) -> Lines:
    """Longitudes and latitudes [deg] of eastings and northings [m], shape (points, 2).

    Examples:
        >>> to_degrees(np.array([[39500000.0, 0.0]]), Zone(39, True)).round(6).tolist()
        [[117.0, 0.0]]
    """
    return np.stack(_transformer(zone.epsg, False).transform(metres[:, 0], metres[:, 1]), axis=1)


def to_metres(degrees: Lines, zone: Zone) -> Lines:
    """Eastings and northings [m] of longitudes and latitudes [deg], shape (points, 2).

    Examples:
        >>> to_metres(np.array([[117.0, 0.0]]), Zone(39, False)).round(3).tolist()
        [[500000.0, 0.0]]
    """
    return np.stack(_transformer(zone.epsg, True).transform(degrees[:, 0], degrees[:, 1]), axis=1)
