"""Small tables that indicators of the base pack ask, of the city (empty code) and one district ``d``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from bilan.pack.indicators import tables

YEARS = (2021, 2022, 2023)
SERIES = ("cod-emissions", "forest-area", "land-area")
_KINDS: Mapping[str, Any] = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "boolean": pl.Boolean}


def made() -> dict[str, pl.DataFrame]:
    """Name of a table → its rows, in the declared columns where the table is the platform's own."""
    samples = [(f"m{n}", "national", date(2022, 3, n), n % 3 + 1) for n in (1, 2, 3)]
    quarters = [("n1", "d", date(year, month, 1), month != 4, 80) for year in YEARS for month in (1, 4, 7, 10)]
    sections = [(f"s{n}", "surface_water", ("", "d")[n - 1], ("city", "national")[n - 1]) for n in (1, 2)]
    periods = [(*section, str(year), place + year % 3, 12) for place, section in enumerate(sections, 1) for year in YEARS]
    own = {
        "air_days": _air_days(),
        "figures": _frame(("series", "district", "period", "day", "year", "value"), _figures()),
        "areas": _frame(("area", "district"), [("", ""), ("", "d"), ("d", "d")]),
        "water_sections": _frame(("point", "network", "district", "control"), sections),
        "water_periods": _frame(("point", "network", "district", "control", "period", "grade", "months"), periods),
        "noise_quarters": _frame(("point", "district", "day", "day_attained", "days"), quarters),
        "sea_samples": _frame(("point", "control", "day", "grade"), samples),
        "points": _frame(("point", "network", "district"), [("n1", "noise", "d"), *((f"m{n}", "sea", "") for n in (1, 2, 3))]),
    }
    return {name: _declared(name, frame) for name, frame in own.items()} | _histories()


def _frame(columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=list(columns), orient="row")


def _air_days() -> pl.DataFrame:
    random = np.random.default_rng(3)
    days = pl.DataFrame({"day": pl.date_range(date(2021, 1, 1), date(2022, 6, 30), "1d", eager=True)})
    frame = pl.DataFrame({"district": ["", "d"]}).join(days, how="cross")
    return frame.with_columns(
        grade=pl.Series(random.integers(1, 5, frame.height)),
        valid=pl.Series(random.random(frame.height) > 0.05),
        **{name: pl.Series(np.round(random.gamma(2, 30, frame.height), 1)) for name in ("pm25", "o3_8h")},
    )


def _figures() -> Iterable[tuple[Any, ...]]:
    for place, series in enumerate(SERIES):
        for area in ("", "d"):
            for year in range(2015, 2024):
                yield series, area, str(year), date(year, 1, 1), year, 90.0 + place - year / 300


def _histories() -> dict[str, pl.DataFrame]:
    since = {"since": date(2020, 1, 1), "until": None}
    firms = [{"code": f"E{n}", "district": "d", "permit_category": "key", "status": "operating", **since} for n in range(4)]
    permits = [{"enterprise": f"E{n}", "status": "valid", **since} for n in range(3)]
    found = {"history.enterprise": firms, "history.discharge_permit": permits}
    return {name: pl.DataFrame(rows, schema_overrides={"until": pl.Date}) for name, rows in found.items()}


def _declared(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(column.name) if column.name in frame.columns else pl.lit(None)).cast(_KINDS[column.type]).alias(column.name)
        for column in tables()[name].columns.values()
    )
