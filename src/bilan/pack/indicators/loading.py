"""Loading the indicators of a city, and keeping them current while their files change."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path, PurePath

from bilan.pack.indicators.model import Catalogue, Indicator, Template
from bilan.pack.indicators.reading import OF_TEMPLATE, SUFFIX, read_indicator
from bilan.pack.indicators.reported import FILE as REPORTED
from bilan.pack.indicators.reported import read_reported
from bilan.pack.indicators.reported import sources as reported_sources
from bilan.pack.indicators.tables import FILE as TABLES
from bilan.pack.indicators.templates import FOLDER as TEMPLATES
from bilan.pack.indicators.templates import read_template
from bilan.pack.keeping import Kept
from bilan.pack.loader import base, files
from bilan.pack.registers.folders import Source, Stamp
from bilan.problems import BilanError, Place, Problem

FOLDER = "indicators"
_NO_INDICATORS = (REPORTED, TABLES)
"""Files of the folder that declare other things."""


@dataclass(frozen=True)
class File:
    """What one file gave: its indicator, when it could be read, and what is wrong with it."""

    source: Source
    indicator: Indicator | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Read:
    """What the files of a city and of the base pack gave, those of indicators by their names, and what is wrong with each template."""

    files: Mapping[str, File]
    templates: Mapping[str, Template]
    faults: Mapping[str, tuple[Problem, ...]]

    @property
    def told(self) -> list[Problem]:
        """What is wrong with the templates."""
        return [problem for found in self.faults.values() for problem in found]


def load(city_pack: Path | None = None) -> Catalogue:
    """Load the indicators of the base pack and a city's pack.

    A file of the city replaces the base pack's file of the same name, whichever way that is written; so does a template.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Raises:
        BilanError: with every problem of every file (file, line, value, what is allowed, the nearest match).
    """
    read = _read(city_pack)
    found, problems = _assembled(read.files.values())
    problems = [*read.told, *problems]
    if problems:
        raise BilanError(*problems)
    return found


def current(city_pack: Path | None = None) -> Catalogue:
    """The indicators as they are now: read again when a file has changed.

    Of a file with mistakes the last good state stays; when there is none yet, the base pack's file of that name holds, or none.
    """
    return _kept.of(city_pack).catalogue


def faults(city_pack: Path | None = None) -> list[Problem]:
    """What is wrong with the files as they are now."""
    return list(_kept.of(city_pack).problems)


def check_indicators(city_pack: Path | None = None) -> list[tuple[str, list[Problem]]]:
    """Every file of indicators and what is wrong with what it declares; its query is not looked at here.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Returns:
        Name of each file and its problems.
    """
    read = _read(city_pack)
    _found, problems = _assembled(read.files.values())
    shown: list[tuple[str, list[Problem]]] = [(f"{FOLDER}/{TEMPLATES}/{name}", list(found)) for name, found in read.faults.items()]
    shown += [
        (f"{FOLDER}/{name}", [entry for entry in problems if entry.place and entry.place.file == str(file.source)])
        for name, file in read.files.items()
    ]
    for source in reported_sources(city_pack):
        own: list[Problem] = []
        try:
            read_reported(source, own)
        except BilanError as error:
            own += error.problems
        shown.append((f"{FOLDER}/{REPORTED}", own))
    return shown


def templates(city_pack: Path | None = None) -> Mapping[str, Template]:
    """The templates that can be used, by name.

    Args:
        city_pack: pack folder of the city; only the base pack without it.
    """
    return _templates(city_pack)[0]


def _sources(city_pack: Path | None) -> dict[str, Source]:
    own = _declared(city_pack / FOLDER) if city_pack else {}
    replaced = {PurePath(name).stem for name in own}
    return {**{name: source for name, source in _base().items() if PurePath(name).stem not in replaced}, **own}


@cache
def _base() -> dict[str, Source]:
    return _declared(base(FOLDER))


def _declared(folder: Source) -> dict[str, Source]:
    """The files of a folder that declare indicators, by name."""
    found = {source.name: source for suffix in (SUFFIX, OF_TEMPLATE) for source in files(folder, suffix)}
    return {name: found[name] for name in sorted(found) if name not in _NO_INDICATORS}


def _read(city_pack: Path | None) -> _Read:
    known, faults = _templates(city_pack)
    return _Read({name: _file(source, known) for name, source in _sources(city_pack).items()}, known, faults)


def _templates(city_pack: Path | None) -> tuple[dict[str, Template], dict[str, tuple[Problem, ...]]]:
    """The templates that can be used and what is wrong with each file; of a city's that cannot be used the base pack's stands."""
    found: dict[str, Template] = {}
    faults: dict[str, tuple[Problem, ...]] = {}
    for folder in (base(FOLDER), *([city_pack / FOLDER] if city_pack else [])):
        for source in files(folder.joinpath(TEMPLATES), SUFFIX):
            try:
                template, problems = read_template(source)
            except BilanError as error:
                faults[source.name] = error.problems
                continue
            faults[source.name] = tuple(problems)
            if not problems:
                found[template.name] = template
    return found, faults


def _file(source: Source, known: Mapping[str, Template]) -> File:
    try:
        found, problems = read_indicator(source, known)
    except BilanError as error:
        return File(source, None, error.problems)
    return File(source, found, tuple(problems))


def _assembled(read: Iterable[File]) -> tuple[Catalogue, list[Problem]]:
    """Put the versions of all files together and check them beside each other."""
    problems: list[Problem] = []
    versions: dict[str, list[Indicator]] = {}
    digest = hashlib.sha256()
    for file in read:
        problems += file.problems
        if file.indicator:
            versions.setdefault(file.indicator.name, []).append(file.indicator)
            digest.update(file.indicator.text.encode() + b"\0" + file.indicator.sql.encode() + b"\0")
    ordered = {name: tuple(sorted(found, key=_age)) for name, found in sorted(versions.items())}
    for found in ordered.values():
        problems += _beside(found)
    return Catalogue(ordered, digest.hexdigest()[:16]), sorted(problems, key=Problem.position)


def _beside(versions: tuple[Indicator, ...]) -> list[Problem]:
    problems: list[Problem] = []
    for first, second in pairwise(versions):
        if first.version == second.version:
            values = {"value": second.version, "allowed": first.file}
            problems.append(Problem("indicators.version_twice", values, Place(second.file, 1, "version")))
        if second.valid_from is None or (first.valid_to is not None and first.valid_to >= second.valid_from):
            values = {"value": str(second.valid_from or "–"), "allowed": str(first.valid_to or "–"), "nearest": first.file}
            problems.append(Problem("indicators.versions_overlap", values, Place(second.file, 1, "valid_from")))
    return problems


def _age(indicator: Indicator) -> tuple[date, str]:
    return indicator.valid_from or date.min, indicator.version


@dataclass(frozen=True)
class _State:
    stamp: Stamp
    catalogue: Catalogue
    problems: tuple[Problem, ...] = ()
    good: Mapping[str, File] = field(default_factory=dict)
    """Name of a file → its last good state."""


def _stamp(city_pack: Path | None) -> Stamp:
    if city_pack is None:
        return ()
    folder = city_pack / FOLDER
    return tuple(sorted((*_states(folder), *_states(folder / TEMPLATES))))


def _states(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Name, time and size of each file of a folder."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((SUFFIX, OF_TEMPLATE)):
                    state = entry.stat()
                    yield entry.path, state.st_mtime_ns, state.st_size
    except OSError:
        return


def _loaded(city_pack: Path | None, now: Stamp, last: _State | None) -> _State:
    before = dict(last.good) if last else {}
    read = _read(city_pack)
    _found, problems = _assembled(read.files.values())
    blamed = {problem.place.file for problem in problems if problem.place}
    standing: dict[str, File] = {}
    for name, file in read.files.items():
        own = file if str(file.source) not in blamed else before.get(name) or _of_base(name, file, read.templates)
        if own:
            standing[name] = own
    catalogue, _left = _assembled(standing.values())
    return _State(now, catalogue, (*read.told, *problems), standing)


def _of_base(name: str, blamed: File, known: Mapping[str, Template]) -> File | None:
    """The base pack's file of the same name, which stands for a city's that cannot be used."""
    stem = PurePath(name).stem
    source = next((source for own, source in _base().items() if PurePath(own).stem == stem), None)
    return _file(source, known) if source is not None and str(source) != str(blamed.source) else None


_kept = Kept(_stamp, _loaded)
