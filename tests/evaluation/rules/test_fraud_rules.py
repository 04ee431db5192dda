"""The base rules find the simulator's frauds in a real store, name the right outlet and leave honest ones alone."""

from __future__ import annotations

import json
from datetime import datetime
from inspect import signature
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bilan.demo.backfill_frames import Sheet, Writer
from bilan.evaluation.rules import Context, Findings, replay
from bilan.pack import rules
from bilan.science.integrity import PATTERNS
from bilan.telemetry.clock import DAY, HOUR, seconds
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.orders import Order
from bilan.telemetry.simulator.profiles import profiles
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.store import Store

BEGIN = seconds(datetime(2026, 3, 2))
CHEATING = BEGIN + 33 * DAY
END = BEGIN + 48 * DAY
CHEATS = {
    "clipped": ("sewage_park", "fraud-clipped"),
    "constant": ("ceramics", "fraud-constant"),
    "stair": ("power_coal", "fraud-stair-gas"),
    "copied": ("incinerator", "fraud-copied-points"),
    "replayed": ("petro_furnace", "fraud-copied-days"),
    "night": ("catalytic", "fraud-night"),
    "ratio": ("heat_coal", "fraud-conversion"),
    "untreated": ("hazardous", "fraud-untreated"),
    "idle_flow": ("boiler_gas", "fraud-idle-flow-gas"),
    "weatherless": ("sinter", "fraud-weather"),
    "range": ("leachate", "fraud-calibrated"),
}
WATER = {"ratio": ("sewage_city", "fraud-nitrogen"), "idle_flow": ("dyeing", "fraud-idle-flow-water")}
PLANTED = [(kind, *told) for cheats in (CHEATS, WATER) for kind, told in cheats.items()]
TWIN = 2


def outlet(profile: str, number: int) -> Point:
    kind = profiles()[profile]
    attributes = {
        "profile": profile,
        "enterprise": f"{profile}{number}",
        "meters": True,
        "reference_o2": kind.reference_o2,
        "limits": {item.parameter: item.limit for item in kind.items},
    }
    return Point(f"{profile}-{number}", kind.network, profile, attributes=attributes)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """Forty-eight days of two outlets of each kind, one of which begins to cheat, and of one air station."""
    folder: Path = tmp_path_factory.mktemp("fraud")
    store = Store.connect(f"sqlite:///{folder}/t.sqlite3", lake=folder / "lake")
    store.migrate()
    points = [outlet(profile, number) for _, profile, _ in PLANTED for number in (1, TWIN)]
    air = Point("AQ-1", "air", "甲", lon=118.6, lat=24.9, attributes={"kind": "city"})
    store.catalogue.put_points([*points, air])
    observer = Observer(Signals([*points, air], seed=12))
    for network in observer.signals.models:
        observer._schedules[network].kinds = []
    observer.order(Order(f"{profile}-1", kind, CHEATING, END) for kind, profile, _ in PLANTED)
    starts = np.arange(BEGIN, END, HOUR, dtype=np.int64)
    for network in observer.signals.models:
        writer = Writer(store, observer, network, "hour", observer.signals.models[network].points)
        sheet = Sheet(writer.series, np.full(len(writer.series), len(starts), dtype=np.int64))
        writer.fill(sheet, sheet.rows, starts, 0)
        store.lake.write("hour", sheet.frame(HOUR))
    limits = pl.DataFrame(
        [{"point": point.code, "parameter": code, "limit": limit} for point in points for code, limit in point.attributes["limits"].items()]
    )
    chosen = [spec for name, spec in rules.load(None).items() if name.startswith("fraud-")]
    result = replay(store, chosen, BEGIN + 30 * DAY, END, context=Context(limits=limits))
    store.close()
    return result


@pytest.mark.parametrize(("kind", "profile", "rule"), PLANTED)
def test_a_fraud_is_found_at_its_outlet_after_it_began(found: Findings, kind: str, profile: str, rule: str) -> None:
    episodes = found.episodes.filter(pl.col("rule") == rule, pl.col("point") == f"{profile}-1")
    assert episodes.height >= 1, kind
    assert episodes["opened"].min() >= CHEATING
    assert json.loads(episodes["proof"][0])


def test_honest_outlets_raise_no_alert_but_the_original_of_a_copy_does(found: Findings) -> None:
    assert not found.problems
    honest = found.episodes.filter(pl.col("point").str.ends_with(f"-{TWIN}"))
    assert set(honest["point"]) <= {f"incinerator-{TWIN}"}
    assert set(honest["rule"]) <= {"fraud-copied-points"}


def test_nothing_is_found_before_anybody_cheats(found: Findings) -> None:
    assert found.episodes.filter(pl.col("opened") < CHEATING).is_empty()


def test_the_table_of_patterns_tells_the_arguments_of_their_functions() -> None:
    told = {name: entry for name, entry in rules.functions().items() if entry.group == "pattern" and entry.shows == "found"}
    assert set(told) == set(PATTERNS)
    for name, entry in told.items():
        known = signature(PATTERNS[name].find).parameters
        assert tuple(argument.name for argument in entry.arguments if argument.kind != "scalar") == PATTERNS[name].columns
        for argument in entry.arguments:
            if argument.kind == "scalar":
                assert known[argument.name].default == argument.default, f"{name}({argument.name})"
