"""`bilan pack`: look after what is declared."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bilan.cli import language
from bilan.pack import roles
from bilan.pack.check import check_description, check_pack
from bilan.pack.city import DESCRIPTION, City
from bilan.pack.registers.difference import Difference, differences
from bilan.pack.registers.json_schema import json_schema
from bilan.pack.registers.loading import load
from bilan.pack.registers.reference import keys_page, pages
from bilan.pack.registers.starting import KINDS, starting_file
from bilan.pack.registers.taking import SLUG
from bilan.problems import BilanError, Problem


def _city(command: Callable[..., Any]) -> Callable[..., Any]:
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--city", type=kind, help="city folder · 城市文件夹")(command)


@click.group(help="Check what the city declares · 检查城市配置")
def pack() -> None:
    pass


@pack.command(help="Load every declaration and say what is wrong · 读取全部配置并指出错误")
@_city
def check(city: Path | None) -> None:
    opened = City.open(city) if city else None
    wrong = 0
    found = check_pack(opened.pack if opened else None)
    for name, problems in (*([check_description(opened)] if opened else []), *found):
        wrong += len(problems)
        click.echo(f"{'✗' if problems else '✓'} {name}")
        for problem in problems:
            click.echo(f"    {problem.text(language())}")
    sys.exit(1 if wrong else 0)


@pack.command(help="Start a register, a zone or a list · 新建台账、分区或名录文件")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("name")
@_city
def new(kind: str, name: str, city: Path | None) -> None:
    if not SLUG.fullmatch(name):
        raise BilanError(Problem("declaration.bad_name", {"value": name, "allowed": "- _"}))
    here = Path() if Path(DESCRIPTION).is_file() else None
    home = city or here
    if home is None:
        click.echo(starting_file(kind, name), nl=False)
        return
    path = City.open(home).pack / KINDS[kind] / f"{name}.yaml"
    if path.exists():
        raise BilanError(Problem("pack.exists", {"value": str(path)}))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(starting_file(kind, name), encoding="utf-8")
    click.echo(str(path))


@pack.command(help="Write the documentation of registers, zones and lists · 生成台账、分区与名录的说明文档")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="folder to write into · 输出文件夹")
@_city
def docs(out: Path, city: Path | None) -> None:
    folder = City.open(city).pack if city else None
    written = {**pages(load(folder), roles.load(folder)), "schema": keys_page()}
    out.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (out / f"{name}.md").write_text(text, encoding="utf-8")
    click.echo(f"{len(written)} → {out}")


@pack.command(help="List what the city adds to the base pack and changes in it · 列出城市配置新增与修改的内容")
@click.option("--city", required=True, type=click.Path(file_okay=False, path_type=Path), help="city folder · 城市文件夹")
def diff(city: Path) -> None:
    for found in differences(City.open(city).pack):
        for line in _told(found):
            click.echo(line)


@pack.command(help="Print the JSON Schema of declarations for editors · 输出供编辑器使用的 JSON Schema")
@click.option("--kind", type=click.Choice(["register", "list-rule"]), default="register", help="what is declared · 声明的种类")
def schema(kind: str) -> None:
    click.echo(json.dumps(json_schema(kind), ensure_ascii=False, indent=1))


def _told(found: Difference) -> list[str]:
    path = "/".join(filter(None, (found.folder, found.name)))
    if found.added:
        return [f"+ {path}"]
    lines = [f"{'~' if found.changes else '='} {path}"]
    for change in found.changes:
        sign = "+" if change.before is None else "-" if change.after is None else "~"
        values = [f"{value}" for value in (change.before, change.after) if value is not None]
        lines.append(f"    {sign} {change.path}: {' → '.join(values)}")
    return lines
