"""The command `bilan judge`: a file of measurements in, the same file with verdicts out."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click

from bilan.cli import command_at
from bilan.science.judge_air import METHODS, PERIODS, STANDARDS, judge_air

LAZY = {
    "gas": "bilan.science.judge_emissions:gas",
    "groundwater": "bilan.science.judge_classes:groundwater",
    "noise": "bilan.science.judge_noise:noise",
    "sea": "bilan.science.judge_classes:sea",
    "soil": "bilan.science.judge_soil:soil",
    "wastewater": "bilan.science.judge_emissions:wastewater",
    "water": "bilan.science.judge_water:water",
}
"""Sub-commands that are imported only when they are called."""


class JudgeGroup(click.Group):
    """Sub-commands of `bilan judge`, some of them in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *(name for name, place in LAZY.items() if importlib.util.find_spec(place.partition(":")[0]))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_at(LAZY[cmd_name]) if cmd_name in LAZY else super().get_command(ctx, cmd_name)


@click.group(cls=JudgeGroup, help="Judge a file by the national standard · 按国家标准评价文件")
def judge() -> None:
    pass


@judge.command(
    short_help="air: AQI, level, primary pollutants · 空气",
    help="Air: AQI, level, primary pollutants and reasons beside the rows · 空气：在各行旁写出 AQI、级别、首要污染物和理由",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", type=click.Choice(PERIODS), default="hour", show_default=True, help="hours or days · 按小时或按日")
@click.option(
    "--standard", type=click.Choice(STANDARDS), default="auto", show_default=True, help="auto: by the date of the row · 按数据日期"
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="published",
    show_default=True,
    help="hourly AQI of 2012: as published, or sliding means as the text says · 2012 版小时 AQI：按官方发布或按条文滑动均值",
)
@click.option("--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet; on the screen without it · 不写则显示在屏幕")
@click.option("--sheet", help="sheet of a workbook · 工作表")
def air(file: Path, by: str, standard: str, method: str, output: Path | None, sheet: str | None) -> None:
    judge_air(file, by=by, standard=standard, method=method, output=output, sheet=sheet)
