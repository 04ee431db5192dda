"""One reading judged by the same functions that judge frames."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from bilan.science.standards.air.days import judge_day_means
from bilan.science.standards.air.hours import judge_hours
from bilan.science.standards.air.versions import AUTO


def judge(
    values: Mapping[str, float | None], moment: datetime | date, standard: str = AUTO, *, method: str = "published"
) -> dict[str, Any]:
    """Judge one hour (for a time) or one day (for a date).

    Parameters:
        values: concentrations by column, ``so2, no2, o3, pm10, pm25`` [µg/m³], ``co`` [mg/m³]; a day has ``o3_8h`` instead of ``o3``.
        moment: start of the hour, or the day.
        standard: ``auto``, ``2012`` or ``2026``.
        method: see `judge_hours`.

    Returns:
        The row of `judge_hours` or `judge_day_means` as a dictionary.

    Raises:
        BilanError: there is no pollutant, or the standard or method is unknown.

    Reference:
        HJ 633-2012, 4; HJ 633-2026, 4.

    Examples:
        >>> day = judge({"pm25": 35, "pm10": 50, "so2": 50, "no2": 40, "co": 2, "o3_8h": 100}, date(2026, 6, 1))
        >>> day["aqi"], day["level"], day["primary"]
        (50, 1, '')
    """
    hourly = isinstance(moment, datetime)
    key = "start" if hourly else "day"
    numbers = {column: pl.Series([value], dtype=pl.Float64) for column, value in values.items()}
    frame = pl.DataFrame({"point": [""], key: pl.Series([moment], dtype=pl.Datetime("us") if hourly else pl.Date), **numbers})
    judged = judge_hours(frame, standard, method=method) if hourly else judge_day_means(frame, standard)
    return judged.drop("point").row(0, named=True)
