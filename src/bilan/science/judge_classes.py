"""`bilan judge sea` and `bilan judge groundwater`: class, what decides and reasons beside the rows of any file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import polars as pl

from bilan.cli import language
from bilan.problems import BilanError, Place, Problem
from bilan.science import groundwater as wells
from bilan.science import sea as seas
from bilan.science.judging import report
from bilan.science.standards.single.limits import LIMITED, Item, version_at
from bilan.science.standards.single.periods import PLACES
from bilan.science.standards.water.words import class_number, clause_in_english
from bilan.science.tables import table
from bilan.tabular import TableRead, read_table, write_table

_PERIODS = ("sample", "month", "quarter", "season", "year")
_SHOWN_ROWS = 40
_SAID = {
    "rows": ("{rows:,} 行，其中 {judged:,} 行有类别", "{rows:,} rows, {judged:,} with a class"),
    "cut": ("；仅显示前 {shown} 行，--output 写出全部", "; first {shown} shown, --output writes all"),
    "shares": ("各类：{counts}", "classes: {counts}"),
    "unverified": ("未核实的限值：{items}", "limits not verified: {items}"),
}


@dataclass(frozen=True)
class Medium:
    """What the command needs of a medium: its tables and its functions."""

    limits: str
    classes: str
    judge: Callable[[pl.DataFrame], pl.DataFrame]
    periods: Callable[[pl.DataFrame, Any], pl.DataFrame]


SEA = Medium("seawater_limits", "seawater_classes", seas.judge, seas.evaluate_periods)
GROUND = Medium("groundwater_limits", "groundwater_classes", wells.judge, wells.evaluate_periods)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--sheet", help="sheet of a workbook · 工作表"),
        click.option(
            "-o", "--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet; on the screen without it · 不写则显示在屏幕"
        ),
        click.option(
            "--by",
            type=click.Choice(_PERIODS),
            default="sample",
            show_default=True,
            help="rows as they stand, or means of a period · 逐行，或按时段均值",
        ),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@click.command(
    "sea",
    short_help="sea: class by GB 3097, eutrophication · 海水",
    help="Sea water: class, eutrophication index and reasons beside the rows · 海水：在各行旁写出类别、富营养化指数和判定依据",
)
@_options
def sea(file: Path, by: str, output: Path | None, sheet: str | None) -> None:
    _run(SEA, file, by, output, sheet)


@click.command(
    "groundwater",
    short_help="groundwater: class by GB/T 14848 · 地下水",
    help="Groundwater: class, deciding items and reasons beside the rows · 地下水：在各行旁写出类别、定类项目和判定依据",
)
@_options
def groundwater(file: Path, by: str, output: Path | None, sheet: str | None) -> None:
    _run(GROUND, file, by, output, sheet)


def _run(medium: Medium, file: Path, by: str, output: Path | None, sheet: str | None) -> None:
    read = read_table(file, sheet=sheet, media=("water",))
    known = version_at(medium.limits)
    if not any(column in known.items for column in read.frame.columns):
        raise BilanError(Problem("single.no_items", {"value": known.standard, "allowed": tuple(known.items)}, Place(read.file)))
    samples = read.frame
    if "target_class" in samples.columns:
        samples = samples.with_columns(pl.col("target_class").map_elements(class_number, return_dtype=pl.Int64))
    if by == "sample":
        judged = medium.judge(samples)
        result = read.raw.hstack(_verdicts(medium, judged))
    else:
        judged = _of_periods(medium, read, samples, by)
        kept = [column for column in ("point", *PLACES, "start", "samples", *known.items) if column in judged.columns]
        result = judged.select(kept).hstack(_verdicts(medium, judged)).sort("point", "start")
    if output is None:
        click.echo(_screen(samples if by == "sample" else result, result))
    else:
        write_table(result, output)
    _tell(medium, judged, result, output)
    report(read)


def _of_periods(medium: Medium, read: TableRead, samples: pl.DataFrame, by: str) -> pl.DataFrame:
    if "start" not in samples.columns:
        raise BilanError(Problem("single.no_time", {"value": list(read.raw.columns)}, Place(read.file)))
    if "point" not in samples.columns:
        samples = samples.with_columns(point=pl.lit(""))
    return medium.periods(samples.filter(pl.col("start").is_not_null()), by)


def _verdicts(medium: Medium, judged: pl.DataFrame) -> pl.DataFrame:
    words = {int(row["grade"]): row[f"name_{_suffix()}"] for row in table(medium.classes)}
    columns = {
        "class": pl.col("grade").replace_strict(words, return_dtype=pl.String, default=None),
        "grade": pl.col("grade"),
        "main": pl.col("main"),
        "deciding": pl.col("deciding"),
        "reason": _reason(medium, judged, words),
        "standard": pl.col("standard"),
        "unverified": pl.col("unverified"),
    }
    if "target_class" in judged.columns:
        columns["attained"] = pl.col("attained")
    if medium is SEA and all(column in judged.columns for column in ("cod", "din", "dip")):
        judged = seas.eutrophication(judged)
        columns["eutrophication"] = pl.col("eutrophication").round(2)
    return judged.select(expression.alias(f"judged_{name}") for name, expression in columns.items())


def _reason(medium: Medium, judged: pl.DataFrame, words: dict[int, str]) -> pl.Expr:
    items = [entry for entry in version_at(medium.limits).items.values() if f"class_{entry.column}" in judged.columns]
    return pl.concat_str([_item_reason(entry, words) for entry in items], separator="; ", ignore_nulls=True)


def _item_reason(entry: Item, words: dict[int, str]) -> pl.Expr:
    item_class = pl.col(f"class_{entry.column}")
    limits = {number: span.text() if (span := entry.spans[number - 1]) is not None else "—" for number in LIMITED}
    worst = ("劣于 {}", "beyond {}")[_position()].format(limits[LIMITED[-1]])
    clause = entry.clause if _position() == 0 else clause_in_english(entry.clause)
    said = item_class.replace_strict(words, return_dtype=pl.String, default=None)
    limit = item_class.replace_strict({**limits, 5: worst}, return_dtype=pl.String, default=None)
    text = pl.format("{} {}: {} ({}, {})", pl.lit(entry.symbol), pl.col(entry.column), said, limit, pl.lit(clause))
    return pl.when((item_class == pl.col("grade")) & (item_class > 1)).then(text)


def _screen(places: pl.DataFrame, result: pl.DataFrame) -> str:
    named = [column for column in ("point", "start") if column in places.columns]
    verdicts = [pl.col(f"judged_{name}").alias(name) for name in ("grade", "class", "main", "reason")]
    with pl.Config(
        tbl_rows=_SHOWN_ROWS, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
        tbl_formatting="NOTHING", fmt_str_lengths=80, tbl_width_chars=180,
    ):  # fmt: skip
        return str(places.select(named).hstack(result.select(verdicts)).head(_SHOWN_ROWS))


def _tell(medium: Medium, judged: pl.DataFrame, result: pl.DataFrame, output: Path | None) -> None:
    said = _said("rows", rows=result.height, judged=judged["grade"].count())
    if output is not None:
        said += f" → {output}"
    elif result.height > _SHOWN_ROWS:
        said += _said("cut", shown=_SHOWN_ROWS)
    click.echo(said, err=True)
    counts = dict(judged["grade"].drop_nulls().value_counts().iter_rows())
    shares = [f"{row[f'name_{_suffix()}']} {counts[int(row['grade'])]:,}" for row in table(medium.classes) if int(row["grade"]) in counts]
    click.echo(_said("shares", counts=", ".join(shares)), err=True)
    doubtful = sorted({name for text in judged["unverified"].unique() if text for name in text.split(",")})
    if doubtful:
        click.echo(_said("unverified", items=", ".join(doubtful)), err=True)


def _said(sentence: str, **values: object) -> str:
    return _SAID[sentence][_position()].format(**values)


def _suffix() -> str:
    return ("zh", "en")[_position()]


def _position() -> int:
    return 0 if language() != "en" else 1
