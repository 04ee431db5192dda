"""Levels of periods from levels of short intervals: Leq, L10, L50, L90, Ld, Ln, Ldn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, begun, need, run
from bilan.science.rounding import snap
from bilan.science.standards.noise.limits import rule_value

Interval = Literal["hour", "day", "all"]
FIRST, LAST = 6, 22
"""The day lasts from 6:00 to 22:00 (GB 3096-2008 3.3); its night goes on until 6:00 of the next."""
DAY_HOURS, NIGHT_HOURS, PENALTY = 16, 8, 10
_TRUNCATE = {"hour": "1h", "day": "1d"}
_QUANTILES = {"l10": 0.9, "l50": 0.5, "l90": 0.1}


def energy_mean(values: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Energy mean of levels [dB].

    Parameters:
        values: levels [dB].
        weights: duration of each (any unit); equal when not given.

    Reference:
        GB 3096-2008 3.2: Leq = 10 lg(1/T ∫ 10^(0.1 L) dt).

    Examples:
        >>> round(energy_mean([50.0, 60.0]), 1)
        57.4
    """
    shares = [1.0] * len(values) if weights is None else list(weights)
    total = math.fsum(share * 10 ** (value / 10) for value, share in zip(values, shares, strict=True))
    return 10 * math.log10(total / math.fsum(shares))


def power(level: nw.Expr) -> nw.Expr:
    """Relative power of a level: 10^(L/10)."""
    return (level.cast(nw.Float64) * (math.log(10) / 10)).exp()


def decibels(relative: nw.Expr) -> nw.Expr:
    """Level of a relative power [dB]."""
    return snap(relative.log(10) * 10, 9)


def statistics(samples: Native, by: Interval = "hour", *, level: str = "leq", point: str = "point") -> Native:
    """Leq and the levels exceeded 10, 50 and 90 % of the time, from levels of short intervals of one length.

    Parameters:
        samples: `point`, ``start`` (naive time) and `level` [dB(A)] of intervals of one length, such as seconds or minutes.
        by: ``hour``, ``day`` (0 to 24 h) or ``all``.
        level: column of the level.
        point: column that names the point.

    Returns:
        One row a point and interval: ``start`` (of the first sample with ``all``), ``leq``, ``l10``, ``l50``, ``l90``, ``lmax``,
        ``lmin`` [dB(A)], ``samples``. Percentiles are interpolated between the two nearest of the sorted samples.

    Raises:
        BilanError: a column is missing, or `by` is unknown.

    Reference:
        GB 3096-2008 3.2 and 3.7 (cumulative percentile levels).

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime, timedelta
        >>> begin = datetime(2026, 3, 1, 8)
        >>> rows = {"point": ["a"] * 60, "start": [begin + timedelta(minutes=at) for at in range(60)]}
        >>> statistics(pl.DataFrame(rows | {"leq": [40.0 + at for at in range(60)]})).select("l10", "l50", "l90", "samples").rows()
        [(93.1, 69.5, 45.9, 60)]
    """
    if by not in (*_TRUNCATE, "all"):
        known = (*_TRUNCATE, "all")
        raise BilanError(Problem("value.unknown_choice", {"value": by, "allowed": known, "nearest": nearest(by, known)}))

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, point, "start", level)
        value = nw.col(level).cast(nw.Float64)
        data = data.filter(~value.is_null()).with_columns(_level=value, _power=power(value))
        keys = [point] if by == "all" else [point, "_start"]
        if by != "all":
            data = data.with_columns(_start=begun(nw.col("start"), _TRUNCATE[by]))
        quantiles = [nw.col("_level").quantile(share, interpolation="linear").alias(name) for name, share in _QUANTILES.items()]
        found = data.group_by(*keys).agg(
            nw.col("start").min().alias("_first"),
            nw.col("_power").mean().alias("_power"),
            *quantiles,
            nw.col("_level").max().alias("lmax"),
            nw.col("_level").min().alias("lmin"),
            nw.len().alias("samples"),
        )
        found = found.with_columns(
            nw.col("_first" if by == "all" else "_start").alias("start"),
            leq=decibels(nw.col("_power")),
            samples=nw.col("samples").cast(nw.Int64),
            **{name: snap(nw.col(name), 9) for name in _QUANTILES},
        )
        return found.select(point, "start", "leq", *_QUANTILES, "lmax", "lmin", "samples")

    return run(samples, rule)


def days(
    hours: Native, *, level: str = "leq", point: str = "point", least_day: int | None = None, least_night: int | None = None
) -> Native:
    """Day level, night level and day-night level from the levels of hours.

    Parameters:
        hours: `point`, ``start`` (naive start of the hour) and `level` [dB(A)].
        level: column of the level.
        point: column that names the point.
        least_day, least_night: hours with a level that a day of 16 and a night of 8 need; 12 and 6 when not given.

    Returns:
        One row a point and ``day`` (midnight; its night ends at 6:00 of the next): ``ld``, ``ln``, ``ldn`` [dB(A)], empty when too
        few hours have a level, ``hours_day``, ``hours_night``.

    Raises:
        BilanError: a column is missing.

    Reference:
        GB 3096-2008 3.2 and 3.3; Ldn = 10 lg((16·10^(0.1 Ld) + 8·10^(0.1 (Ln + 10)))/24) (noise_rules.csv ldn).

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime, timedelta
        >>> begin = datetime(2026, 3, 1, 6)
        >>> rows = {"point": ["a"] * 24, "start": [begin + timedelta(hours=at) for at in range(24)], "leq": [60.0] * 16 + [50.0] * 8}
        >>> days(pl.DataFrame(rows)).select("ld", "ln", "ldn", "hours_day", "hours_night").rows()
        [(60.0, 50.0, 60.0, 16, 8)]
    """
    needed_day = rule_value("least-day") if least_day is None else least_day
    needed_night = rule_value("least-night") if least_night is None else least_night

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, point, "start", level)
        value, hour = nw.col(level).cast(nw.Float64), nw.col("start").dt.hour()
        by_day = (hour >= FIRST) & (hour < LAST)
        data = data.filter(~value.is_null()).with_columns(
            day=begun(nw.col("start").dt.offset_by(f"-{FIRST}h"), "1d"),
            _day=nw.when(by_day).then(power(value)),
            _night=nw.when(~by_day).then(power(value)),
        )
        found = data.group_by(point, "day").agg(
            nw.col("_day").mean().alias("ld"),
            nw.col("_night").mean().alias("ln"),
            nw.col("_day").count().alias("hours_day"),
            nw.col("_night").count().alias("hours_night"),
        )
        found = found.with_columns(
            nw.when(nw.col("hours_day") >= needed_day).then(decibels(nw.col("ld"))).alias("ld"),
            nw.when(nw.col("hours_night") >= needed_night).then(decibels(nw.col("ln"))).alias("ln"),
            hours_day=nw.col("hours_day").cast(nw.Int64),
            hours_night=nw.col("hours_night").cast(nw.Int64),
        )
        return found.with_columns(ldn=day_night(nw.col("ld"), nw.col("ln"))).select(
            point, "day", "ld", "ln", "ldn", "hours_day", "hours_night"
        )

    return run(hours, rule)


def day_night(ld: nw.Expr, ln: nw.Expr) -> nw.Expr:
    """Day-night level [dB(A)]: nights count 10 dB more."""
    mean = (power(ld) * DAY_HOURS + power(ln + PENALTY) * NIGHT_HOURS) / (DAY_HOURS + NIGHT_HOURS)
    return decibels(mean)


def evaluate_periods(found: Native, by: Literal["month", "quarter", "year"] = "quarter", *, point: str = "point") -> Native:
    """Energy means of days and nights over months, quarters or years.

    Parameters:
        found: from `days`: `point`, ``day``, ``ld``, ``ln``.
        by: month, quarter or year.
        point: column that names the point.

    Returns:
        One row a point and period: ``day`` (its first), ``ld``, ``ln``, ``ldn`` [dB(A)], ``days`` (with a day level), ``nights``.

    Raises:
        BilanError: a column is missing, or `by` is unknown.

    Reference:
        HJ 640-2012; L = 10 lg(mean of 10^(0.1 L_i)) (noise_rules.csv)

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> days = [datetime(2026, 3, 1), datetime(2026, 3, 2)]
        >>> found = pl.DataFrame({"point": ["a", "a"], "day": days, "ld": [60.0, 63.0], "ln": [50.0, None]})
        >>> evaluate_periods(found, "month").select(pl.col("ld").round(1), "ln", "days", "nights").rows()
        [(61.8, 50.0, 2, 1)]
    """
    steps = {"month": "1mo", "quarter": "1q", "year": "1y"}
    if by not in steps:
        raise BilanError(Problem("value.unknown_choice", {"value": by, "allowed": tuple(steps), "nearest": nearest(by, steps)}))

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, point, "day", "ld", "ln")
        data = data.with_columns(day=nw.col("day").dt.truncate(steps[by]), _ld=power(nw.col("ld")), _ln=power(nw.col("ln")))
        means = data.group_by(point, "day").agg(
            nw.col("_ld").mean().alias("ld"),
            nw.col("_ln").mean().alias("ln"),
            nw.col("_ld").count().alias("days"),
            nw.col("_ln").count().alias("nights"),
        )
        means = means.with_columns(
            ld=decibels(nw.col("ld")),
            ln=decibels(nw.col("ln")),
            days=nw.col("days").cast(nw.Int64),
            nights=nw.col("nights").cast(nw.Int64),
        )
        return means.with_columns(ldn=day_night(nw.col("ld"), nw.col("ln"))).select(point, "day", "ld", "ln", "ldn", "days", "nights")

    return run(found, rule)
