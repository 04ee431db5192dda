"""Loading the outlines of reports of a city, and keeping them current while their files change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bilan.pack.keeping import Kept
from bilan.pack.loader import base, files
from bilan.pack.registers.folders import Source
from bilan.pack.reports.keys import FOLDER
from bilan.pack.reports.model import Outline
from bilan.pack.reports.reading import read_outline
from bilan.problems import BilanError, Place, Problem

PAPER = ".docx"
Stamp = tuple[object, ...]


def load(city_pack: Path | None = None) -> dict[str, Outline]:
    """Load the outlines of the base pack and a city's pack.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Raises:
        BilanError: with every problem of every file.

    Examples:
        >>> load()["air-monthly"].period
        <PeriodKind.MONTH: 'month'>
    """
    found, problems = _assembled(city_pack)
    if problems:
        raise BilanError(*problems)
    return found


def current(city_pack: Path | None = None) -> dict[str, Outline]:
    """The outlines as they are now; files with mistakes are left out, an outline that a mistake crept into stays as it was."""
    return _kept.of(city_pack).outlines


def faults(city_pack: Path | None = None) -> list[Problem]:
    """What is wrong with the outlines as they are now."""
    return list(_kept.of(city_pack).problems)


def check_reports(city_pack: Path | None = None) -> Iterator[tuple[str, list[Problem]]]:
    """Check every outline of the base pack, or of a city's pack.

    Yields:
        Name of each file and what is wrong with it.
    """
    for source in files(city_pack / FOLDER, ".yaml") if city_pack else _base():
        problems: list[Problem] = []
        try:
            read_outline(source, problems)
        except BilanError as error:
            problems += error.problems
        yield f"{FOLDER}/{source.name}", problems


@cache
def _base() -> tuple[Source, ...]:
    return tuple(files(base(FOLDER), ".yaml"))


def _assembled(city_pack: Path | None) -> tuple[dict[str, Outline], list[Problem]]:
    found: dict[str, Outline] = {}
    problems: list[Problem] = []
    for source in (*_base(), *(files(city_pack / FOLDER, ".yaml") if city_pack else ())):
        own: list[Problem] = []
        try:
            outline = read_outline(source, own)
        except BilanError as error:
            own += error.problems
        else:
            if not own:
                found[outline.name] = replace(outline, paper=_paper(city_pack, outline.name))
        problems += own
    return found, sorted(problems, key=lambda problem: _position(problem.place))


def _paper(city_pack: Path | None, name: str) -> str:
    path = city_pack / FOLDER / f"{name}{PAPER}" if city_pack else None
    return str(path) if path is not None and path.is_file() else ""


def _position(place: Place | None) -> tuple[str, int]:
    return (place.file, place.row or 0) if place else ("", 0)


@dataclass(frozen=True)
class _State:
    stamp: Stamp
    outlines: dict[str, Outline]
    problems: tuple[Problem, ...]


def _stamp(city_pack: Path | None) -> Stamp:
    if city_pack is None:
        return ()
    try:
        with os.scandir(city_pack / FOLDER) as entries:
            return tuple(sorted((entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in entries))
    except OSError:
        return ()


def _loaded(city_pack: Path | None, now: Stamp, last: _State | None) -> _State:
    found, problems = _assembled(city_pack)
    broken = {Path(problem.place.file).stem for problem in problems if problem.place}
    kept = {name: outline for name, outline in (last.outlines if last else {}).items() if name in broken}
    return _State(now, {**found, **kept}, tuple(problems))


_kept = Kept(_stamp, _loaded)
