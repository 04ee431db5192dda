"""Months, quarters and years: the statistics of HJ 663, their validity and the limits they are set beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, need, run, with_missing
from bilan.science.rounding import half_even, snap
from bilan.science.standards.air.iaqi import reading
from bilan.science.standards.air.limits import Edition, editions, limit
from bilan.science.standards.air.pollutants import by_symbol
from bilan.science.standards.air.validity import minimum
from bilan.science.standards.air.versions import AUTO, check_standard
from bilan.science.tables import table

Native = TypeVar("Native")

PERIODS = {"month": ("1mo", 1), "quarter": ("1q", 3), "year": ("1y", 12)}
"""Period → how it is truncated, months in it."""

DAILY = ("so2", "no2", "pm10", "pm25", "o3_8h", "co")
PARTICLES = ("pm10", "pm25")


@dataclass(frozen=True, slots=True)
class PeriodItem:
    """One statistic that a period is judged by."""

    symbol: str
    column: str
    statistic: str
    percentile: int | None
    limit_period: str
    standard: str
    clause: str
    confidence: str

    @property
    def name(self) -> str:
        """``so2_mean``, ``so2_p98``, …"""
        return f"{self.column}_{self.statistic if self.percentile is None else f'p{self.percentile}'}"


@cache
def period_items(period: str, version: str = "2026") -> tuple[PeriodItem, ...]:
    """Statistics of a period.

    Reference:
        HJ 663, Table 1 and Annex A; for months and quarters the rule of the city ranking.

    Examples:
        >>> [item.name for item in period_items("month")]
        ['so2_mean', 'no2_mean', 'pm10_mean', 'pm25_mean', 'o3_8h_p90', 'co_p95']
    """
    rows = [
        row for row in table("air_period_items") if period in row["period"].split(";") and (period != "year" or row["version"] == version)
    ]
    return tuple(
        PeriodItem(
            row["pollutant"],
            row["column"],
            row["statistic"],
            int(row["percentile"]) if row["percentile"] else None,
            row["limit_period"],
            row["standard"],
            row["clause"],
            row["confidence"],
        )
        for row in rows
    )


def evaluate_period(days: Native, by: str = "year", standard: str = AUTO, *, zone: int = 2, exclude_dust: bool = False) -> Native:
    """Judge months, quarters or years by the limits of GB 3095.

    Parameters:
        days: ``point`` (a site or a city), ``day`` and daily values ``so2, no2, pm10, pm25, o3_8h`` [µg/m³], ``co`` [mg/m³], as
            `judge_days` or `city_days` give them; null days are not valid.
        by: ``month``, ``quarter`` or ``year``.
        standard: ``auto`` (the edition in force on the period's last day), ``2012`` or ``2026``.
        zone: functional zone class, 1 or 2.
        exclude_dust: leave the particles of days out whose column ``dust`` is true.

    Returns:
        One row per point, period and statistic: ``point``, ``period`` (first day), ``pollutant``, ``statistic``, ``value`` (rounded as
        evaluated), ``days`` (valid days), ``valid`` (27 days a month, 25 in February; a quarter all its months; a year also 324),
        ``limit``, ``ratio``, ``exceedance`` (multiple above the limit, null when attained), ``attained``, ``attainment_rate`` [% of valid
        days within the daily limit], ``version`` (edition of the limits), ``standard``, ``clause``, ``confidence`` (of the statistic).

    Raises:
        BilanError: a column is missing, or the period or standard is unknown.

    Reference:
        HJ 663-2013 and -2026, Table 1, Annex A (A.6); GB 3095, 4.2 and 6.4 Table 4.

    Examples:
        >>> import polars as pl
        >>> from datetime import date, timedelta
        >>> june = [date(2025, 6, 1) + timedelta(days=n) for n in range(30)]
        >>> days = pl.DataFrame({"point": "a", "day": june, "so2": 6.0, "no2": 20.0, "pm10": 35.0, "pm25": 14.0, "co": 0.8, "o3_8h": 120.0})
        >>> june = evaluate_period(days, "month").filter(pollutant="PM2.5", statistic="mean")
        >>> june.select("value", "days", "valid").rows()
        [(14.0, 30, True)]
    """
    items = period_items(by) if by in PERIODS else ()

    def rule(given: AnyFrame) -> AnyFrame:
        wide = statistics(given, by, items, standard, exclude_dust=exclude_dust)
        parts = [_beside_limit(wide, item, standard, zone) for item in items]
        return nw.concat(parts).sort("point", "period", "pollutant", "statistic")

    return run(days, rule)


def statistics(
    days: AnyFrame, by: str, items: Sequence[PeriodItem], standard: str = AUTO, *, exclude_dust: bool = False
) -> nw.LazyFrame[Any]:
    """Wide statistics of each point and period: a column an item, ``days_<column>``, ``valid_<column>``, ``within_<column>``, ``last``."""
    check_period(by)
    check_standard(standard)
    need(days, "point", "day", *(["dust"] if exclude_dust else []), code="air.missing_column")
    frame = with_missing(days, *DAILY).lazy()
    if exclude_dust:
        frame = frame.with_columns(*(nw.when(~nw.col("dust").fill_null(False)).then(nw.col(name)).alias(name) for name in PARTICLES))
    frame = frame.select("point", "day", *(reading(name).alias(name) for name in DAILY))
    midnight = nw.col("day").cast(nw.Datetime("us"))
    frame = frame.with_columns(
        month=midnight.dt.truncate("1mo").dt.date(),
        period=midnight.dt.truncate(PERIODS[by][0]).dt.date(),
        **{f"__within_{name}": _within(name, standard) for name in DAILY},
    )
    means = {item.name: _mean_or_percentile(item) for item in items}
    whole = frame.group_by("point", "period").agg(
        **means,
        **{f"days_{name}": nw.col(name).count() for name in DAILY},
        **{f"within_{name}": nw.col(f"__within_{name}").sum() for name in DAILY},
    )
    return whole.join(_validity(frame, by), on=["point", "period"], how="left").with_columns(_last_day(by).alias("last"))


def check_period(by: str) -> None:
    """Check the name of a period.

    Raises:
        BilanError: it is not ``month``, ``quarter`` or ``year``.
    """
    if by not in PERIODS:
        raise BilanError(Problem("air.unknown_period", {"value": by, "allowed": list(PERIODS), "nearest": nearest(by, PERIODS)}))


def by_edition(day: nw.Expr, choose: dict[Edition, float | None], standard: str) -> nw.Expr:
    """A number that depends on the edition of the limits in force on each row's day."""
    known = [edition for edition in editions() if standard in (AUTO, edition.family)]
    chosen: nw.Expr = nw.lit(choose[known[0]], dtype=nw.Float64)
    for edition in known[1:]:
        chosen = nw.when(day >= nw.lit(edition.begin)).then(nw.lit(choose[edition], dtype=nw.Float64)).otherwise(chosen)
    return chosen


def limit_on(day: nw.Expr, symbol: str, period: str, standard: str, zone: int = 2) -> nw.Expr:
    """Limit in force on each row's day."""
    found = {edition: limit(edition, symbol, period, zone) for edition in editions()}
    return by_edition(day, {edition: value.value if value else None for edition, value in found.items()}, standard)


def _within(column: str, standard: str) -> nw.Expr:
    """1 for a valid day within the daily limit, 0 for one above it."""
    item = next(item for item in period_items("month") if item.column == column)
    decimals = by_symbol(item.symbol).decimals
    daily = limit_on(nw.col("day"), item.symbol, "8h_max" if item.symbol == "O3" else "24h", standard)
    inside = half_even(nw.col(column), decimals) <= daily
    return nw.when(~nw.col(column).is_null()).then(inside.cast(nw.Int32))


def _mean_or_percentile(item: PeriodItem) -> nw.Expr:
    value = nw.col(item.column)
    return value.mean() if item.percentile is None else value.quantile(item.percentile / 100, "linear")


def _validity(frame: nw.LazyFrame[Any], by: str) -> nw.LazyFrame[Any]:
    """Whether each point, period and column has enough valid days."""
    month, february, year = (minimum(f"gb3095-2026-{name}-days") for name in ("month", "feb", "year"))
    needed = nw.when(nw.col("month").dt.month() == 2).then(nw.lit(february)).otherwise(nw.lit(month))
    counted = frame.group_by("point", "period", "month").agg(**{f"n_{name}": nw.col(name).count() for name in DAILY})
    counted = counted.with_columns(**{f"ok_{name}": (nw.col(f"n_{name}") >= needed).cast(nw.Int32) for name in DAILY})
    summed = counted.group_by("point", "period").agg(*(nw.col(f"{part}_{name}").sum() for name in DAILY for part in ("n", "ok")))
    least = year if by == "year" else 0
    enough = {f"valid_{name}": (nw.col(f"ok_{name}") == PERIODS[by][1]) & (nw.col(f"n_{name}") >= least) for name in DAILY}
    return summed.select("point", "period", **enough)


def _last_day(by: str) -> nw.Expr:
    return nw.col("period").cast(nw.Datetime("us")).dt.offset_by(f"{PERIODS[by][1]}mo").dt.offset_by("-1d").dt.date()


def _beside_limit(wide: nw.LazyFrame[Any], item: PeriodItem, standard: str, zone: int) -> nw.LazyFrame[Any]:
    """One statistic of every period beside its limit."""
    decimals = by_symbol(item.symbol).decimals
    rows = wide.select(
        "point",
        "period",
        "last",
        pollutant=nw.lit(item.symbol),
        statistic=nw.lit("mean" if item.percentile is None else f"p{item.percentile}"),
        value=half_even(nw.col(item.name), decimals),
        days=nw.col(f"days_{item.column}").cast(nw.Int32),
        valid=nw.col(f"valid_{item.column}"),
        __within=nw.col(f"within_{item.column}").cast(nw.Float64),
        limit=limit_on(nw.col("last"), item.symbol, item.limit_period, standard, zone),
        version=_edition_name(nw.col("last"), standard),
        standard=nw.lit(item.standard),
        clause=nw.lit(item.clause),
        confidence=nw.lit(item.confidence),
    )
    ratio = nw.col("value") / nw.col("limit")
    return rows.with_columns(
        ratio=snap(ratio),
        attained=nw.col("value") <= nw.col("limit"),
        exceedance=nw.when(nw.col("value") > nw.col("limit")).then(half_even(ratio - 1, 2)),
        attainment_rate=nw.when(nw.col("days") > 0).then(half_even(nw.col("__within") * 100 / nw.col("days"), 1)),
    ).select(
        "point", "period", "pollutant", "statistic", "value", "days", "valid", "limit", "ratio", "exceedance", "attained",
        "attainment_rate", "version", "standard", "clause", "confidence",
    )  # fmt: skip


def _edition_name(day: nw.Expr, standard: str) -> nw.Expr:
    known = [edition for edition in editions() if standard in (AUTO, edition.family)]
    chosen: nw.Expr = nw.lit(known[0].name)
    for edition in known[1:]:
        chosen = nw.when(day >= nw.lit(edition.begin)).then(nw.lit(edition.name)).otherwise(chosen)
    return chosen


def attainment(evaluation: Native) -> Native:
    """Say of each point and period whether every statistic attains its limit.

    Parameters:
        evaluation: what `evaluate_period` gave.

    Returns:
        ``point``, ``period``, ``attained`` (null when a statistic is absent), ``exceeding`` (number of statistics above the limit),
        ``valid``.

    Reference:
        HJ 663, attainment of a city: all items, means and percentiles, within class 2 (read from memory: see the table's confidence).

    Examples:
        >>> import polars as pl
        >>> from datetime import date, timedelta
        >>> june = [date(2025, 6, 1) + timedelta(days=n) for n in range(30)]
        >>> days = pl.DataFrame({"point": "a", "day": june, "so2": 6.0, "no2": 20.0, "pm10": 35.0, "pm25": 14.0, "co": 0.8, "o3_8h": 120.0})
        >>> attainment(evaluate_period(days, "month")).select("attained", "exceeding", "valid").rows()
        [(True, 0, True)]
    """

    def rule(given: AnyFrame) -> AnyFrame:
        flags = given.lazy().with_columns(
            __over=(nw.col("value") > nw.col("limit")).cast(nw.Int32), __absent=nw.col("value").is_null().cast(nw.Int32)
        )
        summed = flags.group_by("point", "period").agg(
            exceeding=nw.col("__over").sum(), absent=nw.col("__absent").sum(), valid=nw.col("valid").all()
        )
        attained = nw.when((nw.col("exceeding") > 0) | (nw.col("absent") == 0)).then(nw.col("exceeding") == 0)
        return summed.with_columns(attained=attained).select("point", "period", "attained", "exceeding", "valid").sort("point", "period")

    return run(evaluation, rule)
