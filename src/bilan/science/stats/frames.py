"""What every analysis does first: take any frame, check its columns, leave out what is no number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import narwhals as nw
import polars as pl

from bilan.pack.vocab import Parameter, parameters
from bilan.problems import BilanError, Problem
from bilan.science.engine import need
from bilan.science.figures import Axis, Words
from bilan.science.pandas_frames import taken

SHOWN = {"ug/m3": "µg/m³", "mg/m3": "mg/m³", "degC": "°C", "deg": "°", "uS/cm": "µS/cm", "1": ""}


def prepared(frame: Any, numbers: Sequence[str], *, time: str = "", keep: Sequence[str] = ()) -> pl.DataFrame:
    """Take the columns an analysis needs from any frame, as Polars.

    Parameters:
        frame: Polars, pandas or any frame that narwhals knows, or a path's lazy frame.
        numbers: columns of numbers; infinities and NaN become missing.
        time: column of times, made naive and in microseconds; rows without one are left out.
        keep: further columns that come as they are.

    Raises:
        BilanError: a column is missing, or `time` holds no times.

    Examples:
        >>> prepared(pl.DataFrame({"no2": [1, 2]}), ["no2"])["no2"].dtype
        Float64
    """
    given: Any = nw.from_native(taken(frame))
    need(given, *([time] if time else []), *numbers, *keep)
    names = list(dict.fromkeys([*([time] if time else []), *numbers, *keep]))
    chosen = given.select(names)
    rows: pl.DataFrame = (chosen.collect() if isinstance(chosen, nw.LazyFrame) else chosen).to_polars()
    if not rows.height:
        raise BilanError(Problem("analysis.empty", {"value": ", ".join(names)}))
    if time:
        if not rows[time].dtype.is_temporal():
            raise BilanError(Problem("analysis.no_time", {"value": time, "allowed": "datetime"}))
        rows = rows.with_columns(pl.col(time).cast(pl.Datetime("us"))).drop_nulls(time).sort(time)
    number = [pl.col(column).cast(pl.Float64) for column in dict.fromkeys(numbers)]
    return rows.with_columns(pl.when(value.is_finite()).then(value) for value in number)


def enough(rows: pl.DataFrame, least: int, what: str) -> pl.DataFrame:
    """The frame, when it has at least `least` rows.

    Raises:
        BilanError: too few rows remain.
    """
    if rows.height < least:
        raise BilanError(Problem("analysis.too_few", {"value": rows.height, "allowed": least, "what": what}))
    return rows


@cache
def _columns() -> dict[str, Parameter]:
    return {parameter.column: parameter for parameter in parameters().values()}


def named(column: str) -> Words:
    """Words for a column: those of the parameter when there is one, else its name.

    Examples:
        >>> named("pm25"), named("my_column").text()
        (Words(zh='PM2.5', en='PM2.5'), 'my_column')
    """
    parameter = _columns().get(column)
    if parameter is None:
        return Words(en=column)
    return Words(parameter.symbol, parameter.symbol) if parameter.symbol else Words(parameter.name_zh, parameter.name_en)


def unit_of(column: str) -> str:
    """The unit of a parameter as people write it; empty for a column that is none.

    Examples:
        >>> unit_of("no2"), unit_of("my_column")
        ('µg/m³', '')
    """
    parameter = _columns().get(column)
    return SHOWN.get(parameter.unit, parameter.unit) if parameter else ""


def axis_of(column: str, unit: str | None = None, **more: Any) -> Axis:
    """An axis for a column, in its own unit unless another is given."""
    return Axis(named(column), unit_of(column) if unit is None else unit, **more)
