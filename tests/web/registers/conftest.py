"""Entries of every kind in the tiny city, for the pages of registers."""

from __future__ import annotations

import pytest

from bilan.registers.writing import Author, Draft, write
from tests.web import tiny
from tests.web.running import Site

INSIDE = [f"{number}" for number in range(1, 4)]
PLANTS = 130


def plants() -> list[Draft]:
    """Plants of all districts: every third lies inside."""
    codes = list(tiny.DISTRICTS)
    return [
        Draft(
            values={
                "name": f"{'甲乙丙'[number % 3]}区演示企业{number}",
                "district": codes[number % 3],
                "trade": ("C26", "C17", "D")[number % 3] if number % 2 else "C",
                "topics": ["industrial", "rain"] if number % 4 == 0 else ["rain"],
                "staff": 10 + number,
                "water": 3.5 * number,
                "opened": f"20{10 + number % 14}-03-01",
                "key": number % 5 == 0,
                "contact": {"name": "张三丰", "phone": "13812345678"},
                "secret": f"密-{number}",
                "remark": "须复查" if number == 7 else None,
                "geometry": {"type": "Point", "coordinates": [118.5 + number / 1000, 24.8]},
            }
        )
        for number in range(PLANTS)
    ]


@pytest.fixture(scope="module")
def filled(site: Site, _renewed: None) -> Site:
    """The site with streams, plants and outfalls."""
    author = Author.platform("made for the tests")
    streams = [
        Draft(code=f"S{number}", values={"name": f"演示溪{number}", "district": district, "length": 10 * number})
        for number, district in enumerate(tiny.DISTRICTS, 1)
    ]
    assert write("test-stream", streams, author).counts["new"] == 3
    outcome = write("test-plant", plants(), author)
    assert outcome.counts["new"] == PLANTS, outcome.refused[:1]
    made = [result.code for result in outcome.results]
    outfalls = [
        Draft(code=f"O{number}", values={"name": f"排口{number}", "kind": "rain", "plant": made[number], "stream": f"S{1 + number % 3}"})
        for number in range(60)
    ]
    assert write("test-outfall", outfalls, author).counts["new"] == 60
    return site
