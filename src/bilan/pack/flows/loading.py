"""Loading the flows and checklists of a city, and keeping them current while their files change."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from bilan.pack import roles
from bilan.pack.flows.checklist import Checklist
from bilan.pack.flows.checklists import read_checklist
from bilan.pack.flows.graph import check_graph
from bilan.pack.flows.model import Flow, Flows
from bilan.pack.flows.reading import FlowRead, read_flow
from bilan.pack.flows.references import Beside, check_checklist, check_flow
from bilan.pack.keeping import Kept
from bilan.pack.loader import base, files
from bilan.pack.registers import loading as registers
from bilan.pack.registers.folders import Source
from bilan.problems import BilanError, Place, Problem

FLOWS, CHECKLISTS, DOCUMENTS = "flows", "checklists", "documents"
_FOLDERS = {FLOWS: (".yaml",), CHECKLISTS: (".yaml",), DOCUMENTS: (".docx", ".yaml")}
Stamp = tuple[object, ...]
_Named = TypeVar("_Named", Flow, Checklist)


def load(city_pack: Path | None = None) -> Flows:
    """Load the flows and checklists of the base pack and a city's pack.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Raises:
        BilanError: with every problem of every file (file, line, value, what is allowed, the nearest match).

    Examples:
        >>> load().flows["alert-order"].start
        'assigned'
    """
    found, problems = _assembled(city_pack)
    if problems:
        raise BilanError(*problems)
    return found


def current(city_pack: Path | None = None) -> Flows:
    """The flows as they are now: loaded again when a file of the city's pack has changed.

    While the files have mistakes the last good state stays; when there is none yet, the files with mistakes are left out.
    """
    return _kept.of(city_pack).flows


def faults(city_pack: Path | None = None) -> list[Problem]:
    """What is wrong with the flows and checklists as they are now."""
    return list(_kept.of(city_pack).problems)


def check_flows(city_pack: Path | None = None) -> Iterator[tuple[str, list[Problem]]]:
    """Check every flow and checklist of the base pack, or of a city's pack over it.

    Yields:
        Name of each file and what is wrong with it; with a city, its own files and those of the base pack that it breaks.
    """
    _found, problems = _assembled(city_pack)
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.place.file if problem.place else "", []).append(problem)
    own = _sources(city_pack) if city_pack else _base()
    for source in (source for kind in (FLOWS, CHECKLISTS) for source in own[kind].values()):
        yield "/".join(Path(str(source)).parts[-2:]), by_file.pop(str(source), [])
    yield from by_file.items()


def _sources(root: Source) -> dict[str, dict[str, Source]]:
    return {
        kind: {entry.name: entry for suffix in suffixes for entry in files(root.joinpath(kind), suffix)}
        for kind, suffixes in _FOLDERS.items()
    }


@cache
def _base() -> dict[str, dict[str, Source]]:
    return _sources(base())


def _assembled(city_pack: Path | None, left_out: Collection[str] = ()) -> tuple[Flows, list[Problem]]:
    """Read what is declared but for some files, and say what is wrong with it."""
    own = _sources(city_pack) if city_pack else {}
    kept = {
        kind: {
            name: source for layer in (_base()[kind], own.get(kind, {})) for name, source in layer.items() if str(source) not in left_out
        }
        for kind in _FOLDERS
    }
    problems: list[Problem] = []
    beside = Beside(
        registers.current(city_pack),
        roles.current(city_pack).keys(),
        _checklists(kept[CHECKLISTS].values(), problems),
        {Path(name).stem for name in kept[DOCUMENTS]} or None,
    )
    for entry in beside.checklists.values():
        problems += check_checklist(entry, beside)
    flows = {read.flow.name: read.flow for read in _flows(kept[FLOWS].values(), beside, problems)}
    digest = hashlib.sha256()
    for text in (*(entry.text for entry in flows.values()), *(entry.text for entry in beside.checklists.values())):
        digest.update(text.encode() + b"\0")
    return Flows(flows, beside.checklists, digest.hexdigest()[:16]), sorted(problems, key=Problem.position)


def _checklists(sources: Collection[Source], problems: list[Problem]) -> dict[str, Checklist]:
    found: dict[str, Checklist] = {}
    for source in sources:
        try:
            entry = read_checklist(source, problems)
        except BilanError as error:
            problems += error.problems
            continue
        _twice("checklist", entry.name, entry, found, problems)
    return found


def _flows(sources: Collection[Source], beside: Beside, problems: list[Problem]) -> Iterator[FlowRead]:
    known: dict[str, Flow] = {}
    for source in sources:
        try:
            read = read_flow(source)
        except BilanError as error:
            problems += error.problems
            continue
        used = {entry.checklist for entry in read.flow.transitions} & beside.checklists.keys()
        read.flow = replace(read.flow, checklists={name: beside.checklists[name] for name in sorted(used)})
        check_graph(read)
        check_flow(read, beside)
        problems += read.problems
        if _twice("flow", read.flow.name, read.flow, known, problems):
            yield read


def _twice(key: str, name: str, entry: _Named, found: dict[str, _Named], problems: list[Problem]) -> bool:
    first = found.setdefault(name, entry)
    if first is not entry:
        values = {"value": name, "allowed": f"{first.source}:{first.line}"}
        problems.append(Problem("declaration.duplicate", values, Place(entry.source, entry.line, key)))
    return first is entry


@dataclass(frozen=True)
class _State:
    stamp: Stamp
    flows: Flows
    problems: tuple[Problem, ...] = ()


def _stamp(city_pack: Path | None) -> Stamp:
    """What tells that something a flow rests on has changed."""
    if city_pack is None:
        return ()
    found: list[tuple[str, int, int]] = []
    for kind, suffixes in _FOLDERS.items():
        try:
            with os.scandir(city_pack / kind) as entries:
                for entry in entries:
                    if entry.name.endswith(suffixes):
                        state = entry.stat()
                        found.append((entry.path, state.st_mtime_ns, state.st_size))
        except OSError:
            continue
    known = tuple(sorted(roles.current(city_pack)))
    return (*sorted(found), registers.current(city_pack).signature, known)


def _loaded(city_pack: Path | None, now: Stamp, last: _State | None) -> _State:
    found, problems = _assembled(city_pack)
    if not problems:
        return _State(now, found)
    if last:
        return replace(last, stamp=now, problems=tuple(problems))
    return _State(now, _sound(city_pack), tuple(problems))


def _sound(city_pack: Path | None) -> Flows:
    """What stands without the files that have mistakes."""
    left_out: set[str] = set()
    while True:
        found, problems = _assembled(city_pack, left_out)
        blamed = {problem.place.file for problem in problems if problem.place} - left_out
        if not blamed:
            return found
        left_out |= blamed


_kept = Kept(_stamp, _loaded)
