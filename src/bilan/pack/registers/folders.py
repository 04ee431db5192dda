"""Which files declare the registers of a city: those of the base pack, replaced and added to by the city's own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from bilan.pack.loader import base, files

Source = Traversable | Path
Made = TypeVar("Made")

REGISTERS, ZONES, LISTS, CHOICES, GROUPS = "registers", "zones", "lists", "vocab/choices", "registers/groups.csv"
FOLDERS = {REGISTERS: ".yaml", ZONES: ".yaml", LISTS: ".yaml", CHOICES: ".csv"}
"""Folder of a pack → how the names of its declarations end."""

_ROOT = str(base())

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Files:
    """Declarations by folder and name; `groups` are the tables of groups, the city's after the base's."""

    declared: Mapping[str, Mapping[str, Source]] = field(default_factory=dict)
    groups: tuple[Source, ...] = ()

    def without(self, left_out: Collection[str]) -> Files:
        """The files but those of these paths."""
        kept = {folder: {k: v for k, v in found.items() if str(v) not in left_out} for folder, found in self.declared.items()}
        return Files(kept, tuple(source for source in self.groups if str(source) not in left_out))

    def over(self, below: Files) -> Files:
        """These files over others: one of the same folder and name replaces."""
        folders = {folder: {**below.declared.get(folder, {}), **self.declared.get(folder, {})} for folder in FOLDERS}
        return Files(folders, (*below.groups, *self.groups))

    def paths(self) -> list[Source]:
        """All of them."""
        return [*(source for found in self.declared.values() for source in found.values()), *self.groups]

    def digest(self) -> str:
        """Digest of the contents of all of them."""
        digest = hashlib.sha256()
        for source in self.paths():
            digest.update(source.name.encode() + b"\0" + remembered(_contents, source, _content))
        return digest.hexdigest()[:16]


def base_files() -> Files:
    """Files of the base pack."""
    return _files(base())


def city_files(city_pack: Path | None) -> Files:
    """Files of a city's pack; none without one."""
    return _files(city_pack) if city_pack and city_pack.is_dir() else Files()


def of_base(source: Source) -> bool:
    """Whether a file belongs to the base pack, which does not change while a process lives."""
    return str(source).startswith(_ROOT)


def remembered(store: dict[str, Made], source: Source, make: Callable[[Source], Made]) -> Made:
    """What is made of a file: of one of the base pack once a process, of another each time."""
    if not of_base(source):
        return make(source)
    key = str(source)
    if key not in store:
        store[key] = make(source)
    return store[key]


def stamp(city_pack: Path | None) -> Stamp:
    """What tells that a file of a city's pack has changed: name, time and size of each.

    It is asked for with every request, so it must be quick.
    """
    if city_pack is None:
        return ()
    found: list[tuple[str, int, int]] = []
    for folder, suffix in FOLDERS.items():
        try:
            with os.scandir(city_pack / folder) as entries:
                for entry in entries:
                    if entry.name.endswith((suffix, ".csv")):
                        state = entry.stat()
                        found.append((entry.path, state.st_mtime_ns, state.st_size))
        except OSError:
            continue
    return tuple(sorted(found))


_contents: dict[str, bytes] = {}


def _content(source: Source) -> bytes:
    return hashlib.sha256(source.read_bytes()).digest()


def _files(root: Source) -> Files:
    declared = {folder: {entry.name: entry for entry in files(_inside(root, folder), suffix)} for folder, suffix in FOLDERS.items()}
    groups = _inside(root, GROUPS)
    return Files(declared, (groups,) if groups.is_file() else ())


def _inside(root: Source, path: str) -> Source:
    return root.joinpath(*path.split("/"))
