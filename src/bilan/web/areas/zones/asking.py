"""Reading a question from an address: the place in any of its spellings, the activity, the industry, the day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from bilan.problems import BilanError, Problem
from bilan.registers.ledger import Ledger
from bilan.registers.zones import Answer, what_applies
from bilan.tabular.places.parsing import read_location
from bilan.tabular.places.shapes import checked

LONGEST_PLACE = 200_000
"""Characters a written place may have."""
LONGEST_WORDS = 400
KINDS = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
"""Beginning of a short spelling → GeoJSON type."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks.

    Attributes:
        place: as it was written; empty when nothing is asked yet.
    """

    place: str = ""
    activities: tuple[str, ...] = ()
    industry: str = ""
    description: str = ""
    on: date = field(default_factory=timezone.localdate)

    def answer(self, ledger: Ledger) -> Answer:
        """Ask the zones.

        Raises:
            BilanError: the place, an activity or the industry cannot be understood.
        """
        return what_applies(ledger, read_place(self.place), self.industry, self.description, self.activities, on=self.on)


def asked(values: Mapping[str, Any], activities: Sequence[str], ledger: Ledger) -> Asked:
    """Read a question.

    Parameters:
        values: ``place``, ``industry``, ``description``, ``on``; all may be missing.
        activities: codes of activities.
        ledger: the day it looks from is the day asked for where none is named.

    Raises:
        BilanError: the day is none.
    """
    day = str(values.get("on") or "").strip()
    start = timezone.localdate(ledger.as_of) if ledger.as_of else timezone.localdate()
    try:
        on = date.fromisoformat(day) if day else start
    except ValueError:
        raise BilanError(Problem("zones.bad_date", {"value": day[:20]})) from None
    return Asked(
        place=str(values.get("place") or "").strip()[: LONGEST_PLACE + 1],
        activities=tuple(dict.fromkeys(code for code in activities if code)),
        industry=str(values.get("industry") or "").strip(),
        description=str(values.get("description") or "").strip()[:LONGEST_WORDS],
        on=on,
    )


def read_place(text: str) -> dict[str, Any]:
    """The geometry of a written place.

    Parameters:
        text: GeoJSON; ``point:``, ``line:`` or ``polygon:`` with ``lon,lat`` pairs divided by semicolons; or a longitude and latitude in
            any usual spelling.

    Raises:
        BilanError: nothing is written, or it is no place.

    Examples:
        >>> read_place("polygon:118.5,24.9;118.6,24.9;118.6,25.0")["coordinates"][0][3]
        [118.5, 24.9]
        >>> read_place("东经118°30′ 北纬24°54′")
        {'type': 'Point', 'coordinates': [118.5, 24.9]}
    """
    if not text:
        raise BilanError(Problem("zones.no_place"))
    if len(text) > LONGEST_PLACE:
        raise BilanError(Problem("zones.place_too_long", {"value": len(text), "allowed": LONGEST_PLACE}))
    if text.startswith("{"):
        try:
            return checked(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise BilanError(Problem("geofile.unreadable", {"value": "GeoJSON", "reason": str(error)[:100]})) from error
    kind, colon, rest = text.partition(":")
    if colon and kind in KINDS:
        return checked(_spelt(kind, rest))
    found = read_location(text)
    if found is None or isinstance(found, Problem):
        raise BilanError(found or Problem("zones.no_place"))
    return checked({"type": "Point", "coordinates": [found.lon, found.lat]})


def _spelt(kind: str, text: str) -> dict[str, Any]:
    try:
        rows = [[float(part) for part in pair.split(",")] for pair in text.split(";") if pair.strip()]
    except ValueError:
        raise BilanError(Problem("shape.no_geometry", {"value": text[:60]})) from None
    if kind == "point":
        return {"type": "Point", "coordinates": rows[0] if rows else []}
    if kind == "polygon":
        rows = [*rows, rows[0]] if rows and rows[0] != rows[-1] else rows
        return {"type": "Polygon", "coordinates": [rows]}
    return {"type": "LineString", "coordinates": rows}
