"""What a city's declarations add to the base pack and change in it, field by field."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.pack.loader import Declared, base, files, read_yaml
from bilan.pack.registers.folders import Source, base_files, city_files

Flat = dict[str, Any]
OTHERS = ("", "quality", "mqtt")
"""Folders of a pack beside those of registers; the empty one is the pack itself, with its roles."""
NAMES = ("name", "code", "role", "id")
"""Keys that tell the mappings of a list apart."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        path: such as ``fields.flow.max``; a term's ``code.column`` for vocabularies; empty for the whole file.
        before, after: text on each side; None where it is absent.
    """

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One file of a city's pack beside the base pack.

    Attributes:
        folder, name: which file.
        added: whether the base pack has no such file.
        changes: what differs; for an added file nothing.
    """

    folder: str
    name: str
    added: bool
    changes: tuple[Change, ...] = ()


def differences(city_pack: Path) -> Iterator[Difference]:
    """Compare each file of a city's pack with that of the base pack.

    Args:
        city_pack: pack folder of the city.

    Raises:
        BilanError: a file cannot be read.
    """
    below, own = base_files(), city_files(city_pack)
    for folder, found in own.declared.items():
        for name, source in found.items():
            beside = below.declared[folder].get(name)
            yield Difference(folder, name, beside is None, _changes(beside, source) if beside else ())
    for source in own.groups:
        yield Difference("registers", source.name, False, _changes(below.groups[0], source, additive=True))
    yield from _others(city_pack)


def _others(city_pack: Path) -> Iterator[Difference]:
    """Files of the other folders; but for the mappings of MQTT they are laid over those of the base pack and take nothing away."""
    for folder in OTHERS:
        for suffix in (".yaml", ".csv"):
            for source in files(city_pack / folder if folder else city_pack, suffix):
                beside = base(*filter(None, (folder, source.name)))
                found = beside.is_file()
                yield Difference(folder, source.name, not found, _changes(beside, source, additive=folder != "mqtt") if found else ())


def _changes(beside: Source, own: Source, *, additive: bool = False) -> tuple[Change, ...]:
    before, after = flatten(beside), flatten(own)
    paths = [*before, *(path for path in after if path not in before)]
    if additive:
        paths = list(after)
    return tuple(
        Change(path, _text(before.get(path)), _text(after.get(path))) for path in paths if _text(before.get(path)) != _text(after.get(path))
    )


def flatten(source: Source) -> Flat:
    """A declaration as paths with values: fields, states and columns by their names wherever they stand."""
    if source.name.endswith(".csv"):
        return dict(_rows(source))
    tree = read_yaml(source)
    return dict(_leaves(tree, "")) if isinstance(tree, Declared) else {}


def _rows(source: Source) -> Iterator[tuple[str, str]]:
    for row in csv.DictReader(io.StringIO(source.read_bytes().decode("utf-8-sig"))):
        for column, value in row.items():
            if column != "code" and value:
                yield f"{row.get('code', '')}.{column}", value


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        if path == "" and isinstance(value.get("sections"), list):
            yield from _fields(value["sections"])
        for key, inner in value.items():
            if not (path == "" and key == "sections"):
                yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for place, item in enumerate(value, start=1):
            key = next((key for key in NAMES if item.get(key)), "")
            yield from _leaves({other: inner for other, inner in item.items() if other != key}, f"{path}.{item.get(key, place)}")
    else:
        yield path, value


def _fields(sections: list[Any]) -> Iterator[tuple[str, Any]]:
    for section in sections:
        for entry in section.get("fields", []) if isinstance(section, dict) else []:
            if isinstance(entry, dict) and entry.get("name"):
                path = f"fields.{entry['name']}"
                yield f"{path}.section", section.get("title", "")
                yield from _leaves({key: inner for key, inner in entry.items() if key != "name"}, path)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
