"""The command `bilan`: each sub-command is loaded only when it is called, so the library works without the platform."""

from __future__ import annotations

import gc
import importlib
import locale
import os
import sys

import click

from bilan import __version__
from bilan.problems import LANGUAGES, BilanError

# One thread for the algebra below numpy: its pool costs more than it brings on frames of this size, and it is read when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "hj212": ("bilan.telemetry.hj212.command:hj212", "HJ 212 telegrams: decode and check · HJ 212 报文：解码与检查"),
    "judge": ("bilan.science.command:judge", "Judge a file by the national standard · 按国家标准评价文件"),
    "init": ("bilan.demo.command:init", "Make a city folder · 新建城市文件夹"),
    "demo": ("bilan.demo.command:demo", "Run the demo city · 运行演示城市"),
    "up": ("bilan.demo.command:up", "Run everything for a city · 启动城市的全部服务"),
    "gateway": ("bilan.telemetry.gateway.command:gateway", "Receive devices over TCP · 接收设备 TCP 上报"),
    "ingest": ("bilan.telemetry.ingest.command:ingest", "Bring the journal into the store · 日志入库"),
    "worker": ("bilan.evaluation.command:worker", "Roll up and judge what arrived · 汇总并评价新到数据"),
    "rules": ("bilan.evaluation.rules.command:rules", "Check, list and try out rules · 检查、列出并试运行预警规则"),
    "reckon": (
        "bilan.plans.reckoning_command:reckon",
        "Compute indicators and odds as data come, publish the lake · 随数据计算指标与目标把握，发布数据湖",
    ),
    "watch": ("bilan.casework.evaluating.command:watch", "Evaluate rules, raise alerts, tell people · 评估规则、产生预警并通知人员"),
    "web": ("bilan.web.command:web", "Serve the web site · 启动网站"),
    "manage": ("bilan.web.command:manage", "Django management commands · Django 管理命令"),
    "simulate": ("bilan.telemetry.simulator.command:simulate", "A fleet of simulated devices · 模拟设备群"),
    "replay": ("bilan.telemetry.simulator.command:replay", "Send recorded data as devices · 以设备身份重放实测数据"),
    "import": ("bilan.telemetry.readers.command:import_files", "Import readings from files · 从文件导入读数"),
    "mqtt": ("bilan.telemetry.readers.mqtt_command:mqtt", "Receive readings over MQTT · 接收 MQTT 上报"),
    "plan": ("bilan.plans.command:plan", "Read plan documents · 读取规划文件"),
    "indicators": ("bilan.plans.indicators.command:indicators", "Indicators: list, check, compute · 指标：列出、检查、计算"),
    "migrate-store": ("bilan.migrating.command:migrate_store", "Move a city from SQLite to PostgreSQL · 从 SQLite 迁移到 PostgreSQL"),
    "lake": ("bilan.lake.command:lake", "Tables for analysts: list, query, export, publish · 数据湖：列出、查询、导出、发布"),
    "pack": ("bilan.pack.command:pack", "Check what the city declares · 检查城市配置"),
}
"""Sub-command → where it lives, and its one line of help."""


def command_at(place: str) -> click.Command:
    """The command that a place names as ``module:name``, its module imported now."""
    module, _, name = place.partition(":")
    command: click.Command = getattr(importlib.import_module(module), name)
    return command


class LazyGroup(click.Group):
    """A command group that imports a sub-command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return command_at(COMMANDS[cmd_name][0])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


def language() -> str:
    """Language of the terminal: ``BILAN_LANG``, else Chinese for a Chinese locale, else English."""
    wanted = os.environ.get("BILAN_LANG") or locale.getlocale()[0] or ""
    return LANGUAGES[0] if wanted.lower().startswith("zh") else LANGUAGES[1]


@click.group(cls=LazyGroup, help="碧蓝 Bilan: from the instrument to the verdict to the answer.")
@click.version_option(__version__)
def bilan() -> None:
    pass


def collect_seldom() -> None:
    """Let Python look for cycles seldom: bulk work keeps millions of objects that are in none, and each search walks through them all."""
    gc.set_threshold(50_000, 20, 100)


def main() -> None:
    """Run `bilan`; an error that a person can act on is printed in their language, without a traceback."""
    collect_seldom()
    try:
        bilan()
    except BilanError as error:
        click.echo(error.text(language()), err=True)
        sys.exit(1)
