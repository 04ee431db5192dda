"""Rankings: order, ties, periods, and the year before."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from bilan.problems import BilanError
from bilan.web.areas.ranking.periods import period
from tests.web import years
from tests.web.running import Site

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module", autouse=True)
def computed(site: Site) -> int:
    return years.fill(site.store, site.city)


def rows(client: Client, query: str) -> list[list[str]]:
    response = client.get(f"/ranking?{query}&export=csv")
    assert response.status_code == 200, query
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    return lines[1:]


def test_districts_stand_in_the_order_of_their_index(client_of: Callable[[str], Client]) -> None:
    found = rows(client_of("viewer"), "of=districts&period=year")
    # PM2.5 is 25, 30 and 35 µg/m³ and everything else alike; the city itself has no rank.
    assert [(row[0], row[1]) for row in found] == [("甲区", "1"), ("乙区", "2"), ("丙市", "3"), ("演示市", "")]


def test_equal_values_share_a_rank(client_of: Callable[[str], Client]) -> None:
    found = rows(client_of("viewer"), "of=districts&period=year&by=no2")
    assert [row[1] for row in found] == ["1", "1", "1", ""]


@pytest.mark.parametrize("kind", ["day", "month", "year"])
@pytest.mark.parametrize("of", ["districts", "stations", "sections", "waters"])
def test_every_ranking_shows(of: str, kind: str, client_of: Callable[[str], Client]) -> None:
    response = client_of("viewer").get(f"/ranking?of={of}&period={kind}")
    assert response.status_code == 200
    assert "排名规则" in response.content.decode()


def test_sections_stand_in_the_order_of_their_index(client_of: Callable[[str], Client]) -> None:
    found = rows(client_of("viewer"), f"of=sections&period=year&at={date.today().year - 1}")
    assert [row[0] for row in found] == ["甲区演示断面", "乙区演示断面", "丙市演示断面"]
    assert [row[4] for row in found] == ["2", "3", "4"]


@pytest.mark.parametrize("query", ["of=cities", "period=week", "at=someday", "by=radon", "period=month&at=2026-13"])
def test_what_cannot_be_ranked_is_said(query: str, client_of: Callable[[str], Client]) -> None:
    assert client_of("viewer").get(f"/ranking?{query}").status_code == 400


def test_a_period_ends_today_and_is_compared_with_the_same_days() -> None:
    year = period("year", "2026", TODAY)
    assert (year.until, year.over) == (TODAY, False)
    assert year.span_before[1] - year.span_before[0] == year.span[1] - year.span[0]
    assert period("month", "2026-10", TODAY).over
    assert (period("day", "", TODAY).at, period("month", "", TODAY).moved(-1)) == ("2026-11-20", "2026-10")


def test_moving_between_lengths_keeps_the_place() -> None:
    month = period("month", "2026-10", TODAY)
    assert (month.as_kind("day"), month.as_kind("year")) == ("2026-10-31", "2026")
    assert period("day", "2026-03-01", TODAY).as_kind("month") == "2026-03"


def test_a_leap_day_has_a_year_before() -> None:
    leap = period("day", "2028-02-29", date(2028, 3, 5))
    assert leap.span_before[0] == period("day", "2027-02-28", TODAY.replace(year=2028)).span[0]


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(BilanError):
        period("day", "2026-02-30", TODAY)
