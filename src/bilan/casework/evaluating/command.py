"""The command `bilan watch`."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path

import click

from bilan.pack.city import City


@click.command(help="Evaluate rules, raise alerts, tell people · 评估规则、产生预警并通知人员")
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="city folder · 城市文件夹")
@click.option("--once", is_flag=True, help="one round, then stop · 只运行一轮")
def watch(folder: Path, once: bool) -> None:
    """Watch a city until told to stop."""
    city = City.open(folder)
    os.environ["BILAN_CITY"] = str(city.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    # Readers of the site come first.
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    run(city, once=once)


def run(city: City, *, once: bool) -> None:
    """Set Django up and watch."""
    import django  # noqa: PLC0415

    django.setup()
    # Models can only be imported once Django is set up.
    from bilan.casework.evaluating import messenger, starting  # noqa: PLC0415
    from bilan.casework.evaluating.watching import Watch  # noqa: PLC0415
    from bilan.telemetry.store import Store  # noqa: PLC0415

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    starting.wait(stopping)
    store = Store.open(city)
    watching = Watch(store)
    watching.stopping = stopping
    if once:
        starting.once(watching)
    else:
        carrying = threading.Thread(target=messenger.run, args=(stopping,), name="messenger")
        carrying.start()
        watching.run()
        carrying.join()
    store.close()
