"""The main job on real input: recorded hours arrive over HJ 212, are stored, judged, and set beside the official results."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click
import polars as pl

from bilan.demo import build, founding
from bilan.demo.comparison import Compared, compare
from bilan.demo.progress import Bar
from bilan.demo.supervisor import Supervisor, services
from bilan.demo.verification_report import write
from bilan.demo.welcome import greet
from bilan.evaluation.worker import Worker
from bilan.pack.city import City
from bilan.pack.vocab import parameters
from bilan.problems import BilanError, Problem
from bilan.science import water
from bilan.telemetry.simulator import recorded, replay
from bilan.telemetry.simulator.recorded import Recording
from bilan.telemetry.store import Store

CITIES = ("350500", "350200")
"""Quanzhou, and Xiamen beside it."""

PATIENCE = 30.0
LEARNT_DAYS = 14
"""Section types are learnt from this many first days of the recording."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a run of the main job came to.

    Attributes:
        outcome: what the devices sent and the gateway confirmed.
        stored: readings in the store.
        compared: our verdicts beside the official ones, by network.
        seconds: how long sending, storing and judging took [s].
    """

    outcome: replay.Outcome
    stored: int
    compared: list[Compared]
    seconds: dict[str, float]


def command(folder: Path, source: Path, report: Path | None) -> None:
    """Run the main job; then write the report and stop, or show the city on the web site.

    Args:
        folder: the city folder; made anew each time.
        source: folder of recordings.
        report: where the report goes; None shows the site instead.

    Raises:
        BilanError: the folder holds something that is no replay city, or the source no recording.
    """
    city = replay_city(folder)
    verified = verify(city, source)
    for entry in verified.compared:
        click.echo(f"{entry.network}: {entry.equal}/{entry.published} equal to the official result · 与官方结果一致")
    if report is not None:
        write(report, verified)
        click.echo(str(report))
        return
    build.prepare(city)
    Supervisor(services(city), city.data / "logs").run(lambda: greet(city))


def verify(city: City, source: Path) -> Verified:
    """Send every recorded hour through gateway and ingest, judge it, and compare.

    Args:
        city: an empty city.
        source: folder of recordings.
    """
    recordings = recorded.read(source)
    planned = replay.plan(recordings, _section_types(recordings), recorded.positions(source))
    store = Store.open(city)
    try:
        store.migrate()
        replay.register(store, planned)
        begun = time.monotonic()
        bar = Bar("HJ 212 重放 replay")
        with gateway(city), ingest(city):
            sending = replay.run(planned, city.gateway_host, city.gateway_port, progress=lambda done, total: bar(done / total))
            outcome = asyncio.run(sending)
        sent = time.monotonic()
        _run(city, "ingest", "--once")
        stored = time.monotonic()
        _judge(city)
        judged = time.monotonic()
        seconds = {"sending": sent - begun, "storing the rest": stored - sent, "judging": judged - stored}
        return Verified(outcome, _stored(store), compare(store, planned), seconds)
    finally:
        store.close()


def _judge(city: City) -> None:
    """Let the evaluation worker deal with every mark that the readings left."""
    bar = Bar("评价 judging")
    worker = Worker(city)
    done = 0
    while marks := worker.step():
        done += marks
        bar(1 - 1 / (1 + done / 10_000))
    bar(1.0)


@contextmanager
def gateway(city: City) -> Iterator[None]:
    """Run the gateway of a city in a process of its own."""
    with _service(city, "gateway"):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection((city.gateway_host, city.gateway_port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise BilanError(Problem("demo.service_failed", {"value": "gateway", "log": str(_log(city, "gateway"))})) from None
                time.sleep(0.1)
        yield


@contextmanager
def ingest(city: City) -> Iterator[None]:
    """Run the ingest of a city in a process of its own."""
    with _service(city, "ingest"):
        yield


@contextmanager
def _service(city: City, name: str) -> Iterator[None]:
    log = _log(city, name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-m", "bilan", name, "--city", str(city.folder)], stdout=output, stderr=output)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def _run(city: City, name: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "bilan", name, "--city", str(city.folder), *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )


def _log(city: City, name: str) -> Path:
    return city.data / "logs" / f"{name}.log"


def replay_city(folder: Path) -> City:
    """A fresh city for recordings; an earlier one in the same folder is replaced."""
    if folder.exists():
        if not (folder / ".replay").exists():
            raise BilanError(Problem("demo.exists", {"value": str(folder)}))
        shutil.rmtree(folder)
    city = founding.found_city(folder, *CITIES)
    city = replace(city, name_zh="泉州与厦门（实测回放）", name_en="Quanzhou and Xiamen (recorded)", demo=True)
    city.write()
    (folder / ".replay").touch()
    return build.with_free_ports(city)


def _section_types(recordings: list[Recording]) -> dict[str, str]:
    """Learn from the first days of a recording which sections the authorities judge as lakes."""
    found: dict[str, str] = {}
    for recording in recordings:
        if recording.network != "surface_water":
            continue
        begin = int(recording.frame.select(pl.col("start").min()).item())
        rows = recording.frame.with_columns(recording.official["class"].cast(pl.Int64, strict=False).alias("official"))
        rows = rows.filter(pl.col("start") < begin + LEARNT_DAYS * 86400)
        rows = rows.rename({code: parameters()[code].column for code in rows.columns if code in parameters()})
        learnt = water.learn_section_types(rows, section="name")
        found |= dict(learnt.select("name", "section_type").iter_rows())
    return found


def _stored(store: Store) -> int:
    """Number of hourly readings the store holds."""
    series = store.catalogue.series_frame(None, None, "hour")["id"].to_list()
    return int(store.statistics(series)["count"].sum()) if series else 0
