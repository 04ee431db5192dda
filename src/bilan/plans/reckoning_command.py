"""The command `bilan reckon`."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path

import click

from bilan.pack.city import City


@click.command(help="Compute indicators and the odds of targets as data come, and publish the lake · 随数据计算指标与目标把握，发布数据湖")
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="city folder · 城市文件夹")
@click.option("--once", is_flag=True, help="one round, then stop · 只运行一轮")
def reckon(folder: Path, once: bool) -> None:
    """Reckon for a city until told to stop."""
    city = City.open(folder)
    os.environ["BILAN_CITY"] = str(city.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    # Readers of the site come first.
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    if hasattr(os, "nice"):
        os.nice(5)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    import django  # noqa: PLC0415

    django.setup()
    # Models can only be imported once Django is set up.
    from bilan.plans.reckoning import run  # noqa: PLC0415

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    run(city, stopping, once=once)
