"""Our verdicts beside the published ones, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from bilan.science import air
from bilan.telemetry.simulator.recorded import Recording
from bilan.telemetry.simulator.replay import Plan
from bilan.telemetry.store import Store

FOREVER = 1 << 40
SHOWN = 20
"""Differences that a report lists one by one."""

Difference = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one network.

    Attributes:
        network: ``air`` or ``surface_water``.
        hours: recorded hours.
        published: hours with a published result.
        judged: of these, hours that we judged.
        equal: of these, hours with exactly the published result.
        differences: the others.
    """

    network: str
    hours: int
    published: int
    judged: int
    equal: int
    differences: Sequence[Difference] = field(default_factory=list)


def compare(store: Store, planned: Plan) -> list[Compared]:
    """Set the verdicts of a replay beside what was published with the recordings.

    Args:
        store: holds the verdicts.
        planned: what was replayed.
    """
    return [_air(store, planned, entry) if entry.network == "air" else _water(store, planned, entry) for entry in planned.recordings]


def _air(store: Store, planned: Plan, recording: Recording) -> Compared:
    """AQI, level and primary pollutants of each hour; the published names are in any order."""
    level = {category.name_zh: category.level for version in ("2012", "2026") for category in air.categories(version)}
    official = _published(planned, recording).select(
        "point",
        "start",
        pl.col("aqi").cast(pl.Float64, strict=False).cast(pl.Int64).alias("official"),
        pl.col("level").replace_strict(level, default=None, return_dtype=pl.Int64).alias("official_level"),
        _names(pl.col("primary")).alias("official_primary"),
    )
    ours = store.verdicts.scan("air.hour", planned.codes.values(), 0, FOREVER)
    ours = ours.select("point", "start", pl.col("value").cast(pl.Int64), "grade", _names(pl.col("main")).alias("primary"))
    same = (
        (pl.col("official") == pl.col("value"))
        & (pl.col("official_level") == pl.col("grade"))
        & (pl.col("official_primary") == pl.col("primary"))
    )
    return _compared("air", recording, official, ours, same)


def _water(store: Store, planned: Plan, recording: Recording) -> Compared:
    """Class of each hour."""
    grade = pl.col("class").cast(pl.Int64, strict=False)
    official = _published(planned, recording).select("point", "start", pl.when(grade.is_between(1, 6)).then(grade).alias("official"))
    ours = store.verdicts.scan("water.hour", planned.codes.values(), 0, FOREVER).select("point", "start", "grade", "main")
    return _compared("surface_water", recording, official, ours, pl.col("official") == pl.col("grade"))


def _published(planned: Plan, recording: Recording) -> pl.DataFrame:
    codes = pl.DataFrame(
        [(name, city, code) for (name, city), code in planned.codes.items()], schema=["name", "city", "point"], orient="row"
    )
    return recording.official.join(codes, on=["name", "city"])


def _compared(network: str, recording: Recording, official: pl.DataFrame, ours: pl.DataFrame, same: pl.Expr) -> Compared:
    published = official.drop_nulls("official")
    judged = published.join(ours, on=["point", "start"]).drop_nulls("grade")
    equal = judged.filter(same)
    keys = ["point", "start"]
    differences = published.join(equal, on=keys, how="anti").join(ours, on=keys, how="left").sort(keys)
    return Compared(network, recording.frame.height, published.height, judged.height, equal.height, differences.to_dicts())


def _names(column: pl.Expr) -> pl.Expr:
    """Symbols joined by commas in a fixed order, whatever the spelling of the publication."""
    symbols = column.fill_null("").str.split(",").list.eval(_symbol(pl.element()))
    return symbols.list.drop_nulls().list.sort().list.join(",")


def _symbol(name: pl.Expr) -> pl.Expr:
    found = pl.lit(None, dtype=pl.String)
    for pollutant in air.pollutants():
        known = name.str.contains(pollutant.name_zh, literal=True) | name.str.contains(pollutant.symbol, literal=True)
        found = pl.when(known).then(pl.lit(pollutant.symbol)).otherwise(found)
    return found
