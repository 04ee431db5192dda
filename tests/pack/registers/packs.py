"""Small packs written for one test."""

from __future__ import annotations

from pathlib import Path

from bilan.pack.registers import Register, Registers
from bilan.pack.registers.loading import load
from bilan.problems import BilanError, Problem

HEAD = """register: plant
title: 厂 · Plants
group: water
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a pack and give its folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def plant(*fields: str, rest: str = "", head: str = HEAD) -> str:
    """A register called ``plant`` with fields written as YAML mappings."""
    lines = "".join(f"      - {field}\n" for field in fields or ("{name: size, type: integer, title: 规模 · Size}",))
    return f"{head}sections:\n  - title: 基本 · Basics\n    fields:\n{lines}{rest}"


def register(folder: Path, *fields: str, rest: str = "", **files: str) -> tuple[Register, Registers]:
    """Load a register with these fields."""
    loaded = load(write(folder, {"registers/plant.yaml": plant(*fields, rest=rest), **files}))
    return loaded.registers["plant"], loaded


def problems(folder: Path, files: dict[str, str]) -> list[Problem]:
    """What is wrong with a pack."""
    try:
        load(write(folder, files))
    except BilanError as error:
        return list(error.problems)
    return []
