"""`bilan indicators`: list, check, compute and try out indicators, and say which tables they may ask."""

from __future__ import annotations

import csv
import os
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import click

from bilan.cli import language
from bilan.pack.city import City
from bilan.pack.indicators import Catalogue, Indicator, Period, current, readable
from bilan.pack.indicators.loading import templates
from bilan.pack.indicators.reading import OF_TEMPLATE, SUFFIX, read_indicator
from bilan.plans.indicators.spans import Span, spans
from bilan.problems import BilanError, Problem, nearest

CITY = click.option(
    "--city",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: os.environ.get("BILAN_CITY", "."),
    help="City folder · 城市文件夹",
)
YEARS = 5
_SHOWN = 60


@click.group(help="Indicators: list, check, compute, try out · 指标：列出、检查、计算、试算")
def indicators() -> None:
    pass


@indicators.command(name="list", help="List the indicators · 列出指标")
@CITY
def list_(folder: Path) -> None:
    for entry in current(City.open(folder).pack):
        versions = len(current(City.open(folder).pack).versions[entry.name])
        more = f" ×{versions}" if versions > 1 else ""
        click.echo(f"{entry.name:<30} {entry.source:<10} {entry.period:<8} {entry.unit:<10} {entry.title.text(language())}{more}")


@indicators.command(help="Check every indicator and its query · 检查全部指标及其查询")
@CITY
def check(folder: Path) -> None:
    city = _ready(folder)
    from bilan.plans.indicators.checking import check_queries  # noqa: PLC0415

    wrong = 0
    for name, problems in check_queries(city.pack):
        wrong += len(problems)
        click.echo(f"{'✗' if problems else '✓'} {name}")
        for problem in problems:
            click.echo(f"    {problem.text(language())}")
    sys.exit(1 if wrong else 0)


@indicators.command(help="The query of an indicator, its parameters filled in · 指标的查询，参数已代入")
@click.argument("name")
@CITY
def query(name: str, folder: Path) -> None:
    city = City.open(folder)
    click.echo(readable(_chosen(name, city, date.max)))


@indicators.command(help="Tables that queries may ask, or the columns of one · 查询可用的表，或一张表的列")
@click.argument("name", required=False)
@CITY
def tables(name: str | None, folder: Path) -> None:
    _ready(folder)
    from bilan.plans.indicators.tables import documented  # noqa: PLC0415

    known = documented()
    if name is None:
        for table in known.values():
            click.echo(f"{table.name:<44} {table.title.text(language())}")
        return
    table_ = known.get(name.replace("-", "_"))
    if table_ is None:
        raise BilanError(Problem("indicators.unknown_table", {"value": name, "allowed": [], "nearest": nearest(name, known)}))
    click.echo(f"{table_.title.text(language())}\n{table_.about.text(language())}\n")
    for column in table_.columns.values():
        example = "" if column.example is None else str(column.example)
        click.echo(f"  {column.name:<20} {column.type:<9} {column.unit:<8} {column.title.text(language())}  {example}")


@indicators.command(help="Compute indicators and keep their values · 计算指标并保存数值")
@click.argument("names", nargs=-1)
@CITY
@click.option("--from", "first", type=click.IntRange(2000, 2100), help="first year; four years before the last when left out · 起始年份")
@click.option("--to", "last", type=click.IntRange(2000, 2100), help="last year; this one when left out · 结束年份")
@click.option(
    "--period",
    "kinds",
    type=click.Choice([entry.value for entry in Period]),
    multiple=True,
    help="kinds of periods; all when left out · 时段",
)
@click.option("--dry-run", is_flag=True, help="keep nothing · 只计算不保存")
def compute(names: tuple[str, ...], folder: Path, first: int | None, last: int | None, kinds: tuple[str, ...], dry_run: bool) -> None:
    city = _ready(folder)
    from bilan.plans.indicators.computing import compute as computed  # noqa: PLC0415
    from bilan.plans.indicators.keeping import keep  # noqa: PLC0415

    catalogue, known = current(city.pack), _tables(city)
    to = last or known.today.year
    begin = first or to - YEARS + 1
    wanted = [span for kind in kinds or list(Period) for span in spans(Period(kind), begin, to)]
    problems: list[Problem] = []
    found = computed(catalogue, names or catalogue.names, known, wanted, problems=problems)
    kept = 0 if dry_run else keep(found)
    for row in found.filter(found["district"] == "").iter_rows(named=True):
        if row["period"] == str(to):
            _say(catalogue[row["indicator"]], row)
    click.echo(f"{found.height} / {kept}")
    for problem in problems:
        click.echo(problem.text(language()), err=True)
    sys.exit(1 if problems else 0)


@indicators.command(name="try", help="Compute one indicator, also from a file, and show the rows behind · 试算一个指标并列出背后的各行")
@click.argument("name")
@CITY
@click.option("--period", "text", help="2026, 2026-Q3 or 2026-10; this year when left out · 时段，缺省为今年")
@click.option("--district", default="", help="code; the whole city when left out · 区县代码，缺省为全市")
@click.option("--rows", "with_rows", is_flag=True, help="rows behind the value, as CSV · 以 CSV 输出背后的各行")
def try_(name: str, folder: Path, text: str | None, district: str, with_rows: bool) -> None:
    city = _ready(folder)
    from bilan.plans.indicators.behind import rows_behind  # noqa: PLC0415
    from bilan.plans.indicators.computing import compute as computed  # noqa: PLC0415

    known = _tables(city)
    span = Span.parse(text or str(known.today.year))
    chosen = _chosen(name, city, span.last)
    catalogue = Catalogue({chosen.name: (chosen,)})
    if with_rows:
        answer = rows_behind(chosen, known, district, span)
        out = StringIO()
        csv.writer(out).writerows([answer.columns, *answer.rows])
        click.echo(out.getvalue(), nl=False)
        return
    for row in computed(catalogue, [chosen.name], known, [span], [district] if district else None).iter_rows(named=True):
        _say(chosen, row)


def _ready(folder: Path) -> City:
    """Open the city and set Django up for it."""
    city = City.open(folder)
    os.environ["BILAN_CITY"] = str(city.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    import django  # noqa: PLC0415

    django.setup()
    return city


def _tables(city: City) -> Any:
    from bilan.plans.indicators.tables import Tables  # noqa: PLC0415
    from bilan.telemetry.store import Store  # noqa: PLC0415

    return Tables.now(city, Store.open(city))


def _chosen(name: str, city: City, day: date) -> Indicator:
    """The indicator of a name, in the version of a day, or the one that a file declares."""
    if name.endswith((SUFFIX, OF_TEMPLATE)):
        found, problems = read_indicator(Path(name), templates(city.pack))
        if problems:
            raise BilanError(*problems)
        return found
    catalogue = current(city.pack)
    held = catalogue.at(name, day)
    if held is None:
        raise BilanError(Problem("indicators.unknown", {"value": name, "nearest": nearest(name, catalogue.names)}))
    return held


def _say(indicator: Indicator, row: dict[str, Any]) -> None:
    value = "–" if row["value"] is None else f"{row['value']:.{indicator.decimals}f} {indicator.unit}".strip()
    basis = "" if row["basis"] is None else f"{100 * row['basis']:.0f} %"
    where = row["district"] or "-"
    title = indicator.title.text(language())[:_SHOWN]
    click.echo(f"{row['indicator']:<30} {where:<7} {row['period']:<8} {value:>16} {row['why']:<8} {basis:>6} {row['rows']:>7}  {title}")
