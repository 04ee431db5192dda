"""Rows that look like something that is there already, or like each other: noted, not refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import cos, radians

from bilan.pack.registers import Register
from bilan.problems import Place, Problem
from bilan.registers.importing.drafts import Row
from bilan.registers.ledger import Ledger
from bilan.registers.portions import portions

NEAR = 50.0
"""Entries this close [m] may be the same."""
_METRES = 111_320.0
_CELL = NEAR / _METRES
_LISTED = 3


def note_likeness(rows: Sequence[Row], register: Register, ledger: Ledger, file: str) -> None:
    """Note new rows of the same name or at the same place as entries, and rows of the same name as earlier ones."""
    fresh = [row for row in rows if row.standing is None]
    if "name" in register.duplicates:
        _within_file(fresh, file)
        _by_name(fresh, register, ledger, file)
    if "place" in register.duplicates and register.mapped:
        _by_place([row for row in fresh if row.point], register, ledger, file)


def _name(row: Row) -> str:
    return " ".join(str(row.draft.values.get("name") or "").split())


def _within_file(rows: Sequence[Row], file: str) -> None:
    first: dict[str, int] = {}
    for row in rows:
        name = _name(row)
        if name and first.setdefault(name, row.row) != row.row:
            row.notes.append(Problem("import.same_name", {"value": name, "other": first[name]}, Place(file, row.row)))


def _by_name(rows: Sequence[Row], register: Register, ledger: Ledger, file: str) -> None:
    names = sorted({name for row in rows if (name := _name(row))})
    base = ledger.visible([register]).filter(archived=False)
    known: dict[str, list[str]] = defaultdict(list)
    for part in portions(names):
        for code, name in base.filter(name__in=part).values_list("code", "name"):
            known[name].append(code)
    for row in rows:
        codes = known.get(_name(row))
        if codes:
            row.notes.append(Problem("import.name_exists", {"nearest": codes[:_LISTED]}, Place(file, row.row)))


def _by_place(rows: Sequence[Row], register: Register, ledger: Ledger, file: str) -> None:
    if not rows:
        return
    base = ledger.visible([register]).filter(archived=False, lon__isnull=False)
    grid: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
    for lon, lat, code in base.values_list("lon", "lat", "code").iterator():
        grid[_cell(lon, lat)].append((lon, lat, code))
    for row in rows:
        if not grid or row.point is None:
            return
        x, y = _cell(*row.point)
        around = (entry for dx in (-2, -1, 0, 1, 2) for dy in (-1, 0, 1) for entry in grid.get((x + dx, y + dy), ()))
        near = [code for lon, lat, code in around if _metres(row.point, lon, lat) <= NEAR]
        if near:
            row.notes.append(Problem("import.place_exists", {"nearest": near[:_LISTED]}, Place(file, row.row)))


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return int(lon // _CELL), int(lat // _CELL)


def _metres(point: tuple[float, float], lon: float, lat: float) -> float:
    east = (lon - point[0]) * cos(radians(lat))
    return float(_METRES * (east**2 + (lat - point[1]) ** 2) ** 0.5)
