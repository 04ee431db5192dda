"""The command `bilan lake`: what tables there are, what they hold, asking them, writing them out, keeping them in order."""

from __future__ import annotations

import csv
import json
import os
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import click
import polars as pl

from bilan.cli import command_at, language
from bilan.lake.compacting import KEPT, compact, remove_old
from bilan.lake.exporting import export
from bilan.lake.manifest import described
from bilan.lake.reading import LakeTables
from bilan.pack.city import City
from bilan.tabular.writing import write_table

LAZY = {"publish": "bilan.plans.publishing_command:publish"}
"""Sub-commands that need the platform and are imported only when they are called."""

CITY = click.option(
    "--city",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: os.environ.get("BILAN_CITY", "."),
    help="City folder · 城市文件夹",
)


class LakeGroup(click.Group):
    """Sub-commands of `bilan lake`, some of them in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *LAZY]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_at(LAZY[cmd_name]) if cmd_name in LAZY else super().get_command(ctx, cmd_name)


@click.group(
    cls=LakeGroup, help="The lake's tables: list, describe, query, export, publish, compact · 数据湖：列出、说明、查询、导出、发布、整理"
)
def lake() -> None:
    pass


@lake.command(help="List the tables · 列出各表")
@CITY
def ls(folder: Path) -> None:
    tables = _tables(folder)
    for name in tables.names():
        held = tables.manifest(name)
        begin, end = held.span
        span = f"{begin} – {end}" if begin else ""
        title = held.table.title.text(language())
        click.echo(f"{name:<36} v{held.version:<5} {held.rows:>12,} {held.size / 1e6:>9.1f} MB  {span:<24} {held.checked[:16]}  {title}")


@lake.command(help="Columns, units, lineage and files of a table · 一张表的列、单位、来源与文件")
@click.argument("name")
@CITY
@click.option("--json", "as_json", is_flag=True, help="for programs · 供程序读取")
def describe(name: str, folder: Path, as_json: bool) -> None:
    tables = _tables(folder)
    held = tables.manifest(name)
    if as_json:
        values = described(held.table) | {"version": held.version, "rows": held.rows, "files": [str(file) for file in tables.files(name)]}
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    words = language()
    click.echo(f"{held.table.title.text(words)}\n{held.table.about.text(words)}\n← {held.table.lineage.text(words)}")
    click.echo(f"v{held.version} · {held.rows:,} · {held.size:,} B · {held.written}\n{tables.folder(name) / 'current'}\n")
    for column in held.table.columns.values():
        click.echo(f"  {column.name:<20} {column.type:<9} {column.unit:<8} {column.title.text(words)}")


@lake.command(help="Answer one SELECT, as CSV or into a file · 执行一条 SELECT，输出 CSV 或写入文件")
@click.argument("sql")
@CITY
@click.option("--output", type=click.Path(path_type=Path), help=".csv, .xlsx, .parquet; on the screen without it · 不写则显示在屏幕")
def query(sql: str, folder: Path, output: Path | None) -> None:
    # DuckDB is an extra: listing and describing do without it.
    from bilan.lake.asking import ask  # noqa: PLC0415

    answer = ask(_tables(folder), sql)
    if output:
        write_table(pl.DataFrame(answer.rows, schema=list(answer.columns), orient="row", infer_schema_length=None), output)
        return
    out = StringIO()
    csv.writer(out).writerows([answer.columns, *answer.rows])
    click.echo(out.getvalue(), nl=False)


@lake.command(name="export", help="Write a table to one file · 把一张表写成一个文件")
@click.argument("name")
@click.argument("output", type=click.Path(path_type=Path), required=False)
@CITY
@click.option("--xlsx", "ending", flag_value=".xlsx", help="Excel, at most 1,048,575 rows · Excel，最多 1,048,575 行")
@click.option("--gpkg", "ending", flag_value=".gpkg", help="GeoPackage, for QGIS · GeoPackage，供 QGIS 使用")
@click.option("--version", type=int, help="an earlier version · 较早的版本")
@click.option("--from", "begin", type=click.DateTime(["%Y-%m-%d"]), help="first day · 起始日期")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="last day · 结束日期")
def export_(name: str, output: Path | None, folder: Path, ending: str | None, version: int | None, begin: Any, end: Any) -> None:
    target = output or Path(f"{name}{ending or '.csv'}")
    count = export(_tables(folder), name, target, version, begin.date() if begin else None, end.date() if end else None)
    click.echo(f"{target}: {count:,}")


@lake.command(name="compact", help="Bring past years into one file each and remove old versions · 合并往年文件并清理旧版本")
@click.argument("names", nargs=-1)
@CITY
@click.option("--keep", type=click.IntRange(1), default=KEPT, show_default=True, help="versions that stay · 保留的版本数")
def compact_(names: tuple[str, ...], folder: Path, keep: int) -> None:
    tables = _tables(folder)
    for name in names or tables.names():
        before = tables.manifest(name)
        after = compact(tables, name, date.today().year)
        gone = remove_old(tables, name, keep)
        if gone or after.version != before.version:
            click.echo(f"{name}: {len(before.parts)} → {len(after.parts)}, −{len(gone)}")
    sys.stdout.flush()


def _tables(folder: Path) -> LakeTables:
    return LakeTables(City.open(folder).lake)
