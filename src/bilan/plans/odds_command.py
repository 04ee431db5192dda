"""`bilan plan odds`: how every target stands today, kept for the pages."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import click

from bilan.cli import language
from bilan.pack.city import City
from bilan.plans.indicators.command import CITY
from bilan.telemetry import clock


@click.command(help="Compute and keep the odds of the targets · 计算并保存目标的把握度")
@click.argument("targets", nargs=-1)
@CITY
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="as of a past day · 以过去某日为准")
@click.option("--weeks", type=click.IntRange(0, 520), default=0, help="of past weeks too, a day each · 补算此前若干周，每周一天")
def odds(targets: tuple[str, ...], folder: Path, day: datetime | None, weeks: int) -> None:
    import django  # noqa: PLC0415

    city = City.open(folder)
    os.environ["BILAN_CITY"] = str(city.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    django.setup()
    # Models can only be imported once Django is set up.
    from bilan.plans.standing import history, keep  # noqa: PLC0415

    today: date = day.date() if day else clock.moment(clock.now(city.timezone)).date()
    for told in keep(history(today, weeks), targets):
        stand = told.stand
        chance = "–" if stand.probability is None else f"{100 * stand.probability:.0f} %"
        value = "–" if stand.value is None else f"{stand.value:.4g}"
        click.echo(f"{told.target.code}\t{value}\t{chance}\t{stand.why}")
        if told.problem is not None:
            click.echo(told.problem.text(language()), err=True)
