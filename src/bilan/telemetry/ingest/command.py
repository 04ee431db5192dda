"""`bilan ingest`."""

from __future__ import annotations

import gc
import logging
import signal
import threading
from pathlib import Path

import click

from bilan.pack.city import City
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.ingest.service import Ingest
from bilan.telemetry.quality import arrival_checks
from bilan.telemetry.store import Store

GARBAGE_THRESHOLD = 200_000
"""Readings hold no cycles; looking for some after every few hundred of them costs a tenth of the time."""


@click.command(help="Bring the journal into the store · 日志入库")
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="City folder · 城市文件夹")
@click.option("--once", is_flag=True, help="Stop at the end of the journal · 读到日志末尾即停止")
def ingest(folder: Path, once: bool) -> None:
    """Follow the journal of a city until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    city = City.open(folder)
    settings = Settings.of(city)
    store = Store.open(city)
    store.migrate()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 100)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    follower = Ingest(city, store, settings, arrival_checks(store, city.pack))
    if once:
        while not stop.is_set() and follower.step():
            continue
        follower.keep_house()
    else:
        follower.run(stop)
    store.close()
