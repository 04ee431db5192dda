"""Pages of reports: an issue is written behind the page, its numbers lead back, two issues are compared, and who may do what."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.utils import timezone

from bilan.plans.models import Report
from bilan.telemetry import clock
from bilan.web.areas.reports import running
from tests.web import tiny
from tests.web.running import Site

ClientOf = Callable[[str], Client]
PAGE = "/reports/air-monthly/2025-10"
CITY = "350500"
PATIENCE = 120.0
"""So long is waited for a report at most [s]."""


def text(response: Any) -> str:
    return str(response.content.decode())


def air_days(values: tuple[tuple[float, int], ...]) -> pl.DataFrame:
    """Days of October 2025 of the city and of two districts with a PM2.5 and an AQI."""
    rows = []
    for at, (pm25, aqi) in enumerate(values, 1):
        day = date(2025, 10, at)
        start = clock.seconds(datetime(day.year, day.month, day.day))
        for area in (CITY, tiny.INSIDE, tiny.OUTSIDE):
            detail = f'{{"so2": 5, "no2": 15, "co": 0.6, "pm10": 40, "pm25": {pm25}, "o3_8h": 100, "o3_1h": 120}}'
            row = {"method": "air.day", "point": area, "start": start, "seconds": 86400, "value": float(aqi), "main": "pm25"}
            judged = {"grade": 1 + (aqi > 50) + (aqi > 100), "standard": "HJ 633", "version": "2012", "valid": True}
            rows.append({**row, **judged, "detail": detail, "computed": start})
    return pl.DataFrame(rows)


@pytest.fixture(scope="module", autouse=True)
def october(site: Site) -> Iterator[None]:
    site.store.verdicts.write(air_days(((20.0, 50), (30.0, 80), (25.0, 110), (25.0, 60))))
    yield
    site.renew()


def written(client_of: ClientOf, username: str = "administrator") -> Report:
    """The newest issue, once the page says that it is written."""
    before = Report.objects.count()
    sent = client_of(username).post(PAGE, {"do": "make", "language": "zh-hans"})
    assert sent.status_code == 302
    job = sent["Location"].partition("job=")[2]
    end = time.monotonic() + PATIENCE
    while (known := running.jobs().get(job)) is not None and known.state == "applying" and time.monotonic() < end:
        time.sleep(0.05)
    assert known is not None
    assert known.state == "done", known.problems
    assert Report.objects.count() == before + 1
    return Report.objects.order_by("-pk")[0]


def test_an_issue_is_written_and_its_numbers_lead_back(client_of: ClientOf) -> None:
    assert "这一期还没有编制报告" in text(client_of("administrator").get(PAGE))
    report = written(client_of)
    assert report.numbers["air.ratio"]["text"] == "75.0%"
    page = text(client_of("administrator").get(f"{PAGE}?issue={report.pk}"))
    assert "75.0" in page[page.index('id="numbers"') :]
    led = [entry["link"] for entry in report.numbers.values() if entry.get("link")]
    assert led
    for link in sorted(set(led))[:6]:
        assert client_of("administrator").get(link).status_code == 200, link
    for form, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client_of("administrator").get(f"{PAGE}/{report.number}.{form}?language=zh-hans")
        assert b"".join(answer.streaming_content).startswith(start)


def test_two_issues_are_compared(site: Site, client_of: ClientOf) -> None:
    first = Report.objects.order_by("-pk").first() or written(client_of)
    site.store.verdicts.write(air_days(((20.0, 50), (30.0, 80), (25.0, 90), (25.0, 60))).with_columns(computed=pl.col("computed") + 1))
    second = written(client_of)
    assert second.number == first.number + 1
    page = text(client_of("administrator").get(f"{PAGE}?issue={second.pk}&against={first.pk}"))
    part = page[page.index('id="diff"') : page.index('id="numbers"')]
    assert "<del>75.0" in part
    assert "<ins>100.0" in part
    assert "+25" in part


def test_who_may_write_publish_and_read(client_of: ClientOf) -> None:
    report = Report.objects.order_by("-pk").first() or written(client_of)
    for username in ("viewer", "inside-viewer", "inside-clerk"):
        assert client_of(username).post(PAGE, {"do": "make"}).status_code == 403, username
        assert client_of(username).post(PAGE, {"do": "publish", "issue": report.pk}).status_code == 403, username
    assert client_of("viewer").get(f"{PAGE}?issue={report.pk}").status_code == 200
    inside = client_of("inside-viewer")
    assert inside.get(f"{PAGE}?issue={report.pk}").status_code == 404
    assert inside.get(f"{PAGE}/{report.number}.pdf?language=zh-hans").status_code == 404
    assert client_of("administrator").post(PAGE, {"do": "publish", "issue": report.pk}).status_code == 302
    assert inside.get(f"{PAGE}?issue={report.pk}").status_code == 200
    assert client_of("").get(PAGE).status_code in {302, 401, 403}


def test_what_is_asked_wrongly_is_told(client_of: ClientOf) -> None:
    administrator = client_of("administrator")
    assert administrator.get("/reports/air-montly/2025-10").status_code in {400, 404}
    assert administrator.get("/reports/air-monthly/2025-13").status_code in {400, 404}
    assert administrator.get(f"{PAGE}?issue=999999").status_code == 404
    assert administrator.post(PAGE, {"do": "make", "language": "fr"}).status_code == 400
    assert administrator.post(PAGE, {"do": "burn"}).status_code == 400


def test_letters_for_each_are_made_in_one_go_and_handed_over_together_or_alone(client_of: ClientOf) -> None:
    page = f"/reports/responsibility-letter/{timezone.localdate().year}"
    administrator = client_of("administrator")
    sent = administrator.post(page, {"do": "make", "language": "zh-hans"})
    job = sent["Location"].partition("job=")[2]
    end = time.monotonic() + PATIENCE
    while (known := running.jobs().get(job)) is not None and known.state == "applying" and time.monotonic() < end:
        time.sleep(0.05)
    made = Report.objects.get(report="responsibility-letter")
    shown = text(administrator.get(page))
    assert f"{page}/1.zip" in shown
    assert ".pdf" not in shown[shown.index("report-issues") : shown.index('id="papers"')]
    whole = b"".join(administrator.get(f"{page}/1.zip").streaming_content)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = archive.namelist()
        first = archive.read(names[0])
    assert b"".join(administrator.get(f"{page}/1.docx?paper=0").streaming_content) == first
    for missing in (f"paper={len(names)}", "paper=-1", "paper=²", ""):
        assert administrator.get(f"{page}/1.docx?{missing}").status_code == 404
    assert administrator.get(f"{page}/1.pdf").status_code == 400
    assert client_of("inside-viewer").get(f"{page}/1.docx?paper=0").status_code == 404
    made.delete()
