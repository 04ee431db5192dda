"""The store: hot tables and sealed lake behind one set of calls."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import polars as pl

from bilan.pack.city import City
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.model import Reading
from bilan.telemetry.store import doubts, migration
from bilan.telemetry.store.amendments import Amendment, Amendments
from bilan.telemetry.store.catalogue import Catalogue
from bilan.telemetry.store.database import Database
from bilan.telemetry.store.digests import Digests, Offsets
from bilan.telemetry.store.dirty import Dirty
from bilan.telemetry.store.intervals import table
from bilan.telemetry.store.lake import Lake, Replaced
from bilan.telemetry.store.latest import Latest, partial_sums
from bilan.telemetry.store.limits import Limits
from bilan.telemetry.store.reduction import reduce_frame
from bilan.telemetry.store.scanning import scan_raw
from bilan.telemetry.store.sealed import SealedSeries
from bilan.telemetry.store.sealing import Sealed, seal_observations, seal_verdicts
from bilan.telemetry.store.sqlite import SqliteDatabase
from bilan.telemetry.store.verdicts import Verdicts
from bilan.telemetry.store.writing import Writer, Written

SCAN_COLUMNS = ("series", "start", "seconds", "value", "flag", "quality")
FOREVER = 1 << 40
"""A start after every start [s]."""


class Store:
    """Readings, verdicts and what belongs to them.

    Attributes:
        database: the relational half; statements with ``?`` placeholders.
        lake: the Parquet half.
        catalogue: points, devices and series.
        dirty: hours to be rolled up or judged again.
        verdicts: what was judged.
        digests: precomputed JSON for pages.
        offsets: how far streams have been read.
        limits: what permits and outlets in the registers hold points to.

    Examples:
        >>> import tempfile
        >>> from bilan.telemetry.model import SeriesKey
        >>> folder = Path(tempfile.mkdtemp())
        >>> store = Store.connect(f"sqlite:///{folder}/telemetry.sqlite3", lake=folder / "lake")
        >>> _ = store.migrate()
        >>> (series,) = store.catalogue.series_ids([SeriesKey("3505A", "a34004", "mean", "hour")], ["ug/m3"])
        >>> store.write("hour", [Reading(series, 3600, 3600, 35.0)], arrived=7300)
        Written(inserted=1, changed=0, unchanged=0)
        >>> store.scan([series], 0, 86400, "hour")["value"].to_list()
        [35.0]
    """

    def __init__(self, database: Database, lake: Path, zone: str = "Asia/Shanghai") -> None:
        self.database = database
        self.zone = zone
        self.lake = Lake(lake, zone, self._lake_written)
        self._sealed = SealedSeries(self.lake)
        self.catalogue = Catalogue(database)
        self.dirty = Dirty(database)
        self.verdicts = Verdicts(database, self.lake)
        self.digests = Digests(database)
        self.offsets = Offsets(database)
        self.limits = Limits(database)
        self._latest = Latest(database)
        self._amendments = Amendments(database)
        self._writer = Writer(database, self.lake, self.catalogue, self._latest, self.dirty)

    @classmethod
    def open(cls, city: City) -> Self:
        """The store of a city folder."""
        return cls.connect(city.telemetry_url, lake=city.lake, zone=city.timezone)

    @classmethod
    def connect(cls, url: str, lake: Path, zone: str = "Asia/Shanghai") -> Self:
        """The store at an address.

        Parameters:
            url: ``sqlite:////absolute/path`` or ``postgresql://user:password@host/name``.
            lake: root folder of the Parquet files.
            zone: IANA zone whose wall time all stamps carry.

        Raises:
            BilanError: neither of the two kinds of address.
        """
        return cls(connect(url), Path(lake), zone)

    def migrate(self) -> list[str]:
        """Bring the schema up to date and give the names of the files applied; safe to call at every start."""
        return migration.migrate(self.database)

    def pending(self) -> list[str]:
        """Names of the schema's files that `migrate` would apply; the database must have been made before."""
        return migration.pending(self.database)

    def close(self) -> None:
        """Close the database connections of every thread."""
        self.database.close()

    def write(
        self,
        interval: str,
        readings: Sequence[Reading],
        *,
        arrived: int | Sequence[int],
        source: int | Sequence[int] = 0,
        mark: bool = True,
    ) -> Written:
        """Store readings; the same readings again change nothing.

        A different value for the same series and start takes the place of the earlier one when it arrived no earlier (a value that a
        device reported always beats one rolled up); the loser is kept in `superseded`. Latest values, statistics and dirty
        marks change in the same transaction.

        Parameters:
            interval: interval of all the series written.
            readings: in any order.
            arrived: when they arrived, for all or one each [s of the wall clock].
            source: where the raw frame lies (position in the journal), for all or one each; `ROLLED_UP` for computed values.
            mark: whether what changed must be rolled up and judged.

        Raises:
            BilanError: a series is unknown or has another interval.
            StoreUnavailable: the database cannot be written now; nothing was changed.
        """
        return self._writer.write(interval, readings, arrived, source, mark=mark)

    def scan(self, series: Sequence[int], begin: int, end: int, interval: str, *, level: str = "reviewed") -> pl.DataFrame:
        """Values of begin ≤ start < end, sorted by series and start: columns series, start, seconds, value, flag, quality.

        Parameters:
            series: ids of series of this interval.
            begin, end: seconds of the wall clock.
            level: ``raw`` as received, ``flagged`` with what automatic rules decided, ``reviewed`` with every amendment, ``final`` only
                values that were closed.

        Raises:
            BilanError: unknown interval or level.
        """
        raw = scan_raw(self.database, self._sealed, series, begin, end, interval)
        return self._amendments.apply(raw.select(SCAN_COLUMNS), level)

    def scan_raw(self, series: Sequence[int], begin: int, end: int, interval: str) -> pl.DataFrame:
        """Values as received with `arrived` [s] and `source` (position of the raw frame), sorted by series and start."""
        return scan_raw(self.database, self._sealed, series, begin, end, interval)

    def scan_reduced(self, series: Sequence[int], begin: int, end: int, interval: str, points: int = 2000) -> pl.DataFrame:
        """Values rolled up to at most about `points` a series, for a chart of any length; see `reduction.reduce_frame`."""
        return reduce_frame(self.scan(series, begin, end, interval), begin, end, points)

    def wide(
        self,
        points: Collection[str],
        parameters: Sequence[str],
        begin: int,
        end: int,
        interval: str,
        statistic: str = "mean",
        *,
        level: str = "reviewed",
        flags: Collection[str] | None = ("N",),
        without: int = 0,
    ) -> pl.DataFrame:
        """Values side by side for evaluation: columns point, start (naive Datetime) and one a parameter code.

        Parameters:
            points: codes of points.
            parameters: parameter codes, in the order of the columns wanted; absent ones give empty columns.
            begin, end: seconds of the wall clock, begin ≤ start < end.
            flags: marks that count as valid; values with others are left out. None takes all.
            without: quality bits whose values are left out, such as `Check.PARTIAL` where a standard asks for enough samples.
        """
        known = self.catalogue.series_frame(points, parameters, interval).filter(
            pl.col("statistic") == statistic, pl.col("occurrence") == 1
        )
        values = self.scan(known["id"].to_list(), begin, end, interval, level=level)
        if flags is not None:
            values = values.filter(pl.col("flag").is_in(list(flags)))
        if without:
            values = values.filter(pl.col("quality") & without == 0)
        long = values.join(known.select(pl.col("id").alias("series"), "point", "parameter"), on="series")
        table_ = long.pivot("parameter", index=["point", "start"], values="value").sort("point", "start")
        absent = [pl.lit(None, dtype=pl.Float64).alias(code) for code in parameters if code not in table_.columns]
        return table_.with_columns(pl.from_epoch("start", time_unit="s").cast(pl.Datetime("us")), *absent).select(
            "point", "start", *parameters
        )

    def latest(
        self,
        points: Collection[str] | None = None,
        networks: Collection[str] | None = None,
        *,
        parameters: Collection[str] | None = None,
        interval: str | None = None,
    ) -> pl.DataFrame:
        """Newest value of every series of these points, networks, parameters and interval, amendments applied."""
        newest = self._latest.frame(points, networks, parameters, interval)
        return self._amendments.apply(newest, "reviewed")

    def statistics(self, series: Sequence[int]) -> pl.DataFrame:
        """Columns series, count, first, last, minimum, maximum, mean of the raw values of each series."""
        stale = self._latest.stale(series)
        if stale:
            self._recount(stale)
        return self._latest.statistics(series)

    def _recount(self, series: Sequence[int]) -> None:
        places = self.catalogue.places()
        for interval in {places[number][1] for number in series}:
            chosen = [number for number in series if places[number][1] == interval]
            values = self.scan_raw(chosen, 0, FOREVER, interval)
            sums = values.group_by("series").agg(
                pl.col("start").min().alias("first"),
                pl.col("value").count().alias("count"),
                pl.col("value").sum().alias("total"),
                pl.col("value").min().alias("minimum"),
                pl.col("value").max().alias("maximum"),
            )
            self._latest.recount(sums)

    def amend(self, *amendments: Amendment) -> list[int]:
        """Append decisions about values and mark what they touch to be judged again; gives their ids.

        Raises:
            BilanError: unknown series or kind, empty span, nobody or no reason named, or the span is final.
        """
        places = self.catalogue.places()
        strange = [entry.series for entry in amendments if entry.series not in places]
        if strange:
            raise BilanError(*(Problem("store.unknown_series", {"value": number}) for number in strange))
        with self.database.transaction():
            ids = self._amendments.add(amendments, clock.now(self.zone))
            marks = set()
            for entry in amendments:
                point, interval = places[entry.series]
                starts = self.scan_raw([entry.series], entry.begin, entry.end, interval)["start"]
                marks |= {(point, interval, hour) for hour in (starts // clock.HOUR * clock.HOUR).unique().to_list()}
            self.dirty.add(marks)
        return ids

    def amendments(self, series: Collection[int] | None = None, begin: int | None = None, end: int | None = None) -> list[Amendment]:
        """Decisions about these series that touch begin ≤ start < end, oldest first."""
        return self._amendments.list(series, begin, end)

    def doubt(self, interval: str, rows: pl.DataFrame) -> int:
        """Set quality bits (columns series, start, quality) of values that are not sealed yet; see `doubts.set_bits`."""
        return doubts.set_bits(self.database, interval, rows)

    def seal(self, interval: str, before: int) -> Sealed:
        """Move values, or verdicts when `interval` is a method, with start < `before` [s] from the hot tables into the lake."""
        if "." in interval:
            return seal_verdicts(self.database, self.lake, interval, before)
        return seal_observations(self.database, self.lake, interval, before)

    def _lake_written(self, dataset: str, kind: str, replaced: Replaced) -> None:
        """Bring a bulk back-fill into the latest values and the statistics."""
        if dataset == "verdict":
            self.verdicts.put_latest(replaced.after)
            return
        shared = bool(self.database.query(f"SELECT 1 FROM {table(kind)} LIMIT 1"))
        self._latest.merge(partial_sums(replaced.after, replaced.before, stale=shared))


def connect(url: str) -> Database:
    """Open the database at `url`; psycopg is loaded only for PostgreSQL.

    Raises:
        BilanError: neither ``sqlite://`` nor ``postgresql://``.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return SqliteDatabase(Path(url.removeprefix("sqlite:///")))
    if scheme in {"postgresql", "postgres"}:
        opened: Database = importlib.import_module("bilan.telemetry.store.postgres").PostgresDatabase(url)
        return opened
    raise BilanError(Problem("store.unknown_address", {"value": url}))
