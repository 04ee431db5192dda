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
from bilan.science import water
from bilan.science.standards.water.limits import Item
from bilan.science.standards.water.periods import Period
from bilan.science.standards.water.words import class_number, clause_in_english
from bilan.tabular import TableRead, read_table, write_table

_PUBLISHED = ("水质类别", "公布类别", "官方类别", "水质等级", "published class", "official class", "water class", "water quality class")
_SECTION = ("province", "basin", "city", "river", "point")
_PERIOD = ("start", "samples", "months", "valid")
_SHOWN_PROBLEMS = 10
_SECTION_TYPES = {"river": ("河流", "river"), "lake": ("湖库", "lake")}
_HEADERS = {
    "province": ("省份", "province"),
    "basin": ("流域", "basin"),
    "city": ("城市", "city"),
    "river": ("河流", "river"),
    "point": ("断面", "section"),
    "start": ("时段开始", "period start"),
    "samples": ("样本数", "samples"),
    "months": ("月数", "months"),
    "valid": ("数据量有效", "enough data"),
    "class": ("评价类别", "judged class"),
    "grade": ("评价类别序号", "judged grade"),
    "status": ("水质状况", "status"),
    "main": ("主要污染指标", "main pollutants"),
    "reason": ("判定依据", "reason"),
    "section_type": ("评价断面类型", "judged as"),
    "standard": ("评价标准", "standard"),
    "difference": ("与公布类别比较", "against published class"),
}
_DIFFERENCES = {
    "equal": ("一致", "equal"),
    "lost_exponent": ("公布值丢失指数", "published value lost its exponent"),
    "section_type": ("断面类型不同", "other section type"),
    "not_judged": ("未评价", "not judged"),
    "not_published": ("未公布", "not published"),
    "unexplained": ("不一致，原因不明", "different, unexplained"),
}
_SAID = {
    "rows": ("{rows} 行，{judged} 行有类别，写入 {target}", "{rows} rows, {judged} with a class, written to {target}"),
    "learnt": (
        "由公布类别判定断面类型：湖库 {lake} 个，河流 {river} 个",
        "section types from published classes: {lake} lakes, {river} rivers",
    ),
    "published": ("与公布类别比较：{counts}", "against published classes: {counts}"),
    "problems": ("{count} 处无法读取，前 {shown} 处：", "{count} cells could not be read, the first {shown}:"),
}


@click.command("water", help="Judge surface water by GB 3838 · 按 GB 3838 评价地表水")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (.csv, .xlsx, .parquet) · 输出文件")
@click.option("--by", type=click.Choice(["sample", "month", "quarter", "year"]), default="sample", help="What gets a class · 评价时段")
@click.option("--section-type", type=click.Choice(["auto", "river", "lake"]), default="auto", help="Limits of phosphorus · 断面类型")
def judge_water(file: Path, output: Path | None, by: str, section_type: str) -> None:
    """Read FILE, judge it and write the verdicts beside its rows."""
    read = read_table(file, media=("water",))
    samples, learnt = _samples(read, section_type)
    result = _by_sample(read, samples) if by == "sample" else _by_period(samples, _period(by))
    target = output or file.with_name(f"{file.name.split('.')[0]}-judged{file.suffix if file.suffix in ('.xlsx', '.parquet') else '.csv'}")
    write_table(result, target)
    judged = result[_header("grade")].count()
    click.echo(_said("rows", rows=result.height, judged=judged, target=target))
    if learnt is not None:
        kinds = dict(learnt.group_by("section_type").len().iter_rows())
        click.echo(_said("learnt", lake=kinds.get("lake", 0), river=kinds.get("river", 0)))
    if by == "sample" and _header("difference") in result.columns:
        counts = result.group_by(_header("difference")).len().sort("len", descending=True).iter_rows()
        click.echo(_said("published", counts=", ".join(f"{name} {number}" for name, number in counts)))
    _report(read)


def _samples(read: TableRead, section_type: str) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    frame = read.frame
    if not any(column in water.version_at().items for column in frame.columns):
        raise BilanError(Problem("water.no_items", {"allowed": tuple(water.version_at().items)}, Place(read.file)))
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
    learnt = water.learn_section_types(frame, section=keys)
    return frame.join(learnt.select(*keys, "section_type"), on=keys, how="left", maintain_order="left", nulls_equal=True), learnt


def _with_section_type(frame: pl.DataFrame) -> pl.DataFrame:
    if "section_type" not in frame.columns:
        return frame.with_columns(section_type=pl.lit("river"))
    lake = pl.col("section_type").str.contains("湖|库|lake|reservoir").fill_null(False)
    return frame.with_columns(section_type=pl.when(lake).then(pl.lit("lake")).otherwise(pl.lit("river")))


def _by_sample(read: TableRead, samples: pl.DataFrame) -> pl.DataFrame:
    judged = water.compare_published(samples) if "official" in samples.columns else water.classify(samples)
    return pl.concat([read.raw, _verdicts(judged)], how="horizontal")


def _by_period(samples: pl.DataFrame, by: Period) -> pl.DataFrame:
    if "point" not in samples.columns:
        samples = samples.with_columns(point=pl.lit(""))
    judged = water.rounded_means(water.evaluate_periods(samples, by).sort("point", "start"))
    places = [pl.col(column).alias(_header(column)) for column in (*_SECTION, *_PERIOD) if column in judged.columns]
    items = [_measured(entry) for entry in water.version_at().items.values() if entry.column in judged.columns]
    return pl.concat([judged.select(*places, *items), _verdicts(judged)], how="horizontal")


def _measured(entry: Item) -> pl.Expr:
    name = (entry.name_zh, entry.name_en)[0 if language() != "en" else 1]
    return pl.col(entry.column).alias(name if entry.unit == "dimensionless" else f"{name} ({entry.unit})")


def _verdicts(judged: pl.DataFrame) -> pl.DataFrame:
    position = 0 if language() != "en" else 1
    described = water.describe(judged)
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
    return described.select(expression.alias(_header(name)) for name, expression in columns.items())


def _reason(judged: pl.DataFrame, position: int) -> pl.Expr:
    items = [entry for entry in water.version_at().items.values() if f"class_{entry.column}" in judged.columns and entry.counted]
    return pl.concat_str([_item_reason(entry, position) for entry in items], separator="; ", ignore_nulls=True)


def _item_reason(entry: Item, position: int) -> pl.Expr:
    item_class = pl.col(f"class_{entry.column}")
    names = [(known.name_zh, known.name_en)[position] for known in water.water_classes()]
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


def _header(name: str) -> str:
    return _HEADERS[name][0 if language() != "en" else 1]


def _said(sentence: str, **values: object) -> str:
    return _SAID[sentence][0 if language() != "en" else 1].format(**values)


def _report(read: TableRead) -> None:
    if not read.problem_count:
        return
    shown = read.problems[:_SHOWN_PROBLEMS]
    click.echo(_said("problems", count=read.problem_count, shown=len(shown)), err=True)
    for problem in shown:
        click.echo(problem.text(language()), err=True)
