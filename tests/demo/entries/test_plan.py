"""What is planned for the demo city's registers names only what is declared, and holds the numbers of the city's plan."""

from __future__ import annotations

import pytest

from bilan.demo.entries.hints import EVERY, Plan, read_plan
from bilan.demo.entries.order import filling_order
from bilan.pack.registers import FieldType, Registers
from bilan.pack.registers.loading import load

ALWAYS = {"name", "code", "status", "geometry"}


@pytest.fixture(scope="module")
def registers() -> Registers:
    return load()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan()


def test_every_register_has_a_number_of_entries(registers: Registers, plan: Plan) -> None:
    assert plan.counts.keys() == registers.registers.keys()


def test_numbers_are_those_of_the_documents(plan: Plan) -> None:
    expected = {"enterprise": 3670, "river-outfall": 1314, "river-section": 39, "small-basin": 36, "lake-reservoir": 7, "bay": 5}
    assert {name: plan.counts[name] for name in expected} == expected
    assert (plan.counts["sewage-plant"], plan.counts["rural-sewage-facility"], plan.counts["source-problem"]) == (29, 1043, 74)


def test_hints_name_fields_that_are_there(registers: Registers, plan: Plan) -> None:
    unknown = []
    for name, field in plan.hints:
        if name == EVERY:
            continue
        known = registers.registers[name].fields
        whole, _, column = field.partition(".")
        columns = {entry.name for entry in known[whole].columns} if column and whole in known else {""}
        if (whole not in known and whole not in ALWAYS) or column not in columns:
            unknown.append((name, field))
    assert unknown == []


def test_shares_name_choices_and_states_that_are_there(registers: Registers, plan: Plan) -> None:
    unknown = []
    for (name, field), kinds in plan.hints.items():
        if name == EVERY or "share" not in kinds:
            continue
        register = registers.registers[name]
        declared = register.fields.get(field.partition(".")[0])
        column = field.partition(".")[2]
        if declared and column:
            declared = next(entry for entry in declared.columns if entry.name == column)
        if field == "status":
            known = set(register.state)
        elif declared and declared.type is FieldType.CHOICE:
            known = set(registers.vocabularies[declared.of].by_code)
        else:
            known = {"true", "false"}
        unknown += [(name, field, code) for code in kinds["share"].shares() if code not in known]
    assert unknown == []


def test_what_is_required_is_filled_first(registers: Registers, plan: Plan) -> None:
    order = filling_order(registers, list(plan.counts))
    assert sorted(order) == sorted(plan.counts)
    for place, name in enumerate(order):
        needed = {link.of for link in registers.registers[name].links if link.required is True} - {name}
        assert needed <= set(order[:place]), name
