"""What the sub-commands of `bilan judge` share: rows on the screen, files written, sentences about what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import polars as pl

from bilan.cli import language
from bilan.pack.vocab import canonical
from bilan.tabular import TableRead, write_table

SHOWN_PROBLEMS = 10
SHOWN_ROWS = 40
_SAID = {
    "rows": ("{rows:,} 行，其中 {judged:,} 行有结论", "{rows:,} rows, {judged:,} judged"),
    "cut": ("；仅显示前 {shown} 行，--output 写出全部", "; first {shown} shown, --output writes all"),
    "unverified": ("所用限值中未核实的：{names}", "limits used that are not verified: {names}"),
    "problems": ("{count} 处无法读取，前 {shown} 处：", "{count} cells could not be read, the first {shown}:"),
}


def english() -> bool:
    """Whether the reader asked for English."""
    return language() == "en"


def named_column(read: TableRead, names: Sequence[str]) -> pl.Series | None:
    """First column of the file whose header is one of these names, however they are written."""
    wanted = {canonical(name) for name in names}
    header = next((name for name in read.raw.columns if canonical(name) in wanted), None)
    return None if header is None else read.raw[header].cast(pl.String)


def give(result: pl.DataFrame, shown: Sequence[str], judged: str, output: Path | None) -> None:
    """Write the result to a file, or show some of its columns; say how many rows got a verdict and what was not verified."""
    if output is not None:
        write_table(result, output)
    else:
        _show(result.select(name for name in shown if name in result.columns))
    said = _say("rows", rows=result.height, judged=result[judged].count())
    if output is not None:
        said += f" → {output}"
    elif result.height > SHOWN_ROWS:
        said += _say("cut", shown=SHOWN_ROWS)
    click.echo(said, err=True)
    if "judged_unverified" in result.columns:
        names = sorted({name for text in result["judged_unverified"].drop_nulls() for name in text.split(",") if name})
        if names:
            click.echo(_say("unverified", names=", ".join(names)), err=True)


def report(read: TableRead) -> None:
    """Say which cells of the file could not be read."""
    if not read.problem_count:
        return
    shown = read.problems[:SHOWN_PROBLEMS]
    click.echo(_say("problems", count=read.problem_count, shown=len(shown)), err=True)
    for problem in shown:
        click.echo(problem.text(language()), err=True)


def _show(frame: pl.DataFrame) -> None:
    with pl.Config(
        tbl_rows=SHOWN_ROWS, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
        tbl_formatting="NOTHING", fmt_str_lengths=80, tbl_width_chars=180, tbl_cols=20,
    ):  # fmt: skip
        click.echo(str(frame.head(SHOWN_ROWS)))


def _say(sentence: str, **values: object) -> str:
    return _SAID[sentence][english()].format(**values)
