"""`bilan import`: readings from files, tried first, written once."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from bilan.cli import language
from bilan.pack.city import City
from bilan.pack.vocab import networks
from bilan.tabular import write_table
from bilan.telemetry.model import Interval
from bilan.telemetry.readers.applying import apply_import
from bilan.telemetry.readers.planning import ImportPlan, ImportSettings, plan_import
from bilan.telemetry.readers.report import error_table
from bilan.telemetry.store import Store

SHOWN = 20
_TEXTS = {
    "zh-hans": {
        "read": "{file} {sheet} 表头在第 {header} 行，{rows} 行；{interval} 值",
        "counts": "新增 {new}，变更 {changed}，不变 {unchanged} 个数值；拒收 {refused} 行",
        "more": "……另有 {more} 个问题",
        "dry": "试运行：没有写入任何数据",
        "errors": "拒收的行写入 {path}",
        "done": "已写入：新增 {inserted}，变更 {changed}，不变 {unchanged}；隔离 {quarantined} 行",
        "change": "第 {row} 行 “{column}”列：{old} → {value}",
        "unknown": "未读取的列：{columns}",
        "write": "写入",
    },
    "en": {
        "read": "{file} {sheet} header in row {header}, {rows} rows; {interval} values",
        "counts": "{new} new, {changed} changed, {unchanged} unchanged values; {refused} rows refused",
        "more": "… and {more} more problems",
        "dry": "dry run: nothing was written",
        "errors": "refused rows written to {path}",
        "done": "written: {inserted} new, {changed} changed, {unchanged} unchanged; {quarantined} rows in quarantine",
        "change": "row {row}, column {column}: {old} → {value}",
        "unknown": "columns not read: {columns}",
        "write": "writing",
    },
}


@click.command(name="import", help="Import readings from a file · 从文件导入读数")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", "folder", required=True, type=click.Path(path_type=Path), help="City folder · 城市文件夹")
@click.option("--network", type=click.Choice(list(networks())), default=None, help="Network of the points · 监测网络")
@click.option("--interval", type=click.Choice([entry.value for entry in Interval]), default=None, help="What a value covers · 数值时段")
@click.option("--labels", type=click.Choice(["start", "end"]), default="start", help="Times name the start or end · 时间为时段起点或终点")
@click.option("--sheet", default=None, help="Sheet of a workbook · 工作表")
@click.option("--point", default="", help="Point of every row · 全部行所属点位")
@click.option("--dry-run", is_flag=True, help="Show what would happen · 试运行")
@click.option("--errors", type=click.Path(path_type=Path), default=None, help="File for refused rows (.xlsx, .csv) · 拒收行及原因")
def import_files(
    file: Path,
    folder: Path,
    network: str | None,
    interval: str | None,
    labels: str,
    sheet: str | None,
    point: str,
    dry_run: bool,
    errors: Path | None,
) -> None:
    """Import one file into the store of a city."""
    city = City.open(folder)
    store = Store.open(city)
    store.migrate()
    settings = ImportSettings(network or "", interval or "", labels, sheet, point)
    plan = plan_import(store, file, settings)
    say = _TEXTS[language()]
    _show(plan, say)
    if errors and plan.refused_rows:
        write_table(error_table(plan, language()), errors)
        click.echo(say["errors"].format(path=errors))
    if dry_run:
        click.echo(say["dry"])
    else:
        with click.progressbar(length=plan.cells.height, label=say["write"], file=sys.stderr) as bar:
            applied = apply_import(store, plan, person=_person(), city_pack=city.pack, progress=bar.update)
        counts = {name: getattr(applied, name) for name in ("inserted", "changed", "unchanged", "quarantined")}
        click.echo(say["done"].format(**counts))
    store.close()
    sys.exit(2 if plan.refused_rows else 0)


def _show(plan: ImportPlan, say: dict[str, str]) -> None:
    table = plan.table
    head = {"file": table.file, "sheet": table.sheet, "header": table.header_row, "rows": table.frame.height}
    click.echo(say["read"].format(**head, interval=plan.settings.interval))
    if table.unknown:
        shown = [f"{header} ({close}?)" if close else header for header, close in table.unknown.items()]
        click.echo(say["unknown"].format(columns=", ".join(shown)))
    click.echo(say["counts"].format(**plan.counts))
    for change in plan.cells.filter(plan.cells["status"] == "changed").head(SHOWN).iter_rows(named=True):
        click.echo("  " + say["change"].format(**change))
    listed = [problem for row in sorted(plan.problems) for problem in plan.problems[row]]
    for problem in listed[:SHOWN]:
        click.echo("  " + problem.text(language()))
    if len(listed) > SHOWN:
        click.echo("  " + say["more"].format(more=len(listed) - SHOWN))


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
