"""Recorded measurements read from files as people keep them, and what the authorities published beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bilan.pack.vocab import vocabulary
from bilan.problems import BilanError, Problem
from bilan.tabular import TableRead, read_table
from bilan.telemetry.clock import HOUR

KNOWN_FILES = ("station_hourly_*.csv*", "fujian_*.csv*")
"""Recordings looked for first in a folder and below it; without any, every table of the folder itself is read."""

STATION_LISTS = "cnemc_stations_*.csv*"
TABLES = ("*.csv", "*.csv.gz", "*.xlsx", "*.parquet")
PLACES = ("厦门", "厦门市", "泉州", "泉州市", "福建省")
"""Cities and provinces that the recordings of a folder are limited to."""

AIR_COLUMNS = frozenset({"pm25", "pm10", "so2", "no2", "o3", "co"})
OFFICIAL = {"aqi": "aqi", "level": "level", "primarypollution": "primary", "水质类别": "class"}
"""Headers, in lower case, of what the authorities published → column of the side table."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Hours of one network.

    Attributes:
        network: ``air`` or ``surface_water``.
        frame: columns name (of the station or section), city, start [s of the wall clock, full hour], and one a parameter code.
        official: columns name, city, start and, as published, aqi, level, primary or class as text; one row a row of `frame`.
        dropped: rows left out because their station and hour had come already.
    """

    network: str
    frame: pl.DataFrame
    official: pl.DataFrame
    dropped: int


def read(path: Path | str, places: Collection[str] | None = None) -> list[Recording]:
    """Read a file, or the recordings of a folder.

    Parameters:
        path: table with a time, a station and recognisable parameters; or a folder of such tables.
        places: cities and provinces to keep; None for all of a file, and for `PLACES` of a folder.

    Returns:
        One recording a network.

    Raises:
        BilanError: nothing usable is there.
    """
    source = Path(path)
    kept = PLACES if places is None and source.is_dir() else places
    parts: dict[str, list[tuple[pl.DataFrame, pl.DataFrame]]] = {}
    for file in files(source):
        found = _part(read_table(file), kept)
        if found is not None:
            network, frame, official = found
            parts.setdefault(network, []).append((frame, official))
    recordings = [_joined(network, found) for network, found in sorted(parts.items())]
    if not any(recording.frame.height for recording in recordings):
        raise BilanError(Problem("replay.nothing", {"value": str(path)}))
    return recordings


def positions(path: Path | str) -> dict[tuple[str, str], tuple[float, float]]:
    """Where national stations stand: (city without its level, name) → longitude and latitude, from the lists in a folder."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for file in sorted(Path(path).rglob(STATION_LISTS)) if Path(path).is_dir() else []:
        table = pl.read_csv(file).filter(pl.col("lon").is_not_null(), pl.col("lat").is_not_null())
        for city, name, lon, lat in table.select("area", "positionname", "lon", "lat").iter_rows():
            found[str(city).removesuffix("市"), str(name)] = (float(lon), float(lat))
    return found


def files(source: Path) -> Iterator[Path]:
    """The tables that a path means, in a fixed order."""
    if not source.is_dir():
        yield source
        return
    known = sorted({file for pattern in KNOWN_FILES for file in source.rglob(pattern)})
    yield from known or sorted({file for pattern in TABLES for file in source.glob(pattern)})


def _part(read_: TableRead, places: Collection[str] | None) -> tuple[str, pl.DataFrame, pl.DataFrame] | None:
    """Network, values and official columns of one table; None when it has no time, no station or no parameter."""
    if not read_.parameters or not {"point", "start"} <= set(read_.frame.columns):
        return None
    network = "air" if AIR_COLUMNS & set(read_.parameters) else "surface_water"
    published = [
        pl.lit(read_.raw[header].cast(pl.String)).alias(OFFICIAL[header.casefold()])
        for header in read_.raw.columns
        if header.partition("(")[0].casefold() in OFFICIAL
    ]
    places_known = [column for column in ("city", "province") if column in read_.frame.columns]
    frame = read_.frame.with_columns(published).filter(pl.col("point").is_not_null(), pl.col("start").is_not_null())
    if places is not None and places_known:
        frame = frame.filter(pl.any_horizontal(pl.col(column).is_in(list(places)) for column in places_known))
    codes = {name: vocabulary().by_column(name).code for name in read_.parameters}
    keys = [
        pl.col("point").alias("name"),
        (pl.col("city") if "city" in frame.columns else pl.lit("")).alias("city"),
        (pl.col("start").dt.epoch("s") // HOUR * HOUR).alias("start"),
    ]
    wanted = [name for name in ("aqi", "level", "primary", "class") if name in frame.columns]
    return network, frame.select(*keys, *(pl.col(name).alias(code) for name, code in codes.items())), frame.select(*keys, *wanted)


def _joined(network: str, parts: list[tuple[pl.DataFrame, pl.DataFrame]]) -> Recording:
    frame = pl.concat([frame for frame, _ in parts], how="diagonal")
    official = pl.concat([official for _, official in parts], how="diagonal")
    first = frame.select(pl.struct("name", "city", "start").is_first_distinct()).to_series()
    codes = [column for column in frame.columns if column not in ("name", "city", "start")]
    measured = frame.select(pl.any_horizontal(pl.col(code).is_not_null() for code in codes)).to_series()
    keep = first & measured
    order = frame.filter(keep).select("start", "city", "name").with_row_index().sort("start", "city", "name")["index"]
    return Recording(network, frame.filter(keep)[order], official.filter(keep)[order], int((~first).sum()))
