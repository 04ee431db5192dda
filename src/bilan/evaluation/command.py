"""The command `bilan worker`."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

import click

from bilan.evaluation.worker import Worker
from bilan.pack.city import City


@click.command(help="Roll up and judge what arrived · 汇总并评价新到数据")
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="city folder · 城市文件夹")
def worker(folder: Path) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    running = Worker(City.open(folder))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: running.stopping.set())
    running.run()
