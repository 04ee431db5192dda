"""Reading what is declared: tables as CSV, rules as YAML that remembers its line numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from bilan.problems import BilanError, Place, Problem, nearest


class Declared(dict[str, Any]):
    """A mapping of a YAML file that remembers where it stands.

    Attributes:
        line: line it begins on.
        lines: line of each key.
    """

    line: int = 0
    lines: dict[str, int]


def base(*parts: str) -> Traversable:
    """Find a file or folder of the base pack.

    Examples:
        >>> base("vocab", "networks.csv").is_file()
        True
    """
    return resources.files("bilan.pack").joinpath(*parts)


def read_csv(source: Traversable | Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a declared table and insist on its columns.

    Args:
        source: the CSV file, UTF-8 with or without byte-order mark.
        columns: names that must be in its header; further ones are kept.

    Raises:
        BilanError: the file is not UTF-8, a column is missing (the nearest present one is named), or a row is too long or short.
    """
    name = str(source)
    reader = csv.reader(read_text(source).splitlines())
    header = next(reader, [])
    absent = [column for column in columns if column not in header]
    if absent:
        raise BilanError(
            *(Problem("pack.missing_column", {"value": column, "nearest": nearest(column, header)}, Place(name, 1)) for column in absent)
        )
    rows = []
    for cells in reader:
        if len(cells) != len(header):
            raise BilanError(Problem("pack.row_width", {"value": len(cells), "allowed": len(header)}, Place(name, reader.line_num)))
        rows.append(dict(zip(header, cells, strict=True)))
    return rows


def read_yaml(source: Traversable | Path) -> Any:
    """Read declared rules; every mapping is a `Declared`.

    Raises:
        BilanError: the file is not UTF-8 or no YAML; the place names file and line.
    """
    return yaml_of(read_text(source), str(source))


def yaml_of(text: str, name: str) -> Any:
    """Read declared rules from their text, as `read_yaml` does.

    Args:
        text: the text.
        name: name of the file that the places of mistakes name.

    Raises:
        BilanError: the text is no YAML.

    Examples:
        >>> yaml_of("unit: '%'", "a.yaml").lines
        {'unit': 1}
    """
    try:
        return yaml.load(text, Loader=_Numbered)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BilanError(Problem("pack.not_yaml", {"value": error.problem or ""}, Place(name, line))) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise BilanError(Problem("pack.not_yaml", {"value": str(error)[:200]}, Place(name))) from error


def files(folder: Traversable | Path, suffix: str) -> list[Traversable | Path]:
    """List the declared files of a folder by name; none when the folder is absent."""
    if not folder.is_dir():
        return []
    entries: Iterable[Traversable | Path] = folder.iterdir()
    return sorted((entry for entry in entries if entry.name.endswith(suffix)), key=lambda entry: entry.name)


def read_text(source: Traversable | Path) -> str:
    """Read a declared file as text.

    Raises:
        BilanError: it is not there, or not UTF-8.
    """
    if not source.is_file():
        raise BilanError(Problem("file.not_found", {"value": str(source)}))
    try:
        return source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BilanError(Problem("pack.not_utf8", {"value": error.start}, Place(str(source)))) from error


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where PyYAML was built with it: ten times as fast, the same result."""


class _Numbered(_Safe):  # type: ignore[misc]
    """The safe loader, with the lines of keys; only ``true`` and ``false`` are truth values, and dates stay text."""


_BOOLEAN = "tag:yaml.org,2002:bool"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_Numbered.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_BOOLEAN, _TIMESTAMP)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Numbered.add_implicit_resolver(_BOOLEAN, re.compile(r"^(?:true|false)$"), ["t", "f"])


def _mapping(loader: _Numbered, node: yaml.MappingNode) -> Declared:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        if key.value in lines:
            raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key.value!r}", key.start_mark)
        lines[str(key.value)] = key.start_mark.line + 1
    values = Declared({str(key): value for key, value in loader.construct_mapping(node, deep=True).items()})
    values.line, values.lines = node.start_mark.line + 1, lines
    return values


_Numbered.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
