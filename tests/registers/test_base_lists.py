"""Yearly lists of the base pack: every rule lists who meets it, with the reason and the clause."""

from __future__ import annotations

from typing import Any

import pytest

from bilan.registers import lists
from bilan.registers.declared import declared
from bilan.registers.models import Entry
from tests.web.running import Site

MEETS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "key-units-soil": [({"industry": "C3360", "above_scale": True}, "电镀"), ({"key_sector": "hazardous-landfill"}, "填埋")],
    "key-units-groundwater": [({"groundwater_zone": True, "wastewater": 5}, "重点区"), ({"key_sector": "tailings"}, "尾矿库")],
    "key-units-risk": [({"level": "major"}, "重大"), ({"level": "larger"}, "较大")],
    "key-tailings-ponds": [({"grade": "one"}, "一级"), ({"grade": "three", "safety": "danger"}, "险库")],
    "key-waste-producers": [({"annual": 100}, "100 吨"), ({"annual": 1, "own_use": 0.5}, "自行利用")],
    "sources-watched-online": [({"class": "II"}, "高风险")],
    "carbon-key-units": [({"sector": "power", "emission": 26000}, "2.6 万吨")],
    "insurance-duty": [({"licence": "演危证-001"}, "环境污染责任保险")],
    "park-zero-discharge": [({"level": "provincial", "zero_discharge": "fixing"}, "零直排")],
}
MISSES: dict[str, dict[str, Any]] = {
    "key-units-soil": {"industry": "C3360", "above_scale": False},
    "key-units-groundwater": {"groundwater_zone": False, "wastewater": 5},
    "key-units-risk": {"level": "ordinary"},
    "key-tailings-ponds": {"grade": "three", "safety": "normal"},
    "key-waste-producers": {"annual": 99.9},
    "sources-watched-online": {"class": "V"},
    "carbon-key-units": {"sector": "power", "emission": 25999},
    "insurance-duty": {},
    "park-zero-discharge": {"level": "national", "zero_discharge": "accepted"},
}


@pytest.fixture(autouse=True)
def _empty(site: Site) -> None:
    site.renew()


@pytest.mark.parametrize("name", MEETS)
def test_who_meets_a_criterion_is_listed_with_its_reason_and_clause(name: str) -> None:
    register = declared().registers[declared().lists[name].register]
    everyone = [*(values for values, _word in MEETS[name]), MISSES[name]]
    for number, values in enumerate(everyone):
        state = register.states[0].code
        Entry.objects.create(register=register.name, code=f"D{number}", name=f"演示{number}", status=state, district="350502", data=values)
    members = {member.entry.code: member for member in lists.draw_up(name, 2026, "甲").members.select_related("entry")}
    assert set(members) == {f"D{number}" for number in range(len(MEETS[name]))}
    for number, (_values, word) in enumerate(MEETS[name]):
        reasons = members[f"D{number}"].reasons
        assert any(word in reason["zh"] for reason in reasons) and all(reason["clause"] and reason["en"] for reason in reasons)
