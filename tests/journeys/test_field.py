"""A shift on a phone: no net, the tab killed, two phones on one case, broken uploads; nothing is lost, nothing doubled."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import segno
from PIL import Image

from tests.journeys.conftest import PASSWORD, ROOT, Running, _is_fault, _is_ours, _session, fits
from tests.web import tiny

PLACE = {"longitude": 118.501, "latitude": 24.851, "accuracy": 8}
OFFICERS = ("officer-one", "officer-two")
KEPT = """() => new Promise((answer) => {
  const ask = indexedDB.open("bilan-field");
  ask.onsuccess = () => {
    const all = ask.result.transaction("acts").objectStore("acts").getAll();
    all.onsuccess = () => { answer(all.result.map(({ state, transition }) => ({ state, transition }))); ask.result.close(); };
  };
})"""
LEAVE = """() => {
  const form = document.getElementById("leave");
  form.elements.csrfmiddlewaretoken.value = /csrftoken=([^;]+)/.exec(document.cookie)[1];
  form.submit();
}"""
SEEDS = f"""
from tests.web import tiny_entries
tiny_entries.make()
from bilan.people.models import Person
for name in {OFFICERS!r}:
    Person.objects.get_or_create(username=name, defaults=dict(roles=["enforcement-officer"], districts=["{tiny.INSIDE}"], name=name))
    person = Person.objects.get(username=name); person.set_password("{PASSWORD}"); person.save()
"""


def manage(running: Running, code: str) -> str:
    """Run Python in the served city; gives what it printed."""
    environment = {**os.environ, "BILAN_CITY": str(running.city.folder), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "bilan", "manage", "shell", "-v", "0", "-c", code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module", autouse=True)
def officers(running: Running) -> Iterator[None]:
    """Two officers of one district."""
    manage(running, SEEDS)
    yield


@pytest.fixture
def cases(running: Running) -> Callable[..., list[str]]:
    """Open cases of the tested flow; gives their codes."""

    def make(*titles: str, owner: str = "officer-one", moves: tuple[str, ...] = ()) -> list[str]:
        code = f"""
import json
from bilan.casework import moving
from bilan.casework.moving import Move, Opening
from bilan.people.models import Person
owner = Person.objects.filter(username={owner!r}).first()
found = []
for at, title in enumerate({titles!r}):
    place = dict(register="test-station", entry="AIR1") if at == 0 else dict(district="{tiny.INSIDE}", place_name=title)
    case = moving.open_case("test-field", Opening(title=title, owner=owner, lon=118.50 + at / 50, lat=24.85, **place), None)
    for name in {moves!r}:
        moving.move(case, name, Move(), owner)
    found.append(case.code)
print(json.dumps(found))
"""
        return list(json.loads(manage(running, code).splitlines()[-1]))

    return make


@pytest.fixture
def state_of(running: Running) -> Callable[[str], dict[str, Any]]:
    """What the platform knows of a case."""

    def ask(code: str) -> dict[str, Any]:
        asked = f"""
import json
from bilan.casework.evidence import check
from bilan.casework.models import Case
case = Case.objects.get(code={code!r})
steps = [[step.action, step.transition, step.author, step.evidence.count(), step.note] for step in case.steps.order_by("number")]
pieces = [dict(kind=piece.kind, requirement=piece.requirement, lon=piece.lon, same=check(piece).same, step=piece.step_id is not None)
          for piece in case.evidence.order_by("pk")]
print(json.dumps(dict(state=case.state, owner=str(case.owner or ""), steps=steps, evidence=pieces, data=case.data)))
"""
        return dict(json.loads(manage(running, asked).splitlines()[-1]))

    return ask


class Phone:
    """A phone-sized browser of one officer."""

    def __init__(self, browser: Any, running: Running, person: str, language: str) -> None:
        self.address = running.address
        self.faults: list[str] = []
        self.context = browser.new_context(
            viewport={"width": 375, "height": 812},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale=language,
            base_url=running.address,
            reduced_motion="reduce",
            geolocation=PLACE,
            permissions=["geolocation"],
            storage_state=_session.__wrapped__(browser, running.address, person),
        )
        self.page = self.open()

    def open(self, path: str = "/field") -> Any:
        """A tab with the app."""
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self.faults.append(message.text) if _is_fault(message) else None)
        self.page.on("request", lambda sent: None if _is_ours(sent.url, self.address) else self.faults.append(f"asked {sent.url}"))
        self.page.goto(path)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page

    def installed(self) -> None:
        """Wait until the app can do without a net."""
        self.page.wait_for_selector("html[data-installed]", state="attached")
        self.page.wait_for_function("async () => Boolean(await caches.match('/field', {cacheName: 'bilan-field-page'}))")

    def standing(self, state: str) -> None:
        """Wait until the app says how it stands: quiet, offline, login."""
        self.page.wait_for_selector(f"html[data-standing={state}]", state="attached")

    def go(self, where: str) -> Any:
        """Go to a view."""
        self.page.evaluate("where => { location.hash = where; }", where)
        self.page.wait_for_function("where => location.hash === where && document.querySelector('main h1')", arg=where)
        return self.page

    def act(self, code: str, transition: str) -> Any:
        """Open the form of a transition."""
        page = self.go(f"#/task/{code}/act/{transition}")
        page.wait_for_selector(".foot")
        return page

    def acts(self) -> list[dict[str, Any]]:
        """What the phone keeps of the queue."""
        return list(self.page.evaluate(KEPT))

    def waits_for(self, *states: str) -> None:
        """Wait until the acts in the phone are in these states."""
        wanted = sorted(states)
        for _ in range(300):
            if sorted(act["state"] for act in self.acts()) == wanted:
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(f"{self.acts()} instead of {wanted}")


@pytest.fixture
def phone(running: Running, browser: Any) -> Iterator[Callable[..., Phone]]:
    """Phones; each test fails when a script of theirs failed or anything was asked of another machine."""
    made: list[Phone] = []

    def take(person: str = "officer-one", language: str = "zh-CN") -> Phone:
        made.append(Phone(browser, running, person, language))
        return made[-1]

    yield take
    for entry in made:
        entry.context.close()
    assert not [fault for entry in made for fault in entry.faults]


def photo(name: str = "scene.jpg", colour: str = "teal") -> dict[str, Any]:
    """A photo as a file chooser hands it over."""
    buffer = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(buffer, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue() + colour.encode()}


def fill_in(page: Any, told: str = "雨水口有污水") -> None:
    """Fill the form of the visit in: fields, checklist, one photo."""
    page.select_option("#f-finding", "rain")
    page.fill("#f-flow_rate", "3.5")
    page.fill("#f-told", told)
    page.click("[aria-labelledby=c-runs] .segments button:nth-child(1)")
    page.click("[aria-labelledby=c-smell] .segments button:nth-child(2)")
    page.fill("[aria-labelledby=c-level] input", "1.5")
    page.set_input_files("[data-need=scene] input[type=file]", [photo()])
    page.wait_for_selector("[data-need=scene] .proof")


def hand_in(page: Any) -> None:
    """Press the button and come back to the task."""
    page.click(".foot .button.primary")
    page.wait_for_function("() => !location.hash.includes('/act/')")


def test_tasks_by_deadline_and_by_distance(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], accessible: Callable[[Any], None], picture: Callable[..., Any]
) -> None:
    near, far = cases("近处的排口", "远处的排口")
    mine = phone()
    page = mine.page
    page.wait_for_selector(".task")
    page.click("text=按距离")
    page.wait_for_selector(".far")
    titles = [title for title in page.locator(".task-title").all_inner_texts() if title in {"近处的排口", "远处的排口"}]
    assert titles[:2] == ["近处的排口", "远处的排口"]
    assert fits(page)
    accessible(page)
    picture(page, "list")
    mine.go(f"#/task/{near}")
    page.wait_for_selector("a[href^='geo:24.85,118.5']")
    assert page.locator("a[href*='uri.amap.com/navigation']").count() == 1
    assert fits(page)
    accessible(page)
    picture(page, "task", whole=True)
    mine.go("#/map")
    page.wait_for_selector("[data-drawn]", state="attached")
    accessible(page)
    picture(page, "map")
    assert far


def test_a_shift_without_a_net_is_handed_in_once(
    phone: Callable[..., Phone],
    cases: Callable[..., list[str]],
    state_of: Callable[[str], dict[str, Any]],
    accessible: Callable[[Any], None],
    picture: Callable[..., Any],
) -> None:
    first, second = cases("离线办理一", "离线办理二")
    mine = phone()
    mine.standing("quiet")
    mine.installed()
    mine.context.set_offline(True)
    mine.page.reload()
    mine.page.wait_for_selector("html[data-ready]", state="attached")
    page = mine.page
    page.wait_for_selector(".task")
    mine.act(first, "accept")
    hand_in(page)
    page.wait_for_selector("text=核查中")
    mine.act(first, "hand-in")
    accessible(page)
    page.click(".foot .button.primary")
    page.wait_for_selector(".notice-error:not([hidden]) li")
    assert "核查结论" in page.inner_text(".notice-error")
    picture(page, "missing", whole=True)
    fill_in(page)
    assert fits(page)
    accessible(page)
    picture(page, "form", whole=True)
    # The tab dies in the middle; the draft and its photo are there in the next one.
    page.close(run_before_unload=False)
    page = mine.open()
    mine.act(first, "hand-in")
    page.wait_for_selector("[data-need=scene] .proof")
    assert page.input_value("#f-told") == "雨水口有污水"
    assert page.locator("[data-need=scene] .proof").count() == 1
    hand_in(page)
    mine.act(second, "accept")
    hand_in(page)
    mine.waits_for("queued", "queued", "queued")
    mine.go("#/sync")
    page.wait_for_selector("[data-act]")
    accessible(page)
    picture(page, "queue", whole=True)
    mine.go("#/map")
    page.wait_for_selector("[data-drawn]", state="attached")
    # Killed again before the net is back.
    page.close(run_before_unload=False)
    page = mine.open()
    assert state_of(first)["state"] == "assigned"
    mine.context.set_offline(False)
    mine.waits_for("done", "done", "done")
    mine.standing("quiet")
    done = state_of(first)
    assert done["state"] == "review"
    assert [step[:2] for step in done["steps"]] == [["open", ""], ["move", "accept"], ["move", "hand-in"]]
    assert done["evidence"] == [{"kind": "photo", "requirement": "scene", "lon": PLACE["longitude"], "same": True, "step": True}]
    assert done["data"]["told"] == "雨水口有污水"
    assert [step[:2] for step in state_of(second)["steps"]] == [["open", ""], ["move", "accept"]]


def test_two_phones_on_one_case(
    phone: Callable[..., Phone],
    cases: Callable[..., list[str]],
    state_of: Callable[[str], dict[str, Any]],
    accessible: Callable[[Any], None],
    picture: Callable[..., Any],
) -> None:
    [code] = cases("两人同办", moves=("accept",))
    one, other = phone("officer-one"), phone("officer-one")
    for entry in (one, other):
        entry.standing("quiet")
        entry.installed()
    one.context.set_offline(True)
    one.act(code, "hand-in")
    fill_in(one.page, "第一部手机写的")
    hand_in(one.page)
    other.act(code, "hand-in")
    fill_in(other.page, "第二部手机写的")
    hand_in(other.page)
    other.waits_for("done")
    one.context.set_offline(False)
    one.waits_for("conflict")
    page = one.go("#/sync")
    page.wait_for_selector(".problem")
    said = page.inner_text(".problem")
    assert "officer-one" in said and "提交核查结果" in said and "待复核" in said
    accessible(page)
    picture(page, "conflict", whole=True)
    # What was entered is still there, and goes in as a note with its photo.
    page.click(".problem summary")
    assert "第一部手机写的" in page.inner_text(".problem")
    page.click("text=改为说明连同证据上报")
    one.waits_for("done")
    found = state_of(code)
    assert found["data"]["told"] == "第二部手机写的"
    assert [step[0] for step in found["steps"]] == ["open", "move", "move", "comment"]
    assert "第一部手机写的" in found["steps"][3][4]
    assert [piece["step"] for piece in found["evidence"]] == [True, True]


def test_a_conflict_can_be_gone_through_again(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], state_of: Callable[[str], dict[str, Any]], running: Running
) -> None:
    [code] = cases("退回后再办", moves=("accept",))
    mine = phone()
    mine.standing("quiet")
    mine.installed()
    mine.context.set_offline(True)
    mine.act(code, "hand-in")
    fill_in(mine.page)
    hand_in(mine.page)
    manage(
        running,
        f"""
from bilan.casework import moving
from bilan.casework.models import Case
from bilan.people.models import Person
case = Case.objects.get(code={code!r})
moving.suspend(case, Person.objects.get(username="administrator"), note="等待")
case.refresh_from_db()
moving.resume(case, Person.objects.get(username="administrator"))
""",
    )
    mine.context.set_offline(False)
    mine.waits_for("conflict")
    page = mine.go("#/sync")
    page.click("text=核对后重新提交")
    page.wait_for_selector(".foot")
    assert page.input_value("#f-told") == "雨水口有污水"
    assert page.locator("[data-need=scene] .proof").count() == 1
    hand_in(page)
    mine.waits_for("done")
    found = state_of(code)
    assert found["state"] == "review"
    assert len(found["evidence"]) == 1


def test_answers_and_uploads_that_break_off_are_sent_again(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], state_of: Callable[[str], dict[str, Any]]
) -> None:
    [code] = cases("断续的网络", moves=("accept",))
    mine = phone()
    mine.standing("quiet")
    breaks = {"evidence": 2, "sync": 2}
    lock = threading.Lock()

    def breaking(route: Any) -> None:
        name = urlsplit(route.request.url).path.rpartition("/")[2]
        with lock:
            left = breaks[name] = breaks[name] - 1
        if left == 1:
            route.abort("connectionreset")
        elif left == 0:
            # It arrives, and the answer is lost on the way back.
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    mine.page.route(re.compile(r"/field/(evidence|sync)$"), breaking)
    mine.act(code, "hand-in")
    fill_in(mine.page)
    hand_in(mine.page)
    for _ in range(6):
        mine.page.evaluate("window.dispatchEvent(new Event('online'))")
        mine.page.wait_for_timeout(700)
    mine.waits_for("done")
    assert breaks["evidence"] < 0 and breaks["sync"] < 0
    found = state_of(code)
    assert [step[:2] for step in found["steps"]] == [["open", ""], ["move", "accept"], ["move", "hand-in"]]
    assert len(found["evidence"]) == 1


def test_a_session_that_ends_keeps_the_queue(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], state_of: Callable[[str], dict[str, Any]], picture: Callable[..., Any]
) -> None:
    [code] = cases("会话过期")
    mine = phone()
    mine.standing("quiet")
    mine.act(code, "accept")
    mine.context.clear_cookies()
    hand_in(mine.page)
    mine.standing("login")
    page = mine.go("#/sync")
    page.wait_for_selector("a[href^='/login']")
    picture(page, "login", whole=True)
    page.click("a[href^='/login']")
    page.fill("#username", "officer-one")
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_selector("html[data-ready]", state="attached")
    mine.waits_for("done")
    assert [step[:2] for step in state_of(code)["steps"]] == [["open", ""], ["move", "accept"]]


def test_what_one_leaves_is_neither_shown_to_the_next_nor_lost(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], state_of: Callable[[str], dict[str, Any]], picture: Callable[..., Any]
) -> None:
    [code] = cases("换人登录")
    mine = phone()
    mine.standing("quiet")
    mine.act(code, "accept")
    mine.context.clear_cookies()
    hand_in(mine.page)
    mine.standing("login")

    def log_in(name: str) -> Any:
        page = mine.page
        page.goto("/login?next=/field")
        page.fill("#username", name)
        page.fill("#password", PASSWORD)
        page.click("main form button")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    page = log_in("officer-two")
    page.wait_for_selector("text=本机留有他人未上报的内容")
    assert "换人登录" not in page.inner_text("main")
    picture(page, "stranger")
    page.click("text=退出登录，请其登录")
    page.wait_for_url("**/login**")
    log_in("officer-one")
    mine.waits_for("done")
    assert state_of(code)["state"] == "visiting"
    # Nothing is open any more: the next person's phone begins empty.
    mine.page.evaluate(LEAVE)
    mine.page.wait_for_url("**/login**")
    log_in("officer-two")
    mine.standing("quiet")
    assert mine.acts() == []


def test_leaving_warns_of_what_is_not_handed_in(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], picture: Callable[..., Any]
) -> None:
    [code] = cases("退出前提醒")
    mine = phone()
    mine.standing("quiet")
    mine.installed()
    mine.context.set_offline(True)
    mine.act(code, "accept")
    hand_in(mine.page)
    page = mine.go("#/sync")
    page.click("main .button:has-text('退出登录')")
    page.wait_for_selector("dialog[open]")
    assert "1" in page.inner_text("dialog")
    picture(page, "warning")
    page.click("dialog .button:has-text('取消')")
    mine.waits_for("queued")
    mine.context.set_offline(False)
    mine.waits_for("done")
    page.click("main .button:has-text('退出登录')")
    page.wait_for_url("**/login**")
    page.wait_for_function("async () => (await indexedDB.databases()).length === 0")


def test_signature_measurement_and_what_is_wrong(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], state_of: Callable[[str], dict[str, Any]], picture: Callable[..., Any]
) -> None:
    [code] = cases("签名与问题", moves=("accept",))
    mine = phone(language="en-GB")
    mine.standing("quiet")
    page = mine.act(code, "hand-in")
    page.select_option("#f-finding", "municipal")
    page.click("[aria-labelledby=c-runs] .segments button:nth-child(2)")
    page.wait_for_selector("#c-level", state="hidden")
    page.fill("#c-runs-note", "pump stands still")
    page.set_input_files("[data-need='item:runs'] input[type=file]", [photo("pump.jpg", "red")])
    page.click("[aria-labelledby=c-smell] .segments button:nth-child(2)")
    page.set_input_files("[data-need=scene] input[type=file]", [photo()])
    page.click("[data-need=signed] .button")
    box = page.locator("canvas.signing").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + 15 * step, box["y"] + 60 + 20 * (step % 3))
    page.mouse.up()
    picture(page, "signing")
    page.click("dialog .button.primary")
    page.wait_for_selector("[data-need=signed] .proof")
    page.set_input_files(
        "[data-need=scene] input[type=file]", [{"name": "virus.jpg", "mimeType": "image/jpeg", "buffer": b"MZ not a picture"}]
    )
    page.wait_for_function("() => document.querySelectorAll('[data-need=scene] .proof').length === 2")
    picture(page, "form", whole=True)
    hand_in(page)
    mine.waits_for("refused")
    page = mine.go("#/sync")
    page.wait_for_selector(".problem")
    assert "content" in page.inner_text(".problem")
    picture(page, "refused", whole=True)
    page.click(".problem .button.primary")
    page.wait_for_selector("[data-need=scene] .proof")
    page.click("[aria-label='Take virus.jpg away']")
    page.wait_for_function("() => document.querySelectorAll('[data-need=scene] .proof').length === 1")
    hand_in(page)
    mine.waits_for("done")
    found = state_of(code)
    assert sorted(piece["kind"] for piece in found["evidence"]) == ["photo", "photo", "signature"]
    assert all(piece["same"] and piece["step"] for piece in found["evidence"])


def test_a_label_is_scanned_from_a_photo(
    phone: Callable[..., Phone], cases: Callable[..., list[str]], accessible: Callable[[Any], None], picture: Callable[..., Any]
) -> None:
    cases("扫码任务")
    mine = phone()
    mine.standing("quiet")
    page = mine.go("#/scan")
    buffer = io.BytesIO()
    segno.make(f"{mine.address}/scan/test-station/AIR1", error="q").save(buffer, kind="png", scale=6)
    page.set_input_files("main input[type=file]", [{"name": "label.png", "mimeType": "image/png", "buffer": buffer.getvalue()}])
    page.wait_for_selector(".told .task")
    assert "扫码任务" in page.inner_text(".told")
    accessible(page)
    picture(page, "scanned")
    page.fill("#scan-code", "AIR1")
    page.click("main form .button")
    page.wait_for_selector(".told .task")
    page.click("text=打开档案")
    page.wait_for_url("**/registers/test-station/entries/AIR1")
    page.goto("/registers/test-station/entries/AIR1/label")
    page.wait_for_selector(".label .qr")
    accessible(page)
    picture(page, "label", whole=True)
