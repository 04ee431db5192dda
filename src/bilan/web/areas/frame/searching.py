"""What the search box finds: monitoring points, and entries of all registers grouped by register."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count

from bilan.people.roles import Capability
from bilan.registers import search
from bilan.registers.ledger import Ledger, Record
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.components.entries import common_text, link
from bilan.web.registry import Request

LONGEST = 80
QUICK_POINTS, QUICK_ENTRIES = 5, 8
EACH, MOST = 8, 2000


@dataclass(frozen=True, slots=True)
class Found:
    """Entries of one register that were found.

    Attributes:
        total: how many there are; `items` are the best of them.
        href: the register's list with the same words.
    """

    name: str
    title: str
    icon: str
    group: str
    total: int
    items: list[dict[str, str]]
    href: str


def points(request: Request, text: str) -> list[Point]:
    """Points whose name or code holds every word."""
    words = text.lower().split()
    found = request.monitoring.points() if words else []
    return [point for point in found if all(word in f"{point.code} {point.name_zh} {point.name_en}".lower() for word in words)]


def quick(ledger: Ledger, text: str, as_of: str = "") -> list[dict[str, str]]:
    """The best entries of all registers, for the list under the search box."""
    return [item(ledger, record, as_of) for record in ledger.search(text, QUICK_ENTRIES)] if text else []


def grouped(ledger: Ledger, text: str, group: str = "", as_of: str = "") -> list[Found]:
    """Registers in which all words are found, those with the best entry first, each with its count and its best entries.

    Parameters:
        group: code of the group to search in; empty for all.
    """
    registers = [entry for entry in ledger.registers() if not group or entry.group == group]
    if not text or not registers:
        return []
    base = search.matching(ledger.visible(registers).filter(archived=False), text, now=ledger.as_of is None)
    rows = list(base.values_list("pk", "register", "code", "name")[: MOST + 1])
    totals = Counter(row[1] for row in rows)
    if len(rows) > MOST:
        totals = Counter(dict(base.values_list("register").annotate(n=Count("pk")).order_by()))
    rows.sort(key=lambda row: (_rank(row[2], row[3], text), row[2]))
    best: dict[str, list[int]] = {}
    for key, name, _code, _name in rows:
        if len(chosen := best.setdefault(name, [])) < EACH:
            chosen.append(key)
    records = base.model.objects.in_bulk([key for keys in best.values() for key in keys])
    found = [
        _found(ledger, name, totals[name], [item(ledger, records[key], as_of) for key in keys], text, as_of) for name, keys in best.items()
    ]
    return found + [_found(ledger, name, total, [], text, as_of) for name, total in totals.items() if name not in best]


def _rank(code: str, name: str, text: str) -> int:
    """How well an entry fits: the very code or name, one that begins with the words, one that holds the first of them, any other."""
    code, name, whole = code.lower(), name.lower(), text.lower()
    first = whole.split()[0]
    if first == code or whole == name:
        return 0
    return 1 if code.startswith(first) or name.startswith(first) else 2 if first in name else 3


def item(ledger: Ledger, record: Record, as_of: str = "") -> dict[str, str]:
    """One entry as a line of what was found."""
    register = ledger.declared.registers[record.register]
    state = register.state.get(record.status)
    return {
        "href": link("dossier", register.name, record.code, as_of=as_of),
        "name": record.name or record.code,
        "code": record.code,
        "register": register.title.text(numbers.language()),
        "icon": register.style.icon,
        "district": site.district_name(record.district, numbers.language()) if record.district else "",
        "state": common_text(register, "status", record.status, {}) if state else "",
        "tone": state.tone if state else "quiet",
    }


def groups(ledger: Ledger) -> list[tuple[str, str]]:
    """Groups of the registers that the reader may see, for narrowing a search."""
    seen = dict.fromkeys(register.group for register in ledger.registers(Capability.SEE))
    known = ledger.declared.groups
    return [(code, known[code].title.text(numbers.language())) for code in seen if code in known]


def _found(ledger: Ledger, name: str, total: int, items: list[dict[str, str]], text: str, as_of: str) -> Found:
    register = ledger.declared.registers[name]
    language = numbers.language()
    group = ledger.declared.groups.get(register.group)
    values: dict[str, Any] = {"q": text, **({"as_of": as_of} if as_of else {})}
    return Found(
        name,
        register.title.text(language),
        register.style.icon,
        group.title.text(language) if group else "",
        total,
        items,
        f"{link('register-list', name)}?{urlencode(values)}",
    )
