"""Registers of the base pack by example: what they compute, what they accept, what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bilan.people.visibility import visible_to
from bilan.registers.computing import Computing
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry
from bilan.registers.writing import Draft, write, write_one
from tests.registers.entries import PLATFORM, point
from tests.registers.test_zones import square
from tests.web.running import Site

FILE = Path(__file__).parent / "base_samples.yaml"
SAMPLES: dict[str, dict[str, Any]] = yaml.load(FILE.read_text(encoding="utf-8"), yaml.BaseLoader)

PLACED = {"emergency-supply", "emergency-pool", "heavy-metal-enterprise", "hazardous-waste-producer", "hazardous-waste-facility"}
"""Samples with a place."""


@pytest.fixture(autouse=True)
def _source(site: Site) -> None:
    """A drinking-water source that samples point to."""
    site.renew()
    Entry.objects.create(register="water-source", code="WS-1", name="演示水源", district="350502")


def draft(name: str, **changes: Any) -> Draft:
    """The sample of a register with some values changed; BaseLoader keeps everything text, as an imported sheet has it."""
    sample = SAMPLES[name]
    place = {"geometry": square()} if name == "plot-under-control" else {"geometry": point(118.5, 24.9)} if name in PLACED else {}
    values = {"name": f"演示{name}", "district": "350502", **place, **sample["values"], **changes}
    return Draft({key: None if value in ("null", []) else value for key, value in values.items()}, code=sample.get("code", ""))


@pytest.mark.parametrize("name", SAMPLES)
def test_an_entry_is_kept_and_computes(name: str, site: Site) -> None:
    entry = write_one(name, draft(name), PLATFORM)
    values = Computing(Ledger(visible_to(site.person("clerk")))).complete(entry)
    for field, expected in SAMPLES[name].get("computes", {}).items():
        found = values[field]
        assert str(found).lower() == expected if isinstance(found, bool) else found == pytest.approx(float(expected)), field


@pytest.mark.parametrize(("name", "changes"), [(name, change) for name, sample in SAMPLES.items() for change in sample.get("accepts", [])])
def test_what_may_be_is_accepted(name: str, changes: dict[str, Any]) -> None:
    assert write(name, [draft(name, **changes)], PLATFORM, dry_run=True).refused == []


@pytest.mark.parametrize(("name", "changes"), [(name, change) for name, sample in SAMPLES.items() for change in sample.get("refuses", [])])
def test_what_cannot_be_is_refused_with_a_sentence_in_both_languages(name: str, changes: dict[str, Any]) -> None:
    refused = write(name, [draft(name, **changes)], PLATFORM, dry_run=True).refused
    assert refused, changes
    assert all(problem.text("en") and problem.text() for result in refused for problem in result.problems)


def test_one_source_of_a_reduction_serves_one_project_only(site: Site) -> None:
    eia = write_one("eia-project", draft("eia-project"), PLATFORM).code
    given = {"name": "替代", "project": eia, "pollutant": "VOCs", "needed": 2, "ratio": 1.5, "offered": 3, "source_of": "演示停产线"}
    first = write_one("emission-offset", Draft(given), PLATFORM)
    assert first.data["enough"] is True
    assert write("emission-offset", [Draft(given)], PLATFORM, dry_run=True).refused
    assert write("emission-offset", [Draft({**given, "source_of": "另一来源", "offered": 2.9})], PLATFORM, dry_run=True).refused
