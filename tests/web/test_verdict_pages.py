"""Verdicts of every medium: the list of all points, the page that says why, the badge on station pages and lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime

import polars as pl
import pytest
from django.test import Client

from bilan.evaluation.judging import judge_marks
from bilan.evaluation.methods import METHODS
from bilan.pack.vocab import by_column
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Amendment, AmendmentKind
from bilan.telemetry.store.limits import SCHEMA
from bilan.web.areas.verdicts import words
from bilan.web.components import levels
from tests.web import tiny
from tests.web.running import Site

ENGLISH = {"Accept-Language": "en"}
PLACES = {"sea": {"target_class": 2}, "groundwater": {"target_class": 3}, "drinking": {"section_type": "river"},
          "noise": {"zone_class": "2"}, "source_gas": {"limits": {"so2": 35.0}, "reference_o2": 6.0},
          "source_water": {"source": "gb18918-1a"}}  # fmt: skip
"""Network → attributes of the points that are judged here."""
READINGS = {"sea": {"din": 0.45}, "groundwater": {"nh3n": 0.8}, "drinking": {"codmn": 2.0, "mn": 0.25}, "noise": {"leq": 58.0},
            "source_gas": {"so2": 40.0, "o2": 11.0}, "source_water": {"cod": 60.0}}  # fmt: skip
METHOD = {"sea": "sea.day", "groundwater": "groundwater.month", "drinking": "drinking.month", "noise": "noise.day",
          "source_gas": "emission.day", "source_water": "emission.day"}  # fmt: skip
SAID = {
    "sea": ("Class IV", "DIN", "≤ 0.2 / ≤ 0.3 / ≤ 0.4 / ≤ 0.5", "GB 3097-1997", "seawater_limits", "Target Class II: not met"),
    "groundwater": ("Class IV", "NH3-N", "≤ 0.5", "GB/T 14848-2017", "groundwater_limits", "Target Class III: not met"),
    "drinking": ("Over a limit", "Mn", "1.50 times over", "GB 3838-2002", "surface_water_limits", "unverified"),
    "noise": ("Over a limit", "Night level Ln", "8.0 dB above", "GB 3096-2008", "noise_limits", "energy mean of 8 hours"),
    "source_gas": ("Over a limit", "SO2", "≤ 35", "limits of the outlet", "emission_validity", "converted to 6 % oxygen"),
    "source_water": ("Over a limit", "COD", "≤ 50", "GB 18918", "emission_limits", "0.20 times over"),
}
"""Network → what its page says: level, item, limit, standard, table, and one thing more."""


def code_of(network: str, number: int = 1) -> str:
    return f"J{number}-{network.upper().replace('_', '-')}"


@pytest.fixture(scope="module", autouse=True)
def judged(site: Site) -> Iterator[int]:
    """Yesterday and the night after it of a point of every network, in two districts, judged."""
    store = site.store
    now = clock.now(site.city.timezone)
    begin = (now // clock.DAY - 2) * clock.DAY
    names = {1: (tiny.INSIDE, "甲区演示点", "First District point"), 2: (tiny.OUTSIDE, "乙区演示点", "Second District station")}
    for number, (district, zh, en) in names.items():
        store.catalogue.put_points(
            Point(code_of(network, number), network, zh, en, district=district, attributes=said) for network, said in PLACES.items()
        )
        for network, values in READINGS.items():
            for column, value in values.items():
                key = SeriesKey(code_of(network, number), by_column(column).code, "value" if network == "noise" else "mean", "hour")
                (series,) = store.catalogue.series_ids([key], [""])
                rows = [Reading(series, begin + hour * clock.HOUR, clock.HOUR, value) for hour in range(30)]
                store.write("hour", rows, arrived=now)
    # The permit holds from the second day on and allows more than the outlet itself.
    permit = (code_of("source_gas"), "a21026", 50.0, "permit", "TEST-001P", "GB 13223-2011 表2", begin + clock.DAY, now + clock.DAY)
    store.limits.replace(pl.DataFrame([permit], schema=SCHEMA, orient="row"))
    marks = store.dirty.take(10_000)
    judge_marks(store, marks, now)
    store.dirty.done(marks)
    yield begin
    store.limits.replace(pl.DataFrame(schema=SCHEMA))


def page(client: Client, address: str) -> str:
    response = client.get(address, headers=ENGLISH)
    assert response.status_code == 200, address
    return response.content.decode()


def listed(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/verdicts?export=csv&columns=code,network_name,level,state_name,main_names{query}", headers=ENGLISH)
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_every_method_has_a_title_and_every_kind_levels_in_both_languages():
    assert set(words.METHODS) == {method.name for method in METHODS}
    assert set(levels.kinds()) == {method.kind for method in METHODS}
    assert all(level.label_zh and level.label_en and level.fill for level in levels.levels().values())


@pytest.mark.parametrize("network", METHOD)
def test_the_page_says_why(network: str, judged: int, client_of: Callable[[str], Client]) -> None:
    at = clock.moment(judged).date().isoformat()
    text = page(client_of("viewer"), f"/verdicts/{METHOD[network]}/{code_of(network)}?at={at}")
    assert [said for said in SAID[network] if said not in text] == []
    assert "/standards/tables/" in text
    assert f"/points/{code_of(network)}?begin=" in text


@pytest.mark.parametrize("network", METHOD)
def test_the_page_of_a_point_shows_its_verdict_and_leads_to_the_reasons(network: str, client_of: Callable[[str], Client]) -> None:
    client = client_of("viewer")
    text = page(client, f"/points/{code_of(network)}")
    assert SAID[network][0] in text
    assert f"/verdicts/{METHOD[network]}/{code_of(network)}?at=" in text
    assert SAID[network][0] in page(client, f"/points/{code_of(network)}/days")
    assert f"{code_of(network)}/{METHOD[network]}" in page(client, f"/monitoring/{network}")


def test_an_hour_over_a_limit_tells_what_was_measured_and_converted(judged: int, client_of: Callable[[str], Client]) -> None:
    at = clock.moment(judged + 3 * clock.HOUR).isoformat(timespec="minutes")
    text = page(client_of("viewer"), f"/verdicts/emission.hour/{code_of('source_gas')}?at={at}")
    # 40 mg/m³ at 11 % are 60 at 6 % oxygen: (21 - 6) / (21 - 11) = 1.5; 60 / 35 - 1 = 0.71.
    assert "measured 40 at 11 % oxygen" in text
    assert "0.71 times over" in text
    hour_before = clock.moment(judged + 2 * clock.HOUR).isoformat(timespec="minutes").replace(":", "%3A")
    assert f"/verdicts/emission.hour/{code_of('source_gas')}?at={hour_before}" in text


def hours(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/points/{code_of('source_gas')}/over?export=csv{query}", headers=ENGLISH)
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_hours_of_an_outlet_over_a_limit_say_whose_limit_it_is(judged: int, site: Site, client_of: Callable[[str], Client]) -> None:
    client = client_of("viewer")
    text = page(client, f"/points/{code_of('source_gas')}/over")
    assert "30 hours over a limit" in text
    assert "on 2 days" in text
    rows = hours(client)
    assert {(row["Measured value"], row["Limit"]) for row in rows} == {("40.0", "35.0"), ("40.0", "50.0")}
    assert len(rows) == 30
    permitted = hours(client, "&source=permit")
    assert {(row["Limit"], row["Converted"], row["Limit from"]) for row in permitted} == {
        ("50.0", "60.0", "discharge permit TEST-001P GB 13223-2011 Table 2")
    }
    assert len(permitted) == 6
    assert f"/points/{code_of('source_gas')}/over" in page(client, f"/verdicts/emission.hour/{code_of('source_gas')}")
    (series,) = site.store.catalogue.series_frame([code_of("source_gas")], ["a21026"], "hour")["id"].to_list()
    site.store.amend(Amendment(series, judged, judged + clock.HOUR, AmendmentKind.REPLACE, "A", "checked", value=41.0))
    assert [row["Value"] for row in hours(client, "&state=replaced")] == ["replaced by review"]


@pytest.mark.parametrize(
    ("person", "code"), [("inside-viewer", code_of("source_gas", 2)), ("viewer", code_of("sea")), ("viewer", "NOBODY")]
)
def test_hours_over_a_limit_are_only_of_outlets_that_the_reader_may_see(person: str, code: str, client_of: Callable[[str], Client]) -> None:
    assert client_of(person).get(f"/points/{code}/over").status_code == 404


def test_the_list_holds_the_newest_verdict_of_every_point_and_filters(client_of: Callable[[str], Client]) -> None:
    rows = {row["Code"]: row for row in listed(client_of("viewer"))}
    assert {code_of(network, number) for network in METHOD for number in (1, 2)} <= rows.keys()
    assert (rows[code_of("sea")]["Verdict"], rows[code_of("sea")]["Limits or target"]) == ("Class IV", "over or missed")
    only = listed(client_of("viewer"), "&network=noise&state=over")
    assert {row["Code"] for row in only} == {code_of("noise", 1), code_of("noise", 2)}
    assert {row["Code"] for row in listed(client_of("viewer"), f"&district={tiny.INSIDE}&network=sea")} == {code_of("sea")}
    assert {row["Verdict"] for row in listed(client_of("viewer"), "&level=Class+IV")} == {"Class IV"}


def test_the_list_of_a_person_of_a_district_ends_at_it(client_of: Callable[[str], Client]) -> None:
    codes = {row["Code"] for row in listed(client_of("inside-viewer"))}
    assert code_of("sea", 1) in codes
    assert code_of("sea", 2) not in codes
    assert client_of("inside-viewer").get(f"/verdicts/sea.day/{code_of('sea', 2)}").status_code == 404


def test_a_withdrawn_verdict_is_neither_standing_nor_explained(site: Site, judged: int, client_of: Callable[[str], Client]) -> None:
    store, code = site.store, code_of("noise", 2)
    (series,) = store.catalogue.series_ids([SeriesKey(code, "Leq", "value", "hour")], [""])
    gone = [Reading(series, judged + hour * clock.HOUR, clock.HOUR, 58.0, "M") for hour in range(30)]
    store.write("hour", gone, arrived=clock.now())
    marks = store.dirty.take(10_000)
    judge_marks(store, marks, clock.now())
    store.dirty.done(marks)
    assert code not in {row["Code"] for row in listed(client_of("viewer"))}
    text = page(client_of("viewer"), f"/verdicts/noise.day/{code}?at={datetime.isoformat(clock.moment(judged))}")
    assert "were not kept" in text


def test_the_api_names_levels_of_every_scale(client_of: Callable[[str], Client]) -> None:
    answer = client_of("viewer").get(f"/api/verdicts?method=sea.day&points={code_of('sea')}&latest=true", headers=ENGLISH).json()
    assert [item["level"] for item in answer["items"]] == ["Class IV"]
    geo = client_of("viewer").get(f"/api/points?network=sea&codes={code_of('sea')}", headers=ENGLISH)
    assert geo.json()["count"] == 1
