"""`bilan judge soil`: the class of farmland or construction land and its reasons beside the rows of any file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click
import polars as pl

from bilan.problems import BilanError, Place, Problem
from bilan.science import soil as land
from bilan.science.judging import english, give, named_column, report
from bilan.science.standards.soil.words import grade_words
from bilan.tabular import TableRead, read_table

_USE = ("land_use", "use", "土地利用", "利用类型", "土地利用类型", "利用方式", "地类", "land use")
_CLASS = ("land_class", "用地类别", "用地类型", "建设用地类别", "用地分类", "land class")
_BACKGROUND = ("background_as_soil", "砷背景值", "土壤砷背景值")


@click.command(
    "soil",
    short_help="soil: farmland class, construction land · 土壤",
    help="Soil: class of farmland or construction land, reasons · 土壤：农用地类别或建设用地结论和判定依据",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--land",
    "kind",
    type=click.Choice(["auto", "farmland", "construction"]),
    default="auto",
    show_default=True,
    help="auto: construction land when the file has its class, farmland otherwise · auto：文件有建设用地类别列即按建设用地",
)
@click.option("--class", "land_class", type=click.Choice(["1", "2"]), help="class of construction land of all rows · 建设用地类别")
@click.option("-o", "--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet; on the screen without it · 不写则显示在屏幕")
@click.option("--sheet", help="sheet of a workbook · 工作表")
def soil(file: Path, kind: str, land_class: str | None, output: Path | None, sheet: str | None) -> None:
    read = read_table(file, sheet=sheet, media=("soil", "water"))
    classes = named_column(read, _CLASS)
    construction = kind == "construction" or (kind == "auto" and (land_class is not None or classes is not None))
    judged = _construction(read, classes, land_class) if construction else _farmland(read)
    result = read.raw.hstack(_verdicts(judged, construction))
    places = [name for name in read.raw.columns[:2] if not name.startswith("judged_")]
    give(result, [*places, "judged_class", "judged_main", "judged_reason"], "judged_grade", output)
    report(read)


def _farmland(read: TableRead) -> pl.DataFrame:
    frame = read.frame
    use = named_column(read, _USE)
    if use is not None:
        frame = frame.with_columns(land_use=_short(use))
    return land.judge_farmland(frame)


def _construction(read: TableRead, classes: pl.Series | None, land_class: str | None) -> pl.DataFrame:
    frame = read.frame
    background = named_column(read, _BACKGROUND)
    if background is not None:
        frame = frame.with_columns(background_as_soil=background.cast(pl.Float64, strict=False))
    if land_class is not None:
        return land.judge_construction(frame.with_columns(land_class=pl.lit(land_class)))
    if classes is None:
        raise BilanError(Problem("soil.no_land", {"value": list(read.raw.columns)}, Place(read.file)))
    return land.judge_construction(frame.with_columns(land_class=classes))


def _short(use: pl.Series) -> pl.Expr:
    found = pl.lit(use)
    words = {"rotation": "轮作|(?i)rotation", "paddy": "水田|稻|(?i)paddy", "orchard": "果园|(?i)orchard"}
    said = pl.lit("other")
    for name, word in reversed(words.items()):
        said = pl.when(found.str.contains(word).fill_null(False)).then(pl.lit(name)).otherwise(said)
    return said


def _verdicts(judged: pl.DataFrame, construction: bool) -> pl.DataFrame:
    grades = land.CONSTRUCTION if construction else land.FARMLAND
    words = {grade: grade_words(grades, grade).text("en" if english() else "zh-hans") for grade in grades}
    explain = land.explain_construction if construction else land.explain_farmland
    reasons = [_reason(row, explain) if row["main"] else "" for row in judged.iter_rows(named=True)]
    return judged.select(
        pl.col("grade").replace_strict(words, return_dtype=pl.String, default=None).alias("judged_class"),
        pl.col("grade").alias("judged_grade"),
        pl.col("main").alias("judged_main"),
        pl.Series("judged_reason", reasons, dtype=pl.String),
        pl.col("attained").alias("judged_attained"),
        pl.col("standard").alias("judged_standard"),
        pl.col("unverified").alias("judged_unverified"),
    )


def _reason(row: dict[str, object], explain: Callable[[Mapping[str, object]], land.Explanation]) -> str:
    why = explain(row)
    return "; ".join(entry.text("en" if english() else "zh-hans") for entry in why.items if entry.factor is not None)
