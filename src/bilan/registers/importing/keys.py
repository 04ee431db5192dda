"""Which entry a row is about: by code, by a unique field, or by name and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilan.pack.registers import Register
from bilan.problems import Place, Problem
from bilan.registers.ledger import Ledger
from bilan.registers.portions import portions
from bilan.registers.stored import Stored

_SAME_PLACE = 1e-4
"""Entries of the same name are told apart by their place when it differs by more [deg]."""
_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that is there, as far as a row is compared with it."""

    code: str
    name: str
    lon: float | None
    lat: float | None
    data: dict[str, Any]


def chosen_key(register: Register, mapped: Sequence[str], wanted: str) -> str:
    """The column that finds entries: the one asked for when it is there, else code, unique field, name."""
    if wanted and wanted in mapped:
        return wanted
    if "code" in mapped:
        return "code"
    unique = next((name for name, field in register.fields.items() if field.unique and name in mapped), "")
    return unique or ("name" if "name" in mapped else "")


class Keys:
    """Entries that rows may be about, looked up for all rows at once.

    Args:
        ledger: entries the reader may see; others are not found, and cannot be changed either.
        key: ``code``, ``name`` or a field.
        texts: every key of the file.
    """

    def __init__(self, ledger: Ledger, register: Register, key: str, texts: Sequence[str]) -> None:
        self.key = key
        self._found: dict[str, list[Standing]] = defaultdict(list)
        base = ledger.visible([register]).filter(archived=False)
        if key not in ("code", "name"):
            base = base.annotate(held=Stored(key))
        column = key if key in ("code", "name") else "held"
        for part in portions(sorted(set(texts))):
            rows = base.filter(**{f"{column}__in": part}).values_list(column, "code", "name", "lon", "lat", "data")
            for value, code, name, lon, lat, data in rows:
                self._found[str(value)].append(Standing(code, name, lon, lat, data))

    def entry(self, text: str, point: tuple[float, float] | None, place: Place) -> Standing | Problem | None:
        """The entry with this key; None when there is none, a problem when several cannot be told apart."""
        found = self._found.get(text, [])
        if len(found) > 1 and point is not None:
            near = [entry for entry in found if _near(entry, point)]
            found = near or found
        if len(found) > 1:
            codes = sorted(entry.code for entry in found)
            return Problem("import.ambiguous", {"value": text, "count": len(codes), "nearest": codes[:_CANDIDATES]}, place)
        return found[0] if found else None


def _near(entry: Standing, point: tuple[float, float]) -> bool:
    if entry.lon is None or entry.lat is None:
        return False
    return abs(entry.lon - point[0]) <= _SAME_PLACE and abs(entry.lat - point[1]) <= _SAME_PLACE
