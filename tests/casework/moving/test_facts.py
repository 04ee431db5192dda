"""Guards over data: verdicts, readings, alerts, evidence and other cases."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from bilan.casework.models import Alert, Case, Evidence
from bilan.casework.moving import Move, Opening, available, move, open_case
from bilan.problems import BilanError
from bilan.telemetry.model import Interval, Reading, SeriesKey, Statistic
from tests.casework.moving.crew import codes, photo, who
from tests.web.running import Site

DAY = 86_400
LATER = 4_000_000_000 // DAY * DAY
"""A day [s] after all that the tiny city has."""


@pytest.fixture
def case() -> Iterator[Case]:
    made = open_case("test-guards", Opening("核查", register="test-station", entry="AIR1"), None)
    yield made
    Case.objects.filter(pk=made.pk).update(standing="cancelled")


def verdicts(site: Site, grades: list[int], first: int) -> None:
    rows = [
        {
            "point": "AIR1",
            "method": "air.day",
            "start": LATER + (first + number) * DAY,
            "seconds": DAY,
            "value": 50.0,
            "grade": grade,
            "main": "",
            "standard": "HJ 633-2026",
            "version": "1",
            "detail": "{}",
            "valid": True,
            "computed": LATER,
        }
        for number, grade in enumerate(grades)
    ]
    site.store.verdicts.write(pl.DataFrame(rows))


def refused(case: Case, transition: str) -> bool:
    """Whether it is refused, by the move as by what is offered."""
    offered = next(entry for entry in available(case, who("officer")) if entry.transition.name == transition)
    try:
        move(case, transition, Move(), None)
    except BilanError:
        return True
    assert offered.allowed or transition == "proven"
    return False


def test_three_results_in_a_row_are_asked_of_the_store(site: Site, case: Case) -> None:
    verdicts(site, [1, 2, 3], 0)
    assert refused(case, "steady")
    verdicts(site, [2, 1], 3)
    assert refused(case, "steady")
    verdicts(site, [2], 5)
    assert not refused(case, "steady")


def test_the_newest_reading_and_verdict_are_asked_of_the_store(site: Site, case: Case) -> None:
    verdicts(site, [4], 10)
    key = SeriesKey("AIR1", "a34004", Statistic.MEAN, Interval.HOUR)
    series = site.store.catalogue.series_ids([key])[0]
    site.store.write("hour", [Reading(series, LATER, 3600, 30.0)], arrived=LATER)
    assert refused(case, "good")
    verdicts(site, [1], 11)
    assert not refused(case, "good")


def test_alerts_that_last_keep_a_case_open(case: Case) -> None:
    alert = Alert.objects.create(rule="air-hour", source="AIR1|a34004", subject="series", register="test-station", code="AIR1")
    Alert.objects.create(rule="other", source="AIR1|a34004", subject="series", register="test-station", code="AIR1")
    assert refused(case, "quiet")
    Alert.objects.filter(pk=alert.pk).update(state="cleared")
    assert not refused(case, "quiet")


def test_evidence_that_is_handed_in_counts_for_the_guards(case: Case) -> None:
    first, second = photo(case, requirement=""), photo(case, requirement="")
    for value in (50.0, 30.0):
        Evidence.objects.create(case=case, kind="measurement", name="COD", reading={"parameter": "w01018", "value": value})
    with pytest.raises(BilanError) as error:
        move(case, "proven", Move(evidence=[first, second]), None)
    assert "case.guard" in codes(error)
    assert "Measured too much" in error.value.text("en")
    assert "Too few photos" not in error.value.text("en")
