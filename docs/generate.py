"""Write the reference pages that come from code and pack: tables of facts, parameters, commands, the API, the Python library."""

from __future__ import annotations

import csv
import importlib
import os
import pkgutil
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import click
import gallery

import bilan
from bilan.cli import COMMANDS
from bilan.cli import bilan as root
from bilan.pack import roles
from bilan.pack.city import City
from bilan.pack.flows.reference import flow_keys_page
from bilan.pack.indicators.reference import page as indicators_page
from bilan.pack.registers.loading import load
from bilan.pack.registers.reference import keys_page
from bilan.pack.registers.reference import pages as register_pages
from bilan.pack.rules.reference import page as rules_page

TARGET = Path(__file__).parent / "reference" / "generated"
LIBRARY = (
    "bilan.problems",
    "bilan.pack",
    "bilan.pack.registers",
    "bilan.tabular",
    "bilan.telemetry",
    "bilan.telemetry.hj212",
    "bilan.telemetry.journal",
    "bilan.telemetry.gateway",
    "bilan.telemetry.ingest",
    "bilan.telemetry.store",
    "bilan.telemetry.rollup",
    "bilan.telemetry.quality",
    "bilan.telemetry.readers",
    "bilan.telemetry.simulator",
    "bilan.science",
    "bilan.science.coordinates",
)
"""One page each; a module stands on the page of the longest of these names that it begins with."""
MEDIA = ("air", "water", "sea", "groundwater", "soil", "noise", "emissions", "voc", "waste", "radiation", "risk", "dustfall")
ANALYSES = ("figures", "stats", "receptor", "networks", "integrity", "ecology", "scores", "catalogue", "samples")
FACADES = {
    **{f"bilan.science.{name}": f"bilan.science.standards.{name}" for name in MEDIA},
    **{f"bilan.science.{name}": f"bilan.science.{name}" for name in ANALYSES},
}
"""What people import from of the science → the package whose public names stand on its page."""
LONGEST_TABLE = 150
DECLARATIONS = {".yaml": "yaml", ".toml": "toml"}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(_cell(text) for text in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def facts(title: str, *packages: str) -> str:
    """List every CSV table of some packages with its first rows, and every declaration as it is written."""
    parts = [f"# {title}", ""]
    for package in packages:
        for entry in sorted(resources.files(package).iterdir(), key=lambda item: item.name):
            suffix = Path(entry.name).suffix
            if suffix == ".csv":
                parts += [f"## {entry.name}", "", *_rows(package, entry.name, entry.read_text(encoding="utf-8")), ""]
            elif suffix in DECLARATIONS:
                text = entry.read_text(encoding="utf-8").rstrip()
                parts += [f"## {entry.name}", "", f"```{DECLARATIONS[suffix]}", text, "```", ""]
    return "\n".join(parts)


def _rows(package: str, name: str, text: str) -> Iterator[str]:
    rows = list(csv.reader(text.splitlines()))
    shown = rows[1 : LONGEST_TABLE + 1]
    yield f"{len(rows) - 1} rows in `src/{package.replace('.', '/')}/{name}`" + (
        "." if len(shown) == len(rows) - 1 else ", the first of them:"
    )
    yield ""
    yield table(rows[0], shown)


def commands() -> str:
    """Print the help of every command of the terminal."""
    parts = ["# Commands · 命令", ""]
    for name, (_, summary) in COMMANDS.items():
        context = click.Context(root, info_name="bilan")
        command = root.get_command(context, name)
        if command is None:
            continue
        parts += [f"## bilan {name}", "", summary, "", "```text", command.get_help(click.Context(command, context, name)), "```", ""]
        if isinstance(command, click.Group):
            for child_name in command.list_commands(context):
                child = command.get_command(context, child_name)
                if child is not None:
                    help_text = child.get_help(click.Context(child, context, f"{name} {child_name}"))
                    parts += [f"### bilan {name} {child_name}", "", "```text", help_text, "```", ""]
    return "\n".join(parts)


def api() -> str:
    """List the addresses of the API with their parameters, from its own description."""
    parts = ["# REST API", "", "The site serves this description as OpenAPI under `/api/openapi.json`.", ""]
    for address, methods in _description()["paths"].items():
        for method, operation in methods.items():
            parts += [f"## {method.upper()} {address}", "", operation.get("description") or operation["summary"], ""]
            rows = [_parameter(item) for item in operation.get("parameters", [])]
            if rows:
                parts += [table(("parameter", "in", "type", "needed"), rows), ""]
    return "\n".join(parts)


def _description() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        City(Path(folder), "", "", "350500").write()
        os.environ |= {"BILAN_CITY": folder, "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
        importlib.import_module("django").setup()
        description: dict[str, Any] = importlib.import_module("bilan.web.urls").api.get_openapi_schema()
    return description


def _parameter(item: dict[str, Any]) -> tuple[str, ...]:
    schema = item["schema"]
    kinds = [option.get("type", "") for option in schema.get("anyOf", [schema])]
    return f"`{item['name']}`", item["in"], " or ".join(filter(None, kinds)), "yes" if item.get("required") else ""


def modules() -> dict[str, list[str]]:
    """Page → the public modules of the library that stand on it."""
    pages: dict[str, list[str]] = {name: [] for name in LIBRARY} | {facade: [package] for facade, package in FACADES.items()}
    hidden = tuple(f"{name}." for name in (*FACADES, *FACADES.values()))
    for top in (name for name in LIBRARY if name.count(".") == 1):
        path = getattr(importlib.import_module(top), "__path__", [])
        for name in (top, *(found.name for found in pkgutil.walk_packages(path, f"{top}."))):
            if name.split(".")[-1].startswith("_") or name.split(".")[-1].endswith("command"):
                continue
            if f"{name}.".startswith(hidden):
                continue
            pages[max((page for page in LIBRARY if f"{name}.".startswith(f"{page}.")), key=len)].append(name)
    return pages


def library(page: str, names: Sequence[str]) -> str:
    """The modules of one page, for autodoc; a facade tells what it is before its names."""
    parts = [f"# {page}", ""]
    if page in FACADES and page not in names:
        parts += ["```{eval-rst}", f".. automodule:: {page}", "   :no-index:", "```", ""]
    for name in names:
        parts += [
            *([] if name == page or page in FACADES else [f"## {name}", ""]),
            "```{eval-rst}",
            f".. automodule:: {name}",
            "   :members:",
            "   :no-index:",
        ]
        parts += ["```", ""]
    return "\n".join(parts)


def main() -> None:
    """Write all generated pages."""
    shutil.rmtree(TARGET, ignore_errors=True)
    toctree = "# Python library · Python 库\n\n```{toctree}\n:glob:\n\nlibrary/*\n```"
    pages = {
        "commands": commands(),
        "api": api(),
        "library": toctree,
        "gallery": gallery.page(TARGET / "gallery"),
        "standards": facts("Tables of the standards · 标准数据表", "bilan.science.standards.tables"),
        "protocol": facts("Tables of HJ 212 · HJ 212 数据表", "bilan.telemetry.hj212.tables"),
        "vocabulary": facts("Vocabulary of the pack · 词汇表", "bilan.pack.vocab"),
        "quality": facts("Checks and marks · 数据审核规则与标记", "bilan.pack.quality"),
        "defaults": facts("Declarations that a city may change · 城市可改的声明", "bilan.pack", "bilan.pack.mqtt"),
        "problems": facts("Messages · 提示信息", "bilan.pack.problems"),
        "register-schema": keys_page(),
        "rules": rules_page(),
        "indicators": indicators_page(),
        "flow-schema": flow_keys_page(),
        **{f"registers/{page}": text for page, text in register_pages(load(), roles.load(), tree=True).items()},
        **{f"library/{page}": library(page, names) for page, names in modules().items()},
    }
    for name, text in pages.items():
        path = TARGET / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    click.echo(f"bilan {bilan.__version__}: {len(pages)} pages in {TARGET}")


if __name__ == "__main__":
    main()
