"""Writing a frame to the format that the file name says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import xlsxwriter

from bilan.problems import BilanError, Problem, nearest

_WRITTEN = (".csv", ".xlsx", ".parquet")


def write_table(frame: pl.DataFrame, path: Path | str) -> None:
    """Write CSV (UTF-8 with byte-order mark, so that office programs read it), Excel or Parquet by the ending of `path`.

    Raises:
        BilanError: another ending, or the file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in _WRITTEN:
        raise BilanError(Problem("table.unknown_ending", {"value": suffix, "allowed": _WRITTEN, "nearest": nearest(suffix, _WRITTEN)}))
    try:
        if suffix == ".csv":
            target.write_bytes(b"\xef\xbb\xbf" + frame.write_csv(datetime_format="%Y-%m-%d %H:%M:%S").encode())
        elif suffix == ".parquet":
            frame.write_parquet(target)
        else:
            # Cells are data: a text that begins with "=" must not become a formula.
            with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}) as book:
                frame.write_excel(book, autofit=frame.height < 10_000, freeze_panes=(1, 0))
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
        raise BilanError(Problem("table.not_written", {"value": str(target), "reason": str(error)})) from error
