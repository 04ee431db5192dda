"""The commands `bilan init`, `bilan up` and `bilan demo`."""

from __future__ import annotations

from pathlib import Path

import click

from bilan.demo import build, verification
from bilan.demo.founding import found_city
from bilan.demo.supervisor import Supervisor, services
from bilan.demo.welcome import greet
from bilan.pack.city import City

DEFAULT = Path("demo-city")


DATABASE = click.option(
    "--database", default="", help="postgresql://…, by default SQLite in the folder · 数据库地址，默认为文件夹内的 SQLite"
)


@click.command(help="Make a city folder · 新建城市文件夹")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--city", "adcode", required=True, help="six-digit administrative code · 六位行政区划代码")
@DATABASE
def init(folder: Path, adcode: str, database: str) -> None:
    city = found_city(folder, adcode)
    if database:
        city.settle({"database": database, "telemetry": database})
    click.echo(f"{city.folder}: {city.name_zh}")


@click.command(help="Run everything for a city · 启动城市的全部服务")
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="city folder · 城市文件夹")
def up(folder: Path) -> None:
    city = City.open(folder)
    build.prepare(city)
    Supervisor(services(city), city.data / "logs").run(lambda: greet(city))


@click.command(help="Run the demo city · 运行演示城市")
@click.option("--city", "folder", type=click.Path(path_type=Path), default=DEFAULT, show_default=True, help="city folder · 城市文件夹")
@click.option("--seed", type=int, default=0, show_default=True, help="what the generated city depends on · 随机种子")
@click.option("--replay", type=click.Path(path_type=Path, exists=True), help="replay real recordings · 重放实测数据")
@click.option("--report", type=click.Path(path_type=Path), help="with --replay: write the comparison here and stop · 写出核对报告后退出")
@DATABASE
def demo(folder: Path, seed: int, replay: Path | None, report: Path | None, database: str) -> None:
    if replay is not None:
        verification.command(folder if folder != DEFAULT else Path("replay-city"), replay, report)
        return
    city = build.demo_city(folder, seed, database)
    Supervisor(services(city, fleet=seed), city.data / "logs").run(lambda: greet(city))
