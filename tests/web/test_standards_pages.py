"""Pages of the standards: tables with their editions, what an edition changes for the limits and for the city, what is not verified."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from bilan.science import catalogue
from bilan.web.areas.standards.columns import headings
from tests.web import years
from tests.web.running import Site


@pytest.fixture(scope="module", autouse=True)
def computed(site: Site) -> int:
    return years.fill(site.store, site.city)


def exported(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(f"{address}{'&' if '?' in address else '?'}export=csv")
    assert response.status_code == 200, address
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize("entry", catalogue.tables(), ids=lambda entry: entry.name)
def test_every_table_shows_with_headings_in_both_languages(entry: catalogue.TableInfo, client_of: Callable[[str], Client]) -> None:
    assert client_of("viewer").get(f"/standards/tables/{entry.name}").status_code == 200
    assert [column for column in catalogue.rows(entry.name).columns if column not in headings()] == []


def test_an_edition_narrows_the_rows(client_of: Callable[[str], Client]) -> None:
    found = exported(client_of("viewer"), "/standards/tables/air_iaqi?edition=HJ 633/2026")
    assert {row["版本"] for row in found} == {"2026"} and len(found) == catalogue.rows("air_iaqi", "HJ 633/2026").height


def test_the_usual_comparison_is_that_of_the_limits_of_2026(client_of: Callable[[str], Client]) -> None:
    found = exported(client_of("viewer"), "/standards/changes")
    assert [(row["污染物"], row["旧版"], row["新版"]) for row in found] == [
        ("PM10", "70", "60"), ("PM10", "150", "120"), ("PM2.5", "35", "30"), ("PM2.5", "75", "60"),
    ]  # fmt: skip


def test_the_citys_own_years_are_judged_by_each_edition(client_of: Callable[[str], Client]) -> None:
    page = client_of("viewer").get("/standards/changes").content.decode()
    assert "本市优良天数（按版本）" in page and "2026 最终限值" in page


def test_recollections_are_listed_with_where_they_stand(client_of: Callable[[str], Client]) -> None:
    found = exported(client_of("viewer"), "/standards/unverified")
    assert len(found) == catalogue.unverified().height and {row["可信度"] for row in found} >= {"memory_only"}


def test_an_unknown_table_is_not_there(client_of: Callable[[str], Client]) -> None:
    assert client_of("viewer").get("/standards/tables/air_limit").status_code == 404
