"""Killed at any moment, the watch neither loses nor doubles an episode, an event or a notice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import stores
from tests.casework.notices.servers import listener
from tests.web.fixtures import _renewed, site

__all__ = ["_renewed", "site"]
pytestmark = pytest.mark.fault

Ask = Callable[[str], list[tuple[Any, ...]]]
ROOT = Path(__file__).resolve().parents[2]
KILLS = 3


def test_killed_at_any_moment_it_neither_loses_nor_doubles(site, tmp_path):
    city = stores.copied(site.made, tmp_path / "city")
    with listener() as seen:
        hook = {"name": "sms", "url": seen.url, "level_from": 1}
        said = {"storm_notices": 1_000_000, "storm_critical": 1_000_000, "webhooks": [hook]}
        replace(city, notices=said).write()
        chance = random.Random(20260302)
        for _ in range(KILLS):
            run(city.folder, rounds=chance.randint(1, 3), killed=chance.uniform(0.0, 0.6))
        run(city.folder, rounds=3, killed=0.0)
        requested = Counter(int(headers["x-bilan-delivery"]) for headers, _ in seen.taken)
    with stores.asked(city.database_url) as ask:
        check_episodes(ask)
        check_notices(ask, requested)


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


def check_episodes(ask: Ask) -> None:
    """One open episode a source; each with one beginning, and one end where it is over."""
    doubled = "SELECT source FROM casework_alert WHERE state <> 'cleared' GROUP BY rule, source HAVING COUNT(*) > 1"
    assert ask(doubled) == []
    assert ask("SELECT COUNT(*) FROM casework_alert")[0][0] > 12
    kinds = ("('opened', 'reraised')", "('cleared')", "('escalated')")
    story = ", ".join(f"COUNT(*) FILTER (WHERE e.kind IN {kind})" for kind in kinds)
    joined = "casework_alert a JOIN casework_alertevent e ON e.alert_id = a.id"
    found = ask(f"SELECT {story}, a.state = 'cleared', a.escalated FROM {joined} GROUP BY a.id")
    assert all(begun == 1 and ended == over and stepped == escalated for begun, ended, stepped, over, escalated in found)


def check_notices(ask: Ask, requested: Counter[int]) -> None:
    """Every beginning that could be told was told to each person once; every request arrived, and few twice."""
    doubled = "SELECT alert_id FROM casework_notice GROUP BY alert_id, kind, person_id, channel, made HAVING COUNT(*) > 1"
    assert ask(doubled) == []
    opened = "SELECT alert_id, person_id FROM casework_notice WHERE kind IN ('alert.opened', 'alert.reraised') AND channel = 'web'"
    told = Counter(ask(opened))
    assert set(told.values()) == {1}
    hooks = {number for (number,) in ask("SELECT id FROM casework_notice WHERE channel = 'hook' AND sent IS NOT NULL")}
    assert hooks
    assert hooks <= set(requested)
    assert sum(count - 1 for count in requested.values()) <= KILLS + 1
    untold = "SELECT COUNT(*) FROM casework_alertevent e JOIN casework_alert a ON a.id = e.alert_id WHERE NOT e.told AND a.state = 'open'"
    assert ask(untold)[0][0] <= 12
