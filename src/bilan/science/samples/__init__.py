"""Invented data to learn, draw and test with: seeded, shaped like real series, of no real place.

Places are called by Greek letters; numbers follow a season, a day, the weather and chance. The same call gives the same rows.

Examples:
    >>> from bilan.science import samples
    >>> samples.air_hours(days=2).equals(samples.air_hours(days=2))
    True
"""

from __future__ import annotations

from bilan.science.samples.atmosphere import air_hours, chemistry, forecasts, voc_hours
from bilan.science.samples.chance import PLACES
from bilan.science.samples.ground import noise_minutes, raster_pair, soils, stack_hours
from bilan.science.samples.waters import lakes, reaches, river_record, sea_stations, sections, wells

__all__ = [
    "PLACES",
    "air_hours",
    "chemistry",
    "forecasts",
    "lakes",
    "noise_minutes",
    "raster_pair",
    "reaches",
    "river_record",
    "sea_stations",
    "sections",
    "soils",
    "stack_hours",
    "voc_hours",
    "wells",
]
