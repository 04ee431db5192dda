"""`bilan pack`: look after what is declared."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bilan.cli import language
from bilan.pack.check import check_pack
from bilan.pack.city import City


@click.group(help="Check what the city declares · 检查城市配置")
def pack() -> None:
    pass


@pack.command(help="Load every declaration and say what is wrong · 读取全部配置并指出错误")
@click.option("--city", type=click.Path(file_okay=False, path_type=Path), help="city folder · 城市文件夹")
def check(city: Path | None) -> None:
    folder = City.open(city).pack if city else None
    wrong = 0
    for name, problems in check_pack(folder):
        wrong += len(problems)
        click.echo(f"{'✗' if problems else '✓'} {name}")
        for problem in problems:
            click.echo(f"    {problem.text(language())}")
    sys.exit(1 if wrong else 0)
