"""Loading all registers of a city, and keeping them current while their files change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from bilan.pack.keeping import Kept
from bilan.pack.registers.folders import CHOICES, LISTS, REGISTERS, ZONES, Files, Source, Stamp, base_files, city_files, remembered, stamp
from bilan.pack.registers.lists import read_list
from bilan.pack.registers.model import Group, ListRule, Register, Registers, Vocabulary
from bilan.pack.registers.reading import Read, read_register
from bilan.pack.registers.references import check_list, check_references
from bilan.pack.registers.vocabularies import NETWORKS, network_vocabulary, read_groups, read_vocabulary
from bilan.problems import BilanError, Place, Problem


def load(city_pack: Path | None = None) -> Registers:
    """Load the registers of the base pack and a city's pack.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Raises:
        BilanError: with every problem of every file (file, line, value, what is allowed, the nearest match).
    """
    found, problems = assemble(city_files(city_pack).over(_base()))
    if problems:
        raise BilanError(*problems)
    return found


def current(city_pack: Path | None = None) -> Registers:
    """The registers as they are now: loaded again when a file of the city's pack has changed.

    While the files have mistakes the last good state stays; when there is none yet, the files with mistakes are left out.

    Args:
        city_pack: pack folder of the city; only the base pack without it.
    """
    return _kept.of(city_pack).registers


def faults(city_pack: Path | None = None) -> list[Problem]:
    """What is wrong with the declarations as they are now."""
    return list(_kept.of(city_pack).problems)


def assemble(files: Files) -> tuple[Registers, list[Problem]]:
    """Read these files, and say what is wrong with them.

    Returns:
        What could be read, to be used only when nothing is wrong; every problem.
    """
    problems: list[Problem] = []
    vocabularies = {NETWORKS: network_vocabulary(), **_vocabularies(files, problems)}
    groups = _groups(files, problems)
    reads = _reads(files, problems)
    for read in reads.values():
        check_references(read, reads, vocabularies, groups)
        problems += read.problems
    registers = {name: read.register for name, read in reads.items()}
    lists = _lists(files, registers, vocabularies, problems)
    return Registers(registers, vocabularies, groups, lists, files.digest()), sorted(problems, key=Problem.position)


def _vocabularies(files: Files, problems: list[Problem]) -> dict[str, Vocabulary]:
    found: dict[str, Vocabulary] = {}
    for source in files.declared.get(CHOICES, {}).values():
        with _noting(problems):
            vocabulary, noted = remembered(_vocabularies_read, source, _vocabulary)
            found[vocabulary.name] = vocabulary
            problems += noted
    return found


def _vocabulary(source: Source) -> tuple[Vocabulary, list[Problem]]:
    problems: list[Problem] = []
    return read_vocabulary(source, problems), problems


_vocabularies_read: dict[str, tuple[Vocabulary, list[Problem]]] = {}
_registers_read: dict[str, Read] = {}
_READERS: dict[str, Callable[[Source], Read]] = {REGISTERS: read_register, ZONES: partial(read_register, zone=True)}


def _groups(files: Files, problems: list[Problem]) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for source in files.groups:
        with _noting(problems):
            found |= read_groups(source, problems)
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def _reads(files: Files, problems: list[Problem]) -> dict[str, Read]:
    found: dict[str, Read] = {}
    for folder, reader in _READERS.items():
        for source in files.declared.get(folder, {}).values():
            with _noting(problems):
                read = remembered(_registers_read, source, reader).apart()
                first = found.setdefault(read.register.name, read)
                if first is not read:
                    values = {"value": read.register.name, "allowed": f"{first.register.source}:{first.register.line}"}
                    problems.append(Problem("declaration.duplicate", values, Place(str(source), read.register.line, "register")))
    return found


def _lists(
    files: Files, registers: dict[str, Register], vocabularies: dict[str, Vocabulary], problems: list[Problem]
) -> dict[str, ListRule]:
    found: dict[str, ListRule] = {}
    for source in files.declared.get(LISTS, {}).values():
        with _noting(problems):
            rule = read_list(source, registers, problems)
            found[rule.name] = rule
            problems += check_list(rule, str(source), registers, vocabularies)
    return found


@contextmanager
def _noting(problems: list[Problem]) -> Iterator[None]:
    """Note what a file cannot be read for, and go on with the next one."""
    try:
        yield
    except BilanError as error:
        problems += error.problems


@dataclass(frozen=True)
class _State:
    stamp: Stamp
    registers: Registers
    problems: tuple[Problem, ...] = ()


_base = cache(base_files)


def _loaded(city_pack: Path | None, now: Stamp, last: _State | None) -> _State:
    files = city_files(city_pack)
    found, problems = assemble(files.over(_base()))
    if not problems:
        return _State(now, found)
    if last:
        return replace(last, stamp=now, problems=tuple(problems))
    return _State(now, _sound(files), tuple(problems))


def _sound(files: Files) -> Registers:
    """What stands without the files that have mistakes."""
    left_out: set[str] = set()
    while True:
        found, problems = assemble(files.without(left_out).over(_base().without(left_out)))
        blamed = {problem.place.file for problem in problems if problem.place} - left_out
        if not blamed:
            return found
        left_out |= blamed


_kept = Kept(stamp, _loaded)
