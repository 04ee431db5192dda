"""`bilan rules`: check, list and try out rules."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bilan.cli import language
from bilan.evaluation.rules.context import Context
from bilan.evaluation.rules.evaluating import replay
from bilan.evaluation.rules.limits import held
from bilan.evaluation.rules.telling import names, say
from bilan.pack import roles
from bilan.pack.city import City
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import LEVELS, RuleSpec, functions, load
from bilan.pack.rules.loading import check_rules, current
from bilan.pack.rules.reading import read_file
from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

FOLDER = click.Path(file_okay=False, path_type=Path)
MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
MONTH = 30 * clock.DAY


@click.group(help="Check, list and try out rules · 检查、列出并试运行预警规则")
def rules() -> None:
    pass


@rules.command(help="Load every rule and say what is wrong · 读取全部规则并指出错误")
@click.option("--city", type=FOLDER, help="city folder · 城市文件夹")
def check(city: Path | None) -> None:
    wrong = 0
    for name, problems in check_rules(City.open(city).pack if city else None):
        wrong += len(problems)
        click.echo(f"{'✗' if problems else '✓'} {name}")
        for problem in problems:
            click.echo(f"    {problem.text(language())}")
    sys.exit(1 if wrong else 0)


@rules.command(name="list", help="List rules, or the functions of their conditions · 列出规则，或条件可用的函数")
@click.option("--city", type=FOLDER, help="city folder · 城市文件夹")
@click.option("--functions", "of_functions", is_flag=True, help="functions instead of rules · 列出函数")
def list_(city: Path | None, of_functions: bool) -> None:
    if of_functions:
        for function in functions().values():
            click.echo(f"{function.signature}  {function.about.text(language())}")
        return
    for spec in current(City.open(city).pack if city else None).values():
        mark = " " if spec.active else "–"
        click.echo(f"{mark} {spec.rule:<32} {spec.subject:<10} {spec.title.text(language())}")


@rules.command(help="Say what a rule would have found over a past period · 用过去的数据试运行一条规则")
@click.argument("name", metavar="RULE")
@click.option("--city", type=FOLDER, required=True, help="city folder · 城市文件夹")
@click.option("--from", "begin", type=MOMENT, help="begin; 30 days before the end when left out · 开始时间，缺省为结束前 30 天")
@click.option("--to", "end", type=MOMENT, help="end; now when left out · 结束时间，缺省为现在")
@click.option("--file", "draft", type=click.Path(dir_okay=False, path_type=Path), help="take the rule from this file · 从该文件读取规则")
@click.option("--most", default=40, show_default=True, help="episodes shown · 显示的次数")
@click.option("--json", "as_json", is_flag=True, help="all episodes as JSON lines · 以 JSON 行输出全部结果")
def test(name: str, city: Path, begin: datetime | None, end: datetime | None, draft: Path | None, most: int, as_json: bool) -> None:
    opened = City.open(city)
    spec = _rule(name, opened, draft)
    store = Store.open(opened)
    last = clock.seconds(end) if end else clock.now(opened.timezone)
    first = clock.seconds(begin) if begin else last - MONTH
    if first >= last:
        raise BilanError(Problem("rules.empty_period", {"begin": clock.moment(first), "end": clock.moment(last)}))
    points = {point.code: point for point in store.catalogue.points()}
    found = replay(store, [spec], first, last, context=Context(limits=held(store.limits.frame(), points.values())))
    if found.problems:
        raise BilanError(*found.problems)
    rows = found.episodes.sort("opened", "source").rows(named=True)
    for row in rows if as_json else rows[:most]:
        click.echo(_json(row) if as_json else _line(spec, row, points))
    if not as_json:
        sources = found.episodes["source"].n_unique()
        watched = len(set(found.checked["source"].to_list()) | set(found.episodes["source"].to_list()))
        rate = len(rows) / max(watched, 1) / ((last - first) / MONTH)
        click.echo(_SUMMARY[language() == "en"].format(len(rows), sources, watched, rate))


_SUMMARY = (
    "共 {} 次，涉及 {} 个对象；检查了 {} 个对象，每个对象每月 {:.2f} 次",
    "{} episodes of {} sources; {} sources were looked at, {:.2f} episodes a source and month",
)


def _rule(name: str, city: City, draft: Path | None) -> RuleSpec:
    """The rule to try: of a file, else of the city."""
    known = {}
    if draft:
        specs, problems = read_file(draft, registers(city.pack).registers, roles.current(city.pack))
        if problems:
            raise BilanError(*problems)
        known = {spec.rule: spec for spec in specs}
    else:
        known = dict(load(city.pack))
    if name not in known:
        raise BilanError(Problem("rules.unknown_rule", {"value": name, "nearest": nearest(name, known)}))
    return known[name]


def _json(row: dict[str, Any]) -> str:
    told = {**row, **{key: json.loads(row[key]) for key in ("values", "proof", "changes")}}
    return json.dumps(told, ensure_ascii=False)


def _line(spec: RuleSpec, row: dict[str, Any], points: dict[str, Point]) -> str:
    opened, ended = (None if row[key] is None else clock.moment(row[key]) for key in ("opened", "ended"))
    level = next(name for name, number in LEVELS.items() if number == row["peak"])
    until = f"{ended:%m-%d %H:%M}" if ended else "…".center(11)
    sentence = say(spec, json.loads(row["values"]), names(row, points, language()), language())
    return f"{opened:%Y-%m-%d %H:%M} → {until}  {level:<8} {row['source']}  {sentence}"
