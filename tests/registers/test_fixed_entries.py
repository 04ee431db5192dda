"""Fixed entries of the base pack, and the plan of how many entries the demo city's registers get."""

from __future__ import annotations

import csv
from pathlib import Path

import bilan.pack
from bilan.demo.entries.hints import listed
from bilan.registers.declared import declared
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, Outcome, write
from tests.web.running import Site

DEMO = Path(bilan.pack.__file__).resolve().parent / "demo"


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a plan."""
    return list(csv.DictReader((DEMO / name).read_text(encoding="utf-8").splitlines()))


def names() -> list[str]:
    """Registers whose entries are listed one by one."""
    return sorted(file.stem for file in DEMO.glob("*.csv") if not file.stem.startswith(("counts", "hints")))


def write_listed() -> dict[str, Outcome]:
    """Write the listed entries of all registers, as the demo city has them."""
    found = {}
    for name in names():
        drafts = [Draft({key: value for key, value in row.items() if key != "code"}, code=row["code"]) for row in listed(name)]
        found[name] = write(name, drafts, Author.platform("demo"), accept="rows")
    return found


def test_listed_entries_are_accepted_and_writing_them_again_changes_nothing(site: Site) -> None:
    site.renew()
    first = write_listed()
    assert [result for outcome in first.values() for result in outcome.refused] == []
    assert first["regulation"].counts["new"] >= 25
    assert {result.outcome for outcome in write_listed().values() for result in outcome.results} == {"unchanged"}


def test_the_code_has_replaced_the_single_laws(site: Site) -> None:
    site.renew()
    write_listed()
    documents = {entry.code: entry for entry in Entry.objects.filter(register="regulation")}
    assert documents["生态环境法典"].data["effective"] == "2026-08-15"
    assert documents["水污染防治法-2017"].status == "ended"
    assert documents["GB3095-2026"].data["replaces"] == ["GB3095-2012"]


def test_plans_name_registers_and_fields_that_are_there(site: Site) -> None:
    known = declared().registers
    assert {row["register"] for row in rows("counts-b.csv")} <= set(known)
    for row in rows("hints-b.csv"):
        name, _, column = row["field"].partition(".")
        if row["register"] != "*" and name not in {"name", "geometry"}:
            field = known[row["register"]].fields[name]
            assert not column or column in {entry.name for entry in field.columns}, row
    counts = {row["register"]: int(row["count"]) for row in rows("counts-b.csv")}
    assert (counts["risk-enterprise"], counts["village"], counts["heritage-site"]) == (27 + 204, 1330, 22)
    assert (counts["hazardous-waste-facility"], counts["fly-ash-landfill"], counts["incinerator"]) == (8, 5, 5)
