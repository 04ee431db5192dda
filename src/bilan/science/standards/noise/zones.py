"""Levels of points against the limits of their zone by GB 3096, and how many points meet them."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.engine import AnyFrame, Native, need, run, with_missing
from bilan.science.rounding import half_even
from bilan.science.standards.noise.limits import COLUMN, PERIODS, ZONES, NoiseLimit, zone_limits
from bilan.science.standards.water.main_pollutants import joined

ABOVE_ALL = 5
"""Class number of a level above the limits of every zone."""
_RANK = {"0": 0, "1": 1, "2": 2, "3": 3, "4a": 4}
_ALIASES = {"4": "4a"}
SYMBOL = {"ld": "Ld", "ln": "Ln"}


def judge(frame: Native, *, zone_class: str = "zone_class") -> Native:
    """Judge day and night levels by the limits of the zone.

    Parameters:
        frame: one row a point and time: ``ld`` and/or ``ln`` [dB(A)], and the zone.
        zone_class: column with ``0``, ``1``, ``2``, ``3``, ``4a`` or ``4b`` (``4`` is read as 4a; 类 may follow).

    Returns:
        The frame with, of each level: ``limit_<level>``, ``attained_<level>``, ``factor_<level>`` (decibels above the limit, empty when
        within), ``class_<level>`` (0 to 4: the quietest zone whose limit it meets, 5 above all); and ``grade`` (the larger class),
        ``main`` (levels over their limit), ``deciding``, ``attained`` (both met; one over its limit is enough for "no", one met and the
        other unknown leaves it empty), ``standard``, ``version``, ``valid`` (both are known), ``unverified``. Levels are compared at
        one decimal, rounded half to even.

    Raises:
        BilanError: no level, or no column of the zone.

    Reference:
        GB 3096-2008 5.1 Table 1; HJ 640-2012 (one decimal).

    Examples:
        >>> import polars as pl
        >>> points = pl.DataFrame({"zone_class": ["2", "4a类"], "ld": [60.04, 71.2], "ln": [51.0, 55.0]})
        >>> judge(points).select("attained_ld", "attained_ln", "factor_ln", "grade", "main").rows()
        [(True, False, 1.0, 3, 'Ln'), (False, True, None, 5, 'Ld')]
        >>> judge(points.drop("ln")).select("attained_ld", "attained", "valid").rows()
        [(True, None, False), (False, False, False)]
    """
    return run(frame, lambda data: _judge(data, zone_class))


def zone_of(column: str) -> nw.Expr:
    """Zone class as the tables write it; empty for anything else."""
    text = nw.col(column).cast(nw.String).str.strip_chars().str.to_lowercase().str.replace_all("类|class|[.]0$| ", "")
    found: nw.Expr = nw.lit(None).cast(nw.String)
    for zone in (*ZONES, *_ALIASES):
        found = nw.when(text == zone).then(nw.lit(_ALIASES.get(zone, zone))).otherwise(found)
    return found


def attainment(judged: Native, by: Sequence[str] = ("zone_class",)) -> Native:
    """Share of site-times that meet the limits of their zone, day and night apart.

    Parameters:
        judged: from `judge`: ``attained_ld``, ``attained_ln`` and the columns `by`.
        by: columns to group by; the whole frame when empty.

    Returns:
        One row a group: ``times_day``, ``attained_day``, ``rate_day`` [%, one decimal], and the same of nights.

    Raises:
        BilanError: a column is missing.

    Reference:
        HJ 640-2012 功能区声环境质量评价: attaining site-times / all site-times × 100 %.

    Examples:
        >>> import polars as pl
        >>> points = pl.DataFrame({"zone_class": ["1", "1", "2"], "ld": [54.0, 56.0, 60.0], "ln": [44.0, 44.0, None]})
        >>> attainment(judge(points)).sort("zone_class").select("zone_class", "rate_day", "rate_night").rows()
        [('1', 50.0, 100.0), ('2', 100.0, None)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, "attained_ld", "attained_ln", *by)
        flags = {period: nw.col(f"attained_{COLUMN[period]}") for period in PERIODS}
        data = data.with_columns(
            *[(~flag.is_null()).cast(nw.Int64).alias(f"times_{period}") for period, flag in flags.items()],
            *[flag.fill_null(False).cast(nw.Int64).alias(f"attained_{period}") for period, flag in flags.items()],
            nw.lit(0).alias("_all"),
        )
        counts = [nw.col(f"{name}_{period}").sum() for period in PERIODS for name in ("times", "attained")]
        found = data.group_by("_all", *by).agg(*counts).drop("_all")
        rates = {
            f"rate_{period}": nw.when(nw.col(f"times_{period}") > 0).then(
                half_even(nw.col(f"attained_{period}") * 100 / nw.col(f"times_{period}"), 1)
            )
            for period in PERIODS
        }
        return found.with_columns(**rates)

    return run(judged, rule)


def _judge(data: AnyFrame, zone_class: str) -> AnyFrame:
    need(data, zone_class)
    present = data.collect_schema().names()
    if not any(column in present for column in SYMBOL):
        raise BilanError(Problem("noise.no_levels", {"allowed": tuple(SYMBOL)}))
    limits = zone_limits()
    data = with_missing(data, *SYMBOL).with_columns(_zone=zone_of(zone_class))
    for period, column in COLUMN.items():
        level = half_even(nw.col(column).cast(nw.Float64), 1)
        data = data.with_columns(level.alias("_level"), _limit_of(limits, period).alias(f"limit_{column}"))
        limit = nw.col(f"limit_{column}")
        data = data.with_columns(
            (nw.col("_level") <= limit).alias(f"attained_{column}"),
            nw.when(nw.col("_level") > limit).then((nw.col("_level") - limit).round(1)).alias(f"factor_{column}"),
            _quietest(limits, period).alias(f"class_{column}"),
        )
    data = data.with_columns(grade=nw.max_horizontal("class_ld", "class_ln"))
    over = [nw.when(nw.col(f"attained_{column}") == nw.lit(False)).then(nw.lit(symbol)) for column, symbol in SYMBOL.items()]
    deciding = [nw.when(nw.col(f"class_{column}") == nw.col("grade")).then(nw.lit(symbol)) for column, symbol in SYMBOL.items()]
    day, night = nw.col("attained_ld"), nw.col("attained_ln")
    known = ~day.is_null() & ~night.is_null()
    first = limits["0", "day"]
    data = data.with_columns(
        main=joined(over),
        deciding=joined(deciding),
        attained=day & night,
        standard=nw.lit(first.standard),
        version=nw.lit(first.version),
        valid=known,
        unverified=nw.lit(""),
    )
    return data.drop("_zone", "_level")


def _limit_of(limits: dict[tuple[str, str], NoiseLimit], period: str) -> nw.Expr:
    found: nw.Expr = nw.lit(None).cast(nw.Float64)
    for zone in ZONES:
        found = nw.when(nw.col("_zone") == zone).then(nw.lit(limits[zone, period].limit)).otherwise(found)
    return found


def _quietest(limits: dict[tuple[str, str], NoiseLimit], period: str) -> nw.Expr:
    level = nw.col("_level")
    found: nw.Expr = nw.when(~level.is_null()).then(nw.lit(ABOVE_ALL))
    for zone, rank in sorted(_RANK.items(), key=lambda entry: -entry[1]):
        found = nw.when(level <= limits[zone, period].limit).then(nw.lit(rank)).otherwise(found)
    return found.cast(nw.Int64)
