"""What another edition of the standard would say of the same days."""

from __future__ import annotations

import polars as pl

from bilan.science.standards.air.days import DAY_MEANS, OZONE, judge_day_means
from bilan.science.standards.air.limits import editions, limit
from bilan.science.standards.air.periods import evaluate_period, period_items
from bilan.science.standards.air.versions import versions

GOOD = 2
"""Level up to which a day is good."""


def good_days_by_edition(days: pl.DataFrame) -> pl.DataFrame:
    """Count the good days of each year under every edition of HJ 633.

    Parameters:
        days: ``point``, ``day`` and daily values ``so2, no2, pm10, pm25, o3_8h`` [µg/m³], ``co`` [mg/m³].

    Returns:
        One row a point, year and edition: ``point``, ``year``, ``edition``, ``days`` (judged), ``good``, ``share`` [%], ``in_force``
        (whether the edition holds on the last of the days).

    Reference:
        HJ 633-2012 and HJ 633-2026, Table 1

    Examples:
        >>> from datetime import date
        >>> days = pl.DataFrame({"point": "a", "day": [date(2026, 5, 1)], "pm25": [70.0], "pm10": [90.0], "so2": [5.0], "no2": [30.0],
        ...                      "co": [0.7], "o3_8h": [88.0]})
        >>> good_days_by_edition(days).select("edition", "good", "in_force").rows()
        [('2012', 1, False), ('2026', 0, True)]
    """
    known = versions()
    # Days that were judged before carry a verdict, which would stand in the way of the next.
    values = days.select(column for column in ("point", "day", *DAY_MEANS, *OZONE) if column in days.columns)
    frames = []
    for edition in known:
        judged = judge_day_means(values, edition).with_columns(year=pl.col("day").dt.year()).filter(pl.col("level").is_not_null())
        counted = judged.group_by("point", "year").agg(
            days=pl.len().cast(pl.Int64), good=(pl.col("level") <= GOOD).sum().cast(pl.Int64), last=pl.col("day").max()
        )
        frames.append(counted.with_columns(edition=pl.lit(edition)))
    together = pl.concat(frames)
    begins = pl.col("edition").replace_strict(known, return_dtype=pl.Date)
    latest = begins.filter(begins <= pl.col("last")).max().over("point", "year")
    return (
        together.with_columns(share=(100 * pl.col("good") / pl.col("days")).round(1), in_force=begins == latest)
        .sort("point", "year", "edition")
        .select("point", "year", "edition", "days", "good", "share", "in_force")
    )


def limits_by_edition(days: pl.DataFrame, *, zone: int = 2) -> pl.DataFrame:
    """Set the statistics of each year beside the limits of every edition of GB 3095.

    Parameters:
        days: as of `good_days_by_edition`.
        zone: functional zone class, 1 or 2.

    Returns:
        One row a point, year, statistic and edition: ``point``, ``year``, ``pollutant``, ``statistic``, ``value``, ``valid``,
        ``edition``, ``limit``, ``ratio``, ``attained``, ``clause``, ``confidence``.

    Reference:
        GB 3095-2012 and GB 3095-2026, 4.2 Tables 1 and 2; HJ 663 Table 1

    Examples:
        >>> from datetime import date, timedelta
        >>> year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
        >>> days = pl.DataFrame({"point": "a", "day": year, "pm25": 28.0, "pm10": 40.0, "so2": 5.0, "no2": 20.0, "co": 0.7, "o3_8h": 120.0})
        >>> found = limits_by_edition(days).filter(pollutant="PM2.5", statistic="mean")
        >>> found.select("edition", "limit", "attained").rows()
        [('2012+A1:2018', 35.0, True), ('2026 transition', 30.0, True), ('2026 final', 25.0, False)]
    """
    judged = evaluate_period(days, "year", zone=zone)
    items = {(item.symbol, item.statistic if item.percentile is None else f"p{item.percentile}"): item for item in period_items("year")}
    rows = [
        {
            **{name: row[name] for name in ("point", "pollutant", "statistic", "value", "valid")},
            "year": row["period"].year,
            "edition": edition.name,
            "limit": bound.value,
            "ratio": None if row["value"] is None else round(row["value"] / bound.value, 3),
            "attained": None if row["value"] is None else row["value"] <= bound.value,
            "clause": bound.clause,
            "confidence": bound.confidence,
        }
        for row in judged.iter_rows(named=True)
        for edition in editions()[1:]
        if (item := items.get((row["pollutant"], row["statistic"]))) is not None
        and (bound := limit(edition, item.symbol, item.limit_period, zone)) is not None
    ]
    order = ("point", "year", "pollutant", "statistic", "value", "valid", "edition", "limit", "ratio", "attained", "clause", "confidence")
    return pl.DataFrame(rows, infer_schema_length=None).select(order) if rows else pl.DataFrame(schema=dict.fromkeys(order, pl.String))
