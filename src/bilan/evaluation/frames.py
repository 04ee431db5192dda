"""Between the store's series and the columns that science judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from bilan.pack import vocab
from bilan.telemetry.model import Point
from bilan.telemetry.quality import Check
from bilan.telemetry.store import Store

_EMPTY = '"[a-z0-9_]+":(?:null|""),?'
"""A column of a row's JSON that says nothing."""


def observed(
    store: Store,
    points: Sequence[Point],
    columns: Sequence[str],
    begin: int,
    end: int,
    *,
    interval: str = "hour",
    statistic: str = "mean",
) -> pl.DataFrame:
    """Read the valid and whole values of several parameters side by side under their science names.

    Args:
        store: where the readings are.
        points: points of one network.
        columns: science column names such as ``pm25``; each is in the result even when nothing was measured.
        begin, end: span of interval starts [s of the wall clock], `end` excluded.
        interval: ``hour`` or ``sample``.
        statistic: which of a parameter's series.

    Returns:
        Frame of point, start (naive time) and `columns`, one row for each start at which a point measured anything.
    """
    codes = {column: vocab.by_column(column).code for column in columns}
    marks = sorted(vocab.valid_marks(points[0].network)) if points else []
    wide = store.wide(
        [point.code for point in points], list(codes.values()), begin, end, interval, statistic, flags=marks, without=int(Check.PARTIAL)
    )
    return wide.rename({code: column for column, code in codes.items()})


def measured(store: Store, points: Sequence[Point], columns: Sequence[str], interval: str) -> list[str]:
    """Those of the columns that any of the points has a series of, so that what nobody measures costs nothing.

    Args:
        store: where the readings are.
        points: points of one network.
        columns: science column names.
        interval: ``hour`` or ``sample``.
    """
    known = set(store.catalogue.series_frame([point.code for point in points], None, interval)["parameter"].to_list())
    return [column for column in columns if vocab.by_column(column).code in known]


def described(points: Sequence[Point], columns: Mapping[str, Any]) -> pl.DataFrame:
    """Attributes of points as columns.

    Args:
        points: points.
        columns: name of an attribute → its type.

    Examples:
        >>> described([Point("N1", "noise", "", attributes={"zone_class": 2})], {"zone_class": pl.String}).rows()
        [('N1', '2')]
    """
    texts = {name for name, kind in columns.items() if kind == pl.String}
    rows = [(point.code, *(_said(point.attributes.get(name), name in texts) for name in columns)) for point in points]
    return pl.DataFrame(rows, schema={"point": pl.String, **columns}, orient="row", strict=False)


def _said(value: Any, as_text: bool) -> Any:
    return str(value) if as_text and value is not None else value


def as_verdicts(
    frame: pl.DataFrame,
    *,
    method: str,
    seconds: int | pl.Expr,
    value: str,
    grade: str,
    main: str,
    detail: Sequence[str],
    now: int,
    compact: bool = False,
) -> pl.DataFrame:
    """Bring judged rows into the form that the store keeps.

    Args:
        frame: judged rows with point, start (naive time), standard, version and valid.
        method: name of the evaluation method.
        seconds: length of the judged span [s].
        value, grade, main: columns of the verdict's number, of its level or class, and of what decided.
        detail: columns that answer "why", kept together as JSON without the empty ones.
        now: time of the computation [s of the wall clock].
        compact: leave out of a row's JSON what the row does not have; for methods whose rows have few of many columns.

    Returns:
        Frame for `Store.verdicts.write`.
    """
    present = [name for name in detail if name in frame.columns]
    detailed = pl.struct(present).struct.json_encode()
    if compact:
        detailed = detailed.str.replace_all(_EMPTY, "").str.replace(",}", "}", literal=True)
    span = pl.lit(seconds, dtype=pl.Int64) if isinstance(seconds, int) else seconds
    return frame.select(
        "point",
        pl.lit(method).alias("method"),
        "start",
        span.alias("seconds"),
        pl.col(value).cast(pl.Float64).alias("value"),
        pl.col(grade).cast(pl.Int64).alias("grade"),
        pl.col(main).fill_null("").alias("main"),
        "standard",
        "version",
        detailed.alias("detail"),
        pl.col("valid").fill_null(value=False).alias("valid"),
        pl.lit(now, dtype=pl.Int64).alias("computed"),
    )
