"""`bilan simulate` and `bilan replay`."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from pathlib import Path

import click

from bilan.pack.city import City
from bilan.telemetry.clock import seconds
from bilan.telemetry.simulator import recorded
from bilan.telemetry.simulator import replay as replaying
from bilan.telemetry.simulator.fleet import Fleet
from bilan.telemetry.store import Store

REPORT_SECONDS = 60.0


@click.command(help="A fleet of simulated devices · 模拟设备群")
@click.option("--city", "folder", type=click.Path(path_type=Path), default=".", help="City folder · 城市文件夹")
@click.option("--speed", type=click.FloatRange(min=0.01), default=1.0, help="Simulated seconds in a second · 时间倍速")
@click.option("--seed", type=int, default=0, help="Decides every signal and event · 随机种子")
@click.option("--begin", type=click.DateTime(), default=None, help="Simulated wall time to begin at · 模拟起始时间")
def simulate(folder: Path, speed: float, seed: int, begin: datetime | None) -> None:
    fleet = Fleet.of(City.open(folder), seed, speed, float(seconds(begin)) if begin else None)
    click.echo(f"{len(fleet.loggers)} devices · 台设备")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(fleet))


async def _run(fleet: Fleet) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fleet.run())
        tasks.create_task(_report(fleet))


async def _report(fleet: Fleet) -> None:
    while True:
        await asyncio.sleep(REPORT_SECONDS)
        tally = fleet.tally
        click.echo(
            f"connected · 在线 {tally.connected}, sent · 已发 {tally.sent}, acknowledged · 已确认 {tally.acknowledged}, "
            f"repeated · 重发 {tally.repeated}, commands · 命令 {tally.commands}"
        )


@click.command(help="Send recorded data as devices · 以设备身份重放实测数据")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--city", "folder", type=click.Path(path_type=Path), default=".", help="City folder · 城市文件夹")
@click.option("--speed", type=click.FloatRange(min=0.01), help="Recorded seconds in a second · 时间倍速")
def replay(source: Path, folder: Path, speed: float | None) -> None:
    city = City.open(folder)
    planned = replaying.plan(recorded.read(source), positions=recorded.positions(source))
    store = Store.open(city)
    store.migrate()
    replaying.register(store, planned)
    store.close()
    outcome = asyncio.run(replaying.run(planned, city.gateway_host, city.gateway_port, speed=speed))
    click.echo(
        f"{outcome.devices} devices · 台设备, {outcome.acknowledged}/{outcome.telegrams} telegrams acknowledged · 条报文已确认, "
        f"{outcome.readings_acknowledged} readings · 个读数, {outcome.seconds:.1f} s"
    )
