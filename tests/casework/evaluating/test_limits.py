"""Limits come from the permit that is valid, else from the outlet, else from the point, in the unit of the series."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bilan.casework.evaluating.frames import Frames, entries
from bilan.casework.evaluating.limits import JUDGED_AGAIN, publish, stated
from bilan.evaluation.rules.limits import held
from bilan.pack.rules import Subject, Where
from bilan.registers.declared import declared
from bilan.registers.models import ChangeSet, Entry, Revision
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from tests.casework.episodes import rule, rules

SO2, NOX, DUST = "a21026", "a21002", "a34013"


@pytest.fixture(autouse=True)
def made() -> Callable[..., Entry]:
    Revision.objects.filter(register__in=["outlet", "discharge-permit"]).delete()
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


def seconds(year, month=1, day=1):
    return clock.seconds(datetime(year, month, day))


NOW = seconds(2026)


def found(at=NOW):
    rows = held(stated([POINT]), [POINT], at, at + 1).iter_rows(named=True)
    return {row["parameter"]: (row["limit"], row["source"], row["reference"]) for row in rows}


def test_the_permit_comes_before_the_outlet_before_the_point(made):
    made(item=_limit(SO2, 50_000, "ug/m3"), standard="GB 13223-2011", clause="表2")
    assert found() == {SO2: (50.0, "permit", "Pvalid"), NOX: (300.0, "outlet", "E1-DA001"), DUST: (20.0, "point", "")}
    (row,) = [row for row in stated([POINT]).iter_rows(named=True) if row["source"] == "permit"]
    assert row["clause"] == "GB 13223-2011 表2"


def test_a_permit_holds_to_the_end_of_its_last_day(made):
    made(item=_limit(SO2, 50))
    moments = {"before": seconds(2024) - 1, "first": seconds(2024), "last": seconds(2029, 1, 2) - 1, "after": seconds(2029, 1, 2)}
    assert [found(at)[SO2][1] for at in moments.values()] == ["outlet", "permit", "permit", "outlet"]


def test_a_permit_whose_renewal_is_under_way_goes_on_and_of_two_the_stricter_holds(made):
    made("renewal", item=_limit(SO2, 50))
    assert found(seconds(2031))[SO2] == (50.0, "permit", "Prenewal")
    made("valid", item=_limit(SO2, 35))
    assert found()[SO2] == (35.0, "permit", "Pvalid")


def test_an_expired_permit_held_until_its_end(made):
    made("expired", item=_limit(SO2, 50))
    assert [found(seconds(year))[SO2][1] for year in (2023, 2025, 2030)] == ["outlet", "permit", "outlet"]


@pytest.mark.parametrize("status", ["cancelled", "revoked"])
def test_a_permit_that_ended_nobody_knows_when_says_nothing(made, status):
    made(status, item=_limit(SO2, 50))
    assert found()[SO2][1] == "outlet"


def test_a_revoked_permit_held_until_the_register_said_so(made):
    permit = made("revoked", item=_limit(SO2, 50))
    change = ChangeSet.objects.create(source="system")
    kept = {"register": permit.register, "code": permit.code, "name": permit.name, "data": permit.data}
    said = [("valid", datetime(2024, 1, 1, tzinfo=UTC)), ("revoked", datetime(2025, 3, 1, 4, tzinfo=UTC))]
    for version, (status, since) in enumerate(said):
        Revision.objects.create(entry=permit, change=change, version=version, since=since, action="update", status=status, **kept)
    noon = seconds(2025, 3, 1) + 12 * clock.HOUR
    assert [found(at)[SO2][1] for at in (noon - 1, noon)] == ["permit", "outlet"]


@pytest.mark.parametrize("item", [_limit("none", 5), _limit(SO2, None), _limit(SO2, 5, "kg"), {}])
def test_what_is_no_limit_is_left_out(made, item):
    made(item=item)
    assert found()[SO2] == (200.0, "outlet", "E1-DA001")


def test_hours_are_judged_again_when_their_limit_changes(made, site):
    """What only comes from elsewhere, or changes before the span that is judged again, marks nothing."""
    site.store.catalogue.put_points([POINT])
    now = seconds(2026, 6, 1) + 100
    publish(site.store, now)
    site.store.dirty.done(site.store.dirty.take(100_000))
    assert publish(site.store, now) == 0
    made(item=_limit(SO2, 200))
    assert publish(site.store, now) == 0
    made("renewal", item=_limit(NOX, 100))
    hours = JUDGED_AGAIN // clock.HOUR + 1
    assert publish(site.store, now) == hours
    marks = [mark for mark in site.store.dirty.take(100_000) if mark.point == "G1"]
    assert (len(marks), marks[0].hour) == (hours, seconds(2026, 6, 1))
    assert set(site.store.limits.frame(["G1"])["reference"]) == {"Pvalid", "Prenewal", "E1-DA001"}


def test_entries_become_columns_and_are_read_again_after_a_change(site):
    frame = entries(declared().registers["test-station"])
    assert frame.height == 3
    assert {"code", "name", "district", "height", "kind"} <= set(frame.columns)
    spec = rule(subject=Subject.ENTRIES, where=Where(registers=("test-station",)))
    frames, today = Frames(), date(2026, 3, 2)
    first = frames.of(rules(spec), today)["entries:test-station"]
    assert frames.of(rules(spec), today)["entries:test-station"] is first
    assert frames.of(rules(rule(subject=Subject.INDICATORS)), today)["indicators"].is_empty()
