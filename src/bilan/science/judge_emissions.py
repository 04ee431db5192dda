"""`bilan judge gas` and `bilan judge wastewater`: limits, times over and reasons beside the rows of any file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import polars as pl

from bilan.cli import language
from bilan.pack.vocab import canonical, vocabulary
from bilan.problems import BilanError, Place, Problem
from bilan.science import emissions
from bilan.science.judging import report
from bilan.science.standards.emissions.limits import Averaging
from bilan.tabular import TableRead, read_table, write_table

_MARKS = {
    "flag": ("flag", "标记", "数据标记", "数据标识"),
    "state": ("state", "status", "工况", "工况标记", "状态", "运行状态", "数据状态"),
}
_MEDIA: dict[str, tuple[str, ...]] = {"gas": ("flue", "air"), "wastewater": ("water",)}
_SHOWN_ROWS = 40
_SAID = {
    "rows": ("{rows:,} 行，其中 {judged:,} 行已评价，{over:,} 行超标", "{rows:,} rows, {judged:,} judged, {over:,} over"),
    "cut": ("；仅显示前 {shown} 行，--output 写出全部", "; first {shown} shown, --output writes all"),
    "unverified": ("未核实的限值：{items}", "limits not verified: {items}"),
    "assumed": (
        "未说明条件，取最严限值：{items}（可用 --condition）",
        "condition not told, strictest limit taken: {items} (see --condition)",
    ),
    "unjudged": ("未能评价（限值未知或无法折算）：{items}", "not judged (limit not known, or no conversion): {items}"),
}
_VERDICTS = {"within": ("达标", "within"), "over": ("超标", "over"), "none": ("未评价", "not judged")}


_BY = ("hour", "day", "instant", "sample", "days")
_HELP = {
    "source": "kind of source, see --sources · 排放源类型，见 --sources",
    "by": "what the rows are; days: means of hourly rows · 数据时段；days：由小时值求日均值",
    "condition": "what chooses between limits, may be repeated · 限值条件，可多次给出",
    "sources": "list kinds of sources and conditions · 列出排放源类型和条件",
    "output": ".csv, .xlsx, .parquet; on the screen without it · 不写则显示在屏幕",
}


def _options(medium: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    usual = "hour" if medium == "gas" else "day"
    chosen = [
        click.argument("file", type=click.Path(path_type=Path)),
        click.option("--source", required=True, help=_HELP["source"]),
        click.option("--by", type=click.Choice(_BY), default=usual, show_default=True, help=_HELP["by"]),
        click.option("--condition", "conditions", multiple=True, help=_HELP["condition"]),
        click.option("--sources", is_flag=True, is_eager=True, expose_value=False, callback=_list(medium), help=_HELP["sources"]),
        click.option("-o", "--output", type=click.Path(path_type=Path), help=_HELP["output"]),
        click.option("--sheet", help="sheet of a workbook · 工作表"),
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(chosen):
            command = option(command)
        return command

    return decorate


def _list(medium: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    def shown(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            for key, source in emissions.sources(medium).items():
                click.echo(f"{key:<28}{source.name(language())}")
            for key, names in emissions.conditions().items():
                click.echo(f"  --condition {key:<22}{_in_language(names)}")
            context.exit()

    return shown


@click.command(
    "gas",
    short_help="gas: flue gas against its limits · 废气",
    help="Flue gas: converted to the reference oxygen, against the limits of its source · 废气：折算后与排放限值比较，并写出理由",
)
@_options("gas")
def gas(file: Path, source: str, by: str, conditions: tuple[str, ...], output: Path | None, sheet: str | None) -> None:
    _judge("gas", file, source, by, conditions, output, sheet)


@click.command(
    "wastewater",
    short_help="wastewater: discharge against its limits · 废水",
    help="Wastewater: discharge against the limits of its source · 废水：与排放限值比较，并写出理由",
)
@_options("wastewater")
def wastewater(file: Path, source: str, by: str, conditions: tuple[str, ...], output: Path | None, sheet: str | None) -> None:
    _judge("wastewater", file, source, by, conditions, output, sheet)


def _judge(medium: str, file: Path, source: str, by: str, conditions: Sequence[str], output: Path | None, sheet: str | None) -> None:
    read = read_table(file, sheet=sheet, media=_MEDIA[medium], units="emission")
    frame = _with_marks(read)
    if by == "days":
        result = _days(read, frame, source, conditions)
    else:
        averagings: dict[str, Averaging] = {"hour": "hour", "day": "day", "instant": "instant", "sample": "sample"}
        judged = emissions.judge(frame, source, averaging=averagings[by], conditions=conditions)
        result = read.raw.hstack(_verdicts(judged))
        _warn(judged)
    if output is None:
        click.echo(_screen(read.frame if by != "days" else result, result))
    else:
        write_table(result, output)
    _summary(result, output)
    report(read)


def _with_marks(read: TableRead) -> pl.DataFrame:
    frame = read.frame
    headers = {canonical(name): name for name in read.raw.columns}
    for column, names in _MARKS.items():
        header = next((headers[canonical(name)] for name in names if canonical(name) in headers), None)
        if header is not None and column not in frame.columns and frame.height == read.raw.height:
            frame = frame.with_columns(read.raw[header].cast(pl.String).str.strip_chars().alias(column))
    return frame


def _days(read: TableRead, frame: pl.DataFrame, source: str, conditions: Sequence[str]) -> pl.DataFrame:
    if "start" not in frame.columns:
        raise BilanError(Problem("emissions.no_time", {"value": list(read.raw.columns)}, Place(read.file)))
    if "point" not in frame.columns:
        frame = frame.with_columns(point=pl.lit(""))
    days = emissions.evaluate_days(frame.filter(pl.col("start").is_not_null()), source, conditions=conditions)
    items = [name.removeprefix("class_") for name in days.columns if name.startswith("class_")]
    return days.select("point", "start", *items).hstack(_verdicts(days))


def _verdicts(judged: pl.DataFrame) -> pl.DataFrame:
    items = [name.removeprefix("class_") for name in judged.columns if name.startswith("class_")]
    words = {1: "within", 2: "over"}
    verdict = pl.col("grade").replace_strict(
        {number: _in_language(_VERDICTS[key]) for number, key in words.items()}, return_dtype=pl.String, default=None
    )
    shown = [
        pl.col(f"converted_{item}").round(3).alias(f"judged_converted_{item}") for item in items if f"converted_{item}" in judged.columns
    ]
    return judged.select(
        verdict.fill_null(_in_language(_VERDICTS["none"])).alias("judged_verdict"),
        pl.col("main").alias("judged_main"),
        pl.concat_str([_reason(item, judged.columns) for item in items], separator="; ", ignore_nulls=True).alias("judged_reason"),
        *shown,
        pl.col("standard").alias("judged_standard"),
    )


def _reason(item: str, names: Sequence[str]) -> pl.Expr:
    value = pl.col(f"converted_{item}" if f"converted_{item}" in names else item).cast(pl.Float64).round(3)
    factor, limit = pl.col(f"factor_{item}"), pl.col(f"limit_{item}")
    template = ("{} {}，限值 {}，超标 {} 倍", "{} {}, limit {}, {} times over")[language() == "en"]
    outside = ("{} {}，超出限值", "{} {}, outside its limits")[language() == "en"]
    over = pl.col(f"class_{item}") == 2
    said = pl.format(template, pl.lit(_symbol(item)), value, limit, factor.round(2))
    return pl.when(over & factor.is_not_null()).then(said).when(over).then(pl.format(outside, pl.lit(_symbol(item)), value))


def _symbol(item: str) -> str:
    parameter = next((known for known in vocabulary().by_code.values() if known.column == item), None)
    if parameter is None:
        return item
    return parameter.symbol or (parameter.name_en if language() == "en" else parameter.name_zh)


def _screen(places: pl.DataFrame, result: pl.DataFrame) -> str:
    named = [column for column in ("point", "start") if column in places.columns]
    verdicts = [pl.col(f"judged_{name}").alias(name) for name in ("verdict", "main", "reason")]
    shown = places.select(named).hstack(result.select(verdicts)).head(_SHOWN_ROWS)
    with pl.Config(
        tbl_rows=_SHOWN_ROWS, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
        tbl_formatting="NOTHING", fmt_str_lengths=80, tbl_width_chars=180,
    ):  # fmt: skip
        return str(shown)


def _summary(result: pl.DataFrame, output: Path | None) -> None:
    verdict = result["judged_verdict"]
    judged = result.height - int((verdict == _in_language(_VERDICTS["none"])).sum())
    said = _said("rows", rows=result.height, judged=judged, over=int((verdict == _in_language(_VERDICTS["over"])).sum()))
    if output is not None:
        said += f" → {output}"
    elif result.height > _SHOWN_ROWS:
        said += _said("cut", shown=_SHOWN_ROWS)
    click.echo(said, err=True)


def _warn(judged: pl.DataFrame) -> None:
    for column in ("unverified", "assumed", "unjudged"):
        told = sorted({symbol for text in judged[column].drop_nulls().unique() for symbol in text.split(",") if symbol})
        if told:
            click.echo(_said(column, items=", ".join(told)), err=True)


def _said(sentence: str, **values: Any) -> str:
    return _in_language(_SAID[sentence]).format(**values)


def _in_language(words: tuple[str, str]) -> str:
    return words[language() == "en"]
