"""The pages of a point: values, days, quality, proof, amendments, and the reasons of its verdicts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from django.test import Client

from bilan.pack.vocab import by_column
from bilan.science import air
from bilan.telemetry import clock, journal
from bilan.web.areas.monitoring.limits import limits
from tests.web import station_city, tiny
from tests.web.running import Site

ClientOf = Callable[[str], Client]
PM25 = "a34004"


@pytest.fixture(scope="module")
def filled(site: Site) -> int:
    """Six weeks of history of one station and one section; gives their end."""
    return station_city.fill(site.store, site.city, ("AIR1", "RIVER1"), 42)


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers={"Accept-Language": "en", **headers})
    assert response.status_code == 200, address
    return response.content.decode()


def series_of(site: Site, code: str, parameter: str = PM25) -> int:
    return int(site.store.catalogue.series_frame([code], [parameter], "hour")["id"][0])


def iso(stamp: int) -> str:
    return clock.moment(stamp).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    "address", ["/points/AIR1", "/points/AIR1/days", "/points/AIR1/data", "/points/AIR1/quality", "/points/RIVER1/days", "/points/NOISE1"]
)
def test_pages_of_a_point_open_for_everybody_who_may_see_it(address: str, filled: int, client_of: ClientOf) -> None:
    assert "First District" in page(client_of("inside-viewer"), address)


def test_a_point_that_nobody_has_judged_says_so(client_of: ClientOf) -> None:
    client = client_of("viewer")
    assert "Not judged yet." in page(client, "/points/NOISE1")
    assert "Nothing was judged in this year." in page(client, "/points/NOISE1/days")


def test_the_calendar_holds_every_judged_day(site: Site, filled: int, client_of: ClientOf) -> None:
    day = clock.moment(filled).replace(hour=0, minute=0) - timedelta(days=3)
    text = page(client_of("viewer"), f"/points/AIR1/days?year={day.year}")
    stored = site.store.verdicts.scan("air.day", ["AIR1"], clock.seconds(day), clock.seconds(day) + 1).row(0, named=True)
    title = re.search(rf'href="/verdicts/air\.day/AIR1\?at={day:%Y-%m-%d}" title="([^"]*)"', text)
    assert title
    assert f"AQI {stored['value']:.0f}" in title.group(1)


def test_values_are_shown_as_received_and_as_reviewed(site: Site, filled: int, client_of: ClientOf) -> None:
    client, start = client_of("operator"), filled - 30 * clock.HOUR
    series = series_of(site, "AIR1")
    span = {"begin": iso(start), "end": iso(start + 2 * clock.HOUR)}
    before = site.store.scan([series], start, start + 2 * clock.HOUR, "hour")["value"].to_list()
    form = {**span, "series": series, "kind": "invalidate", "why": "calibration gas"}
    answer = client.post("/points/AIR1/amend", form, headers={"Accept-Language": "en"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/points/AIR1/quality#amendments"
    assert site.store.scan([series], start, start + 2 * clock.HOUR, "hour")["value"].to_list() == [None, None]
    assert site.store.scan([series], start, start + 2 * clock.HOUR, "hour", level="raw")["value"].to_list() == before
    query = f"begin={span['begin']}&end={span['end']}&parameters=pm25"
    reviewed = page(client, f"/points/AIR1/data?{query}")
    assert "2 values amended" in reviewed
    assert reviewed.count('class="doubt"') == 2
    assert "declared invalid by review" not in page(client, f"/points/AIR1/data?{query}&level=raw")
    assert "calibration gas" in page(client, "/points/AIR1/quality")
    client.post("/points/AIR1/amend", {**span, "series": series, "kind": "restore", "why": "the gas was off"})
    assert site.store.scan([series], start, start + 2 * clock.HOUR, "hour")["value"].to_list() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"why": "  "}, "reason"),
        ({"series": ""}, "Parameter"),
        ({"begin": ""}, "Begin"),
        ({"end": "2020-01-01T00:00"}, "not before"),
        ({"kind": "delete"}, "delete"),
    ],
)
def test_an_amendment_that_cannot_be_made_is_explained(
    changed: dict[str, str], said: str, site: Site, filled: int, client_of: ClientOf
) -> None:
    client, series = client_of("operator"), series_of(site, "AIR1")
    form: dict[str, Any] = {"series": series, "kind": "invalidate", "why": "x", "begin": iso(filled - 7200), "end": iso(filled), **changed}
    if form["series"] == "":
        del form["series"]
    count = len(site.store.amendments([series]))
    text = client.post("/points/AIR1/amend", form, follow=True, headers={"Accept-Language": "en"}).content.decode()
    assert "notice-error" in text
    assert said in text
    assert len(site.store.amendments([series])) == count


def test_only_operators_amend_and_only_the_points_own_series(site: Site, filled: int, client_of: ClientOf) -> None:
    form = {"series": series_of(site, "AIR2"), "kind": "invalidate", "why": "x", "begin": iso(filled - 7200), "end": iso(filled)}
    assert client_of("viewer").post("/points/AIR1/amend", form).status_code == 403
    assert client_of("operator").post("/points/AIR1/amend", form).status_code == 404
    assert client_of("inside-operator").post("/points/AIR2/amend", form).status_code == 404


def test_the_proof_of_a_value_is_its_frame(site: Site, filled: int, client_of: ClientOf) -> None:
    start = filled - 50 * clock.HOUR
    position = station_city.telegram(site.store, site.city, "AIR1", start, 61.5)
    address = f"/points/AIR1/proof?series={series_of(site, 'AIR1')}&start={start}"
    text = page(client_of("operator"), address)
    frame = journal.read(site.city.journal, position).payload
    assert hashlib.sha256(frame).hexdigest() in text
    assert "a34004-Avg=61.5" in text
    assert "secret-word" not in text
    assert 'class="proved"' in text
    assert client_of("viewer").get(address).status_code == 403
    assert client_of("inside-operator").get(address.replace("AIR1", "AIR2")).status_code == 404


def test_a_value_without_a_frame_says_so(site: Site, filled: int, client_of: ClientOf) -> None:
    client, series = client_of("operator"), series_of(site, "AIR1")
    assert "there is no frame" in page(client, f"/points/AIR1/proof?series={series}&start={filled - 20 * clock.HOUR}")
    assert "There is no such value" in page(client, f"/points/AIR1/proof?series={series}&start=17")
    assert "There is no such value" in page(client, f"/points/AIR1/proof?series={series_of(site, 'AIR2')}&start={filled}")


def test_a_verdict_says_why(site: Site, filled: int, client_of: ClientOf) -> None:
    day = clock.moment(filled).replace(hour=0, minute=0) - timedelta(days=3)
    stored = site.store.verdicts.scan("air.day", ["AIR1"], clock.seconds(day), clock.seconds(day) + 1).row(0, named=True)
    text = page(client_of("viewer"), f"/verdicts/air.day/AIR1?at={day:%Y-%m-%d}")
    assert f"AQI {stored['value']:.0f}" in text
    assert air.category(int(stored["value"]), stored["version"]).name_en in text
    assert text.count('class="decides"') >= 1
    assert "HJ 633-2026" in text
    assert re.search(r"checked in (one source|two or more sources)", text)


def test_a_water_verdict_says_why(filled: int, client_of: ClientOf) -> None:
    text = page(client_of("viewer"), f"/verdicts/water.hour/RIVER1?at={iso(filled - 5 * clock.HOUR)}")
    assert "GB 3838-2002" in text
    assert "0.02 / 0.1 / 0.2 / 0.3 / 0.4" in text


def test_the_reasons_of_an_area_name_its_stations(site: Site, filled: int, client_of: ClientOf) -> None:
    at = iso(filled - 5 * clock.HOUR)
    text = page(client_of("inside-viewer"), f"/verdicts/air.hour/{tiny.INSIDE}?at={at}")
    assert "Mean over 1 station" in text
    assert "/verdicts/air.hour/AIR1" in text
    assert client_of("inside-viewer").get(f"/verdicts/air.hour/{tiny.OUTSIDE}").status_code == 404
    assert client_of("inside-viewer").get("/verdicts/air.hour/350500").status_code == 404
    assert client_of("viewer").get("/verdicts/air.hour/350500").status_code == 200


@pytest.mark.parametrize("address", ["/verdicts/air.hour/NOISE1", "/verdicts/air.day/AIR1?at=1999-01-01"])
def test_where_nothing_was_judged_the_page_says_so(address: str, client_of: ClientOf) -> None:
    assert "No verdict for this time" in page(client_of("viewer"), address)


def test_an_unknown_method_is_not_found(client_of: ClientOf) -> None:
    assert client_of("viewer").get("/verdicts/air.week/AIR1").status_code == 404


def test_marks_come_with_words(site: Site, filled: int, client_of: ClientOf) -> None:
    query = f"parameters=pm25&begin={iso(filled - 42 * clock.DAY)}&end={iso(filled)}"
    marks = client_of("viewer").get(f"/points/AIR1/marks.json?{query}", headers={"Accept-Language": "en"}).json()["marks"]
    assert {mark["said"] for mark in marks} == {"M maintenance", "changes too fast"}
    assert {mark["parameter"] for mark in marks} == {PM25}
    assert all(mark["device"] == (mark["said"] == "M maintenance") for mark in marks)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_period_is_exported_whole(form: str, filled: int, client_of: ClientOf) -> None:
    begin, end = iso(filled - 10 * clock.HOUR), iso(filled)
    response = client_of("viewer").get(f"/points/AIR1/data?begin={begin}&end={end}&export={form}&table=values")
    content = b"".join(response.streaming_content)
    if form == "csv":
        assert len(content.decode("utf-8-sig").strip().splitlines()) == 11
    if form == "parquet":
        assert pl.read_parquet(content).height == 10


def test_a_period_too_long_for_a_table_is_refused_with_a_way_out(filled: int, client_of: ClientOf) -> None:
    response = client_of("viewer").get("/points/AIR1/data?begin=2016-01-01&end=2026-01-01", headers={"Accept-Language": "en"})
    assert response.status_code == 400
    assert "coarser interval" in response.content.decode()


def test_the_network_table_shows_completeness(site: Site, filled: int, client_of: ClientOf) -> None:
    station_city.digest(site.store, site.city)
    assert "Completeness, 24 h" in page(client_of("viewer"), "/monitoring/air")
    assert "100.0 %" in page(client_of("viewer"), "/monitoring/air")


def test_limits_follow_the_day_of_the_data() -> None:
    point = next(point for point in tiny.points() if point.code == "AIR1")
    old, new = (limits(point, by_column("pm25"), datetime(year, 6, 1).date())["day"][0]["value"] for year in (2020, 2026))
    assert (old, new) == (75, 60)


def test_limits_of_a_section_are_those_of_its_target() -> None:
    point = next(point for point in tiny.points() if point.code == "RIVER1")
    assert [line["value"] for line in limits(point, by_column("tp"), datetime(2026, 1, 1).date())["hour"]] == [0.2]
    assert [line["value"] for line in limits(point, by_column("ph"), datetime(2026, 1, 1).date())["hour"]] == [6, 9]
    assert limits(point, by_column("tn"), datetime(2026, 1, 1).date()) == {}
