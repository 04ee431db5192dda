"""`bilan judge noise`: levels of days and nights and whether they meet the limits of the zone, beside the rows of any file."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from bilan.problems import BilanError, Place, Problem
from bilan.science import noise as sound
from bilan.science.judging import english, give, named_column, report
from bilan.science.standards.explaining import Explanation
from bilan.tabular import TableRead, read_table

_ZONE = ("zone_class", "功能区类别", "声功能区类别", "声环境功能区类别", "功能区", "类别", "zone", "zone class")


@click.command(
    "noise",
    short_help="noise: Ld, Ln, limits of the zone · 噪声",
    help="Noise: levels of days and nights against the limits of the zone · 噪声：昼间、夜间等效声级与功能区限值",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--by",
    type=click.Choice(["row", "day", "month", "quarter", "year"]),
    default="row",
    show_default=True,
    help="rows with Ld and Ln as they stand, or periods from Leq of hours or minutes · 逐行，或由 Leq 计算",
)
@click.option("--zone", "zone_class", type=click.Choice(sound.ZONES), help="zone of all rows · 全部行的功能区类别")
@click.option("-o", "--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet; on the screen without it · 不写则显示在屏幕")
@click.option("--sheet", help="sheet of a workbook · 工作表")
def noise(file: Path, by: str, zone_class: str | None, output: Path | None, sheet: str | None) -> None:
    read = read_table(file, sheet=sheet, media=("noise",))
    frame = _zoned(read, zone_class)
    judged = sound.judge(frame if by == "row" else _periods(read, frame, by))
    verdicts = _verdicts(judged)
    if by == "row":
        result, places = read.raw.hstack(verdicts), list(read.raw.columns[:2])
    else:
        shown = judged.select(
            "point", pl.col("day").dt.date().alias("day"), "zone_class", *(pl.col(name).round(1) for name in ("ld", "ln", "ldn"))
        )
        result, places = shown.hstack(verdicts), shown.columns
    give(result, [*places, "judged_result", "judged_reason"], "judged_grade", output)
    report(read)


def _zoned(read: TableRead, zone_class: str | None) -> pl.DataFrame:
    if zone_class is not None:
        return read.frame.with_columns(zone_class=pl.lit(zone_class))
    found = named_column(read, _ZONE)
    if found is None:
        return read.frame.with_columns(zone_class=pl.lit(None, dtype=pl.String))
    return read.frame.with_columns(zone_class=found)


def _periods(read: TableRead, frame: pl.DataFrame, by: str) -> pl.DataFrame:
    if "start" not in frame.columns:
        raise BilanError(Problem("noise.no_time", {"value": list(read.raw.columns)}, Place(read.file)))
    if "leq" not in frame.columns:
        raise BilanError(Problem("noise.no_levels", {"allowed": ("leq",)}, Place(read.file)))
    if "point" not in frame.columns:
        frame = frame.with_columns(point=pl.lit(""))
    frame = frame.filter(pl.col("start").is_not_null())
    zones = frame.group_by("point").agg(pl.col("zone_class").drop_nulls().first())
    found = sound.days(sound.statistics(frame.with_columns(pl.col("point").fill_null("")), "hour"))
    if by != "day":
        found = sound.evaluate_periods(found, by)  # type: ignore[arg-type]
    return found.join(zones, on="point", how="left").sort("point", "day")


def _verdicts(judged: pl.DataFrame) -> pl.DataFrame:
    language = "en" if english() else "zh-hans"
    reasons = [sound.explain(row) for row in judged.select("zone_class", "ld", "ln").iter_rows(named=True)]
    return pl.DataFrame(
        {
            "judged_result": [why.verdict.text(language) for why in reasons],
            "judged_grade": [why.grade for why in reasons],
            "judged_attained": judged["attained"],
            "judged_main": judged["main"],
            "judged_reason": ["; ".join(_lines(why, language)) for why in reasons],
            "judged_standard": judged["standard"],
        },
        schema_overrides={"judged_result": pl.String, "judged_grade": pl.Int64, "judged_reason": pl.String},
    )


def _lines(why: Explanation, language: str) -> list[str]:
    return [*(entry.text(language) for entry in why.items), *(note.text(language) for note in why.notes)]
