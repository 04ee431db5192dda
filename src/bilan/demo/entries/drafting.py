"""One sample entry at a time: linked, placed, filled, and put right until the register accepts it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from bilan.demo.entries import shapes
from bilan.demo.entries.hints import Hint, Plan
from bilan.demo.entries.numbers import Calendar, fitted
from bilan.demo.entries.places import Places
from bilan.demo.entries.values import Values, words_of
from bilan.demo.entries.world import Made, World
from bilan.demo.names import MARK_ZH, Name
from bilan.pack.registers import Field, FieldType, Register, Registers
from bilan.pack.registers.validation import clean
from bilan.problems import Problem

LINKED = 0.55
"""Share of optional links that are made."""
ATTEMPTS = 8
AGAIN = 4
"""Times an entry is begun anew when its values cannot be brought to fit together."""
POINTS = "monitoring-point"
"""Register that entries are linked to only when the catalogue says so."""
OWNED = {"outlet", "production-line", "treatment-facility"}
"""Registers of parts of an enterprise: what belongs to one enterprise links only to its own."""
MEASURES = {"length": {"m": 1.0, "km": 1e3}, "area": {"m2": 1.0, "hm2": 1e4, "km2": 1e6}}
"""Fields that follow from the shape on the map: name → unit → its size [m], [m²]."""
COMMON = ("name", "status", "district", "organisation")
Given = Mapping[str, Any]


@dataclass(slots=True)
class Drafted:
    """A draft that the register accepts.

    Attributes:
        code: given code; empty when the register's rule makes one.
        values: declared and common fields.
        fixed: names of those that were given.
    """

    code: str
    values: dict[str, Any]
    place: tuple[float, float] | None
    fixed: frozenset[str] = frozenset()


class Drafting:
    """Makes entries of one register."""

    def __init__(
        self,
        register: Register,
        registers: Registers,
        plan: Plan,
        world: World,
        places: Places,
        names: Iterator[Name],
        random: np.random.Generator,
        today: date,
    ) -> None:
        self.register, self._registers, self._world, self._places = register, registers, world, places
        self._names, self._random, self._today = names, random, today
        self._values = Values(register, registers, plan, random, today)
        self._kinds = self._values.kinds
        self._anchor = self._anchored()
        pattern = register.code.pattern
        one_each = (
            f"{{{self._anchor.name}}}" in pattern if self._anchor and pattern else "code" in self._kinds and bool(self._kinds["code"])
        )
        self._once = bool(self._anchor) and "{serial" not in pattern and one_each
        self._titles = {district.adcode: district.short_zh for district in places.districts}
        self._tiles: list[tuple[str, shapes.Geometry]] = []
        self._accepts = {field.name: _accepting(self._kinds.get(field.name, {}).get("link")) for field in register.links}

    def draft(self, index: int, wave: int, given: Given) -> Drafted | None:
        """Entry `index`; None when what it must link to has run out, or when no values can be found that fit together."""
        return next((found for _ in range(AGAIN) if (found := self._draft(index, wave, given))), None)

    def _draft(self, index: int, wave: int, given: Given) -> Drafted | None:
        links: dict[str, Any] = {}
        target = None
        if self._anchor and self._anchor.name not in given:
            target = self._target(self._anchor, wave, "", None)
            if target is None and self._anchor.required is True:
                return None
            if target:
                links[self._anchor.name] = target.code
        elif self._anchor:
            target = self._world.find(self._anchor.of, str(given[self._anchor.name]))
        district, place, geometry = self._placed(given, target, index)
        words = words_of(next(self._names), self._titles.get(district, ""), district)
        calendar = self._values.calendar()
        measured = self._measured(geometry)
        held: dict[str, Any] = {"status": self._values.status(index), "district": district, **links, **measured, **given}
        if target and self._anchor:
            words[self._anchor.name] = _bare(target.name)
            words["uscc"] = str(target.values.get("uscc", ""))
        self._fill(held, given, words, wave, place, index, calendar)
        held.setdefault("name", self._name(index, words, held))
        self._own(held, given)
        if not self._settle(held, given, words, index, calendar):
            return None
        if geometry:
            held["geometry"] = geometry
        code = str(held.pop("code", "") or self._code(index, words))
        return Drafted(code, held, place, frozenset({*given, *measured}))

    def _fill(
        self,
        held: dict[str, Any],
        given: Given,
        words: dict[str, str],
        wave: int,
        place: tuple[float, float] | None,
        index: int,
        calendar: Calendar,
    ) -> None:
        for field in self.register.links:
            if field.name not in held and self._linkable(field):
                self._link(field, held, words, wave, place)
        for field in self.register.fields.values():
            if field.name not in held and field.name not in given and self._values.wanted(field, held):
                found = self._values.value(field, held, index, calendar, words)
                if found is not None:
                    held[field.name] = found

    def _anchored(self) -> Field | None:
        """The link that decides where an entry lies: the required one, to an enterprise before others."""
        required = [field for field in self.register.links if field.required is True and not field.many and field.of != self.register.name]
        hinted = self._kinds["geometry"].get("place")
        if hinted and hinted.parts[0].startswith("with:"):
            return self.register.fields[hinted.parts[0][5:]]
        required.sort(key=lambda field: field.of != "enterprise")
        return required[0] if required else None

    def _linkable(self, field: Field) -> bool:
        hint = self._kinds.get(field.name, {}).get("link")
        if field.required is True:
            return True
        if field.of in {POINTS, self.register.name} or (hint and hint.parts[0] == "skip"):
            return False
        return bool(self._random.random() < (_share(hint) if hint else LINKED))

    def _link(self, field: Field, held: dict[str, Any], words: dict[str, str], wave: int, place: tuple[float, float] | None) -> None:
        amount = int(self._random.integers(1, 3)) if field.many else 1
        owner = str(held.get("enterprise") or "")
        found = [self._target(field, wave, held.get("district", ""), place, owner) for _ in range(amount)]
        made = list({entry.code: entry for entry in found if entry}.values())
        if made:
            held[field.name] = [entry.code for entry in made] if field.many else made[0].code
            words[field.name] = _bare(made[0].name)

    def _target(self, field: Field, wave: int, district: str, place: tuple[float, float] | None, owner: str = "") -> Made | None:
        accept = self._accepts[field.name]
        if field.of in OWNED and owner:
            return self._world.owned(field.of, owner, self._random)
        if field is self._anchor and self._once:
            return self._world.once(self.register.name, field.of, accept, self._random, wave)
        return self._world.choose(field.of, self._random, district=district, place=place, accept=accept, wave=wave)

    def _placed(self, given: Given, target: Made | None, index: int) -> tuple[str, tuple[float, float] | None, shapes.Geometry | None]:
        """District, place and geometry of an entry."""
        if "geometry" in given:
            place = shapes.centre(given["geometry"])
            return str(given.get("district", "")), place, given["geometry"]
        hint = self._kinds["geometry"].get("place")
        kind = hint.parts[0] if hint else ""
        size = float(hint.parts[1]) if hint and len(hint.parts) > 1 else 0.0
        if kind == "city":
            return "", None, None
        if kind == "tile":
            adcode, geometry = self._tile(int(size) or 3)
            return adcode, shapes.centre(geometry), geometry
        if target and target.place:
            adcode = target.district
            place = self._places.near(target.place, adcode, 250.0)
        else:
            adcode = str(given.get("district") or (target.district if target else "") or self._places.district(kind))
            place = self._places.place(adcode, kind)
        return adcode, place, self._shape(adcode, place, kind, size)

    def _shape(self, adcode: str, place: tuple[float, float], kind: str, size: float) -> shapes.Geometry | None:
        match self.register.geometry:
            case "none":
                return None
            case "line" if kind == "coast":
                return shapes.along_coast(self._places, adcode, place, size or 6_000.0)
            case "line":
                return shapes.walk(place, (size or 1_500.0) * self._random.uniform(0.4, 1.6), self._random)
            case "polygon" | "any" if size or self.register.geometry == "polygon":
                return shapes.blot(place, (size or 250.0) * self._random.uniform(0.5, 1.5), self._random)
        return shapes.point(place)

    def _tile(self, each: int) -> tuple[str, shapes.Geometry]:
        if not self._tiles:
            for district in self._places.districts:
                self._tiles += [(district.adcode, tile) for tile in shapes.tiles(self._places, district.adcode, each, self._random)]
            self._tiles = [self._tiles[int(place)] for place in self._random.permutation(len(self._tiles))]
        return self._tiles.pop()

    def _measured(self, geometry: shapes.Geometry | None) -> dict[str, float | int]:
        """Length of a line, area of a polygon, where the register asks for it."""
        name, size = shapes.size(geometry) if geometry else ("", 0.0)
        field = self.register.fields.get(name)
        if not field or not field.numeric or field.unit not in MEASURES[name] or "of" in self._kinds[name]:
            return {}
        return {name: fitted(field, size / MEASURES[name][field.unit])}

    def _name(self, index: int, words: Mapping[str, str], held: Mapping[str, Any]) -> str:
        hint = self._kinds["name"].get("text")
        if hint:
            choices = {name: self._title(name, held.get(name)) for name in self.register.fields}
            return MARK_ZH + self._values.text(hint, index, {**choices, **words})
        singular = self.register.singular.zh.split("（")[0]
        if self._anchor and words.get(self._anchor.name):
            return f"{MARK_ZH}{words[self._anchor.name]}{singular}{index + 1}"
        return f"{MARK_ZH}{words['district']}{words['brand']}{singular}"

    def _code(self, index: int, words: Mapping[str, str]) -> str:
        hint = self._kinds["code"].get("text")
        return self._values.text(hint, index, words) if hint else ""

    def _title(self, name: str, value: Any) -> str:
        field = self.register.fields[name]
        if field.type is not FieldType.CHOICE:
            return str(value) if isinstance(value, str | int | float) else ""
        term = self._registers.vocabularies[field.of].by_code.get(value[0] if isinstance(value, list) and value else str(value))
        return re.split("[（、/]", term.title.zh)[0] if term else ""

    def _own(self, held: dict[str, Any], given: Given) -> None:
        """An enterprise's entries are its own."""
        if self.register.name == "enterprise" and "code" in given:
            held["organisation"] = given["code"]
        elif isinstance(held.get("enterprise"), str):
            held["organisation"] = held["enterprise"]

    def _settle(self, held: dict[str, Any], given: Given, words: dict[str, str], index: int, calendar: Calendar) -> bool:
        """Put right what the register would refuse: fill what is missing, drop or draw again what does not fit."""
        for attempt in range(ATTEMPTS):
            _, problems = clean(
                self.register, self._registers, held, common={name: held.get(name, "") for name in COMMON}, today=self._today
            )
            if not problems:
                return True
            if attempt == ATTEMPTS // 2 and "status" not in given:
                held["status"] = self.register.states[0].code
            for problem in problems:
                for name in self._blamed(problem):
                    self._again(name, held, given, words, index, calendar, missing=problem.code == "entry.required")
        return False

    def _blamed(self, problem: Problem) -> list[str]:
        if problem.code == "entry.rule":
            rule = next((rule for rule, _ in self.register.rules if rule.text == problem.values["value"]), None)
            return sorted(rule.names & self.register.fields.keys()) if rule else []
        name = re.split(r"[\[.]", problem.place.column)[0] if problem.place else ""
        return [name] if name in self.register.fields else []

    def _again(
        self, name: str, held: dict[str, Any], given: Given, words: dict[str, str], index: int, calendar: Calendar, *, missing: bool
    ) -> None:
        field = self.register.fields[name]
        if name in given or field.type is FieldType.COMPUTED:
            return
        if field.type is FieldType.LINK:
            if missing:
                self._link(field, held, words, 0, None)
            return
        if field.type is FieldType.ORGANISATION:
            held[name] = held.get("district")
            return
        if not missing and field.required is not True:
            held.pop(name, None)
            if self._random.random() < 0.5:
                return
        found = self._values.value(field, held, index, calendar, words)
        if found is not None:
            held[name] = found


def _share(hint: Hint) -> float:
    return next((float(part[6:]) for part in hint.parts if part.startswith("share:")), LINKED)


def _accepting(hint: Hint | None) -> Callable[[Made], bool] | None:
    """What a target must be like: ``key_sector:ceramics/glass``."""
    tests = [part.split(":", 1) for part in hint.parts if ":" in part and not part.startswith("share:")] if hint else []
    if not tests:
        return None
    wanted = [(name, set(values.split("/"))) for name, values in tests]

    def accept(made: Made) -> bool:
        return all(str(made.values.get(name)) in values for name, values in wanted)

    return accept


def _bare(name: str) -> str:
    return name.removeprefix(MARK_ZH)
