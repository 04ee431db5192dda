"""The catalogue of the lake says how fresh its tables are, what failed, and the reason to whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client, override_settings

from bilan.lake import LakeTables, record
from bilan.lake.record import Fault, Record
from bilan.pack.publishing import Publishing
from bilan.pack.registers.words import Bilingual
from bilan.plans.indicators.tables import Tables
from bilan.plans.publishing import write
from tests.web.running import Site

REASON = "no space left on /full"


@pytest.fixture(scope="module")
def lake(site: Site) -> Iterator[LakeTables]:
    found = LakeTables(site.city.lake)
    list(write(Tables.now(site.city, site.store), found, ["districts", "areas"]))
    with override_settings(PUBLISHING=Publishing(nightly="00:00")):
        yield found


def noted(lake: LakeTables, nightly: datetime, **faults: Fault) -> None:
    record.write(lake, Record(nightly.isoformat(), nightly.astimezone().isoformat(), 1.0, faults))


def text(client: Client, address: str) -> str:
    return client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_what_was_published_in_time_is_up_to_date(lake: LakeTables, client_of: Callable[[str], Client]) -> None:
    noted(lake, datetime.now())
    page = text(client_of("viewer"), "/lake?q=district")
    assert "Up to date" in page and "notice-error" not in page and "notice-warning" not in page
    assert "districts" in text(client_of("viewer"), "/lake?fresh=fresh") and "air_days" in text(client_of("viewer"), "/lake?fresh=never")


def test_a_night_that_was_missed_is_told_on_both_pages(lake: LakeTables, client_of: Callable[[str], Client]) -> None:
    noted(lake, datetime.now() - timedelta(days=2))
    for address in ("/lake", "/lake/districts"):
        page = text(client_of("viewer"), address)
        assert "notice-warning" in page and "bilan reckon" in page


def test_the_reason_of_a_failure_is_for_administrators(lake: LakeTables, client_of: Callable[[str], Client]) -> None:
    later = (datetime.now() + timedelta(minutes=1)).astimezone().isoformat()
    noted(lake, datetime.now(), districts=Fault(later, later, Bilingual(REASON, REASON)))
    for address in ("/lake", "/lake/districts"):
        assert REASON in text(client_of("administrator"), address)
        seen = text(client_of("viewer"), address)
        assert "notice-error" in seen and REASON not in seen
    assert "notice-error" not in text(client_of("viewer"), "/lake/areas")


def test_a_failure_is_over_once_the_table_was_published(lake: LakeTables, client_of: Callable[[str], Client]) -> None:
    then = (datetime.now() - timedelta(hours=1)).astimezone().isoformat()
    noted(lake, datetime.now(), districts=Fault(then, then, Bilingual(REASON, REASON)))
    assert "notice-error" not in text(client_of("administrator"), "/lake")
