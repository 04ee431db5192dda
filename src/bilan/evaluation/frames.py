"""Between the store's series and the columns that science judges."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.pack import vocab
from bilan.telemetry.model import Point
from bilan.telemetry.quality import Check
from bilan.telemetry.store import Store


def observed(store: Store, points: Sequence[Point], columns: Sequence[str], begin: int, end: int) -> pl.DataFrame:
    """Read the valid and whole hourly means of several parameters side by side under their science names.

    Args:
        store: where the readings are.
        points: points of one network.
        columns: science column names such as ``pm25``; each is in the result even when nothing was measured.
        begin, end: span of interval starts [s of the wall clock], `end` excluded.

    Returns:
        Frame of point, start (naive time) and `columns`, one row for each start at which a point measured anything.
    """
    codes = {column: vocab.by_column(column).code for column in columns}
    marks = sorted(vocab.valid_marks(points[0].network)) if points else []
    wide = store.wide([point.code for point in points], list(codes.values()), begin, end, "hour", flags=marks, without=int(Check.PARTIAL))
    return wide.rename({code: column for column, code in codes.items()})


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
) -> pl.DataFrame:
    """Bring judged rows into the form that the store keeps.

    Args:
        frame: judged rows with point, start (naive time), standard, version and valid.
        method: name of the evaluation method.
        seconds: length of the judged span [s].
        value, grade, main: columns of the verdict's number, of its level or class, and of what decided.
        detail: columns that answer "why", kept together as JSON without the empty ones.
        now: time of the computation [s of the wall clock].

    Returns:
        Frame for `Store.verdicts.write`.
    """
    present = [name for name in detail if name in frame.columns]
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
        pl.struct(present).struct.json_encode().alias("detail"),
        pl.col("valid").fill_null(value=False).alias("valid"),
        pl.lit(now, dtype=pl.Int64).alias("computed"),
    )
