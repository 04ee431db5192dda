"""Judging a file of air measurements: what it reads, what it writes beside the rows, what it says."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from bilan.cli import language
from bilan.problems import BilanError, Place, Problem
from bilan.science import air
from bilan.science.standards.air.explain import rule_text
from bilan.tabular import TableRead, read_table, write_table

PERIODS = ("hour", "day")
STANDARDS = ("auto", "2012", "2026")
METHODS = ("published", "text")

SHOWN_PROBLEMS = 10
SHOWN_ROWS = 40

DAILY_NAMES = {"o3_8h_24h": "o3_8h", "o3_24h": "o3_1h"}
"""Columns of daily files → the names of the rules."""

IAQI = tuple(f"iaqi_{pollutant.column}" for pollutant in air.pollutants())
RESULTS = ("aqi", "level", "category", "primary", "reason", *IAQI, "valid", "standard", "version")


def judge_air(
    file: Path, *, by: str = "hour", standard: str = "auto", method: str = "published", output: Path | None = None, sheet: str | None = None
) -> pl.DataFrame:
    """Judge a file and write the verdicts, to `output` or to the screen.

    Parameters:
        file: CSV, Excel or Parquet with recognisable columns.
        by: ``hour`` or ``day``. A file of hours judged by day gives one row per point and day; a file of days is judged row by row.
        standard: ``auto``, ``2012`` or ``2026``.
        method: see `air.judge_hours`.
        output: ``.csv``, ``.xlsx`` or ``.parquet``.
        sheet: sheet of a workbook.

    Returns:
        What was written.

    Raises:
        BilanError: the file cannot be read, has no time or no pollutant, or the output cannot be written.
    """
    read = read_table(file, sheet=sheet, media=("air",))
    result, beside = verdicts(read, by=by, standard=standard, method=method)
    words = language()
    named = result.with_columns(category=_category(words), reason=_reasons(words))
    written = _beside(read.raw, named) if beside else named.select(_daily_columns(named))
    if output is None:
        click.echo(_screen(named))
    else:
        write_table(written, output)
    _report(read, named, output, words)
    return written


def verdicts(read: TableRead, *, by: str, standard: str = "auto", method: str = "published") -> tuple[pl.DataFrame, bool]:
    """Judge what was read from a file.

    Returns:
        The verdicts, and whether they stand beside the file's rows (else they are days made of its hours).

    Raises:
        BilanError: there is no time or no pollutant in the file.
    """
    if "start" not in read.frame.columns:
        raise BilanError(Problem("air.no_time", {"value": list(read.raw.columns)}, Place(read.file)))
    frame = read.frame.with_columns(point=_point(read.frame))
    known = frame.filter(pl.col("start").is_not_null())
    if by == "hour":
        return _with_unread(frame, air.judge_hours(known, standard, method=method)), True
    if _is_daily(known):
        days = known.rename({old: new for old, new in DAILY_NAMES.items() if old in known.columns and new not in known.columns})
        # A daily file calls its ozone O3 and means the daily maximum of eight hours.
        days = days.rename({"o3": "o3_8h"}) if "o3" in days.columns and "o3_8h" not in days.columns else days
        return _with_unread(frame, air.judge_day_means(days.with_columns(day=pl.col("start").dt.date()), standard)), True
    return air.judge_days(known, standard), False


def _point(frame: pl.DataFrame) -> pl.Expr:
    """What tells the rows of one moment apart: code, or city with name."""
    names = [name for name in ("point_code",) if name in frame.columns] or [name for name in ("city", "point") if name in frame.columns]
    return pl.concat_str([pl.col(name) for name in names], separator=" ", ignore_nulls=True) if names else pl.lit("")


def _is_daily(frame: pl.DataFrame) -> bool:
    """Whether every row stands for a day: all at midnight and at most one a point and day."""
    midnight = frame.select((pl.col("start").dt.hour() == 0).all()).item()
    return bool(midnight) and frame.select(pl.struct("point", pl.col("start").dt.date()).is_unique().all()).item()


def _with_unread(frame: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Bring the rows without a time back, without a verdict."""
    results = [name for name in judged.columns if name not in frame.columns and name != "day"]
    return frame.join(judged.select("row", *results), on="row", how="left", maintain_order="left")


def _category(words: str) -> pl.Expr:
    names = {level.level: level.name(words) for level in air.categories()}
    return pl.col("level").replace_strict(names, default=None, return_dtype=pl.String)


def _reasons(words: str) -> pl.Expr:
    """Why, in one short sentence a row; each distinct combination is put into words once."""
    return pl.struct("aqi", "primary", "missing", "reason").map_elements(
        lambda row: _reason(row["aqi"], row["primary"] or "", row["missing"] or "", row["reason"] or "", words), return_dtype=pl.String
    )


def _reason(aqi: int | None, primary: str, missing: str, rules: str, words: str) -> str:
    english = words == "en"
    parts: list[str] = []
    if primary:
        parts.append(f"highest index: {primary} {aqi}" if english else f"最大分指数：{primary} {aqi}")
    if missing:
        parts.append(f"missing: {missing}" if english else f"缺测：{missing}")
    for rule_id in filter(None, rules.split(",")):
        parts.append(rule_text(rule_id).en if english else rule_text(rule_id).zh)
    return ("; " if english else "；").join(parts)


def _beside(raw: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """The file's own columns with the results beside them, under names that no file has."""
    return raw.hstack(named.select(pl.col(name).alias(f"judged_{name}") for name in RESULTS))


def _daily_columns(named: pl.DataFrame) -> list[str]:
    values = [name for name in named.columns if name not in RESULTS and name not in ("missing", "iaqi_o3_1h", "iaqi_o3_8h")]
    return [*values, *RESULTS]


def _screen(named: pl.DataFrame) -> str:
    """A table for the screen: the first rows."""
    moment = "start" if "start" in named.columns else "day"
    shown = named.head(SHOWN_ROWS).select("point", moment, "aqi", "level", "category", "primary", "reason")
    with pl.Config(
        tbl_rows=SHOWN_ROWS, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, tbl_formatting="NOTHING", fmt_str_lengths=60,
        tbl_width_chars=160,
    ):  # fmt: skip
        return str(shown)


def _report(read: TableRead, named: pl.DataFrame, output: Path | None, words: str) -> None:
    """Say on the error stream how many rows were judged and what could not be read."""
    judged = named.select(pl.col("aqi").is_not_null().sum()).item()
    english = words == "en"
    counts = f"{named.height:,} rows, {judged:,} with an AQI" if english else f"{named.height:,} 行，其中 {judged:,} 行有 AQI"
    if output is not None:
        counts += f" → {output}"
    elif named.height > SHOWN_ROWS:
        counts += f"; first {SHOWN_ROWS} shown, --output writes all" if english else f"；仅显示前 {SHOWN_ROWS} 行，--output 写出全部"
    click.echo(counts, err=True)
    for problem in read.problems[:SHOWN_PROBLEMS]:
        click.echo(problem.text(words), err=True)
    if read.problem_count > SHOWN_PROBLEMS:
        more = read.problem_count - SHOWN_PROBLEMS
        click.echo(f"… and {more:,} more" if english else f"……另有 {more:,} 处", err=True)
