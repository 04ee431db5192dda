"""Make the demo city step by step; a step that was finished before is not done again."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bilan.demo import backfill, layout
from bilan.demo.ports import free_port
from bilan.demo.progress import Bar, Progress
from bilan.evaluation import history
from bilan.pack.city import DESCRIPTION, City
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import Store


def demo_city(folder: Path, seed: int, database: str = "") -> City:
    """Make the demo city in `folder`, or bring an existing one up to now.

    Args:
        folder: where the city goes; made when it is not there.
        seed: what every generated thing depends on.
        database: address of the database that a new city lives on; SQLite in the folder by default.

    Raises:
        BilanError: the folder holds something that is not a demo city.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / DESCRIPTION).is_file():
        raise BilanError(Problem("demo.exists", {"value": str(folder)}))
    steps = _Steps(folder)
    steps.once("layout", "城市与点位 city and points", lambda _: layout.make(folder, seed, database))
    city = with_free_ports(City.open(folder))
    if not city.demo:
        raise BilanError(Problem("demo.exists", {"value": str(folder)}))
    steps.always("历史数据 history", lambda progress: backfill.run(city, progress, seed=seed))
    prepare(city)
    steps.once("entries", "台账样例 entries of registers", lambda progress: _site(city, progress, "bilan.demo.entries", seed))
    # Outlets are judged by their permits.
    steps.always("历史评价 verdicts", lambda progress: history.judge(city, progress))
    steps.once("cases", "办件样例 cases of flows", lambda progress: _site(city, progress, "bilan.demo.cases", seed))
    steps.once("plans", "规划样例 plans and figures", lambda progress: _site(city, progress, "bilan.demo.plans", seed))
    return city


def prepare(city: City) -> None:
    """Bring both databases to the present schema and make the demo accounts of a demo city."""
    store = Store.open(city)
    store.migrate()
    store.close()
    _manage(city, "migrate", "--verbosity", "0")
    _manage(city, "registers_index")
    if city.demo:
        _manage(city, "demo_accounts")


def with_free_ports(city: City) -> City:
    """Move the ports of a city that something else on the machine already uses."""
    taken: set[int] = set()
    gateway, admin, web = (free_port(port, taken) for port in (city.gateway_port, city.admin_port, city.web_port))
    moved = dataclasses.replace(city, gateway_port=gateway, admin_port=admin, web_port=web)
    if moved != city:
        moved.write()
    return moved


def _site(city: City, progress: Progress, module: str, seed: int) -> None:
    """Run a module in a process of its own, where the site is set up for this city, and pass its progress on."""
    command = [sys.executable, "-m", module, str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment(city)) as filling:
        for line in filling.stdout or ():
            share, _, text = line.strip().partition(" ")
            progress(min(float(share), 0.999), text)
    if filling.returncode:
        raise subprocess.CalledProcessError(filling.returncode, command)


def _environment(city: City) -> dict[str, str]:
    return {**os.environ, "BILAN_CITY": str(city.folder)}


def _manage(city: City, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "bilan", "manage", *arguments], check=True, env=_environment(city))


class _Steps:
    """What has been finished, remembered in the city's data folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "data" / "demo.json"

    def once(self, name: str, title: str, work: Callable[[Progress], object]) -> None:
        done: list[str] = json.loads(self._file.read_text()) if self._file.is_file() else []
        if name in done:
            return
        self.always(title, work)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps([*done, name]))

    def always(self, title: str, work: Callable[[Progress], object]) -> None:
        bar = Bar(title)
        work(bar)
        bar(1.0)
