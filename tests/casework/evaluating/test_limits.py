"""Limits come from the permit in force, else from the outlet, else from the point, in the unit of the series."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bilan.casework.evaluating.frames import Frames, entries
from bilan.casework.evaluating.limits import limits
from bilan.pack.rules import Subject, Where
from bilan.registers.declared import declared
from bilan.registers.models import Entry
from bilan.telemetry.model import Point
from tests.casework.episodes import rule, rules

SO2, NOX, DUST = "a21026", "a21002", "a34013"


@pytest.fixture(autouse=True)
def made() -> Callable[..., Entry]:
    Entry.objects.filter(register__in=["outlet", "discharge-permit"]).delete()
    Entry.objects.create(
        register="outlet",
        code="E1-DA001",
        name="排口",
        data={"enterprise": "E1", "number": "DA001", "points": ["G1", "GONE"], "limits": [_limit(SO2, 200), _limit(NOX, 300)]},
    )

    def permit(status="valid", **clause):
        data = {"enterprise": "E1", "issued": "2024-01-01", "expires": "2029-01-01", "limits": [{"outlet": "DA001", **clause}]}
        return Entry.objects.create(register="discharge-permit", code=f"P{status}", name="证", status=status, data=data)

    return permit


def _limit(parameter, limit, unit="mg/m3"):
    return {"parameter": parameter, "limit": limit, "unit": unit, "clause": ""}


POINT = Point("G1", "source_gas", "排口", attributes={"limits": {NOX: 250.0, DUST: 20.0}})


def found(*points):
    return {row["parameter"]: (row["limit"], row["source"]) for row in limits(points or (POINT,)).iter_rows(named=True)}


def test_the_permit_comes_before_the_outlet_before_the_point(made):
    made(item=_limit(SO2, 50_000, "ug/m3"))
    assert found() == {SO2: (50.0, "discharge-permit|Pvalid"), NOX: (300.0, "outlet|E1-DA001"), DUST: (20.0, "attributes")}
    (row,) = [row for row in limits([POINT]).iter_rows(named=True) if row["parameter"] == SO2]
    assert (row["valid_from"], row["valid_to"]) == ("2024-01-01", "2029-01-01")


@pytest.mark.parametrize("status", ["expired", "cancelled", "revoked"])
def test_a_permit_that_is_not_in_force_says_nothing(made, status):
    made(status, item=_limit(SO2, 50))
    assert found()[SO2] == (200.0, "outlet|E1-DA001")


@pytest.mark.parametrize("item", [_limit("none", 5), _limit(SO2, None), _limit(SO2, 5, "kg"), {}])
def test_what_is_no_limit_is_left_out(made, item):
    made(item=item)
    assert found()[SO2] == (200.0, "outlet|E1-DA001")


def test_entries_become_columns_and_are_read_again_after_a_change(site):
    frame = entries(declared().registers["test-station"])
    assert frame.height == 3
    assert {"code", "name", "district", "height", "kind"} <= set(frame.columns)
    spec = rule(subject=Subject.ENTRIES, where=Where(registers=("test-station",)))
    frames, today = Frames(), date(2026, 3, 2)
    first = frames.of(rules(spec), today)["entries:test-station"]
    assert frames.of(rules(spec), today)["entries:test-station"] is first
    assert frames.of(rules(rule(subject=Subject.INDICATORS)), today)["indicators"].is_empty()
