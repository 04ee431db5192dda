"""A folder of declarations of one kind: loaded, checked, and kept current while a city's files change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from bilan.pack.keeping import Kept
from bilan.pack.loader import base, files
from bilan.pack.registers.folders import Source
from bilan.problems import BilanError, Place, Problem

Stamp = tuple[object, ...]


class Named(Protocol):
    """A declaration with its name."""

    @property
    def name(self) -> str: ...


Declaration = TypeVar("Declaration", bound=Named)


@dataclass(frozen=True)
class _State(Generic[Declaration]):
    stamp: Stamp
    found: dict[str, Declaration]
    problems: tuple[Problem, ...]


class Folder(Generic[Declaration]):
    """Declarations of the base pack and of a city's pack over them; a city's file of the same name replaces the base pack's.

    Args:
        name: of the folder, in the base pack and in a city's.
        read: reads one file, given the pack folder of the city, and adds what is wrong with it to a list.
    """

    def __init__(self, name: str, read: Callable[[Source, Path | None, list[Problem]], Declaration]) -> None:
        self.name = name
        self._read = read
        self._kept: Kept[Stamp, _State[Declaration]] = Kept(self._stamp, self._loaded)

    def load(self, city_pack: Path | None = None) -> dict[str, Declaration]:
        """Load everything.

        Raises:
            BilanError: with every problem of every file.
        """
        found, problems = self._assembled(city_pack)
        if problems:
            raise BilanError(*problems)
        return found

    def current(self, city_pack: Path | None = None) -> dict[str, Declaration]:
        """The declarations as they are now; one that a mistake crept into stays as it was, a new one with mistakes is left out."""
        return self._kept.of(city_pack).found

    def faults(self, city_pack: Path | None = None) -> list[Problem]:
        """What is wrong with the files as they are now."""
        return list(self._kept.of(city_pack).problems)

    def check(self, city_pack: Path | None = None) -> Iterator[tuple[str, list[Problem]]]:
        """Check every file of the base pack, or of a city's pack.

        Yields:
            Name of each file and what is wrong with it.
        """
        for source in files(city_pack / self.name, ".yaml") if city_pack else self._base:
            yield f"{self.name}/{source.name}", self._one(source, city_pack)[1]

    @cached_property
    def _base(self) -> tuple[Source, ...]:
        return tuple(files(base(self.name), ".yaml"))

    def _one(self, source: Source, city_pack: Path | None) -> tuple[Declaration | None, list[Problem]]:
        problems: list[Problem] = []
        try:
            found = self._read(source, city_pack, problems)
        except BilanError as error:
            return None, [*problems, *error.problems]
        return (None if problems else found), problems

    def _assembled(self, city_pack: Path | None) -> tuple[dict[str, Declaration], list[Problem]]:
        found: dict[str, Declaration] = {}
        problems: list[Problem] = []
        for source in (*self._base, *(files(city_pack / self.name, ".yaml") if city_pack else ())):
            declared, own = self._one(source, city_pack)
            problems += own
            if declared is not None:
                found[declared.name] = declared
        return found, sorted(problems, key=lambda problem: _position(problem.place))

    def _stamp(self, city_pack: Path | None) -> Stamp:
        if city_pack is None:
            return ()
        try:
            with os.scandir(city_pack / self.name) as entries:
                return tuple(sorted((entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in entries))
        except OSError:
            return ()

    def _loaded(self, city_pack: Path | None, now: Stamp, last: _State[Declaration] | None) -> _State[Declaration]:
        found, problems = self._assembled(city_pack)
        broken = {Path(problem.place.file).stem for problem in problems if problem.place}
        kept = {name: declared for name, declared in (last.found if last else {}).items() if name in broken}
        return _State(now, {**found, **kept}, tuple(problems))


def _position(place: Place | None) -> tuple[str, int]:
    return (place.file, place.row or 0) if place else ("", 0)
