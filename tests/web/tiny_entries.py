"""Entries of the tiny city: a station a district, with the codes and names of the air points."""

from __future__ import annotations

from bilan.registers.writing import Author, Draft, write
from tests.web import tiny


def make() -> None:
    """Write one entry a district, and change one of them so that it has a history."""
    author = Author.platform("tiny city")
    drafts = [
        Draft(
            {
                "name": point.name_zh,
                "district": point.district,
                "kind": "rain",
                "height": 10,
                "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
            },
            code=point.code,
        )
        for point in tiny.points()
        if point.network == "air"
    ]
    outcome = write("test-station", drafts, author)
    assert outcome.change is not None, outcome.refused
    write("test-station", [Draft({"height": 12}, code=draft.code) for draft in drafts], author)
