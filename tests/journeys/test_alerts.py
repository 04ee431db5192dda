"""Alerts as a person meets them in a browser: what is wrong, what proves it, taking note, telling, the bell."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bilan.telemetry.store import Store
from tests.journeys.conftest import ROOT, Running, drawn, fits, peopled, serve

MADE = """
from bilan.casework.models import Notice
from bilan.people.models import Person
from tests.web import tiny_alerts
first, *others = tiny_alerts.make()
Notice.objects.create(person=Person.objects.get(username="operator"), channel="web", kind="alert.opened", level=3, alert=first,
                      title_zh="甲区演示站浓度突升", title_en="First District station: a jump", link=f"/alerts/{first.pk}")
"""


@pytest.fixture(scope="module")
def running(front_end: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A tiny city with one open alert a district and one notice to the operator."""
    city = peopled(tmp_path_factory.mktemp("alerts") / "city")
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "BILAN_CITY": str(city.folder), "BILAN_LIVE_SECONDS": "0.5", "PYTHONPATH": path}
    with serve(city, environment) as address:
        subprocess.run([sys.executable, "-m", "bilan", "manage", "shell", "-v", "0", "-c", MADE], env=environment, check=True)
        store = Store.open(city)
        yield Running(address, city, store)
        store.close()


ADDRESSES = ["/alerts", "/alerts/1", "/alerts/windows", "/alerts/rules", "/alerts/rules/air-hour-jump", "/notices"]


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize("address", [*ADDRESSES, "/alerts/rules/air-hour-jump/test", "/alerts/together?codes=1&codes=2"])
def test_pages_about_alerts_fit_and_are_accessible(
    visit: Callable[..., Any], accessible: Callable[[Any], None], picture: Callable[..., Any], address: str, width: int
) -> None:
    page = visit(address, person="administrator", width=width)
    drawn(page)
    accessible(page)
    assert fits(page)
    picture(page, f"{address.strip('/').replace('/', '-').split('?')[0]}-{width}", whole=True)


def test_an_alert_is_proved_acknowledged_and_the_bell_falls_silent(visit: Callable[..., Any]) -> None:
    page = visit("/alerts", person="operator", language="en")
    page.wait_for_selector(".bell [data-count]:not([hidden])")
    assert page.inner_text(".bell [data-count]") == "1"
    page.click("a[href='/alerts/1']")
    page.wait_for_selector("figure.chart[data-drawn]")
    assert "rose from" in page.inner_text("#says")
    page.fill("#hand input[name=text]", "going there")
    page.click("#hand button[value=acknowledge]")
    page.wait_for_selector("#events:has-text('going there')")
    assert page.locator("#hand button[value=acknowledge]").count() == 0
    page.wait_for_selector(".bell [data-count]", state="hidden")


def test_a_new_level_appears_without_a_reload(running: Running, visit: Callable[..., Any]) -> None:
    page = visit("/alerts/2", person="operator", language="en")
    page.evaluate("window.stays = true")
    code = "from bilan.casework.models import Alert; Alert.objects.filter(pk=2).update(level=4, peak=4)"
    environment = {**os.environ, "BILAN_CITY": str(running.city.folder), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-m", "bilan", "manage", "shell", "-v", "0", "-c", code], env=environment, check=True)
    page.wait_for_selector("#alert-state:has-text('Critical')")
    assert page.evaluate("window.stays")


def test_ticked_alerts_are_acknowledged_together(visit: Callable[..., Any]) -> None:
    page = visit("/alerts?columns=level,says,by", person="operator", language="en")
    page.check("tbody tr:has-text('Second District') input[data-pick]")
    page.check("tbody tr:has-text('Third City') input[data-pick]")
    page.click("[data-picked] button.button")
    page.wait_for_url("**/alerts/together**")
    page.click("button[value=acknowledge]")
    page.wait_for_url("**/alerts")
    assert "2 alerts acknowledged" in page.inner_text("main")


def test_a_rule_is_tried_on_the_past(visit: Callable[..., Any]) -> None:
    page = visit("/alerts/rules/air-hour-jump", person="administrator", language="en")
    page.click("a:has-text('Try on the past')")
    page.wait_for_selector("textarea.code")
    page.click("button[value=replay]")
    page.wait_for_selector("#trial-body[data-state=done]")
    assert "episodes" in page.inner_text("#trial-body")
