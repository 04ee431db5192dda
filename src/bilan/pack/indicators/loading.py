"""Loading the indicators of a city, and keeping them current while their files change."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from bilan.pack.indicators.model import Catalogue, Indicator
from bilan.pack.indicators.reading import SUFFIX, read_indicator
from bilan.pack.indicators.reported import FILE as REPORTED
from bilan.pack.indicators.reported import read_reported
from bilan.pack.indicators.reported import sources as reported_sources
from bilan.pack.keeping import Kept
from bilan.pack.loader import base, files
from bilan.pack.registers.folders import Source, Stamp
from bilan.problems import BilanError, Place, Problem

FOLDER = "indicators"


@dataclass(frozen=True)
class File:
    """What one file gave: its indicator, when it could be read, and what is wrong with it."""

    source: Source
    indicator: Indicator | None
    problems: tuple[Problem, ...]


def load(city_pack: Path | None = None) -> Catalogue:
    """Load the indicators of the base pack and a city's pack.

    A file of the city replaces the base pack's file of the same name.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Raises:
        BilanError: with every problem of every file (file, line, value, what is allowed, the nearest match).
    """
    found, problems = _assembled(_read(city_pack).values())
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
    _found, problems = _assembled(read.values())
    shown: list[tuple[str, list[Problem]]] = [
        (f"{FOLDER}/{name}", [entry for entry in problems if entry.place and entry.place.file == str(file.source)])
        for name, file in read.items()
    ]
    for source in reported_sources(city_pack):
        own: list[Problem] = []
        try:
            read_reported(source, own)
        except BilanError as error:
            own += error.problems
        shown.append((f"{FOLDER}/{REPORTED}", own))
    return shown


def _sources(city_pack: Path | None) -> dict[str, Source]:
    own = files(city_pack / FOLDER, SUFFIX) if city_pack else []
    return {**_base(), **{source.name: source for source in own}}


@cache
def _base() -> dict[str, Source]:
    return {source.name: source for source in files(base(FOLDER), SUFFIX)}


def _read(city_pack: Path | None) -> dict[str, File]:
    return {name: _file(source) for name, source in _sources(city_pack).items()}


def _file(source: Source) -> File:
    try:
        found, problems = read_indicator(source)
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
            digest.update(file.indicator.text.encode() + b"\0")
    ordered = {name: tuple(sorted(found, key=_age)) for name, found in sorted(versions.items())}
    for found in ordered.values():
        problems += _beside(found)
    return Catalogue(ordered, digest.hexdigest()[:16]), sorted(problems, key=_position)


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


def _position(problem: Problem) -> tuple[str, int]:
    return (problem.place.file, problem.place.row or 0) if problem.place else ("", 0)


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
    found: list[tuple[str, int, int]] = []
    try:
        with os.scandir(city_pack / FOLDER) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIX):
                    state = entry.stat()
                    found.append((entry.path, state.st_mtime_ns, state.st_size))
    except OSError:
        return ()
    return tuple(sorted(found))


def _loaded(city_pack: Path | None, now: Stamp, last: _State | None) -> _State:
    before = dict(last.good) if last else {}
    read = _read(city_pack)
    _found, problems = _assembled(read.values())
    blamed = {problem.place.file for problem in problems if problem.place}
    standing: dict[str, File] = {}
    for name, file in read.items():
        own = file if str(file.source) not in blamed else before.get(name) or _of_base(name, file)
        if own:
            standing[name] = own
    catalogue, _left = _assembled(standing.values())
    return _State(now, catalogue, tuple(problems), standing)


def _of_base(name: str, blamed: File) -> File | None:
    """The base pack's file of the same name, which stands for a city's that cannot be used."""
    source = _base().get(name)
    return _file(source) if source is not None and str(source) != str(blamed.source) else None


_kept = Kept(_stamp, _loaded)
