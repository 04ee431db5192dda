"""Real records for the odds of classes, counts and yearly figures, and the halves of them that were fitted on and are scored."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
from odds_data import FILE, SHARED

DATA = SHARED / "data"
SEA = DATA / "coastal_water_hk" / "hk_epd_marine_2015_2019.csv.gz"
RIVERS = DATA / "river_flow_quality_usgs"
REGISTER = DATA / "cems_source_register_india" / "industries.csv.gz"
FIGURES = DATA / "ghg_xiamen" / "xiamen_activity_data_long.csv.gz"
SEA_ITEMS = (
    ("Total Inorganic Nitrogen mg_L", (0.2, 0.3, 0.4, 0.5)),
    ("Orthophosphate Phosphorus mg_L", (0.008, 0.015, 0.03, 0.045)),
    ("5-day Biochemical Oxygen Demand mg_L", (1.0, 3.0, 4.0, 5.0)),
    ("Chlorophyll-a ug_L", (1.5, 3.0, 6.0, 12.0)),
    ("Ammonia Nitrogen mg_L", (0.03, 0.06, 0.12, 0.3)),
)
RIVER_ITEMS = (
    ("choptank_nitrate", (0.9, 1.1, 1.3, 1.5)),
    ("potomac_chainbridge_tp", (0.04, 0.07, 0.1, 0.2)),
    ("arkansas_ammonia", (0.04, 0.08, 0.15, 0.3)),
)
AIR_ITEMS = (("pm25", (15.0, 35.0, 55.0, 75.0, 115.0)), ("o3", (50.0, 80.0, 100.0, 120.0, 160.0)), ("no2", (20.0, 30.0, 40.0, 50.0, 80.0)))
AIR_GROUPS = 24
LEAST_ENTRIES = 60
COPIED = 0.15
"""Share of changes equal to the one before from which a series of figures is taken for estimated, not reported."""


def half_of(name: str) -> int:
    """Half that a group belongs to: 0 was fitted on, 1 is scored."""
    return zlib.crc32(name.encode()) % 2


@dataclass(frozen=True, slots=True)
class Sections:
    """Classes of the sections of one water, or of the cities of one group: columns ``day``, ``station``, ``value``."""

    source: str
    name: str
    history: pl.DataFrame


def _grade(value: pl.Expr, limits: tuple[float, ...]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(1), *[(value > limit).cast(pl.Int32) for limit in limits]).cast(pl.Float64)


def sections() -> Iterator[Sections]:
    """Marine zones, rivers and groups of cities, each graded by one item; the bounds are classes made for the purpose."""
    sea = pl.read_csv(SEA, infer_schema_length=20_000, null_values=["N/A"])
    for item, limits in SEA_ITEMS:
        kept = sea.select(
            group="Water Control Zone",
            station="Station",
            day=pl.col("Dates").str.to_date(),
            value=_grade(pl.col(item).cast(pl.Float64, strict=False), limits),
        ).drop_nulls()
        for (group,), rows in kept.group_by("group", maintain_order=True):
            yield Sections("sea", f"{group} {item}", rows)
    for river, limits in RIVER_ITEMS:
        rows = pl.read_csv(RIVERS / f"{river}_samples.csv.gz", infer_schema_length=5000)
        day = pl.col(rows.columns[0]).cast(pl.String).str.to_date()
        yield Sections("rivers", river, rows.select(day.alias("day"), station=pl.lit(river), value=_grade(pl.col("ConcHigh"), limits)))
    air = pl.read_csv(FILE, try_parse_dates=True)
    for item, limits in AIR_ITEMS:
        monthly = air.filter(pl.col(item) > 0).group_by("city", day=pl.col("date").dt.truncate("1mo"))
        graded = monthly.agg(value=_grade(pl.col(item).mean(), limits)).rename({"city": "station"})
        group = pl.col("station").map_elements(lambda city: zlib.crc32(city.encode()) // 7 % AIR_GROUPS, return_dtype=pl.Int64)
        for (number,), rows in graded.with_columns(group=group).group_by("group", maintain_order=True):
            yield Sections("cities", f"{number} {item}", rows)


def registers() -> Iterator[tuple[str, list[date]]]:
    """A register by state, by trade and by both: the days on which its entries were made."""
    day = pl.col("created_date").str.to_datetime("%d-%b-%Y %H:%M:%S", strict=False).dt.date()
    rows = pl.read_csv(REGISTER).with_columns(day=day).drop_nulls("day").sort("day")
    for by in (["state_name"], ["industry_type"], ["state_name", "industry_type"]):
        for names, part in rows.group_by(by, maintain_order=True):
            if part.height >= LEAST_ENTRIES:
                yield " ".join(map(str, names)), part["day"].to_list()


def figures() -> Iterator[tuple[str, dict[int, float]]]:
    """Yearly figures of a city, without forecasts, copies of one pattern and series that look estimated."""
    seen: set[tuple[float, ...]] = set()
    rows = pl.read_csv(FIGURES, infer_schema_length=10_000).drop_nulls("value").filter(~pl.col("workbook").str.contains("预测"))
    for names, part in rows.group_by(["workbook", "sheet", "item", "unit"], maintain_order=True):
        values = dict(zip(part["year"].to_list(), part["value"].to_list(), strict=True))
        if len(values) >= 8 and min(values.values()) > 0 and not _estimated(values) and (pattern := _pattern(values)) not in seen:
            seen.add(pattern)
            yield " ".join(map(str, names)), values


def _pattern(values: dict[int, float]) -> tuple[float, ...]:
    """The series as multiples of its mean."""
    mean = sum(values.values()) / len(values)
    return tuple(round(values[year] / mean, 3) for year in sorted(values))


def _estimated(values: dict[int, float]) -> bool:
    """Whether many changes, absolute or relative, repeat the one before."""
    series = np.array([values[year] for year in sorted(values)])
    steps = np.diff(series) / series.mean()
    ratios = np.array([after / before for before, after in pairwise(series)])
    same = [(np.abs(np.diff(changes)) < 1e-4).mean() for changes in (steps, ratios)]
    return bool(sum(same) + (np.abs(steps) < 1e-9).mean() > COPIED)
