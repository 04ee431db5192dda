"""Filling the registers of the demo city through the write service."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from bilan.casework.evaluating.limits import publish
from bilan.demo.districts import districts
from bilan.demo.entries.catalogue import ANCHORS, Catalogue
from bilan.demo.entries.drafting import Drafted, Drafting
from bilan.demo.entries.enterprises import enterprises
from bilan.demo.entries.hints import listed, read_plan
from bilan.demo.entries.history import CHANGES, REASONS, WAVES, changes, wave_of
from bilan.demo.entries.order import filling_order
from bilan.demo.entries.permits import discharge_permits
from bilan.demo.entries.places import Places
from bilan.demo.entries.world import Made, World
from bilan.demo.names import brands
from bilan.demo.progress import Progress
from bilan.pack.city import City
from bilan.pack.registers import Register
from bilan.problems import BilanError
from bilan.registers.declared import declared
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write
from bilan.telemetry import clock
from bilan.telemetry.store import Store

REASON = "演示数据 demo data"
MAKERS = {**ANCHORS, "enterprise": enterprises, "discharge-permit": discharge_permits}
LATE = timedelta(days=2)
"""After the first wave, links to registers that were filled later are made."""
REVISED = 0.12
"""Share of the work that making changes is, for the progress bar."""


def fill(city: City, progress: Progress, seed: int = 0, counts: Mapping[str, int] | None = None) -> int:
    """Fill every register that the pack plans entries for and that is empty.

    Parameters:
        city: a demo city whose databases are up to date.
        seed: what everything depends on.
        counts: register → number of entries, instead of what the pack plans.

    Returns:
        How many entries were made.

    Raises:
        BilanError: the write service refuses what was made.
    """
    made = _Filling(city, progress, seed, counts).run()
    store = Store.open(city)
    publish(store, clock.now(city.timezone))
    store.close()
    return made


class _Filling:
    def __init__(self, city: City, progress: Progress, seed: int, counts: Mapping[str, int] | None) -> None:
        self._progress, self._seed = progress, seed
        self._declared, self._now = declared(), timezone.now()
        plan = read_plan()
        self._plan = replace(plan, counts=dict(counts)) if counts else plan
        self._world = World()
        self._places = Places(districts(), np.random.default_rng((seed, 11)))
        store = Store.open(city)
        self._points, self._devices = store.catalogue.points(), store.catalogue.devices()
        store.close()
        self._made: dict[str, list[Made]] = {}

    def run(self) -> int:
        planned = [name for name in self._plan.counts if name in self._declared.registers]
        order = filling_order(self._declared, planned)
        late: dict[str, list[Draft]] = {}
        for place, name in enumerate(order):
            self._progress((1 - REVISED) * place / len(order), name)
            standing = [made_of(entry) for entry in Entry.objects.filter(register=name, archived=False)]
            if standing:
                self._world.add(name, standing)
            else:
                self._register(name, set(order[place + 1 :]), late)
        for name, drafts in late.items():
            self._write(name, drafts, Author.platform(REASON, self._ago(WAVES[0]) + LATE))
        self._revise(order)
        return sum(len(made) for made in self._made.values())

    def _register(self, name: str, later: set[str], late: dict[str, list[Draft]]) -> None:
        register, count = self._declared.registers[name], self._plan.counts[name]
        random = np.random.default_rng((self._seed, zlib.crc32(name.encode())))
        names = brands(random)
        drafting = Drafting(register, self._declared, self._plan, self._world, self._places, names, random, timezone.localdate())
        catalogue = Catalogue(self._points, self._devices, self._places, names, random)
        rows: list[dict[str, Any]] = [*listed(name)]
        given = list(MAKERS[name](catalogue, count)) if name in MAKERS else rows + [{}] * (count - len(rows))
        drafted: list[list[Drafted]] = [[] for _ in WAVES]
        for index, values in enumerate(given):
            now, after = _split(register, values, later, self._world)
            wave = 0 if "code" in values or after else wave_of(index, len(given))
            found = drafting.draft(index, wave, now)
            if found:
                drafted[wave].append(found)
                if after and found.code:
                    late.setdefault(name, []).append(Draft(after, code=found.code))
        for wave, entries in enumerate(drafted):
            if entries:
                self._add(name, entries, wave)

    def _add(self, name: str, entries: Sequence[Drafted], wave: int) -> None:
        drafts = [Draft(entry.values, code=entry.code, new=bool(entry.code)) for entry in entries]
        codes = self._write(name, drafts, Author.platform(REASON, self._ago(WAVES[wave])))
        made = [
            Made(code, str(entry.values["name"]), str(entry.values.get("district", "")), entry.place, entry.values, wave, entry.fixed)
            for code, entry in zip(codes, entries, strict=True)
            if code
        ]
        self._world.add(name, made)
        self._made.setdefault(name, []).extend(made)

    def _revise(self, order: Sequence[str]) -> None:
        random = np.random.default_rng((self._seed, 13))
        for number, (days, reason) in enumerate(zip(CHANGES, REASONS, strict=True)):
            self._progress(1 - REVISED + REVISED * number / len(CHANGES), reason)
            for name in order:
                register = self._declared.registers[name]
                standing = [made for made in self._made.get(name, []) if WAVES[made.wave] > days]
                changed = changes(register, self._declared, standing, self._plan, random, timezone.localdate())
                drafts = [Draft(change, code=made.code) for made, change in changed]
                if drafts:
                    self._write(name, drafts, Author.platform(f"{reason}（{REASON}）", self._ago(days)))

    def _write(self, name: str, drafts: Sequence[Draft], author: Author) -> list[str]:
        """Write drafts; the codes they have now, empty where one was refused (another has the same code or unique value)."""
        outcome = write(name, drafts, author, accept="rows")
        if len(outcome.refused) == len(drafts):
            raise BilanError(*(problem for result in outcome.refused[:5] for problem in result.problems))
        return ["" if result.problems else result.code for result in outcome.results]

    def _ago(self, days: int) -> Any:
        return self._now - timedelta(days=days)


def made_of(entry: Entry) -> Made:
    """An entry that stands already, for others to link to."""
    place = None if entry.lon is None or entry.lat is None else (entry.lon, entry.lat)
    return Made(entry.code, entry.name, entry.district, place, {**entry.data, "status": entry.status})


def _split(register: Register, values: dict[str, Any], later: set[str], world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values that can be written now, and links to registers that are filled later; links to registers without entries are left out."""
    linked = {field.name: field.of for field in register.links if values.get(field.name)}
    after = {name: values[name] for name, of in linked.items() if of in later}
    gone = {name for name, of in linked.items() if name not in after and of != register.name and not world.entries[of]}
    return {name: value for name, value in values.items() if name not in after and name not in gone}, after
