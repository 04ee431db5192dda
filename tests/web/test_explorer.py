"""Comparing series: who may see which, scatter and profile against numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from bilan.telemetry import clock
from bilan.telemetry.model import Reading, SeriesKey
from tests.web.running import Site

ClientOf = Callable[[str], Client]
BEGIN = clock.seconds(clock.EPOCH.replace(year=2020, month=6, day=1))
PERIOD = "begin=2020-06-01&end=2020-06-02"


@pytest.fixture(scope="module")
def straight(site: Site) -> None:
    """Two days on which O3 is twice PM2.5 plus ten; the second repeats the first."""
    keys = [SeriesKey("AIR1", code, "mean", "hour") for code in ("a34004", "a05024")]
    first, second = site.store.catalogue.series_ids(keys, ["ug/m3", "ug/m3"])
    starts = range(BEGIN, BEGIN + 2 * clock.DAY, clock.HOUR)
    readings = [Reading(first, start, clock.HOUR, float(start // clock.HOUR % 24)) for start in starts]
    readings += [Reading(second, reading.start, clock.HOUR, 2 * reading.value + 10) for reading in readings if reading.value is not None]
    site.store.write("hour", readings, arrived=BEGIN + 3 * clock.DAY, mark=False)


def test_a_scatter_finds_the_line(straight: None, client_of: ClientOf) -> None:
    told = client_of("viewer").get(f"/explorer/scatter.json?series=AIR1:pm25,AIR1:o3&{PERIOD}").json()
    assert told["count"] == 48
    assert (round(told["r"], 9), round(told["slope"], 9), round(told["intercept"], 9)) == (1, 2, 10)


@pytest.mark.parametrize("series", ["AIR1:pm25", "AIR1:pm25,AIR1:o3,AIR1:co", ""])
def test_a_scatter_needs_two_series(series: str, client_of: ClientOf) -> None:
    response = client_of("viewer").get(f"/explorer/scatter.json?series={series}&{PERIOD}")
    assert response.status_code == 400


def test_a_profile_runs_over_the_hours(straight: None, client_of: ClientOf) -> None:
    told = client_of("viewer").get(f"/explorer/profile.json?series=AIR1:o3&{PERIOD}&by=hour").json()
    assert [row[:2] for row in told["series"][0]["data"]] == [[hour, 2 * hour + 10] for hour in range(24)]


def test_an_unknown_cycle_is_refused(client_of: ClientOf) -> None:
    assert client_of("viewer").get(f"/explorer/profile.json?series=AIR1:o3&{PERIOD}&by=moon").status_code == 400


def test_series_outside_the_districts_are_left_out(client_of: ClientOf) -> None:
    text = client_of("inside-viewer").get("/explorer?series=AIR1:pm25,AIR2:pm25,NOBODY:pm25").content.decode()
    assert "AIR1:a34004" in text
    assert "AIR2:a34004" not in text


def test_a_search_matches_point_and_parameter(client_of: ClientOf) -> None:
    found = client_of("viewer").get("/explorer/find.json?q=甲区 o3").json()["points"]
    assert [(point["code"], [series["label"] for series in point["series"]]) for point in found] == [("AIR1", ["O3"])]
    assert client_of("inside-viewer").get("/explorer/find.json?q=乙区").json()["points"] == []
    assert client_of("viewer").get("/explorer/find.json?q=").json()["points"] == []


def test_too_many_series_are_refused(client_of: ClientOf) -> None:
    response = client_of("viewer").get("/explorer?series=" + ",".join(f"AIR1:p{at}" for at in range(13)))
    assert response.status_code == 400
