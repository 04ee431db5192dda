"""The counties and towns of a city, as they are and as they were: codes change, and what was recorded under an old one stays findable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bilan.pack.areas import BOUNDARIES, areas
from bilan.pack.city import City
from bilan.pack.loader import read_csv
from bilan.pack.schema import settle
from bilan.problems import BilanError, Place, Problem, nearest

FILE = "districts.csv"
COLUMNS = ("code", "zh", "en", "parent", "valid_from", "valid_to", "successors")
COUNTY, TOWN = 6, 9
"""Digits of a county's and of a town's code."""


@dataclass(frozen=True, slots=True)
class District:
    """A county or a town.

    Attributes:
        code: six digits for a county, nine for a town.
        parent: code of the city, or of the town's county.
        valid_from, valid_to: ISO dates between which it was; empty for open.
        successors: codes of what it was merged into or divided into; none while it is.
    """

    code: str
    name_zh: str
    name_en: str
    parent: str
    valid_from: str = ""
    valid_to: str = ""
    successors: tuple[str, ...] = ()

    @property
    def town(self) -> bool:
        """Whether it is a town."""
        return len(self.code) == TOWN

    def name(self, language: str) -> str:
        """Name in a language (``zh-hans`` or ``en``)."""
        return self.name_en or self.name_zh if language == "en" else self.name_zh

    def stood(self, day: str) -> bool:
        """Whether it was there on an ISO date."""
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)


@dataclass(frozen=True)
class Districts:
    """The tree of a city's districts."""

    by_code: Mapping[str, District]

    def counties(self, day: str = "") -> list[District]:
        """Counties in the order of their codes; those that stood on `day`, all of them without one."""
        return [entry for entry in self.by_code.values() if not entry.town and (not day or entry.stood(day))]

    def towns(self, county: str = "", day: str = "") -> list[District]:
        """Towns in the order of their codes, of one county or of all; those that stood on `day`, all of them without one."""
        found = [entry for entry in self.by_code.values() if entry.town and (not county or entry.parent == county)]
        return [entry for entry in found if not day or entry.stood(day)]

    def name(self, code: str, language: str) -> str:
        """Name of a district; the code itself when there is none."""
        found = self.by_code.get(code)
        return found.name(language) if found else code

    def with_predecessors(self, codes: Iterable[str]) -> frozenset[str]:
        """These districts with all that became them, however long ago.

        Examples:
            >>> tree = Districts({"350501": District("350501", "旧区", "", "350500", successors=("350502",))})
            >>> sorted(tree.with_predecessors(["350502"]))
            ['350501', '350502']
        """
        found, fresh = set(codes), set(codes)
        while fresh:
            fresh = {before for code in fresh for before in self._before.get(code, ())} - found
            found |= fresh
        return frozenset(found)

    @cached_property
    def _before(self) -> dict[str, list[str]]:
        before: dict[str, list[str]] = {}
        for entry in self.by_code.values():
            for successor in entry.successors:
                before.setdefault(successor, []).append(entry.code)
        return before


def read_districts(source: Path) -> dict[str, District]:
    """Read a city's ``districts.csv``: code, zh, en, parent, valid_from, valid_to, successors (codes separated by spaces).

    Raises:
        BilanError: with every mistake and its line.
    """
    found: dict[str, District] = {}
    problems: list[Problem] = []
    rows = read_csv(source, COLUMNS)
    codes = [row["code"] for row in rows]
    for line, row in enumerate(rows, 2):
        code, successors = row["code"].strip(), tuple(row["successors"].split())
        if not (code.isascii() and code.isdigit() and len(code) in (COUNTY, TOWN)):
            values = {"key": "code", "value": code, "allowed": f"{COUNTY} / {TOWN} digits"}
            problems.append(Problem("pack.wrong_value", values, Place(str(source), line, "code")))
        if code in found:
            problems.append(Problem("pack.duplicate", {"value": code}, Place(str(source), line, "code")))
        for successor in successors:
            if len(successor) != len(code) or successor == code:
                near = nearest(successor, [other for other in codes if len(other) == len(code) and other != code])
                told: dict[str, object] = {"value": successor, "allowed": [f"{len(code)} digits"], "nearest": near}
                problems.append(Problem("value.unknown_choice", told, Place(str(source), line, "successors")))
        parent = row["parent"].strip() or (code[:COUNTY] if len(code) == TOWN else "")
        found[code] = District(code, row["zh"].strip(), row["en"].strip(), parent, row["valid_from"], row["valid_to"], successors)
    settle(problems)
    return found


def load(city: City) -> Districts:
    """The districts of the city's boundaries with those of its ``pack/districts.csv``, which says more of the same or adds.

    Raises:
        BilanError: the table is wrong.
    """
    drawn = {area.adcode: District(area.adcode, area.name_zh, area.name_en, city.adcode) for area in areas(city) if not area.city}
    own = city.pack / FILE
    found = drawn | (read_districts(own) if own.is_file() else {})
    return Districts(dict(sorted(found.items())))


def current(city: City) -> Districts:
    """The districts as they stand now: read again whenever a file changes; while one is wrong, the last good ones stand."""
    signature = tuple(_state(path) for path in (city.folder / BOUNDARIES, city.pack / FILE))
    kept = _kept.get(city.folder)
    if kept is None or kept[0] != signature:
        try:
            tree = load(city)
        except BilanError:
            tree = kept[1] if kept else Districts({})
        kept = _kept[city.folder] = (signature, tree)
    return kept[1]


_kept: dict[Path, tuple[tuple[tuple[int, int], ...], Districts]] = {}


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
