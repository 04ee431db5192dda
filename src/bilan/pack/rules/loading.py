"""Loading all rules of a city, and keeping them current while their files change."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bilan.pack import roles
from bilan.pack.flows.loading import current as flows
from bilan.pack.keeping import Kept
from bilan.pack.loader import base, files
from bilan.pack.registers.folders import Source, Stamp
from bilan.pack.registers.folders import stamp as registers_stamp
from bilan.pack.registers.loading import current as registers
from bilan.pack.roles import FILE as ROLES
from bilan.pack.rules.model import Rules, RuleSpec
from bilan.pack.rules.reading import RULE, read_file
from bilan.problems import BilanError, Place, Problem, nearest

FOLDER = "rules"


@dataclass
class File:
    """What one file gave: its rules and what is wrong with it."""

    rules: list[RuleSpec]
    problems: list[Problem]


def load(city_pack: Path | None = None) -> Rules:
    """Load the rules of the base pack and a city's pack.

    A file of the city replaces the base pack's file of the same name; a rule of the city replaces the base pack's of the same name.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Raises:
        BilanError: with every problem of every file (file, line, value, what is allowed, the nearest match).
    """
    found, problems = _assembled(_read(city_pack), city_pack)
    if problems:
        raise BilanError(*problems)
    return found


def current(city_pack: Path | None = None) -> Rules:
    """The rules as they are now: read again when a file has changed.

    Of a file with mistakes the last good state stays; when there is none yet, the base pack's file of that name holds, or none.

    Args:
        city_pack: pack folder of the city; only the base pack without it.
    """
    return _kept.of(city_pack).rules


def faults(city_pack: Path | None = None) -> list[Problem]:
    """What is wrong with the declarations as they are now."""
    return list(_kept.of(city_pack).problems)


def check_rules(city_pack: Path | None = None) -> list[tuple[str, list[Problem]]]:
    """Every file of rules and what is wrong with it: of the base pack, or of a city's pack over it.

    A flow that does not exist is told here only: a rule that can open no case still says what is wrong.

    Args:
        city_pack: pack folder of the city; only the base pack without it.
    """
    found, problems = _assembled(_read(city_pack), city_pack)
    known = flows(city_pack).flows
    for rule in found.values():
        if rule.flow and rule.flow not in known:
            values = {"value": rule.flow, "nearest": nearest(rule.flow, known)}
            problems.append(Problem("rules.unknown_flow", values, Place(rule.source, rule.line, "flow")))
    names = {str(source): f"{FOLDER}/{source.name}" for source in _sources(city_pack).values()}
    return [(shown, [entry for entry in problems if entry.place and entry.place.file == name]) for name, shown in names.items()]


def _sources(city_pack: Path | None) -> dict[str, Source]:
    own = files(city_pack / FOLDER, ".yaml") if city_pack else []
    return {source.name: source for source in (*files(base(FOLDER), ".yaml"), *own)}


def _read(city_pack: Path | None) -> dict[str, File]:
    known, allowed = registers(city_pack).registers, roles.current(city_pack)
    return {str(source): File(*read_file(source, known, allowed)) for source in _sources(city_pack).values()}


def _assembled(read: Mapping[str, File], city_pack: Path | None) -> tuple[dict[str, RuleSpec], list[Problem]]:
    """Put the rules of all files together, the city's over the base pack's, and check them beside each other."""
    own = str(city_pack) if city_pack else "\0"
    found: dict[str, RuleSpec] = {}
    problems = [problem for file in read.values() for problem in file.problems]
    for file in sorted(read.values(), key=lambda file: bool(file.rules) and file.rules[0].source.startswith(own)):
        for rule in file.rules:
            first = found.get(rule.rule)
            if first and first.source.startswith(own) == rule.source.startswith(own):
                values = {"value": rule.rule, "allowed": f"{first.source}:{first.line}"}
                problems.append(Problem("rules.duplicate", values, Place(rule.source, rule.line, "rule")))
            found[rule.rule] = rule
    for rule in found.values():
        name = rule.cause.removeprefix(RULE) if rule.cause.startswith(RULE) else ""
        if name and name not in found:
            values = {"value": name, "nearest": nearest(name, found)}
            problems.append(Problem("rules.unknown_rule", values, Place(rule.source, rule.line, "cause")))
    return found, sorted(problems, key=Problem.position)


@dataclass(frozen=True)
class _State:
    stamp: Stamp = ()
    rules: Rules = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    good: Mapping[str, File] = field(default_factory=dict)
    """Path of a file → its last good state."""


def _stamp(city_pack: Path | None) -> Stamp:
    found = list(registers_stamp(city_pack))
    if city_pack:
        for path in (city_pack / FOLDER, city_pack / ROLES):
            try:
                entries = list(os.scandir(path)) if path.is_dir() else []
                states = [(entry.path, entry.stat()) for entry in entries if entry.name.endswith(".yaml")]
                states += [(str(path), path.stat())] if path.is_file() else []
            except OSError:
                continue
            found += [(name, state.st_mtime_ns, state.st_size) for name, state in states]
    return tuple(sorted(found))


def _loaded(city_pack: Path | None, now: Stamp, last: _State | None) -> _State:
    before = last.good if last else {}
    read = _read(city_pack)
    standing, doubted = dict(read), set[str]()
    found, problems = _assembled(standing, city_pack)
    wrong = problems
    while blamed := {problem.place.file for problem in wrong if problem.place} & standing.keys():
        for path in blamed:
            good = None if path in doubted else before.get(path)
            del standing[path]
            standing |= {path: good} if good else _of_base(path, standing, city_pack)
        doubted |= blamed
        found, wrong = _assembled(standing, city_pack)
    kept = {path: file for path, file in before.items() if path in read}
    fresh = {path: file for path, file in standing.items() if file is read.get(path)}
    return _State(now, found, tuple(problems), kept | fresh)


def _of_base(path: str, standing: Mapping[str, File], city_pack: Path | None) -> dict[str, File]:
    """The base pack's file of the same name, which stands for a city's that cannot be used."""
    source = base(FOLDER).joinpath(Path(path).name)
    if str(source) == path or str(source) in standing or not source.is_file():
        return {}
    return {str(source): File(*read_file(source, registers(city_pack).registers, roles.current(city_pack)))}


_kept = Kept(_stamp, _loaded)
