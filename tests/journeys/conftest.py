"""A real server on a tiny invented city and a real Chromium that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bilan.pack.city import City
from bilan.problems import BilanError
from bilan.telemetry.store import Store
from bilan.web import assets
from tests import stores
from tests.once import once
from tests.web import tiny

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artifacts" / "screenshots"
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Only maps need WebGL: without a graphics card everything else is drawn three times cheaper by the processor itself.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-accelerated-2d-canvas",
)
PASSWORD = "a long test password"
WAIT = 180


@dataclass(frozen=True, slots=True)
class Running:
    """A served city."""

    address: str
    city: City
    store: Store


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.journey)


OPEN = pytest.StashKey[tuple[Path, dict[tuple[str, int, int, str], Any]]]()
"""Log of the server of a test, and the windows it has open."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails tells what stood on its pages and what the server said last."""
    report = yield
    if call.when == "call" and report.failed and OPEN in item.stash:
        log, contexts = item.stash[OPEN]
        for page in [page for context in contexts.values() for page in context.pages]:
            report.sections.append((page.url, page.evaluate("document.body.innerText")[:3000]))
        report.sections.append(("server", log.read_text(encoding="utf-8", errors="replace")[-4000:]))
    return report


def chromium() -> str:
    """Path of a Chromium, or a skip that says how to get one."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("BILAN_CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    if not found:
        pytest.skip("no Chromium on this machine: install chromium or set BILAN_CHROMIUM to run the browser journeys")
    return found


@pytest.fixture(scope="session")
def front_end() -> Path:
    """The vendored libraries in place; gives the folder of npm packages, where axe-core is."""
    chromium()
    try:
        assets.ensure()
        return assets.install()
    except BilanError as error:
        pytest.skip(error.text("en"))


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, front_end: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A web server on a tiny city with one person a role; values are asked for every half second.

    A module that sets ``WORKERS`` is served by so many processes.
    """
    city = peopled(tmp_path_factory.mktemp("journey") / "city")
    environment = {
        **os.environ,
        "BILAN_CITY": str(city.folder),
        "BILAN_GALLERY": "1",
        "BILAN_LIVE_SECONDS": "0.5",
        "PYTHONPATH": str(ROOT / "src"),
    }
    with serve(city, environment, getattr(request.module, "WORKERS", 1)) as address:
        store = Store.open(city)
        yield Running(address, city, store)
        store.close()


PERSONS = f"""
from bilan.people.models import Person
for name, role, districts in (("viewer", "viewer", []), ("operator", "operator", []), ("administrator", "administrator", []),
                              ("inside", "viewer", ["{tiny.INSIDE}"])):
    Person.objects.create_user(name, "{PASSWORD}", role=role, districts=districts)
"""


def peopled(folder: Path) -> City:
    """The tiny city with its databases made and one person a role, in a folder of its own."""
    return stores.copied(once("peopled", _peopled), folder)


def _peopled(kept: Path) -> None:
    city = tiny.make(kept.with_name("peopled.making"))
    environment = {**os.environ, "BILAN_CITY": str(city.folder), "PYTHONPATH": str(ROOT / "src")}
    for arguments in (("migrate", "-v", "0"), ("shell", "-v", "0", "-c", PERSONS)):
        subprocess.run([sys.executable, "-m", "bilan", "manage", *arguments], env=environment, check=True)
    stores.kept(city, kept)


class serve:  # noqa: N801
    """Run `bilan web` for a city on a free port until the block ends; gives its address.

    Args:
        workers: each costs eight seconds of a processor before it answers; two where pages made by one are read from the other.
    """

    def __init__(self, city: City, environment: dict[str, str], workers: int = 1) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._log = (city.data / "web.log").open("wb")
        command = [sys.executable, "-m", "bilan", "web", "--city", str(city.folder), "--port", str(port), "--workers", str(workers)]
        self._process = subprocess.Popen(command, env=environment, stdout=self._log, stderr=self._log)

    def __enter__(self) -> str:
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return self.address
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.__exit__()
        raise AssertionError(Path(self._log.name).read_text(encoding="utf-8")[-4000:])

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(WAIT)
        self._log.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium without a window; gone after the module, because it leaves an event loop running in which Django refuses to work."""
    path = chromium()
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, running: Running, browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page as a person: ``visit("/monitoring/air", person="viewer", width=375, language="en")`` gives a playwright page.

    Pages of one person in one kind of window are tabs of one browser. The test fails afterwards when a script failed, the console held an
    error, or anything was asked of another machine.
    """
    contexts: dict[tuple[str, int, int, str], Any] = {}
    faults: list[str] = []
    request.node.stash[OPEN] = (running.city.data / "web.log", contexts)

    def open_page(path: str, *, person: str = "viewer", width: int = 1440, height: int = 900, language: str = "zh-CN") -> Any:
        key = (person, width, height, language)
        if key not in contexts:
            contexts[key] = browser.new_context(
                viewport={"width": width, "height": height},
                locale=language,
                base_url=running.address,
                reduced_motion="reduce",
                storage_state=_session(browser, running.address, person) if person else None,
            )
        page = contexts[key].new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(f"{path}: {error}"))
        page.on("console", lambda message: faults.append(f"{path}: {message.text}") if _is_fault(message) else None)
        page.on("request", lambda request: None if _is_ours(request.url, running.address) else faults.append(f"{path} asked {request.url}"))
        page.goto(path)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield open_page
    for context in contexts.values():
        context.close()
    assert not faults, faults


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keep a screenshot of a page in ``artifacts/screenshots``, named after the test, when ``BILAN_TEST_PICTURES=1``."""

    def take(page: Any, name: str = "", *, whole: bool = False) -> None:
        if not os.environ.get("BILAN_TEST_PICTURES"):
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        stem = re.sub(r"[^\w-]+", "-", "-".join(part for part in (request.node.name, name) if part)).strip("-")
        path = PICTURES / f"{stem}.png"
        page.screenshot(path=path, full_page=whole)

    return take


@pytest.fixture
def accessible(front_end: Path) -> Callable[[Any], None]:
    """Assert that axe finds nothing serious or critical on a page."""
    script = (front_end / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def check(page: Any) -> None:
        page.evaluate(script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        serious = [
            f"{item['id']}: {item['help']}: {item['nodes'][0]['html'][:200]}" for item in found if item["impact"] in {"serious", "critical"}
        ]
        assert not serious, serious

    return check


def fits(page: Any) -> bool:
    """Whether a page is no wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def drawn(page: Any, selector: str = "[data-component]") -> None:
    """Wait until every chart and map on the page has been drawn or has said why not."""
    page.wait_for_function(
        """selector => [...document.querySelectorAll(selector)].filter(e => ["chart", "map"].includes(e.dataset.component))
           .every(e => e.dataset.drawn || e.querySelector(".state-empty, .state-error"))""",
        arg=selector,
    )


@cache
def _session(browser: Any, address: str, person: str) -> Any:
    """The cookies of a person who has logged in, taken once: a password is slow to check on purpose."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/login")
    page.fill("#username", person)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url(lambda url: "/login" not in url)
    state = context.storage_state()
    context.close()
    return state


def _is_fault(message: Any) -> bool:
    # A status the test asked for is not a fault of the page.
    return message.type == "error" and "Failed to load resource" not in message.text


def _is_ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:", "about:", "chrome-error:"))
