"""The arithmetic of roll-up on frames: one result a series and span, with mark and quality."""

from __future__ import annotations

import polars as pl

from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.quality.check import Check

LENGTHS = {"minute": 600, "hour": HOUR, "day": DAY}
"""Length of the spans that are rolled up to [s]."""

NORMAL = "N"
DEFECT = "D"
SHARE = 0.75

_DEGREES = 180.0 / 3.141592653589793


def roll_up(values: pl.DataFrame, target: str) -> pl.DataFrame:
    """Bring values together into the spans of `target`.

    Parameters:
        values: one row a value: key (any columns), start [s], seconds, value, ok (whether the value counts), flag, method, minimum,
            unit, flags (see `bilan.telemetry.rollup.rules.Rule`) and weight (number or null).
        target: ``minute``, ``hour`` or ``day``.

    Returns:
        Columns key, start, seconds, value, flag, quality: the bit PARTIAL where there is too little valid data for the span, DEVICE
        where the mark is not N.

    References:
        HJ 212-2017 Annex C Tables C.16-C.18 (marks of periods) and Annex D; GB 3096-2008 3.2 (energy mean).
    """
    length = LENGTHS[target]
    spans = values.with_columns(pl.col("start") // length * length, pl.col("start").alias("moment"))
    parts = [
        part.lazy().group_by("key", "start").agg(_number(str(method)).alias("value"), *_bookkeeping())
        for (method,), part in spans.partition_by("method", as_dict=True).items()
    ]
    if not parts:
        return _empty(values)
    rolled = pl.concat(parts).with_columns(_flag().alias("mark"), _covered().alias("covered"))
    partial = pl.when(pl.col("covered") < pl.col("minimum")).then(int(Check.PARTIAL)).otherwise(0)
    device = pl.when(pl.col("mark") != NORMAL).then(int(Check.DEVICE)).otherwise(0)
    return rolled.select(
        "key",
        "start",
        pl.lit(length, dtype=pl.Int32).alias("seconds"),
        "value",
        pl.col("mark").alias("flag"),
        (partial + device).cast(pl.Int32).alias("quality"),
    ).collect()


def _number(method: str) -> pl.Expr:
    """Combine the values that count."""
    ok = pl.col("ok")
    value = pl.col("value").filter(ok)
    plain = {"mean": value.mean(), "median": value.median(), "min": value.min(), "max": value.max()}
    if method in plain:
        return plain[method]
    if method == "sum":
        return pl.when(value.count() > 0).then(value.sum())
    if method == "energy":
        return 10.0 * pl.lit(10.0).pow(value / 10.0).mean().log10()
    weight = pl.col("weight").filter(ok)
    weighed = (weight.null_count() == 0) & (weight.sum() > 0)
    if method == "weighted":
        return pl.when(weighed).then((value * weight).sum() / weight.sum()).otherwise(value.mean())
    return _direction(value, weight, weighed)


def _direction(degrees: pl.Expr, speed: pl.Expr, weighed: pl.Expr) -> pl.Expr:
    """Direction of the mean vector in 0 ≤ d < 360 [deg]; null where the vectors cancel out."""
    east, north = (degrees / _DEGREES).sin(), (degrees / _DEGREES).cos()
    x = pl.when(weighed).then((east * speed).sum()).otherwise(east.sum())
    y = pl.when(weighed).then((north * speed).sum()).otherwise(north.sum())
    angle = (pl.arctan2(y=x, x=y) * _DEGREES).round(6) % 360.0
    return pl.when((x.abs() > 1e-9) | (y.abs() > 1e-9)).then(angle)


def _bookkeeping() -> list[pl.Expr]:
    ok, moment = pl.col("ok"), pl.col("moment")
    momentary = pl.col("seconds") == 0
    return [
        ok.sum().alias("valid"),
        pl.len().alias("received"),
        (pl.col("seconds").filter(ok).sum() + 60 * (moment // 60).filter(ok & momentary).n_unique()).alias("length"),
        pl.col("flag").filter(~ok).mode().min().alias("abnormal"),
        pl.col("minimum").first(),
        pl.col("unit").first(),
        pl.col("flags").first(),
    ]


def _covered() -> pl.Expr:
    return (
        pl.when(pl.col("unit") == "minutes")
        .then(pl.col("length") / 60.0)
        .when(pl.col("unit") == "hours")
        .then(pl.col("length") / float(HOUR))
        .otherwise(pl.col("valid").cast(pl.Float64))
    )


def _flag() -> pl.Expr:
    abnormal = pl.col("abnormal").replace(NORMAL, DEFECT).fill_null(DEFECT)
    enough = (
        pl.when(pl.col("flags") == "any")
        .then(pl.col("valid") == pl.col("received"))
        .when(pl.col("flags") == "share75")
        .then(pl.col("valid") >= SHARE * pl.col("received"))
        .otherwise(pl.col("valid") > 0)
    )
    failed = pl.when((pl.col("flags") == "share75") & (pl.col("valid") > 0)).then(pl.lit(DEFECT)).otherwise(abnormal)
    return pl.when(enough).then(pl.lit(NORMAL)).otherwise(failed)


def _empty(values: pl.DataFrame) -> pl.DataFrame:
    schema = {"start": pl.Int64, "seconds": pl.Int32, "value": pl.Float64, "flag": pl.String, "quality": pl.Int32}
    return pl.DataFrame(schema={"key": values.schema["key"], **schema})
