"""Entries of every register can be made up so that the register accepts them."""

from __future__ import annotations

import zlib
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from bilan.demo.districts import districts
from bilan.demo.entries.drafting import Drafted, Drafting
from bilan.demo.entries.hints import listed, read_plan
from bilan.demo.entries.order import filling_order
from bilan.demo.entries.people import social_credit_code
from bilan.demo.entries.places import Places
from bilan.demo.entries.world import Made, World
from bilan.demo.names import MARK_ZH, brands
from bilan.pack.registers.loading import load
from bilan.pack.registers.validation import clean
from bilan.pack.registers.values.checks import uscc

EACH = 4
SECTORS = ("ceramics", "leather", "shoes", "coating", "chemical", "printing", "petrochemical", "foundry")
"""Sectors that other registers look for among enterprises."""
GIVEN: dict[str, list[dict[str, Any]]] = {
    "enterprise": [{"key_sector": sector, "permit_category": "key"} for sector in SECTORS],
    "outlet": [{"kind": "water-total", "number": "DW001", "destination": "city-plant"}] * EACH,
    "river-section": [{"lake": "lake-reservoir-0"}] * EACH,
}
"""What the catalogue would say of entries that follow from it."""
TODAY = date(2026, 11, 21)
REGISTERS = load()


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(districts(), np.random.default_rng(5))


@pytest.fixture(scope="module")
def drafted(places: Places) -> dict[str, list[Drafted]]:
    plan, world, made = read_plan(), World(), {}
    for name in filling_order(REGISTERS, list(plan.counts)):
        random = np.random.default_rng((5, zlib.crc32(name.encode())))
        drafting = Drafting(REGISTERS.registers[name], REGISTERS, plan, world, places, brands(random), random, TODAY)
        given = GIVEN.get(name) or [*listed(name), *([{}] * EACH)][:EACH]
        found = [entry for index, values in enumerate(given) if (entry := drafting.draft(index, 0, values))]
        world.add(
            name,
            [
                Made(entry.code or f"{name}-{number}", str(entry.values["name"]), entry.values["district"], entry.place, entry.values)
                for number, entry in enumerate(found)
            ],
        )
        made[name] = found
    return made


@pytest.mark.parametrize("name", sorted(REGISTERS.registers))
def test_what_is_made_up_is_accepted(name: str, drafted: dict[str, list[Drafted]]) -> None:
    assert drafted[name], "nothing could be made up"
    for entry in drafted[name]:
        common = {key: entry.values.get(key, "") for key in ("name", "status", "district", "organisation")}
        _, problems = clean(REGISTERS.registers[name], REGISTERS, entry.values, common=common, today=TODAY)
        assert [str(problem) for problem in problems] == []


def test_made_up_names_say_so(drafted: dict[str, list[Drafted]]) -> None:
    names = [str(entry.values["name"]) for name, entries in drafted.items() if not listed(name) for entry in entries]
    assert all(name.startswith(MARK_ZH) for name in names)


def test_places_lie_in_their_district(places: Places, drafted: dict[str, list[Drafted]]) -> None:
    for entry in drafted["filling-station"]:
        assert entry.place is not None
        assert places.holding(entry.place) == entry.values["district"]


def test_what_lies_at_sea_is_not_on_land(places: Places, drafted: dict[str, list[Drafted]]) -> None:
    dry = [places.areas[entry.values["district"]].contains(_point(entry)) for entry in drafted["dumping-area"]]
    assert not any(dry)


def test_codes_of_nobody_are_well_formed() -> None:
    random = np.random.default_rng(7)
    for _ in range(50):
        code = social_credit_code("350582", random)
        assert uscc(code) == code


def _point(entry: Drafted) -> object:
    return shapely.Point(entry.place)
