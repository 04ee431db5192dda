"""The one-permit view: every clause beside what is known about it, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from bilan.casework.permits import gaps
from bilan.casework.permits.model import Measured
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write
from tests.web import tiny
from tests.web.running import Site

AUTHOR = Author.platform("test")
TODAY = date.today()
ENTERPRISE = "E9001"
PERMIT = "91350502MA00000001001P"


@pytest.fixture
def permitted(site: Site) -> Site:
    """An enterprise with an outlet that is measured by GAS1, and a permit with a limit that GAS1 exceeds and one that nobody measures."""
    site.renew()
    place = {"type": "Point", "coordinates": [118.6, 24.9]}
    held = {"district": tiny.INSIDE, "geometry": place}
    _put("enterprise", ENTERPRISE, name="演示一号厂", uscc="91350100M000100Y43", industry="C261", permit_category="key", **held)
    _put("monitoring-point", "GAS1", name="一号排气筒监测", network="source_gas", kind="stack", control="none", mode="automatic", **held)
    outlet = {"name": "一号排气筒", "enterprise": ENTERPRISE, "number": "DA001", "kind": "gas-general", "points": ["GAS1"]}
    _put("outlet", f"{ENTERPRISE}-DA001", **outlet, **held)
    limit = {"parameter": "a21026", "limit": 0.001, "unit": "mg/m3"}
    dates = {"issued": (TODAY - timedelta(days=1800)).isoformat(), "expires": (TODAY + timedelta(days=20)).isoformat()}
    limits = [{"outlet": "DA001", "item": limit, "standard": "GB 13223-2011"}, {"outlet": "DW001", "item": limit}]
    duties = {"auto_required": True, "district": tiny.INSIDE, "category": "key", "enterprise": ENTERPRISE}
    _put("discharge-permit", PERMIT, name="演示一号厂排污许可证", limits=limits, **dates, **duties)
    return site


def _put(register: str, code: str, **values: Any) -> None:
    outcome = write(register, [Draft(values, code=code)], AUTHOR, accept="rows")
    assert not outcome.refused, [problem.text("en") for result in outcome.refused for problem in result.problems]


def test_every_clause_says_what_is_known_and_what_is_missing(permitted: Site, client_of: Callable[[str], Client]) -> None:
    page = client_of("operator").get(f"/registers/enterprise/entries/{ENTERPRISE}/permit").content.decode()
    assert "一证式" in page and "GB 13223-2011" in page
    assert "20 天后到期，未申请延续" in page
    assert "排放口 DW001 未入台账" in page
    assert "小时，未立案" in page
    assert "未联网" in page
    english = (
        client_of("operator").get(f"/registers/enterprise/entries/{ENTERPRISE}/permit", headers={"Accept-Language": "en"}).content.decode()
    )
    assert "outlet DW001 is not in the register" in english


def test_it_can_be_narrowed_to_gaps_and_taken_away(permitted: Site, client_of: Callable[[str], Client]) -> None:
    address = f"/registers/enterprise/entries/{ENTERPRISE}/permit"
    prefix = f"p{Entry.objects.get(register='discharge-permit', code=PERMIT).pk}-"
    response = client_of("operator").get(address, {f"{prefix}gap": "yes", "export": "csv", "table": f"clauses-{PERMIT}"})
    text = b"".join(response.streaming_content).decode("utf-8-sig") if response.streaming else response.content.decode("utf-8-sig")
    assert "DW001" in text and "无缺口" not in text


def test_who_may_not_see_the_enterprise_does_not_see_its_permit(permitted: Site, client_of: Callable[[str], Client]) -> None:
    address = f"/registers/enterprise/entries/{ENTERPRISE}/permit"
    assert client_of("inside-viewer").get(address).status_code == 200
    assert client_of("auditor").get(address).status_code == 403
    assert client_of("operator").get("/registers/enterprise/entries/E0000/permit").status_code == 404


def seen(over: int = 0, share: float = 1.0) -> Measured:
    """Hours of an outlet."""
    return Measured("P", "a21026", "mg/m3", "mean", round(720 * share), over, share, 10.0, 5.0, 0)


def codes(found: list[gaps.Gap]) -> list[str]:
    """Codes of gaps."""
    return [gap.code for gap in found]


def test_a_limit_without_outlet_point_or_measurement_is_a_gap() -> None:
    assert codes(gaps.of_limit("DA001", {}, [], [], [], [])) == ["no_outlet"]
    assert codes(gaps.of_limit("DA001", {"DA001": 1}, [], [], [], [])) == ["no_point"]
    assert codes(gaps.of_limit("DA001", {"DA001": 1}, ["P"], [], [], [])) == ["not_measured"]
    assert codes(gaps.of_limit("DA001", {"DA001": 1}, ["P"], [seen()], [], [])) == []
    assert codes(gaps.of_limit("DA001", {"DA001": 1}, ["P"], [seen(share=0.8)], [], [])) == ["few_hours"]


def test_an_exceedance_is_grave_until_somebody_acts() -> None:
    unanswered = gaps.of_limit("DA001", {"DA001": 1}, ["P"], [seen(over=3)], [], [])
    assert codes(unanswered) == ["exceeded_unanswered"] and unanswered[0].grave
    answered = gaps.of_limit("DA001", {"DA001": 1}, ["P"], [seen(over=3)], [], ["a case"])
    assert codes(answered) == ["exceeded"] and not answered[0].grave


def test_the_yearly_report_is_due_after_january() -> None:
    issued = date(2022, 5, 1)
    assert codes(gaps.of_report(date(2025, 1, 20), issued, date(2026, 1, 31))) == []
    assert codes(gaps.of_report(date(2025, 1, 20), issued, date(2026, 2, 1))) == ["report_late"]
    assert codes(gaps.of_report(date(2026, 1, 20), issued, date(2026, 2, 1))) == []
    assert codes(gaps.of_report(None, date(2026, 3, 1), date(2026, 11, 1))) == []


def test_a_quantity_used_faster_than_the_year_passes_is_a_gap() -> None:
    assert codes(gaps.of_total(11.0, 10.0, date(2026, 12, 1))) == ["total_exceeded"]
    assert codes(gaps.of_total(8.0, 10.0, date(2026, 7, 1))) == ["total_ahead"]
    assert codes(gaps.of_total(4.0, 10.0, date(2026, 7, 1))) == []
    assert codes(gaps.of_total(None, 10.0, date(2026, 7, 1))) == ["not_measured"]
