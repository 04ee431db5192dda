"""Answering what applies at a place: zones found by their boxes, overlaid, and asked for what they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from bilan.pack.registers import Register
from bilan.problems import BilanError, Problem, nearest
from bilan.registers.ledger import Ledger, Record
from bilan.registers.zones.applying import findings
from bilan.registers.zones.model import STRICTNESS, Answer, Finding, Question, Touch
from bilan.registers.zones.overlaying import box_around, overlap
from bilan.tabular.places.shapes import bounds, checked

ACTIVITIES = "zone-activity"
WIDEST = 5.0
"""Degrees that a place asked about may span: a city, not a country."""
_INDUSTRY = re.compile(r"[A-T](\d{2,4})?", re.ASCII)


def what_applies(
    ledger: Ledger,
    geometry: Mapping[str, Any],
    industry: str = "",
    description: str = "",
    activities: Collection[str] = (),
    *,
    on: date,
) -> Answer:
    """Say which zones a place lies in and what they allow, limit or forbid.

    Parameters:
        ledger: the registers as the reader may see them; only zones within it count, and the answer says whether others touch the place.
        geometry: GeoJSON point, line or polygon in WGS 84.
        industry: GB/T 4754 code or its beginning; empty for unknown.
        description: the activity in words; empty for unknown.
        activities: codes of the vocabulary ``zone-activity``; empty for unknown.
        on: date on which zones and clauses must be in force.

    Raises:
        BilanError: the geometry is none, or spans more than a city; an activity or the industry is not known.
    """
    place = checked(geometry)
    west, south, east, north = bounds(place)
    if max(east - west, north - south) > WIDEST:
        raise BilanError(Problem("zones.too_large", {"value": round(max(east - west, north - south), 2), "allowed": WIDEST}))
    _known(ledger, ACTIVITIES, activities)
    if industry and not _INDUSTRY.fullmatch(industry):
        raise BilanError(Problem("zones.bad_industry", {"value": industry[:20], "allowed": "C, C26, C261, C2614"}))
    question = Question(place, on, industry, description, tuple(activities))
    zones = {register.name: register for register in ledger.declared.zones}
    seen = [zones[register.name] for register in ledger.registers() if register.name in zones]
    touched = sorted(
        _touched(ledger.visible(seen), zones, question), key=lambda touch: (touch.priority, touch.register.name, touch.entry.code)
    )
    vocabulary = ledger.declared.vocabularies.get(ACTIVITIES)
    found = [finding for touch in touched for finding in findings(touch, question, vocabulary)]
    hidden = next(_touched(ledger.veiled(zones.values()), zones, question), None) is not None
    return Answer(question, tuple(touched), tuple(sorted(found, key=_order)), hidden)


def _place(touch: Touch) -> tuple[int, str, str]:
    return touch.priority, touch.register.name, touch.entry.code


def _order(finding: Finding) -> tuple[bool, int, int, str]:
    return bool(finding.depends), finding.touch.priority, STRICTNESS.index(finding.verdict), finding.touch.entry.code


def _known(ledger: Ledger, name: str, codes: Iterable[str]) -> None:
    vocabulary = ledger.declared.vocabularies.get(name)
    for code in codes:
        if vocabulary is None or code not in vocabulary.by_code:
            allowed = sorted(vocabulary.by_code) if vocabulary else []
            values = {"name": name, "value": code, "allowed": allowed[:20], "nearest": nearest(code, allowed)}
            raise BilanError(Problem("zones.unknown_term", values))


def _touched(entries: QuerySet[Any], zones: Mapping[str, Register], question: Question) -> Iterator[Touch]:
    """The zones among entries that hold on the day and touch the place."""
    widest = max((register.zone.buffer for register in zones.values() if register.zone), default=0.0)
    west, south, east, north = box_around(question.geometry, widest)
    near = entries.filter(archived=False, west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    for entry in near.iterator(chunk_size=200):
        register = zones[entry.register]
        if entry.geometry and register.zone and holds_on(entry, register, question.on):
            found = overlap(question.geometry, entry.geometry, register.zone.buffer)
            if found is not None:
                yield Touch(entry, register, found.share, found.amount)


def holds_on(entry: Record, register: Register, day: date) -> bool:
    """Whether a zone is in being on a day: within its dates, and in use or ended only after that day."""
    if (entry.valid_from and day < entry.valid_from) or (entry.valid_to and day > entry.valid_to):
        return False
    state = register.state.get(entry.status)
    return state is None or state.active or entry.valid_to is not None
