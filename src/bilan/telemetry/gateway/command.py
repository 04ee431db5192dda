"""`bilan gateway`."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import logging
import resource
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from bilan.pack.city import City
from bilan.telemetry.gateway.service import serve
from bilan.telemetry.gateway.settings import Settings

FILES = 65_536
SWITCH_SECONDS = 0.001


@click.command(help="Receive devices over TCP · 接收设备 TCP 上报")
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="City folder · 城市文件夹")
def gateway(folder: Path) -> None:
    """Run the gateway of a city until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    city = City.open(folder)
    settings = Settings.of(city)
    allow_files(FILES)
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
    run(serve(city, settings))


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where it is installed, else on the loop of the standard library."""
    if importlib.util.find_spec("uvloop"):
        import uvloop  # noqa: PLC0415  an extra

        uvloop.run(main)
    else:
        asyncio.run(main)


def allow_files(wanted: int) -> int:
    """Raise the limit of open files as far as allowed, and give the limit reached."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in ((wanted, max(wanted, hard)), (hard, hard)):
        if soft >= min(wanted, limit[0]):
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
        except (ValueError, OSError):
            continue
        break
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
