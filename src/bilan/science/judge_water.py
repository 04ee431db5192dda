"""`bilan judge water`: the class, main pollutants and reasons beside the rows of any file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import polars as pl

from bilan.cli import language
from bilan.pack.vocab import canonical
from bilan.problems import BilanError, Place, Problem
from bilan.science import water as surface_water
from bilan.science.judging import report
from bilan.science.standards.water.limits import Item
from bilan.science.standards.water.periods import Period
from bilan.science.standards.water.words import class_number, clause_in_english
from bilan.tabular import TableRead, read_table, write_table

_PUBLISHED = ("水质类别", "公布类别", "官方类别", "水质等级", "published class", "official class", "water class", "water quality class")
_SECTION = ("province", "basin", "city", "river", "point")
_PERIOD = ("start", "samples", "months", "valid")
_SHOWN_ROWS = 40
_SECTION_TYPES = {"river": ("河流", "river"), "lake": ("湖库", "lake")}
_DIFFERENCES = {
    "equal": ("一致", "equal"),
    "lost_exponent": ("公布值丢失指数", "published value lost its exponent"),
    "section_type": ("断面类型不同", "other section type"),
    "not_judged": ("未评价", "not judged"),
    "not_published": ("未公布", "not published"),
    "unexplained": ("不一致，原因不明", "different, unexplained"),
}
_SAID = {
    "rows": ("{rows:,} 行，其中 {judged:,} 行有类别", "{rows:,} rows, {judged:,} with a class"),
    "cut": ("；仅显示前 {shown} 行，--output 写出全部", "; first {shown} shown, --output writes all"),
    "learnt": (
        "由公布类别判定断面类型：湖库 {lake} 个，河流 {river} 个",
        "section types from published classes: {lake} lakes, {river} rivers",
    ),
    "published": ("与公布类别比较：{counts}", "against published classes: {counts}"),
}


@click.command(
    "water",
    short_help="water: class, main pollutants · 地表水",
    help="Surface water: class, main pollutants and reasons beside the rows · 地表水：在各行旁写出类别、主要污染指标和判定依据",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--by",
    type=click.Choice(["sample", "month", "quarter", "year"]),
    default="sample",
    show_default=True,
    help="rows as they stand, or means of a period · 逐行，或按时段均值",
)
@click.option(
    "--section-type",
    type=click.Choice(["auto", "river", "lake"]),
    default="auto",
    show_default=True,
    help="limits of phosphorus; auto: from the file, or learnt from its published classes · 总磷限值；auto：按文件或由公布类别推定",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet; on the screen without it · 不写则显示在屏幕")
@click.option("--sheet", help="sheet of a workbook · 工作表")
def water(file: Path, by: str, section_type: str, output: Path | None, sheet: str | None) -> None:
    read = read_table(file, sheet=sheet, media=("water",))
    samples, learnt = _samples(read, section_type)
    result = _by_sample(read, samples) if by == "sample" else _by_period(read, samples, _period(by))
    if output is None:
        click.echo(_screen(samples if by == "sample" else result, result))
    else:
        write_table(result, output)
    _summary(result, learnt, output)
    report(read)


def _samples(read: TableRead, section_type: str) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    frame = read.frame
    if not any(column in surface_water.version_at().items for column in frame.columns):
        raise BilanError(Problem("water.no_items", {"allowed": tuple(surface_water.version_at().items)}, Place(read.file)))
    if "target_class" in frame.columns:
        frame = frame.with_columns(pl.col("target_class").map_elements(class_number, return_dtype=pl.Int64))
    header = next((name for name in read.raw.columns if canonical(name) in {canonical(known) for known in _PUBLISHED}), None)
    if header is not None:
        published = [class_number(text) for text in read.raw[header].to_list()]
        frame = frame.with_columns(pl.Series("official", published, dtype=pl.Int64))
    if section_type != "auto":
        return frame.with_columns(section_type=pl.lit(section_type)), None
    keys = [column for column in _SECTION if column in frame.columns]
    if "section_type" in frame.columns or header is None or not keys:
        return _with_section_type(frame), None
    learnt = surface_water.learn_section_types(frame, section=keys)
    return frame.join(learnt.select(*keys, "section_type"), on=keys, how="left", maintain_order="left", nulls_equal=True), learnt


def _with_section_type(frame: pl.DataFrame) -> pl.DataFrame:
    if "section_type" not in frame.columns:
        return frame.with_columns(section_type=pl.lit("river"))
    lake = pl.col("section_type").str.contains("湖|库|lake|reservoir").fill_null(False)
    return frame.with_columns(section_type=pl.when(lake).then(pl.lit("lake")).otherwise(pl.lit("river")))


def _by_sample(read: TableRead, samples: pl.DataFrame) -> pl.DataFrame:
    judged = surface_water.compare_published(samples) if "official" in samples.columns else surface_water.classify(samples)
    return read.raw.hstack(_verdicts(judged))


def _by_period(read: TableRead, samples: pl.DataFrame, by: Period) -> pl.DataFrame:
    if "start" not in samples.columns:
        raise BilanError(Problem("water.no_time", {"value": list(read.raw.columns)}, Place(read.file)))
    if "point" not in samples.columns:
        samples = samples.with_columns(point=pl.lit(""))
    judged = surface_water.rounded_means(surface_water.evaluate_periods(samples.filter(pl.col("start").is_not_null()), by))
    places = [column for column in (*_SECTION, *_PERIOD) if column in judged.columns]
    items = [column for column in surface_water.version_at().items if column in judged.columns]
    return judged.select(*places, *items).hstack(_verdicts(judged)).sort("point", "start")


def _verdicts(judged: pl.DataFrame) -> pl.DataFrame:
    position = 0 if language() != "en" else 1
    described = surface_water.describe(judged)
    suffix = ("zh", "en")[position]
    columns = {
        "class": pl.col(f"class_{suffix}"),
        "grade": pl.col("grade"),
        "status": pl.col(f"status_{suffix}"),
        "main": pl.col("main"),
        "reason": _reason(described, position),
        "section_type": pl.col("section_type")
        .fill_null("river")
        .replace_strict({key: words[position] for key, words in _SECTION_TYPES.items()}),
        "standard": pl.col("standard"),
    }
    if "difference" in judged.columns:
        columns["difference"] = pl.col("difference").replace_strict(_in_language(_DIFFERENCES))
    return described.select(expression.alias(f"judged_{name}") for name, expression in columns.items())


def _reason(judged: pl.DataFrame, position: int) -> pl.Expr:
    items = [entry for entry in surface_water.version_at().items.values() if f"class_{entry.column}" in judged.columns and entry.counted]
    return pl.concat_str([_item_reason(entry, position) for entry in items], separator="; ", ignore_nulls=True)


def _item_reason(entry: Item, position: int) -> pl.Expr:
    item_class = pl.col(f"class_{entry.column}")
    names = [(known.name_zh, known.name_en)[position] for known in surface_water.water_classes()]
    said = item_class.replace_strict(dict(enumerate(names, start=1)), return_dtype=pl.String, default=None)
    river, lake = (entry.limits[kind] for kind in ("river", "lake"))
    limit = pl.when(pl.col("section_type") == "lake").then(_limit(item_class, lake, entry)).otherwise(_limit(item_class, river, entry))
    over = f"factor_{entry.column}"
    clause = (entry.clause, clause_in_english(entry.clause))[position]
    text = pl.format("{} {}: {} ({}, {})", pl.lit(entry.symbol), pl.col(entry.column), said, limit, pl.lit(clause))
    if entry.direction == "below":
        words = ("超Ⅲ类限值 {} 倍", "{} times over class III")[position]
        text = pl.when(pl.col(over).is_not_null()).then(pl.format("{} " + words, text, pl.col(over).round(2))).otherwise(text)
    return pl.when((item_class == pl.col("grade")) & (item_class > 1)).then(text)


def _limit(item_class: pl.Expr, limits: Sequence[float], entry: Item) -> pl.Expr:
    if entry.direction == "range":
        return pl.lit(f"{limits[0]:g}–{limits[1]:g}")
    sign, beyond = ("≤", ">") if entry.direction == "below" else ("≥", "<")
    words: dict[int, Any] = {number: f"{sign}{limit:g}" for number, limit in enumerate(limits, start=1)}
    return item_class.replace_strict({**words, 6: f"{beyond}{limits[-1]:g}"}, return_dtype=pl.String, default=None)


def _period(by: str) -> Period:
    known: dict[str, Period] = {"month": "month", "quarter": "quarter", "year": "year"}
    return known[by]


def _in_language(words: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {key: pair[0 if language() != "en" else 1] for key, pair in words.items()}


def _screen(places: pl.DataFrame, result: pl.DataFrame) -> str:
    named = [column for column in ("point", "start") if column in places.columns]
    verdicts = [pl.col(f"judged_{name}").alias(name) for name in ("grade", "class", "main", "reason")]
    shown = places.select(named).hstack(result.select(verdicts)).head(_SHOWN_ROWS)
    with pl.Config(
        tbl_rows=_SHOWN_ROWS, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
        tbl_formatting="NOTHING", fmt_str_lengths=80, tbl_width_chars=180,
    ):  # fmt: skip
        return str(shown)


def _summary(result: pl.DataFrame, learnt: pl.DataFrame | None, output: Path | None) -> None:
    said = _said("rows", rows=result.height, judged=result["judged_grade"].count())
    if output is not None:
        said += f" → {output}"
    elif result.height > _SHOWN_ROWS:
        said += _said("cut", shown=_SHOWN_ROWS)
    click.echo(said, err=True)
    if learnt is not None:
        kinds = dict(learnt.group_by("section_type").len().iter_rows())
        click.echo(_said("learnt", lake=kinds.get("lake", 0), river=kinds.get("river", 0)), err=True)
    if "judged_difference" in result.columns:
        counts = result.group_by("judged_difference").len().sort("len", descending=True).iter_rows()
        click.echo(_said("published", counts=", ".join(f"{name} {number:,}" for name, number in counts)), err=True)


def _said(sentence: str, **values: object) -> str:
    return _SAID[sentence][0 if language() != "en" else 1].format(**values)
