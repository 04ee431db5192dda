"""What the odds of a target rest on: rows of the documented tables, as its indicator declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from bilan.lake.queries import parse
from bilan.pack.indicators import Catalogue, Indicator
from bilan.pack.indicators import Period as Kinds
from bilan.plans.indicators.computing import compute
from bilan.plans.indicators.spans import Span, spans
from bilan.plans.indicators.tables import Tables
from bilan.plans.odds import Aim, Kind, Period, Stand, Why, classes, counts, days, deciding, yearly
from bilan.plans.odds.classes import ClassRule
from bilan.plans.odds.days import DayRule
from bilan.problems import BilanError

YEARS = 6
"""Years back that monthly and yearly values are taken from."""

QUANTITIES = {"o3_8h": "o3"}
"""Column → name of its structure, where they differ."""

QUARTERLY = {"noise_quarters": 3, "sea_samples": 3, "groundwater_days": 3}
"""Table → months that one of its samples stands for; a month for others."""

SHARE = "%"
STATIONS = "air_station_days"
_KEYS = frozenset({"kind", "table", "column", "limit", "percentile", "best", "worse", "target", "whole", "trend", "quantity"})
"""What `odds` declares; any other key is a column of the table, or of its sections, with the value, or values, that its rows must have."""


@dataclass
class Grounds:
    """Finds the rows behind targets, and tells how these stand.

    Args:
        catalogue: the indicators.
        tables: the city's tables.
        today: the day that the statement is of; nothing of it or after is known.
        decides: whether what decides is wanted too.
    """

    catalogue: Catalogue
    tables: Tables
    today: date
    decides: bool = True
    _series: dict[tuple[str, Kinds], pl.DataFrame] = field(default_factory=dict, repr=False)
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    def stand(self, name: str, district: str, aim: Aim, year: int, *, decides: bool = True) -> Stand:
        """Tell how an indicator of the city (empty) or a district stands against a promise for a year.

        Args:
            decides: whether what decides is wanted too.

        Raises:
            BilanError: the indicator's query cannot be run.
        """
        if name not in self.catalogue:
            return Stand(why=Why.NO_DATA)
        indicator = self.catalogue[name]
        aim = replace(aim, decimals=indicator.decimals)
        period = Period.year(year)
        if (period.end - self.today).days > days.FURTHEST and _kind(indicator) is not Kind.REPORTED and not _by_month(indicator):
            return Stand(why=Why.TOO_FAR)
        match _kind(indicator):
            case Kind.SHARE_OF_DAYS | Kind.MEAN | Kind.PERCENTILE:
                return self._days(indicator, district, aim, period, decides)
            case Kind.COUNT if indicator.odds.get("table"):
                return self._days(indicator, district, aim, period, decides)
            case Kind.SHARE_OF_CLASSES:
                return self._classes(indicator, district, aim, period)
            case Kind.COUNT:
                return self._counts(indicator, district, aim, period)
            case _:
                return self._yearly(indicator, district, aim, year)

    def value(self, name: str, district: str, year: int) -> float | None:
        """The value of a year by the indicator's own query."""
        found = self._values(name, Kinds.YEAR).filter((pl.col("district") == district) & (pl.col("period") == str(year)))
        return found["value"][0] if found.height else None

    def rank(self, name: str, district: str, year: int) -> dict[str, int] | None:
        """Place of a district among all that have a value of the year, 1 the best."""
        if not district or name not in self.catalogue:
            return None
        found = self._values(name, Kinds.YEAR).filter((pl.col("period") == str(year)) & (pl.col("district") != "")).drop_nulls("value")
        ranked = found.with_columns(place=pl.col("value").rank("min", descending=self.catalogue[name].direction == "up"))
        own = ranked.filter(pl.col("district") == district)
        return {"place": int(own["place"][0]), "of": ranked.height} if own.height else None

    def _days(self, indicator: Indicator, district: str, aim: Aim, period: Period, decides: bool) -> Stand:
        rows, rule = self._daily(indicator), _day_rule(indicator)
        own = rows.filter(pl.col("district") == district)
        outlook = days.outlook(own, period, self.today, rule)
        found = days.stand(outlook, aim, rule)
        if not (decides and self.decides) or outlook is None or period.begin > self.today:
            return found
        told: dict[str, Any] = {
            "days": deciding.days(own, period, self.today, aim, rule),
            "pollutants": deciding.pollutants(own, period, self.today, rule),
        }
        share = deciding.cut(outlook, aim, rule)
        if share is not None:
            told["cut"] = share
        if not district:
            others = rows.filter(pl.col("district") != "")
            weights = dict(others.group_by("district").agg(pl.col("sites").mean().fill_null(1.0)).iter_rows())
            told["districts"] = deciding.districts(others, own, period, self.today, share, weights)
        told["stations"] = self._stations(indicator, district, period)
        return replace(found, deciding=told)

    def _daily(self, indicator: Indicator) -> pl.DataFrame:
        """Days of all areas: district, day, value, main, sites."""
        rows = self._table("air_days").filter(pl.col("valid"))
        main = pl.col("primary_pollutant").alias("main")
        return rows.select("district", "day", _measure(indicator).cast(pl.Float64).alias("value"), main, "sites")

    def _stations(self, indicator: Indicator, district: str, period: Period) -> list[dict[str, Any]]:
        """Stations of the area, those that weigh most first: mean so far and share of the area's."""
        rows = self._table(STATIONS).filter((pl.col("kind") == "city") & pl.col("day").is_between(period.begin, period.end))
        rows = rows.filter(pl.col("day") < self.today)
        rows = rows.filter(pl.col("district") == district) if district else rows
        means = rows.group_by("point").agg(_measure(indicator).mean().alias("value")).drop_nulls().sort("value", "point", descending=True)
        total = float(means["value"].sum())
        return [
            {"point": point, "value": round(value, 2), "share": round(value / total, 3)}
            for point, value in means.head(8).iter_rows()
            if total
        ]

    def _classes(self, indicator: Indicator, district: str, aim: Aim, period: Period) -> Stand:
        odds = indicator.odds
        table, column = str(odds["table"]), str(odds.get("column", "attained" if odds.get("target") else "grade"))
        rows = self._table(table)
        if missing := [name for name in _named_columns(odds) if name not in rows.columns]:
            rows = rows.join(self._table("water_sections").select("point", *missing), on="point", how="left")
        rows = _filtered(rows, odds, {"network": "surface_water"} if table.startswith("water_") else {})
        rows = rows.filter(pl.col("district") == district) if district else rows
        if column not in rows.columns:
            return self._fallback(indicator, district, aim, period)
        # What is only met or not is a class of its own: 1 met, 2 not.
        met = rows.schema[column] == pl.Boolean
        value = pl.when(pl.col(column)).then(1).otherwise(2) if met else pl.col(column)
        rows = rows.filter(pl.col(column).is_not_null()).select(
            "day", pl.col("point").alias("station"), value.cast(pl.Float64).alias("value")
        )
        whole = bool(odds.get("whole", table == "water_months" and not met and odds.get("network") != "drinking"))
        rule = ClassRule(1 if met else int(odds.get("best", 3)), whole, bool(odds.get("worse")), QUARTERLY.get(table, 1))
        # On a past day the official number was another one.
        official = self.value(indicator.name, district, self.today.year) if self.today == self.tables.today else None
        if period.begin <= self.today:
            return classes.stand(rows, period, self.today, aim, rule, official if period.begin.year == self.today.year else None)
        offset = classes.offset_of(rows, Period.year(self.today.year), self.today, rule, official)
        return classes.stand(rows, period, self.today, aim, rule, offset=offset)

    def _counts(self, indicator: Indicator, district: str, aim: Aim, period: Period) -> Stand:
        if not _by_month(indicator):
            return self._yearly(indicator, district, aim, period.begin.year)
        rows = self._values(indicator.name, Kinds.MONTH).filter(pl.col("district") == district).drop_nulls("value")
        # A month that is not over counts as it stands today.
        last = pl.col("period").map_elements(lambda text: Span.parse(text).last, return_dtype=pl.Date)
        size = [pl.col("rows").cast(pl.Float64).alias("size")] if indicator.unit == SHARE else []
        history = rows.select(
            pl.min_horizontal(last, pl.lit(self.today)).alias("day"), "value", *size, last.dt.month_start().alias("begin")
        )
        return counts.stand(history.filter(pl.col("begin") <= self.today), period, self.today, aim, _ceiling(indicator))

    def _yearly(self, indicator: Indicator, district: str, aim: Aim, year: int, through: int | None = None) -> Stand:
        rows = self._values(indicator.name, Kinds.YEAR).filter(pl.col("district") == district).drop_nulls("value")
        # What this year's figure was on a past day is not known; a figure of the running year is final when it is reported.
        last = self.today.year - (self.today != self.tables.today) if through is None else through
        known = {int(period): float(value) for period, value in rows.select("period", "value").iter_rows() if int(period) <= last}
        return yearly.stand(known, year, self.today, aim, _ceiling(indicator))

    def _fallback(self, indicator: Indicator, district: str, aim: Aim, period: Period) -> Stand:
        """From the years before alone, when the rows do not carry what the odds need."""
        found = self._yearly(indicator, district, aim, period.begin.year, through=self.today.year - 1)
        value = self.value(indicator.name, district, min(period.begin.year, self.today.year))
        return found if value is None else replace(found, value=value, gap=aim.gap(value))

    def prepare(self, names: Iterable[str]) -> None:
        """Compute what the odds of many indicators will ask for in one go; one that cannot be computed is left for its own turn."""
        known = [self.catalogue[name] for name in dict.fromkeys(names) if name in self.catalogue]
        monthly = [entry.name for entry in known if _by_month(entry)]
        yearly_ = [entry.name for entry in known if _kind(entry) in {Kind.REPORTED, Kind.SHARE_OF_CLASSES} or entry.districts]
        for kind, wanted in ((Kinds.MONTH, monthly), (Kinds.YEAR, yearly_)):
            with suppress(BilanError):
                found = compute(self.catalogue, wanted, self.tables, self._spans(kind))
                for name in wanted:
                    self._series[name, kind] = found.filter(pl.col("indicator") == name)

    def at(self, today: date, *, decides: bool = True) -> Grounds:
        """The same grounds as they were known on another day."""
        return Grounds(self.catalogue, self.tables, today, decides, self._series, self._frames)

    def _spans(self, kind: Kinds) -> list[Span]:
        this = self.tables.today.year
        return spans(kind, this - YEARS, this)

    def _values(self, name: str, kind: Kinds) -> pl.DataFrame:
        """Values of an indicator for all areas and the periods of the last years."""
        if (name, kind) not in self._series:
            self._series[name, kind] = compute(self.catalogue, [name], self.tables, self._spans(kind))
        return self._series[name, kind]

    def _table(self, name: str) -> pl.DataFrame:
        """The rows of a documented table, all of them."""
        if name not in self._frames:
            query = parse(f"select * from {name}", self.tables.documented, ())
            self._frames.update(self.tables.frames([query]))
        return self._frames[name]


def _kind(indicator: Indicator) -> Kind:
    declared = str(indicator.odds.get("kind", Kind.REPORTED))
    return Kind(declared) if declared in set(Kind) else Kind.REPORTED


def _by_month(indicator: Indicator) -> bool:
    """Whether it is a count whose months tell its pace."""
    return _kind(indicator) is Kind.COUNT and not indicator.odds.get("table") and Kinds.MONTH in indicator.periods


def _day_rule(indicator: Indicator) -> DayRule:
    odds = indicator.odds
    column = str(odds.get("column", "aqi"))
    quantity = str(odds.get("quantity", QUANTITIES.get(column, column)))
    return DayRule(
        _kind(indicator),
        quantity,
        float(odds.get("limit", 100.0)),
        float(odds.get("percentile", 90.0)),
        float(odds.get("trend", 0.0)),
    )


def _measure(indicator: Indicator) -> pl.Expr:
    """What is counted of a day: a column, or of days that several limits must hold for, the largest share of a limit [%]."""
    limits: Mapping[str, Any] = {name: entry.value for name, entry in indicator.parameters.items()}
    if _kind(indicator) is Kind.COUNT:
        return pl.max_horizontal(pl.col(name).cast(pl.Float64) / float(value) * 100.0 for name, value in limits.items())
    return pl.col(str(indicator.odds.get("column", "aqi"))).cast(pl.Float64)


def _ceiling(indicator: Indicator) -> float | None:
    return 100.0 if indicator.unit == SHARE else None


def _named_columns(odds: Mapping[str, Any]) -> list[str]:
    return [name for name in odds if name not in _KEYS]


def _filtered(rows: pl.DataFrame, odds: Mapping[str, Any], usual: Mapping[str, Any]) -> pl.DataFrame:
    """Rows whose columns have what `odds` names."""
    wanted = {**usual, **{name: odds[name] for name in _named_columns(odds)}}
    for name, value in wanted.items():
        rows = rows.filter(pl.col(name).is_in(value if isinstance(value, list | tuple) else [value]))
    return rows.filter(pl.col("valid")) if "valid" in rows.columns else rows
