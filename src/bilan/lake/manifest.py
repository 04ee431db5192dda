"""What one version of a table says of itself, beside its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bilan.pack.indicators import Column, Table
from bilan.pack.registers.words import Bilingual
from bilan.problems import BilanError, Problem

FILE = "_manifest.json"
"""Readers of Parquet folders pass over names that begin with an underscore."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a version.

    Attributes:
        name: ``2026-03`` or ``2025`` by the table's date, else ``all``; the file is ``<name>.parquet``.
        size: bytes.
        digest: SHA-256 of the file.
        first, last: least and greatest date of the column that the files are cut by, as texts; empty without one.
    """

    name: str
    rows: int
    size: int
    digest: str
    first: str = ""
    last: str = ""

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.parquet"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of a table.

    Attributes:
        table: the declaration that it was written by.
        version: counted from 1.
        written: moment of writing, ISO 8601 with its zone; `checked`: moment at which it was last found to be current.
        marks: what its inputs were, in the words of whoever made it.
    """

    table: Table
    version: int
    written: str
    checked: str
    parts: tuple[Part, ...]
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(part.rows for part in self.parts)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(part.size for part in self.parts)

    @property
    def span(self) -> tuple[str, str]:
        """First and last date that it holds; empty texts when it is not cut by one."""
        dated = [part for part in self.parts if part.first]
        return (min((part.first for part in dated), default=""), max((part.last for part in dated), default=""))

    def text(self) -> str:
        """The manifest as it is written."""
        values = asdict(self)
        values["table"] = described(self.table)
        return json.dumps(values, ensure_ascii=False, indent=1)


def described(table: Table) -> dict[str, Any]:
    """A declaration in plain values, for manifests and the footers of files."""
    return {
        "name": table.name,
        **{key: asdict(words) for key, words in (("title", table.title), ("about", table.about), ("lineage", table.lineage))},
        "by": table.by,
        "sort": list(table.sort),
        "columns": [
            {"name": column.name, "type": column.type, "unit": column.unit, "title": asdict(column.title)}
            for column in table.columns.values()
        ],
    }


def read(file: Path) -> Manifest:
    """Read a manifest.

    Raises:
        BilanError: it is not one.
    """
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        parts = tuple(Part(**part) for part in values["parts"])
        return Manifest(_table(values["table"]), int(values["version"]), values["written"], values["checked"], parts, dict(values["marks"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BilanError(Problem("lake.manifest_unreadable", {"value": str(file), "reason": str(error)})) from error


def _table(values: Mapping[str, Any]) -> Table:
    columns = {
        entry["name"]: Column(entry["name"], entry["type"], Bilingual(**entry["title"]), entry["unit"]) for entry in values["columns"]
    }
    title, about, lineage = (Bilingual(**values[key]) for key in ("title", "about", "lineage"))
    return Table(values["name"], title, about, columns, lineage, values["by"], tuple(values["sort"]))
