"""Write the reference pages that come from code and pack: tables of facts, parameters, commands, the Python library."""

from __future__ import annotations

import csv
import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

import click

import bilan
from bilan.cli import COMMANDS
from bilan.cli import bilan as root

TARGET = Path(__file__).parent / "reference" / "generated"
LIBRARY = ("bilan.problems", "bilan.tabular", "bilan.science", "bilan.telemetry", "bilan.pack")
LONGEST_TABLE = 400


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(_cell(text) for text in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def facts(package: str, title: str) -> str:
    """List every CSV table of a package, with its rows."""
    parts = [f"# {title}", ""]
    for entry in sorted(resources.files(package).iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".csv"):
            continue
        rows = list(csv.reader(entry.read_text(encoding="utf-8").splitlines()))
        parts += [f"## {entry.name}", "", f"{len(rows) - 1} rows.", "", table(rows[0], rows[1 : LONGEST_TABLE + 1]), ""]
    return "\n".join(parts)


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


def library() -> str:
    """List the public modules of the library for autodoc."""
    parts = ["# Python library · Python 库", ""]
    for name in LIBRARY:
        module = importlib.import_module(name)
        names = [name, *(found.name for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"{name}."))]
        for found in names:
            if found.endswith("command") or found.split(".")[-1].startswith("_"):
                continue
            parts += [f"## {found}", "", "```{eval-rst}", f".. automodule:: {found}", "   :members:", "   :no-index:", "```", ""]
    return "\n".join(parts)


def main() -> None:
    """Write all generated pages."""
    TARGET.mkdir(parents=True, exist_ok=True)
    pages = {
        "commands.md": commands(),
        "library.md": library(),
        "standards.md": facts("bilan.science.standards.tables", "Tables of the standards · 标准数据表"),
        "vocabulary.md": facts("bilan.pack.vocab", "Vocabulary of the pack · 词汇表"),
        "problems.md": facts("bilan.pack.problems", "Messages · 提示信息"),
    }
    for name, text in pages.items():
        (TARGET / name).write_text(text + "\n", encoding="utf-8")
    click.echo(f"bilan {bilan.__version__}: {len(pages)} pages in {TARGET}")


if __name__ == "__main__":
    main()
