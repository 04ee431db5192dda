"""Evaluation sheets of the demo city: values for every item of the scored tables that no register holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from bilan.demo.districts import District, districts
from bilan.pack.scores import SHEET, Rule, RuleKind, Score, load
from bilan.registers.models import Entry
from bilan.registers.writing import Draft

YEARS = 2
"""Years before the present one that are evaluated."""
RIVERS = 24
FIRMS = 40
PLAIN = 2
"""Sheets a district has of a table about units, streets or species."""


def drafts(today: date, seed: int = 0) -> Iterator[Draft]:
    """Sheets of the last years; none when there are any already.

    Parameters:
        today: the demo's day.
        seed: what the values depend on.
    """
    if Entry.objects.filter(register=SHEET).exists():
        return
    random = np.random.default_rng(seed)
    for table in load().values():
        if table.of == SHEET:
            for year in range(today.year - YEARS, today.year):
                for values in _subjects(table, districts()):
                    yield _draft(table, year, values, random)


def _subjects(table: Score, areas: Sequence[District]) -> Iterator[dict[str, str]]:
    """Who is judged by a table: name and district, and the entry when it has one."""
    if table.name in {"river-health", "enterprise-duty"}:
        register, most = ("river", RIVERS) if table.name == "river-health" else ("enterprise", FIRMS)
        for entry in Entry.objects.filter(register=register, archived=False).order_by("code")[:most]:
            yield {"name": entry.name, "district": entry.district, register: entry.code}
        return
    whole = table.name.startswith("ecological")
    for area in areas:
        for number in range(1, 2 if whole else PLAIN + 1):
            yield {"name": area.name_zh if whole else f"{area.name_zh}演示单位{number}", "district": area.adcode}


def _draft(table: Score, year: int, subject: dict[str, str], random: np.random.Generator) -> Draft:
    rows = [{"item": item.name, **_value(item.rule, random), "proof": "演示数据"} for item in table.items]
    return Draft(
        {
            **subject,
            "name": f"{subject['name']}{year}年{table.title.zh}"[:200],
            "scheme": table.name,
            "year": year,
            "filled_by": "演示市生态环境局",
            "filled_on": date(year + 1, 1, 20).isoformat(),
            "values": rows,
            "status": "final",
        }
    )


def _value(rule: Rule, random: np.random.Generator) -> dict[str, float | str]:
    """A value between poor and good for the rule."""
    if rule.kind is RuleKind.CHOICE:
        return {"word": str(random.choice(list(rule.shares)))}
    if rule.kind is RuleKind.EACH:
        return {"value": float(random.integers(0, 4))}
    if rule.kind is RuleKind.STEPS:
        limits = [limit for limit, _share in rule.steps]
        return {"value": round(float(random.uniform(min(limits), max(limits))), 1)}
    return {"value": round(rule.floor + (rule.target - rule.floor) * float(random.uniform(0.45, 1.0)), 1)}
