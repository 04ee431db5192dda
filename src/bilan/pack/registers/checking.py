"""What is wrong with the registers of a city, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bilan.pack.flow import FILE as FLOW
from bilan.pack.flow import rules as flow_rules
from bilan.pack.registers.folders import FOLDERS, GROUPS, Source, base_files, city_files
from bilan.pack.registers.loading import assemble
from bilan.pack.registers.model import Registers
from bilan.problems import BilanError, Place, Problem, nearest


def check_registers(city_pack: Path | None = None) -> Iterator[tuple[str, list[Problem]]]:
    """Check every register, zone, list and vocabulary of the base pack, or of a city's pack over it.

    Yields:
        Name of each file and what is wrong with it; with a city, its own files and those of the base pack that it breaks.
    """
    own = city_files(city_pack)
    registers, problems = assemble(own.over(base_files()))
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.place.file if problem.place else "", []).append(problem)
    for source in own.paths() if city_pack else base_files().paths():
        yield _short(source), by_file.pop(str(source), [])
    yield from by_file.items()
    yield f"flow/{FLOW}", _flow(registers, city_pack)
    for path, suffix in _strange(city_pack) if city_pack else ():
        values = {"value": path.name, "allowed": suffix, "nearest": f"{path.stem}{suffix}"}
        yield str(path), [Problem("pack.wrong_ending", values, Place(str(path)))]


def _flow(registers: Registers, city_pack: Path | None) -> list[Problem]:
    """Links that the directions of flow name and that no register has."""
    try:
        rules = flow_rules(city_pack)
    except BilanError as error:
        return list(error.problems)
    found: list[Problem] = []
    for rule in rules:
        for name in {rule.register, rule.target} - {"*", *registers.registers}:
            found.append(_unknown("declaration.unknown_register", name, registers.registers))
        fields = registers.registers[rule.register].fields if rule.register in registers.registers else None
        if fields is not None and rule.field not in {"*", *fields}:
            found.append(_unknown("declaration.unknown_field", rule.field, fields))
    return found


def _unknown(code: str, value: str, allowed: Mapping[str, object]) -> Problem:
    return Problem(code, {"value": value, "allowed": sorted(allowed)[:40], "nearest": nearest(value, allowed)}, Place(f"flow/{FLOW}"))


def _short(source: Source) -> str:
    parts = Path(str(source)).parts
    return "/".join(parts[-3:] if parts[-2] == "choices" else parts[-2:])


_ENDINGS = {".yml", ".yaml", ".csv", ".txt", ".json", ".xlsx"}


def _strange(city_pack: Path) -> Iterator[tuple[Path, str]]:
    """Files that look like declarations and are not read because their names end otherwise."""
    for folder, suffix in FOLDERS.items():
        at = city_pack / folder
        for entry in sorted(at.iterdir()) if at.is_dir() else ():
            if entry.suffix in _ENDINGS - {suffix} and entry != city_pack / GROUPS:
                yield entry, suffix
