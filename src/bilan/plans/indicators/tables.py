"""All tables that a query may ask, made when they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl

from bilan.lake.queries import Query, texts
from bilan.lake.types import type_of
from bilan.pack import vocab
from bilan.pack.city import City
from bilan.pack.districts import District
from bilan.pack.districts import current as districts_of
from bilan.pack.indicators import Table
from bilan.pack.indicators import tables as declared
from bilan.plans.indicators import marine, measured, recorded
from bilan.plans.indicators.observing import Observed
from bilan.problems import BilanError, Place, Problem
from bilan.telemetry import clock
from bilan.telemetry.store import Store

OBSERVATIONS = {"observations_day": measured.observations_day, "observations_hour": measured.observations_hour}
"""Tables too large to be made whole: queries name the parameters they want."""
PERIODS = "periods"
FIRST_YEAR = 2015
"""Nothing before it is read."""
Maker = Callable[[], pl.DataFrame]


def documented() -> Mapping[str, Table]:
    """Every table by name: those of the platform, then those of the registers."""
    return {**declared(), **{table.name: table for table in recorded.documented()}}


@dataclass
class Tables:
    """The tables of one city.

    Args:
        store: where observations and verdicts are.
        today: the day that it is.
        given: tables in place of those of the platform, for tests and benches.
        begin: the first day that is read.
    """

    city: City
    store: Store
    today: date
    given: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    begin: date = date(FIRST_YEAR, 1, 1)
    _made: dict[str, pl.DataFrame] = field(default_factory=dict, init=False, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @classmethod
    def now(cls, city: City, store: Store) -> Tables:
        """The tables as they are."""
        return cls(city, store, clock.moment(clock.now(city.timezone)).date())

    @cached_property
    def documented(self) -> Mapping[str, Table]:
        """Every table by name."""
        return documented()

    @cached_property
    def counties(self) -> Sequence[District]:
        """Districts that stand today."""
        return districts_of(self.city).counties(self.today.isoformat())

    @property
    def districts(self) -> list[str]:
        """Their codes, after the empty one of the city."""
        return ["", *(entry.code for entry in self.counties)]

    @property
    def first_day(self) -> date:
        """Day of the first value that the store holds; today when it holds none."""
        series = self.store.catalogue.series_frame()["id"].to_list()
        first = self.store.statistics(series)["first"].min() if series else None
        return self.today if first is None else max(self.begin, clock.moment(int(str(first))).date())

    def check(self, query: Query) -> None:
        """Insist that a query of observations names its parameters.

        Raises:
            BilanError: it does not.
        """
        if query.tables & OBSERVATIONS.keys():
            _words(query)

    def frames(self, queries: Iterable[Query]) -> dict[str, pl.DataFrame]:
        """The tables that queries name, with exactly their documented columns.

        Raises:
            BilanError: a query asks for observations without naming a parameter.
        """
        wanted: set[str] = set()
        words: set[str] = set()
        for query in queries:
            wanted |= query.tables
            if query.tables & OBSERVATIONS.keys():
                words |= _words(query)
        return {name: self._frame(name, frozenset(words)) for name in sorted(wanted - {PERIODS})}

    def whole(self, name: str) -> pl.DataFrame:
        """A table with all its rows; of observations only the days that `between` leaves.

        Raises:
            KeyError: no such table.
        """
        return self._frame(name, frozenset())

    def between(self, begin: date, end: date) -> Tables:
        """The same tables, made from what was observed between two days."""
        return replace(self, begin=begin, today=end)

    def _frame(self, name: str, words: frozenset[str]) -> pl.DataFrame:
        if name in self.given:
            return _laid(self.given[name], self.documented[name])
        if name in OBSERVATIONS:
            return _laid(OBSERVATIONS[name](self._observed, words), self.documented[name])
        with self._making:
            if name not in self._made:
                self._made[name] = _laid(self._make(name), self.documented[name])
            return self._made[name]

    def _make(self, name: str) -> pl.DataFrame:
        """A table that is made from another is made from all that the other was found to hold, not from its documented columns alone."""
        if name not in marine.DERIVED:
            return self._makers[name]()
        base, derive = marine.DERIVED[name]
        source = _laid(self.given[base], self.documented[base]) if base in self.given else self._makers[base]()
        return derive(source, marine.land_of(self.city))

    @cached_property
    def _makers(self) -> Mapping[str, Maker]:
        return {**measured.makers(self._observed), **recorded.makers(), "districts": self._districts, "areas": self._areas}

    @cached_property
    def _observed(self) -> Observed:
        codes = [entry.code for entry in self.counties]
        return Observed(self.store, self.city.adcode, codes, self.begin, self.today)

    def _districts(self) -> pl.DataFrame:
        rows = [(entry.code, entry.name_zh, entry.name_en) for entry in self.counties]
        return pl.DataFrame(rows, schema=dict.fromkeys(("code", "name", "name_en"), pl.String), orient="row")

    def _areas(self) -> pl.DataFrame:
        codes = [entry.code for entry in self.counties]
        rows = [("", ""), *(("", code) for code in codes), *((code, code) for code in codes)]
        return pl.DataFrame(rows, schema={"area": pl.String, "district": pl.String}, orient="row")


def _words(query: Query) -> frozenset[str]:

    known = {name for parameter in vocab.parameters().values() for name in (parameter.code, parameter.column) if name}
    found = texts(query)
    if not found & known:
        raise BilanError(Problem("indicators.needs_parameter", {"value": sorted(query.tables & OBSERVATIONS.keys())}, Place()))
    return found


def _laid(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """A frame in the columns and types of its table; those it lacks are empty, but the year of its day."""
    if "year" not in frame.columns and "day" in frame.columns:
        frame = frame.with_columns(pl.col("day").dt.year().alias("year"))
    return frame.select(
        (pl.col(column.name) if column.name in frame.columns else pl.lit(None)).cast(type_of(column.type)).alias(column.name)
        for column in table.columns.values()
    )
