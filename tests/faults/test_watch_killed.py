"""Killed at any moment, the watch neither loses nor doubles an episode, an event or a notice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.casework.notices.servers import listener
from tests.web.fixtures import _renewed, site

__all__ = ["_renewed", "site"]
pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]
KILLS = 3


def test_killed_at_any_moment_it_neither_loses_nor_doubles(site, tmp_path):
    shutil.copytree(site.city.folder, tmp_path / "city")
    with listener() as seen:
        hook = {"name": "sms", "url": seen.url, "level_from": 1}
        said = {"storm_notices": 1_000_000, "storm_critical": 1_000_000, "webhooks": [hook]}
        replace(site.city, folder=tmp_path / "city", notices=said).write()
        chance = random.Random(20260302)
        for _ in range(KILLS):
            run(tmp_path / "city", rounds=chance.randint(1, 3), killed=chance.uniform(0.0, 0.6))
        run(tmp_path / "city", rounds=3, killed=0.0)
        requested = Counter(int(headers["x-bilan-delivery"]) for headers, _ in seen.taken)
    with closing(sqlite3.connect(tmp_path / "city" / "data" / "bilan.sqlite3")) as rows:
        check_episodes(rows)
        check_notices(rows, requested)


def run(folder: Path, rounds: int, killed: float) -> None:
    """Let the watch do some rounds, then kill it so long into the next [s]."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    script = [sys.executable, str(Path(__file__).with_name("watcher.py")), str(folder)]
    with subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
        assert process.stdout
        for _ in range(rounds):
            assert process.stdout.readline()
        try:
            process.wait(killed)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)


def check_episodes(rows: sqlite3.Connection) -> None:
    """One open episode a source; each with one beginning, and one end where it is over."""
    doubled = "SELECT source FROM casework_alert WHERE state <> 'cleared' GROUP BY rule, source HAVING COUNT(*) > 1"
    assert rows.execute(doubled).fetchall() == []
    assert rows.execute("SELECT COUNT(*) FROM casework_alert").fetchone()[0] > 12
    story = (
        "SELECT SUM(e.kind IN ('opened', 'reraised')), SUM(e.kind = 'cleared'), SUM(e.kind = 'escalated'), a.state = 'cleared', a.escalated"
    )
    found = rows.execute(f"{story} FROM casework_alert a JOIN casework_alertevent e ON e.alert_id = a.id GROUP BY a.id").fetchall()
    assert all(begun == 1 and ended == over and stepped == escalated for begun, ended, stepped, over, escalated in found)


def check_notices(rows: sqlite3.Connection, requested: Counter[int]) -> None:
    """Every beginning that could be told was told to each person once; every request arrived, and few twice."""
    doubled = "SELECT alert_id FROM casework_notice GROUP BY alert_id, kind, person_id, channel, made HAVING COUNT(*) > 1"
    assert rows.execute(doubled).fetchall() == []
    opened = "SELECT alert_id, person_id FROM casework_notice WHERE kind IN ('alert.opened', 'alert.reraised') AND channel = 'web'"
    told = Counter(rows.execute(opened).fetchall())
    assert set(told.values()) == {1}
    hooks = {number for (number,) in rows.execute("SELECT id FROM casework_notice WHERE channel = 'hook' AND sent IS NOT NULL")}
    assert hooks
    assert hooks <= set(requested)
    assert sum(count - 1 for count in requested.values()) <= KILLS + 1
    untold = "SELECT COUNT(*) FROM casework_alertevent e JOIN casework_alert a ON a.id = e.alert_id WHERE NOT e.told AND a.state = 'open'"
    assert rows.execute(untold).fetchone()[0] <= 12
