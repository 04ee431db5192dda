"""What an entry refers to, and what it may not share: link targets and unique values, looked up for a whole batch at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from bilan.pack.registers import Register
from bilan.problems import Place, Problem, nearest
from bilan.registers.computing import codes_of
from bilan.registers.models import Entry
from bilan.registers.portions import portions
from bilan.registers.stored import Stored


class Targets:
    """Entries that a batch points to.

    Args:
        register: whose entries are written.
        datas: cleaned data of the whole batch.
    """

    def __init__(self, register: Register, datas: Iterable[Mapping[str, Any]]) -> None:
        self._register = register
        wanted: dict[str, set[str]] = defaultdict(set)
        for data in datas:
            for field in register.links:
                wanted[field.of].update(codes_of(data.get(field.name)))
        self.numbers: dict[tuple[str, str], int] = {}
        for name, codes in wanted.items():
            for part in portions(sorted(codes)):
                found = Entry.objects.filter(register=name, code__in=part).values_list("code", "pk")
                self.numbers.update({(name, code): number for code, number in found})

    def problems(self, data: Mapping[str, Any], own: set[str], place: Place) -> list[Problem]:
        """Links of one entry that lead nowhere; `own` are codes of the same register written in the same batch."""
        found = []
        for field in self._register.links:
            for code in codes_of(data.get(field.name)):
                if (field.of, code) in self.numbers or (field.of == self._register.name and code in own):
                    continue
                near = Entry.objects.filter(register=field.of, code__startswith=code[:3]).values_list("code", flat=True)[:200]
                values = {"field": field.title.zh, "value": code, "register": field.of, "nearest": nearest(code, near)}
                found.append(Problem("registers.unknown_target", values, Place(place.file, place.row, field.name)))
        return found


class Uniques:
    """Values that no two entries of a register may share."""

    def __init__(self, register: Register, datas: Iterable[Mapping[str, Any]]) -> None:
        self._fields = [entry for entry in register.fields.values() if entry.unique]
        self._owners: dict[tuple[str, str], str] = {}
        held = list(datas) if self._fields else []
        for field in self._fields:
            values = {str(data[field.name]) for data in held if data.get(field.name) not in (None, "")}
            stored = Stored(field.name)
            for part in portions(sorted(values)):
                rows = Entry.objects.filter(register=register.name, archived=False).annotate(held=stored).filter(held__in=part)
                self._owners.update({(field.name, str(value)): code for value, code in rows.values_list("held", "code")})

    def problems(self, data: Mapping[str, Any], code: str, place: Place) -> list[Problem]:
        """Values that belong to another entry; those of this one are noted for the rest of the batch."""
        found = []
        for field in self._fields:
            value = data.get(field.name)
            if value in (None, ""):
                continue
            owner = self._owners.setdefault((field.name, str(value)), code)
            if owner != code:
                values = {"field": field.title.zh, "value": value, "other": owner}
                found.append(Problem("registers.not_unique", values, Place(place.file, place.row, field.name)))
        return found
