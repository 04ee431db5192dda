"""The command `bilan migrate-store`."""

from __future__ import annotations

from pathlib import Path

import click

from bilan.migrating.moving import Moved, move
from bilan.pack.city import City

WORDS = {"look": "检查 checked", "copy": "复制 copied", "skip": "已复制 already there", "compare": "核对一致 read back equal"}


@click.command("migrate-store", help="Move a city from SQLite to PostgreSQL · 将城市数据从 SQLite 迁移到 PostgreSQL")
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="city folder · 城市文件夹")
@click.option("--to", "url", required=True, help="postgresql://user:password@host/name · 目标数据库地址")
@click.option("--telemetry-to", "telemetry", default="", help="another database for the readings · 监测数据另存的数据库地址")
@click.option("--dry-run", "dry", is_flag=True, help="only check, change nothing · 只检查，不改动")
@click.option("--services-stopped", "stopped", is_flag=True, help="other programs answer at the city's ports · 端口上的是其他程序")
def migrate_store(folder: Path, url: str, telemetry: str, dry: bool, stopped: bool) -> None:
    moved = move(City.open(folder), {"database": url, "telemetry": telemetry or url}, _tell, dry=dry, stopped=stopped)
    _conclude(moved)


def _tell(what: str, table: str, rows: int) -> None:
    if rows or what == "compare":
        click.echo(f"{WORDS[what]}: {table} {rows:,}")


def _conclude(moved: Moved) -> None:
    tables = sum(len(part) for part in moved.tables.values())
    rows = sum(count for part in moved.tables.values() for count in part.values())
    size = f"{tables} 张表 tables, {rows:,} 行 rows"
    if not moved.written:
        click.echo(f"可以迁移，尚未改动任何内容 · the move can be made; nothing was changed: {size}")
        return
    click.echo(
        f"迁移完成，各表逐行核对一致；city.toml 已指向 PostgreSQL · moved and read back equal; city.toml names PostgreSQL now: {size}"
    )
    click.echo("SQLite 文件原样保留，确认无误后可删除 · the SQLite files stay as they were; delete them once all is well")
