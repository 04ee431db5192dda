"""The documented tables that are made from days of wells and samples of the sea: periods of groundwater, shares of the sea area."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from bilan.pack.areas import BOUNDARIES
from bilan.pack.city import City
from bilan.plans.indicators.graded import GROUND, graded, items
from bilan.plans.indicators.waters import NAMES
from bilan.science import groundwater, sea
from bilan.science.standards.sea.geometry import Ring, within
from bilan.science.standards.single.periods import Period

REACH, STEP = 8.0, 2.2
"""How far from a station the waters count, and the side of a cell [km]."""
_TEXTS = {"month": "%Y-%m", "year": "%Y"}
_SQL = {alias: name for name, alias in NAMES.items()}
_ABOUT = ("name", "district")

Land = Sequence[Ring]
Derived = Callable[[pl.DataFrame, Land], pl.DataFrame]


def groundwater_periods(days: pl.DataFrame, _land: Land = ()) -> pl.DataFrame:
    """Months, quarters and years of the wells, judged from the means of their days.

    Args:
        days: as the table ``groundwater_days`` holds them, with every item measured.

    Reference:
        GB/T 14848-2017, 6.2, 6.3.
    """
    about = [column for column in (*_ABOUT, "target_class") if column in days.columns]
    known = days.group_by("point").agg(pl.col(about).last())
    measured = [column for column in items(GROUND) if column in days.columns]
    samples = days.select("point", pl.col("day").cast(pl.Datetime("us")).alias("start"), *measured)
    kinds: tuple[Period, ...] = ("month", "quarter", "year")
    parts = [_wells(samples, kind, measured) for kind in kinds]
    return pl.concat(parts).join(known, on="point", how="left").sort("period", "point")


def sea_areas(samples: pl.DataFrame, land: Land = ()) -> pl.DataFrame:
    """Shares of the sea area by campaign.

    Args:
        samples: as the table ``sea_samples`` holds them.
        land: rings of the city's districts [°].

    Reference:
        GB 3097-1997; the official interpolation is not published.
    """
    placed = samples.filter(pl.col("lon").is_not_null(), pl.col("lat").is_not_null()).rename(_SQL, strict=False)
    wanted = [column for column in ("ph", "do", "cod", "din", "dip", "oil") if column in placed.columns]
    means = placed.group_by(pl.col("day").dt.truncate("1q"), "point").agg(
        pl.col("lon", "lat").first(), pl.col(wanted).mean(), pl.len().alias("samples")
    )
    means = means.filter(pl.any_horizontal(pl.col(wanted).is_not_null()))
    if means.is_empty():
        return pl.DataFrame(schema={"day": pl.Date})
    rings = _dry(means, land)
    counts = means.group_by("day").agg(pl.col("samples").sum())
    found = sea.evaluate_areas(means.drop("samples"), "day", land=rings or None, reach=REACH, step=STEP, resamples=0)
    return found.join(counts, on="day", how="left").with_columns(land_masked=pl.lit(bool(rings))).sort("day")


def land_of(city: City) -> Land:
    """Rings of the city's districts; none while it has no boundaries."""
    file = city.folder / BOUNDARIES
    return _rings(file, file.stat().st_mtime_ns, city.adcode) if file.is_file() else ()


DERIVED: Mapping[str, tuple[str, Derived]] = {
    "groundwater_periods": ("groundwater_days", groundwater_periods),
    "sea_areas": ("sea_samples", sea_areas),
}
"""Table → the table that it is made from, and how."""


@cache
def _rings(file: Path, _stamp: int, adcode: str) -> Land:
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    own = [feature for feature in features if str(feature["properties"].get("adcode")) != adcode]
    return tuple(ring for feature in own for ring in sea.rings_of(feature))


def _dry(means: pl.DataFrame, land: Land) -> list[Ring]:
    """Rings that hold land: one that holds a station holds the sea too and must not be taken off."""
    places = means.select("lon", "lat").unique().to_numpy()
    return [ring for ring in land if not np.any(within(places[:, 0], places[:, 1], [ring]))]


def _wells(samples: pl.DataFrame, kind: Period, measured: Sequence[str]) -> pl.DataFrame:
    judged = groundwater.evaluate_periods(samples, kind) if measured and samples.height else samples.head(0)
    day = pl.col("start").dt.date().alias("day")
    text = pl.format("{}-Q{}", day.dt.year(), day.dt.quarter()) if kind == "quarter" else day.dt.strftime(_TEXTS[kind])
    if "samples" not in judged.columns:
        judged = judged.with_columns(samples=pl.lit(None, dtype=pl.UInt32))
    kept = judged.select("point", text.alias("period"), day, pl.col("samples").cast(pl.Int64).alias("days"), *measured)
    return graded(kept, GROUND)
