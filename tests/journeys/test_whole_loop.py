"""The whole loop: an outlet cheats, is seen, is handled in the field, is returned once, is closed, cheats again and is reopened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from bilan.demo.backfill_frames import Sheet, Writer
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.orders import Order
from bilan.telemetry.simulator.profiles import profiles
from bilan.telemetry.simulator.signals import Signals
from tests.journeys.conftest import PASSWORD, Running
from tests.journeys.test_field import PLACE, Phone, manage, photo
from tests.web import tiny

OUTLET, NAME, PROFILE = "E9-DA001", "演示陶瓷厂 DA001 窑炉烟囱", "ceramics"
RULE = "fraud-constant"
PERSONS = {"chief": ("duty-chief", []), "officer": ("enforcement-officer", [tiny.INSIDE]), "judge": ("reviewer", [tiny.INSIDE])}
STRANGER = {"stranger": ("enforcement-officer", [tiny.OUTSIDE])}
SEEN, MENDED = 190, 16
"""Hours before now at which the first cheating is seen, and at which the second begins.

Between them lie more than the five days over which stairs are looked for.
"""


def outlet() -> Point:
    """The outlet that cheats, where the officer's phone is."""
    kind = profiles()[PROFILE]
    attributes = {
        "profile": PROFILE,
        "enterprise": "E9",
        "organisation": "E9",
        "reference_o2": kind.reference_o2,
        "limits": {item.parameter: item.limit for item in kind.items},
    }
    place = {"lon": PLACE["longitude"], "lat": PLACE["latitude"]}
    return Point(OUTLET, kind.network, NAME, "Demo ceramics stack", district=tiny.INSIDE, attributes=attributes, **place)


@pytest.fixture(scope="module")
def cheated(running: Running) -> Iterator[int]:
    """Forty days of the simulator's hours: honest, then constant, then honest, then constant again; gives the present hour."""
    now = clock.now(running.city.timezone) // clock.HOUR * clock.HOUR
    begin = now - 40 * clock.DAY
    running.store.catalogue.put_points([outlet()])
    observer = Observer(Signals([outlet()], seed=5))
    observer._schedules["source_gas"].kinds = []
    first = Order(OUTLET, "constant", now - (SEEN + 30) * clock.HOUR, now - (SEEN - 1) * clock.HOUR)
    observer.order([first, Order(OUTLET, "constant", now - MENDED * clock.HOUR, now + clock.DAY)])
    starts = np.arange(begin, now, clock.HOUR, dtype=np.int64)
    writer = Writer(running.store, observer, "source_gas", "hour", [outlet()])
    sheet = Sheet(writer.series, np.full(len(writer.series), len(starts), dtype=np.int64))
    writer.fill(sheet, sheet.rows, starts, 0)
    running.store.lake.write("hour", sheet.frame(clock.HOUR))
    people = {**PERSONS, **STRANGER}
    manage(
        running,
        f"""
from bilan.people.models import Person
for name, (role, districts) in {people!r}.items():
    Person.objects.create_user(name, "{PASSWORD}", role=role, districts=districts, name=name)
""",
    )
    yield now


def watch(running: Running, moment: int) -> None:
    """One round of the watch, as if it were `moment` [s of the wall clock]."""
    manage(
        running,
        f"""
from datetime import timedelta
from django.conf import settings
from django.utils import timezone
from bilan.casework.evaluating.watching import Watch
from bilan.telemetry import clock
from bilan.telemetry.store import Store
ahead = clock.now(settings.CITY.timezone) - {moment}
Watch(Store.open(settings.CITY)).round(timezone.now() - timedelta(seconds=ahead))
""",
    )


def told(running: Running, asked: str) -> Any:
    """What the platform knows, as Python asks for it."""
    return json.loads(
        manage(running, f"import json\nfrom bilan.casework.models import Alert, Case\nprint(json.dumps({asked}))").splitlines()[-1]
    )


@pytest.fixture
def phone(running: Running, browser: Any) -> Iterator[Callable[[str], Phone]]:
    """Phones of officers."""
    made: list[Phone] = []

    def take(person: str) -> Phone:
        made.append(Phone(browser, running, person, "zh-CN"))
        return made[-1]

    yield take
    for entry in made:
        entry.context.close()
    assert not [fault for entry in made for fault in entry.faults]


def test_from_the_first_false_value_to_the_reopened_case(
    running: Running, cheated: int, visit: Any, phone: Callable[[str], Phone], accessible: Any, picture: Any
) -> None:
    watch(running, cheated - SEEN * clock.HOUR)

    # The duty chief sees the alert with its reason in words and the chart that proves it, and gives it to the district.
    page = visit("/alerts?rule=" + RULE, person="chief")
    page.click("main tbody a:has-text('疑似造假：恒值'):visible")
    page.wait_for_url("**/alerts/*")
    said = page.inner_text("#says")
    assert NAME in said and "恒为" in said
    page.wait_for_selector("#proof canvas")
    picture(page, "alert", whole=True)
    number = int(page.url.rstrip("/").split("/")[-1].split("?")[0])
    page.click("main a:has-text('新建办件')")
    page.wait_for_selector("form.move-form")
    page.fill("#f-demand", "请现场核查采样与数采仪")
    page.click("form.move-form button.primary")
    page.wait_for_url("**/cases/YJ-*")
    code = page.url.rstrip("/").split("/")[-1].split("?")[0]
    assert visit("/public/decisions", person="").locator(f"text={NAME}").count() == 0

    # Nobody of another district knows of it.
    assert visit("/cases", person="stranger").locator(f"text={code}").count() == 0

    # The officer takes it over, works without a net and comes back.
    officer = phone("officer")
    officer.installed()
    officer.act(code, "accept")
    _hand_in(officer)
    _until(officer, done=1)
    officer.context.set_offline(True)
    officer.standing("offline")
    _submit(officer, code, "数采仪量程被改，已恢复")
    _until(officer, done=1, queued=1)
    officer.context.set_offline(False)
    _until(officer, done=2)
    assert told(running, f"Case.objects.get(code='{code}').state") == "review"

    # The review returns it once; the officer hands it in again; by then the values are honest.
    _decide(visit, code, "return", "请补充封条照片")
    officer.page.reload()
    officer.page.wait_for_selector("html[data-standing=quiet]", state="attached")
    _submit(officer, code, "已补充封条照片并复核")
    _until(officer, done=3)
    watch(running, cheated - MENDED * clock.HOUR)
    assert told(running, f"Alert.objects.get(pk={number}).state") == "cleared"
    _decide(visit, code, "approve", "")
    assert told(running, f"Case.objects.get(code='{code}').standing") == "closed"
    assert visit("/public/decisions", person="").locator(f"text={code}").count() == 1

    # It cheats again: the case reopens by itself.
    watch(running, cheated)
    assert told(running, f"Case.objects.get(code='{code}').standing") == "running"
    page = visit(f"/cases/{code}", person="chief")
    accessible(page)
    picture(page, "reopened", whole=True)
    assert "reopen" in told(running, f"list(Case.objects.get(code='{code}').steps.values_list('action', flat=True))")


def _submit(officer: Phone, code: str, found: str) -> None:
    page = officer.act(code, "submit")
    page.select_option("#f-cause", index=1)
    page.fill("#f-found", found)
    page.fill("#f-measures", "恢复原设置并加封")
    page.set_input_files("[data-need=scene] input[type=file]", [photo(colour=found)])
    page.wait_for_selector("[data-need=scene] .proof")
    _hand_in(officer)


def _until(officer: Phone, **states: int) -> None:
    """Wait until the phone keeps so many acts in each state."""
    officer.waits_for(*(state for state, number in states.items() for _ in range(number)))


def _hand_in(officer: Phone) -> None:
    officer.page.click(".foot .button.primary")
    officer.page.wait_for_function("() => !location.hash.includes('/act/')")


def _decide(visit: Any, code: str, transition: str, note: str) -> None:
    page = visit(f"/cases/{code}/move/{transition}", person="judge")
    if note:
        page.fill("#f-note", note)
    page.click("form.move-form button.primary")
    page.wait_for_url(f"**/cases/{code}*")
