"""Devices, quarantine and imports, with a real gateway and a real ingest behind the site, as a person meets them in a browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bilan.telemetry import clock
from bilan.telemetry.gateway import commands
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.hj212 import answer, build
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.ingest.service import Ingest
from bilan.telemetry.store import Store
from tests.journeys.conftest import ROOT, Running, fits, peopled, serve
from tests.telemetry.gateway.kit import Client, free_port, gateway, wait_for
from tests.web import plant

QUICK = """
late_seconds = 2
late_periods = 0.001
silent_seconds = 4
silent_periods = 0.001
free_bytes = 1048576
poll_seconds = 0.1
probe_seconds = 0.2
"""


class Logger(threading.Thread):
    """A device that reports twice a second until it is silenced, and obeys the commands it is given."""

    def __init__(self, running: Running, mn: str) -> None:
        super().__init__(daemon=True)
        self._running, self._mn = running, mn
        self._silenced = threading.Event()
        self._begin = clock.moment(clock.now() // clock.HOUR * clock.HOUR - clock.HOUR)

    def run(self) -> None:
        with Client(self._running.city) as client:
            listener = threading.Thread(target=self._obey, args=(client,), daemon=True)
            listener.start()
            while not self._silenced.wait(0.5):
                client.send(plant.telegram(self._mn, self._begin))

    def _obey(self, client: Client) -> None:
        while True:
            try:
                (packet,) = client.receive()
            except (OSError, AssertionError):
                return
            if packet.cn == "1012":
                client.send(build(answer(packet, "9011")), build(answer(packet, "9012")))

    def silence(self) -> None:
        self._silenced.set()
        self.join()


@pytest.fixture(scope="module")
def running(front_end: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A tiny city with its gateway, its ingest and its web site; one device has already sent good and bad telegrams."""
    made = peopled(tmp_path_factory.mktemp("devices") / "city")
    city = replace(made, gateway_port=free_port(), admin_port=free_port())
    city.write()
    city.pack.mkdir(exist_ok=True)
    (city.pack / "gateway.toml").write_text(QUICK, encoding="utf-8")
    environment = {**os.environ, "BILAN_CITY": str(city.folder), "BILAN_LIVE_SECONDS": "0.5", "PYTHONPATH": str(ROOT / "src")}
    plant.report(city)
    stop = threading.Event()
    store = Store.open(city)
    follower = threading.Thread(target=Ingest(city, Store.open(city), Settings.of(city)).run, args=(stop,), daemon=True)
    with gateway(city), serve(city, environment) as address:
        follower.start()
        yield Running(address, city, store)
        stop.set()
        follower.join()
    store.close()


@pytest.fixture
def logger(running: Running) -> Iterator[Callable[[str], Logger]]:
    """Start a device that keeps reporting; silenced when the test ends."""
    started: list[Logger] = []

    def start(mn: str) -> Logger:
        started.append(Logger(running, mn))
        started[-1].start()
        return started[-1]

    yield start
    for entry in started:
        entry.silence()


def spoiled(running: Running) -> quarantine.Entry:
    return quarantine.listed(running.store, code="gateway.bad_crc", mn=plant.KNOWN)[0]


PAGES = (
    "/devices",
    f"/devices/{plant.KNOWN}",
    "/commands",
    "/claims",
    f"/claims/{plant.UNKNOWN}",
    "/quarantine",
    "/quarantine/rows",
    "/imports",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [375, 1440])
def test_pages_about_devices_fit_and_are_accessible(path: str, width: int, visit: Any, accessible: Any, picture: Any) -> None:
    page = visit(path, person="administrator", width=width, language="en-US" if width == 1440 else "zh-CN")
    if path == f"/devices/{plant.KNOWN}":
        page.wait_for_selector(".telegram")
        page.click("details.more > summary")
    assert fits(page)
    accessible(page)
    picture(page, whole=True)


def test_a_silenced_device_is_reported_without_reload(visit: Any, logger: Any, picture: Any, accessible: Any) -> None:
    device = logger("MN-RIVER1")
    page = visit("/devices")
    page.evaluate("window.opened = 'once'")
    page.wait_for_selector("[data-of='MN-RIVER1'][data-presence=online]")
    assert "网关没有响应" not in page.inner_text("main")
    device.silence()
    page.wait_for_selector("[data-of='MN-RIVER1'][data-presence=silent]")
    page.wait_for_selector("[data-news] li:has-text('MN-RIVER1'):has-text('静默')")
    assert page.evaluate("window.opened") == "once"
    accessible(page)
    picture(page)


def test_a_gateway_that_cannot_write_is_told_and_its_recovery_too(visit: Any, running: Running, picture: Any, accessible: Any) -> None:
    page = visit("/devices")
    lake = running.city.lake
    lake.mkdir(parents=True, exist_ok=True)
    moved = lake.rename(lake.with_name("lake-away"))
    lake.write_text("not a folder", encoding="utf-8")
    try:
        page.wait_for_selector(".banner:has-text('数据湖文件夹无法写入')")
        accessible(page)
        picture(page)
    finally:
        lake.unlink()
        moved.rename(lake)
    page.wait_for_selector(".banner", state="detached")
    page.wait_for_selector("#condition", state="attached")


def test_what_a_reader_chose_survives_the_live_page(visit: Any, logger: Any) -> None:
    logger("MN-RIVER1")
    page = visit("/devices?presence=silent")
    page.fill("#devices-q", "AIR")
    page.wait_for_function("() => [...document.querySelectorAll('tbody th')].every(cell => cell.innerText.includes('AIR'))")
    page.wait_for_timeout(1500)
    assert page.input_value("#devices-q") == "AIR"
    assert page.evaluate("document.activeElement.id") == "devices-q"


def test_a_command_is_given_and_followed_to_its_answer(visit: Any, logger: Any, running: Running, picture: Any) -> None:
    logger(plant.KNOWN)
    page = visit(f"/devices/{plant.KNOWN}", person="operator")
    page.select_option("#cn", "2061")
    page.wait_for_selector("#fields [name=field-BeginTime]")
    page.select_option("#cn", "1012")
    page.wait_for_selector("#fields [name=field-SystemTime]")
    page.click("button[value=command]")
    page.wait_for_selector(".notice-success")
    page.wait_for_selector("#table-commands .status:has-text('已执行')")
    assert commands.listed(running.store, plant.KNOWN)[0].state == "executed"
    picture(page)


def test_an_unknown_device_is_claimed(visit: Any, running: Running, picture: Any) -> None:
    page = visit("/claims", person="administrator")
    page.click(f"a:has-text('{plant.UNKNOWN}')")
    page.fill("#find", "丙市 演示站")
    page.wait_for_function("() => document.querySelectorAll('#choices label').length === 1")
    page.check("#choices input")
    picture(page)
    page.click("button[value=claim]")
    page.wait_for_selector(".notice-success")
    assert plant.UNKNOWN in page.inner_text("h1")
    assert running.store.catalogue.device(plant.UNKNOWN).point == "AIR3"
    assert not quarantine.listed(running.store, mn=plant.UNKNOWN)


def test_a_quarantined_telegram_is_corrected_and_replayed(visit: Any, running: Running, picture: Any, accessible: Any) -> None:
    entry = spoiled(running)
    page = visit("/quarantine", person="operator")
    page.click(f"a[href='/quarantine/{entry.id}']")
    assert "校验" in page.inner_text("main")
    page.fill("#text", entry.text.replace("41.0", "44.5"))
    page.click("button[value=try]")
    page.wait_for_selector("#says td:has-text('44.5')")
    accessible(page)
    picture(page, whole=True)
    page.click("button[value=replay]")
    page.wait_for_selector(".notice-success")
    assert quarantine.entry(running.store, entry.id).state == "replayed"


def test_a_file_is_tried_written_and_its_refused_row_corrected(
    visit: Any, running: Running, picture: Any, accessible: Any, tmp_path: Path
) -> None:
    hour = f"{clock.moment(clock.now() // clock.HOUR * clock.HOUR - 20 * clock.DAY):%Y-%m-%d %H:%M}"
    file = tmp_path / "十月读数.csv"
    file.write_bytes(
        f"监测点,时间,PM2.5（微克/立方米）,臭氧,备注栏\nAIR1,{hour},12.5,80,\n无此点,{hour},14,82,\nAIR2,{hour},abc,83,x\n".encode("gbk")
    )
    page = visit("/imports", person="operator")
    page.set_input_files("#id_file", str(file))
    page.select_option("#id_network", "air")
    page.select_option("#id_interval", "hour")
    page.click("main button.primary")
    page.wait_for_selector("[data-state=planned]")
    assert "无此点" in page.inner_text("main")
    accessible(page)
    picture(page, "tried", whole=True)
    with page.expect_download() as download:
        page.click("a[download]:has-text('Excel')")
    assert download.value.suggested_filename.endswith(".xlsx")
    page.click("button[value=apply]")
    page.wait_for_selector("[data-state=done]")
    picture(page, "written", whole=True)
    followed_through_lost_answers(page)
    page.click("a:has-text('修正被拒收的行')")
    page.fill("#rows-q", "无此点")
    page.wait_for_function("() => document.querySelectorAll('#table-rows tbody tr').length === 1")
    page.click("#table-rows tbody a")
    page.fill("#cell-0", "AIR3")
    accessible(page)
    picture(page, "row")
    page.click("button[value=replay]")
    page.wait_for_selector(".notice-success")
    wait_for(lambda: not running.store.catalogue.series_frame(points=["AIR3"], interval="hour").is_empty())


def followed_through_lost_answers(page: Any) -> None:
    """A page that believes its job to be under way comes to its end though the first answers are an error and none at all."""
    lost = [lambda route: route.abort(), lambda route: route.fulfill(status=503)]

    def answer(route: Any) -> None:
        lost.pop()(route) if lost else route.continue_()

    page.route("**/*part=body", answer)
    page.evaluate(
        """async () => {
          const base = document.querySelector("script[src*='bilan/app']").src.replace(/app[^/]*$/, "");
          const part = document.getElementById("import-body");
          Object.assign(part.dataset, { state: "applying", follow: "?part=body" });
          (await import(`${base}follow.mjs`)).mount(part);
        }"""
    )
    page.wait_for_selector("#import-body[data-state=done]")
    assert not lost


def test_a_viewer_sees_and_may_not_act(visit: Any) -> None:
    page = visit(f"/devices/{plant.KNOWN}")
    assert page.locator("button[value=command], button[value=dialect], button[value=resend]").count() == 0
    page.goto("/imports")
    assert page.locator("#id_file").count() == 0
    page.goto("/quarantine")
    assert page.locator("input[name=id]").count() == 0
