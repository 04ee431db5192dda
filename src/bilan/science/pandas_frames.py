"""Frames of pandas on their way in and out: the rules run on Polars, since pandas has no dates and no missing numbers of its own.

Needs neither PyArrow nor a setting of pandas. Nothing here imports pandas: whoever hands a frame in has it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from narwhals.dependencies import get_pandas, is_pandas_dataframe

ROW = "_row_of_pandas"


def taken(frame: Any) -> Any:
    """A frame of pandas as Polars; any other as it is.

    Examples:
        >>> taken(pl.DataFrame({"no2": [1.0]})).shape
        (1, 1)
    """
    if not is_pandas_dataframe(frame):
        return frame
    columns = [_to_polars(str(name), frame[name]) for name in frame.columns]
    if not _is_plain(frame):
        columns.append(pl.Series(ROW, np.arange(len(frame))))
    return pl.DataFrame(columns)


def given_back(result: pl.DataFrame, frame: Any) -> Any:
    """A Polars result as pandas, each row under the label it came with.

    Parameters:
        result: what became of `taken(frame)`.
        frame: the frame of pandas that was handed in.
    """
    pandas: Any = get_pandas()
    known = {str(name): frame[name].dtype for name in frame.columns}
    shown = result.drop(ROW, strict=False)
    back = pandas.DataFrame({name: _to_pandas(pandas, shown[name], known.get(name)) for name in shown.columns})
    # A row of a mean has no label; a row that was only judged keeps its own.
    if ROW in result.columns and result.height == len(frame) and set(known) <= set(shown.columns):
        back.index = frame.index.take(result[ROW].to_numpy())
    return back


def _is_plain(frame: Any) -> bool:
    index = frame.index
    return type(index).__name__ == "RangeIndex" and index.start == 0 and index.step == 1


def _to_polars(name: str, series: Any) -> pl.Series:
    kind = series.dtype.kind if isinstance(series.dtype, np.dtype) else ""
    if kind == "M":
        return pl.Series(name, series.to_numpy().astype("datetime64[us]"))
    if kind in ("i", "u", "f", "b"):
        return pl.Series(name, series.to_numpy(), nan_to_null=True)
    values = [None if missing else value for value, missing in zip(series.tolist(), series.isna().tolist(), strict=True)]
    return pl.Series(name, values, strict=False)


def _to_pandas(pandas: Any, column: pl.Series, before: Any) -> Any:
    if column.dtype == pl.Boolean and column.null_count():
        return pandas.Series(column.to_list(), dtype="boolean")
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        return pandas.Series(column.to_numpy())
    if column.dtype.is_temporal():
        kept = pandas.Series(column.to_numpy() if getattr(column.dtype, "time_zone", None) is None else column.to_list())
        same = isinstance(before, np.dtype) and before.kind == kept.dtype.kind
        return kept.astype(before) if same else kept
    return pandas.Series(column.to_list(), dtype=None if column.null_count() < len(column) else "object")
