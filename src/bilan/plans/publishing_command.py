"""The command `bilan lake publish`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from bilan.lake import LakeTables
from bilan.lake.command import CITY
from bilan.pack.city import City


@click.command(help="Write the platform's tables to the lake; all when none is named · 把平台的表写入数据湖，不写表名则全部")
@click.argument("names", nargs=-1)
@CITY
@click.option("--all", "every", is_flag=True, help="months long past too · 久远的月份也重写")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="observations from this month on · 只写此月起的观测值")
def publish(names: tuple[str, ...], folder: Path, every: bool, since: Any) -> None:
    city = City.open(folder)
    os.environ["BILAN_CITY"] = str(city.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    import django  # noqa: PLC0415

    django.setup()
    # Models can only be imported once Django is set up.
    from bilan.plans.indicators.tables import Tables  # noqa: PLC0415
    from bilan.plans.publishing import write  # noqa: PLC0415
    from bilan.telemetry.store import Store  # noqa: PLC0415

    tables = Tables.now(city, Store.open(city))
    wanted, begin = [name.replace("-", "_") for name in names], since.date() if since else None
    for name, held in write(tables, LakeTables(city.lake), wanted, every=every, since=begin):
        click.echo(f"{name:<36} v{held.version:<5} {held.rows:>12,} {held.size / 1e6:>9.1f} MB")
