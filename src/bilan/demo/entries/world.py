"""Entries that have been made so far, for others to link to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bilan.tabular.places.coordinates import Lines

NEAREST = 4
"""Of how many nearest entries one is drawn."""


@dataclass(slots=True)
class Made:
    """An entry that was made.

    Attributes:
        wave: number of the wave it was written in; a link never points to a later one.
        fixed: names of the values that follow from elsewhere and never change.
    """

    code: str
    name: str
    district: str = ""
    place: tuple[float, float] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    wave: int = 0
    fixed: frozenset[str] = frozenset()


class World:
    """What stands in the demo city's registers."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Made]] = defaultdict(list)
        self._by_district: dict[str, dict[str, list[Made]]] = {}
        self._by_code: dict[str, dict[str, Made]] = {}
        self._by_owner: dict[str, dict[str, list[Made]]] = {}
        self._arrays: dict[tuple[str, str, int], tuple[list[Made], Lines]] = {}
        self._taken: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._accepted: dict[tuple[str, str, Callable[[Made], bool] | None, int], list[Made]] = {}

    def add(self, register: str, made: list[Made]) -> None:
        """Note new entries."""
        self.entries[register] += made
        self._by_district.pop(register, None)
        self._by_code.pop(register, None)
        self._by_owner.pop(register, None)
        self._arrays = {key: held for key, held in self._arrays.items() if key[0] != register}
        self._accepted = {key: held for key, held in self._accepted.items() if key[0] != register}

    def find(self, register: str, code: str) -> Made | None:
        """The entry with a code."""
        if register not in self._by_code:
            self._by_code[register] = {made.code: made for made in self.entries[register]}
        return self._by_code[register].get(code)

    def choose(
        self,
        register: str,
        random: np.random.Generator,
        *,
        district: str = "",
        place: tuple[float, float] | None = None,
        accept: Callable[[Made], bool] | None = None,
        wave: int = 99,
    ) -> Made | None:
        """An entry to link to: one of the nearest, else one of the same district, else any."""
        if place is not None and not accept:
            return self._near(register, place, random, district, wave)
        for where in (district, ""):
            usable = self._usable(register, where, accept, wave)
            if usable:
                return usable[int(random.integers(len(usable)))]
        return None

    def _usable(self, register: str, district: str, accept: Callable[[Made], bool] | None, wave: int) -> list[Made]:
        key = (register, district, accept, wave)
        if key not in self._accepted:
            pool = self._districts(register).get(district, []) if district else self.entries[register]
            self._accepted[key] = [made for made in pool if made.wave <= wave and (accept is None or accept(made))]
        return self._accepted[key]

    def owned(self, register: str, enterprise: str, random: np.random.Generator) -> Made | None:
        """An entry of an enterprise; None when it has none."""
        if register not in self._by_owner:
            found: dict[str, list[Made]] = defaultdict(list)
            for made in self.entries[register]:
                found[str(made.values.get("enterprise"))].append(made)
            self._by_owner[register] = found
        own = self._by_owner[register].get(enterprise, [])
        return own[int(random.integers(len(own)))] if own else None

    def once(self, owner: str, register: str, accept: Callable[[Made], bool] | None, random: np.random.Generator, wave: int) -> Made | None:
        """An entry that the register `owner` has not linked to yet."""
        taken, usable = self._taken[owner, register], self._usable(register, "", accept, wave)
        for _ in range(len(usable) * 4):
            made = usable[int(random.integers(len(usable)))]
            if made.code not in taken:
                taken.add(made.code)
                return made
        return None

    def _near(self, register: str, place: tuple[float, float], random: np.random.Generator, district: str, wave: int) -> Made | None:
        for where in (district, ""):
            made, at = self._placed(register, where, wave)
            if made:
                gaps = np.hypot(*(at - np.array(place)).T)
                nearest = np.argsort(gaps)[: min(NEAREST, len(made))] if len(made) > 1 else [0]
                weights = 1.0 / (np.arange(len(nearest)) + 1.0) ** 2
                return made[int(nearest[int(random.choice(len(nearest), p=weights / weights.sum()))])]
        return self.choose(register, random, district=district, wave=wave)

    def _placed(self, register: str, district: str, wave: int) -> tuple[list[Made], Lines]:
        key = (register, district, wave)
        if key not in self._arrays:
            pool = self._districts(register).get(district, []) if district else self.entries[register]
            made = [entry for entry in pool if entry.place and entry.wave <= wave]
            self._arrays[key] = made, np.array([entry.place for entry in made], dtype=float).reshape(len(made), 2)
        return self._arrays[key]

    def _districts(self, register: str) -> dict[str, list[Made]]:
        if register not in self._by_district:
            found: dict[str, list[Made]] = defaultdict(list)
            for made in self.entries[register]:
                found[made.district].append(made)
            self._by_district[register] = found
        return self._by_district[register]
