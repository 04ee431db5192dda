"""Persons, entries and evidence for tests of moving cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from bilan.casework.models import Case, Evidence
from bilan.casework.moving import Move, Opening, move, open_case
from bilan.people.models import Person
from bilan.problems import BilanError
from tests.registers.entries import outfall, point

CREW = {
    "chief": ("duty-chief", []),
    "officer": ("enforcement-officer", ["350502"]),
    "second": ("enforcement-officer", ["350502"]),
    "stranger": ("enforcement-officer", ["350503"]),
    "judge": ("reviewer", ["350502"]),
}
"""User name → role and districts."""

LON, LAT = 118.6, 24.9
_counted = iter(range(1, 100_000))


def who(name: str) -> Person:
    """A person of the crew, as fresh as in a request."""
    found: Person = Person.objects.get(username=name)
    return found


def codes(error: Any) -> list[str]:
    """Codes of the problems of a refused act."""
    assert isinstance(error.value, BilanError)
    for problem in error.value.problems:
        assert problem.text("zh-hans")
        assert problem.text("en")
    return [problem.code for problem in error.value.problems]


def a_case(flow: str = "test-order", district: str = "350502", by: str = "chief", **more: Any) -> Case:
    """A case about an outfall of its own."""
    entry = outfall(f"O{next(_counted) + 5000}", district, geometry=point(LON, LAT))
    return open_case(flow, Opening("测试办件", register="test-outfall", entry=entry.code, **more), who(by))


def photo(case: Case, lon: float | None = LON, lat: float | None = LAT, taken: datetime | None = None, **more: Any) -> int:
    """A photo that lies in the case."""
    values = {"kind": "photo", "requirement": "photo", "name": "p.jpg", "digest": "ab" * 32, "accuracy": 5.0, **more}
    piece = Evidence.objects.create(case=case, lon=lon, lat=lat, taken=taken or timezone.now(), **values)
    return int(piece.pk)


def through(case: Case, *names: str) -> Case:
    """Bring a case on by the transitions of the test order, each by who may."""
    doers = {
        "accept": "officer",
        "submit": "officer",
        "approve": "judge",
        "return": "judge",
        "press": "chief",
        "cancel": "chief",
        "wait": "officer",
        "go-on": "officer",
    }
    for name in names:
        filled = Move(note="意见")
        if name == "submit":
            filled = Move({"found_kind": "rain", "measured": 12.5}, evidence=[photo(case)])
        move(case, name, filled, who(doers[name]))
    return case


def titles(problems: Iterable[Any]) -> list[str]:
    """Codes of problems."""
    return [problem.code for problem in problems]
