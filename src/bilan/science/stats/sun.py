"""How high the sun stands, to tell day from night."""

from __future__ import annotations

import math

import polars as pl

HORIZON = -0.833
"""Height of the middle of the sun when its upper edge rises or sets: refraction and half its width [°]."""


def elevation(time: str, latitude: float, longitude: float, zone: float) -> pl.Expr:
    """Height of the sun above the horizon [°] without refraction, right to a fifth of a degree.

    Parameters:
        time: column of naive wall times.
        latitude: north is positive [°].
        longitude: east is positive [°].
        zone: the wall clock before UTC [h].

    Reference:
        Spencer, J.W. (1971): Search 2, 172 (declination, equation of time), in the form of the solar equations of NOAA.

    Examples:
        >>> from datetime import datetime
        >>> noon = pl.DataFrame({"start": [datetime(2026, 6, 21, 12, 16), datetime(2026, 12, 22, 0, 12)]})
        >>> noon.select(elevation("start", 39.9, 116.4, 8.0).round(0)).to_series().to_list()
        [74.0, -74.0]
    """
    at = pl.col(time)
    hours = at.dt.hour().cast(pl.Float64) + at.dt.minute() / 60
    turn = 2 * math.pi / 365 * (at.dt.ordinal_day() - 1 + (hours - zone) / 24)
    equation = 229.18 * (
        0.000075 + 0.001868 * turn.cos() - 0.032077 * turn.sin() - 0.014615 * (2 * turn).cos() - 0.040849 * (2 * turn).sin()
    )
    declination = (
        0.006918
        - 0.399912 * turn.cos()
        + 0.070257 * turn.sin()
        - 0.006758 * (2 * turn).cos()
        + 0.000907 * (2 * turn).sin()
        - 0.002697 * (3 * turn).cos()
        + 0.00148 * (3 * turn).sin()
    )
    angle = (hours * 60 + equation + 4 * longitude - 60 * zone) / 4 * math.pi / 180 - math.pi
    north = latitude * math.pi / 180
    height = math.sin(north) * declination.sin() + math.cos(north) * declination.cos() * angle.cos()
    return height.clip(-1, 1).arcsin() * 180 / math.pi


def daylight(time: str, latitude: float, longitude: float, zone: float) -> pl.Expr:
    """1 between sunrise and sunset, 2 at night.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.DataFrame({"start": [datetime(2026, 12, 22, 7), datetime(2026, 12, 22, 8)]})
        >>> hours.select(daylight("start", 39.9, 116.4, 8.0)).to_series().to_list()
        [2, 1]
    """
    return pl.when(elevation(time, latitude, longitude, zone) > HORIZON).then(1).otherwise(2).cast(pl.Int32)
