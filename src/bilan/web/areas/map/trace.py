"""Upstream and downstream of an entry along the links between registers, as far as the reader may see."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q

from bilan.pack import flow
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import Link
from bilan.web.components import numbers

DEEPEST = 12
MOST = 400
"""Entries that a trace may reach."""


def traced(ledger: Ledger, start: Record, *, down: bool) -> dict[str, Any]:
    """Follow the flow from an entry.

    Parameters:
        down: towards where it goes; else towards where it comes from.

    Returns:
        ``nodes``: entries with their step from the start; ``edges``: pairs of positions in `nodes`, in the direction of the flow;
        ``cut``: whether there was more than `MOST` or deeper than `DEEPEST`.
    """
    order: dict[int, int] = {start.number: 0}
    nodes, edges = [_node(ledger, start, 0)], set()
    front = {start.number: start}
    for step in range(1, DEEPEST + 1):
        pairs = _pairs(ledger, front, down=down)
        ends = ledger.by_numbers({far for _, far in pairs} - order.keys())
        ends = {number: record for number, record in ends.items() if not record.archived}
        for number, record in sorted(ends.items(), key=lambda entry: (entry[1].register, entry[1].code))[: MOST - len(nodes)]:
            order[number] = len(nodes)
            nodes.append(_node(ledger, record, step))
        edges |= {(order[near], order[far]) if down else (order[far], order[near]) for near, far in pairs if far in order}
        front = {number: record for number, record in ends.items() if number in order}
        if not front:
            break
    return {"nodes": nodes, "edges": sorted(edges), "cut": bool(front) or len(nodes) >= MOST}


def _pairs(ledger: Ledger, front: dict[int, Record], *, down: bool) -> set[tuple[int, int]]:
    """From the entries of the front to the next ones, where the link flows that way."""
    moment = Q(until__isnull=True)
    if ledger.as_of is not None:
        moment = Q(since__lte=ledger.as_of) & (Q(until__isnull=True) | Q(until__gt=ledger.as_of))
    rules = flow.rules(settings.CITY.pack)
    registers = ledger.declared.registers
    pairs: set[tuple[int, int]] = set()
    links = Link.objects.filter(moment).filter(Q(source_id__in=list(front)) | Q(target_id__in=list(front)))
    for source, target, kind, register in links.values_list("source_id", "target_id", "kind", "source__register"):
        field = registers[register].fields.get(kind) if register in registers else None
        if field is None:
            continue
        way = flow.direction(rules, register, kind, field.of)
        if way == "none":
            continue
        begin, end = (source, target) if way == flow.WITH else (target, source)
        near, far = (begin, end) if down else (end, begin)
        if near in front:
            pairs.add((near, far))
    return pairs


def _node(ledger: Ledger, record: Record, step: int) -> dict[str, Any]:
    register = ledger.declared.registers[record.register]
    return {
        "register": record.register,
        "title": register.singular.text(numbers.language()) or register.title.text(numbers.language()),
        "code": record.code,
        "name": record.name or record.code,
        "place": [record.lon, record.lat] if record.lon is not None else None,
        "step": step,
    }
