"""How concentrations vary by hour, weekday and month, and from day to day."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, Literal

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.science.figures import SERIES, Axis, Figure, Group, Layer, Scale, Step, Words
from bilan.science.stats.frames import axis_of, enough, named, prepared, unit_of
from bilan.science.stats.panels import By, Place, split
from bilan.science.stats.periods import HOURS, MONTHS, WEEKDAYS, hour, month, weekday
from bilan.science.stats.result import Analysis

_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("weekday_hour", ("weekday", "hour")),
    ("hour", ("hour",)),
    ("month", ("month",)),
    ("weekday", ("weekday",)),
)
_DAY_STATISTICS = {"mean": pl.Expr.mean, "max": pl.Expr.max, "min": pl.Expr.min, "median": pl.Expr.median}


def time_variation(
    frame: Any,
    values: str | Sequence[str],
    *,
    time: str = "start",
    statistic: Literal["mean", "median"] = "mean",
    confidence: float = 0.95,
    normalise: bool = False,
    unit: str | None = None,
    by: By = "",
    place: Place | None = None,
) -> Analysis:
    """Variation by hour of each weekday, hour, month and weekday.

    Parameters:
        frame: hourly or finer values, a row a time.
        values: column or columns of values [any unit].
        time: column of times.
        statistic: mean with the confidence interval of the mean, or median with the 5th to 95th percentile.
        confidence: level of the interval of a mean.
        normalise: divide each column by its mean, to compare shapes.
        unit: unit to show instead of that of the parameter.
        by: a line for each season, weekday, weekend, daylight, month or year of the first column, instead of one a column.
        place: where the sun is looked at, wanted by daylight.

    Returns:
        data: part, column, weekday, hour, month, value, lower, upper, count.

    Raises:
        BilanError: a column is missing or no value is left.

    Reference:
        Carslaw, D.C. (2024): The openair book, chapter Temporal variations (timeVariation).

    Examples:
        >>> from datetime import datetime, timedelta
        >>> hours = [datetime(2026, 1, 5) + timedelta(hours=n) for n in range(24 * 14)]
        >>> frame = pl.DataFrame({"start": hours, "no2": [float(time.hour) for time in hours]})
        >>> time_variation(frame, "no2").data.filter(part="hour", hour=5)["value"].item()
        5.0
    """
    columns = [values] if isinstance(values, str) else list(values)
    shown = unit_of(columns[0]) if unit is None else unit
    axis = axis_of(columns[0], "" if normalise else shown) if by or len(columns) == 1 else Axis(unit="" if normalise else shown)
    rows = prepared(frame, columns[:1] if by else columns, time=time)
    groups: tuple[Group, ...] = tuple((column, named(column)) for column in columns)
    if by:
        panels = split(rows.drop_nulls(columns[0]), by, time, place)
        groups, columns = tuple((panel.name.en, panel.name) for panel in panels), [panel.name.en for panel in panels]
        rows = pl.concat([panel.rows.select(time, pl.col(rows.columns[1]).alias(panel.name.en)) for panel in panels], how="diagonal")
    long = rows.unpivot(columns, index=time, variable_name="column", value_name="number").drop_nulls("number")
    enough(long, 1, ", ".join(columns))
    if normalise:
        long = long.with_columns(pl.col("number") / pl.col("number").mean().over("column"))
    long = long.with_columns(hour(time).alias("hour"), weekday(time).alias("weekday"), month(time).alias("month"))
    summary = _summary(statistic, confidence)
    pieces = [long.group_by("column", *keys).agg(*summary).with_columns(pl.lit(part).alias("part")) for part, keys in _PARTS]
    data = pl.concat(pieces, how="diagonal").select("part", "column", "weekday", "hour", "month", "value", "lower", "upper", "count")
    data = data.sort("part", "column", "weekday", "hour", "month")
    return Analysis(data=data, figure=_figure(_gapped(data) if by else data, groups, axis, split_up=bool(by)))


def t_quantile(confidence: float, freedom: pl.Expr) -> pl.Expr:
    """Two-sided quantile of Student's t by the Cornish–Fisher expansion, right to 1 % from four degrees of freedom.

    Reference:
        Abramowitz & Stegun (1964): Handbook of Mathematical Functions, 26.7.5.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _summary(statistic: str, confidence: float) -> list[pl.Expr]:
    number, count = pl.col("number"), pl.len()
    if statistic == "median":
        return [
            number.median().alias("value"),
            number.quantile(0.05).alias("lower"),
            number.quantile(0.95).alias("upper"),
            count.alias("count"),
        ]
    half = pl.when(count > 1).then(t_quantile(confidence, count - 1) * number.std() / count.sqrt())
    return [
        number.mean().alias("value"),
        (number.mean() - half).alias("lower"),
        (number.mean() + half).alias("upper"),
        count.alias("count"),
    ]


def _gapped(data: pl.DataFrame) -> pl.DataFrame:
    """With empty rows for the months and weekdays that a part does not have, so that no line crosses them."""
    kinds = {"month": range(1, 13), "weekday": range(1, 8)}
    empty = [
        pl.DataFrame({"part": part, "column": name, part: number}, schema_overrides={part: pl.Int32})
        for part, numbers in kinds.items()
        for name in data["column"].unique()
        for number in set(numbers) - set(data.filter((pl.col("part") == part) & (pl.col("column") == name))[part])
    ]
    return pl.concat([data, *empty], how="diagonal").sort("part", "column", "weekday", "hour", "month")


def _figure(data: pl.DataFrame, groups: tuple[Group, ...], y: Axis, *, split_up: bool) -> Figure:
    columns = [column for column, _ in groups]

    def panel(part: str, key: str, title: Words, order: tuple[Group, ...]) -> Figure:
        bands = [
            Layer(
                "band", x=key, lower="lower", upper="upper", where=(("part", part), ("column", column)), colours=(SERIES[at % len(SERIES)],)
            )
            for at, column in enumerate(columns)
        ]
        line = Layer("line", x=key, y="value", by="column", groups=groups, where=(("part", part),))
        return Figure(title=title, data=data, x=Axis(kind="category", categories=order), y=y, layers=(*bands, line))

    week = [
        Layer(
            "line",
            x="hour",
            y="value",
            by="weekday",
            groups=WEEKDAYS,
            where=(("part", "weekday_hour"), ("column", columns[0])),
            smooth=True,
        )
    ]
    of_first = f" · {groups[0][1].text()}", f" · {groups[0][1].text('en')}"
    title = Words(*(words + more * (len(groups) > 1) for words, more in zip(("各星期日变化", "Hour by weekday"), of_first, strict=True)))
    first = Figure(title=title, data=data, x=Axis(kind="category", categories=HOURS), y=y, layers=tuple(week))
    # Lines by weekday and by season at once nobody could read.
    parts = (
        *(() if split_up else (first,)),
        panel("hour", "hour", Words("日变化（时）", "Hour of day"), HOURS),
        panel("month", "month", Words("月变化", "Month"), MONTHS),
        panel("weekday", "weekday", Words("周变化", "Weekday"), WEEKDAYS),
    )
    return Figure(title=Words("时间变化", "Time variation"), data=data, parts=parts, columns=2)


def calendar(
    frame: Any,
    value: str,
    *,
    time: str = "start",
    year: int | None = None,
    statistic: Literal["mean", "max", "min", "median"] = "mean",
    least: int = 1,
    steps: Sequence[Step] = (),
    unit: str | None = None,
) -> Analysis:
    """A value a day, shown as a calendar.

    Parameters:
        frame: hourly, finer or daily values.
        value: column of values [any unit].
        time: column of times.
        year: only this year; all when not given.
        statistic: how the values of a day become one.
        least: values a day needs, else it stays empty.
        steps: classes with their colours, such as those of a standard; a continuous scale when none.
        unit: unit to show instead of that of the parameter.

    Returns:
        data: day, value, count.

    Raises:
        BilanError: a column is missing, no value is left, or there is no such statistic.

    Examples:
        >>> from datetime import datetime
        >>> frame = pl.DataFrame({"start": [datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9)], "o3": [80.0, 120.0]})
        >>> calendar(frame, "o3", statistic="max").data.row(0)
        (datetime.date(2026, 1, 1), 120.0, 2)
    """
    if statistic not in _DAY_STATISTICS:
        values = {"value": statistic, "nearest": nearest(statistic, _DAY_STATISTICS), "allowed": list(_DAY_STATISTICS)}
        raise BilanError(Problem("analysis.choice", values))
    rows = prepared(frame, [value], time=time).drop_nulls(value)
    if year is not None:
        rows = rows.filter(pl.col(time).dt.year() == year)
    days = enough(rows, 1, value).group_by(pl.col(time).dt.date().alias("day"))
    data = days.agg(_DAY_STATISTICS[statistic](pl.col(value)).alias("value"), pl.len().alias("count")).sort("day")
    data = data.with_columns(pl.when(pl.col("count") >= least).then("value"))
    scale = Scale(named(value), unit_of(value) if unit is None else unit, "azure", steps=tuple(steps))
    layer = Layer("tile", x="day", value="value")
    title = Words(f"{named(value).text()}日历", f"{named(value).text('en')} by day")
    return Analysis(data=data, figure=Figure(title=title, data=data, frame="calendar", scale=scale, layers=(layer,)))
