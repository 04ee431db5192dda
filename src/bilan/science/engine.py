"""Rules written once in narwhals run on the engine the frame came from: Polars in, Polars out; DuckDB in, DuckDB out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import narwhals as nw
from narwhals.dependencies import is_pandas_dataframe

from bilan.problems import BilanError, Problem, nearest
from bilan.science.pandas_frames import given_back, taken

Native = TypeVar("Native")
AnyFrame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def run(frame: Native, rule: Callable[[AnyFrame], AnyFrame]) -> Native:
    """Apply a rule to a native frame and give back a frame of the same kind.

    Parameters:
        frame: Polars or pandas DataFrame, Polars LazyFrame, DuckDB relation, or anything narwhals supports.
        rule: narwhals frame → narwhals frame; an eager frame may become lazy on the way.
    """
    given: AnyFrame = nw.from_native(taken(frame))
    native: Native = like(rule(given), given).to_native()
    return cast(Native, given_back(cast(Any, native), frame)) if is_pandas_dataframe(frame) else native


def like(frame: AnyFrame, given: AnyFrame) -> AnyFrame:
    """Collect a lazy frame when the frame that was given is eager."""
    if isinstance(frame, nw.LazyFrame) and isinstance(given, nw.DataFrame):
        return frame.collect(backend=cast(Any, given.implementation))
    return frame


def need(frame: AnyFrame, *columns: str, code: str = "frame.missing_column") -> None:
    """Check that the frame has these columns.

    Raises:
        BilanError: a column is missing; the problem names it, the nearest present one and what is there.
    """
    present = frame.collect_schema().names()
    missing = [column for column in columns if column not in present]
    if missing:
        raise BilanError(*(Problem(code, {"value": column, "nearest": nearest(column, present), "allowed": present}) for column in missing))


def with_missing(frame: AnyFrame, *columns: str) -> AnyFrame:
    """Add the columns that are not there, as empty numbers."""
    present = frame.collect_schema().names()
    absent = [nw.lit(None, dtype=nw.Float64).alias(column) for column in columns if column not in present]
    return frame.with_columns(*absent) if absent else frame


def begun(moment: nw.Expr, every: str) -> nw.Expr:
    """The beginning of the span that a moment lies in, as wall time: Spark's own would carry a zone.

    Parameters:
        moment: wall time.
        every: length of the span as narwhals writes it, such as ``1mo``.
    """
    return moment.dt.truncate(every).cast(nw.Datetime("us"))
