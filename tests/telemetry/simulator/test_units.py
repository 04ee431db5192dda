"""What a simulated logger sends and the ingest stores is what the signals say, in the unit of the store."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from bilan.demo import layout
from bilan.pack.vocab import networks, parameters
from bilan.telemetry.clock import HOUR, seconds
from bilan.telemetry.ingest.explode import Batch, Exploder
from bilan.telemetry.model import Device, Point
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.telegrams import Telegrams
from bilan.telemetry.store import Store

NOON = seconds(datetime(2026, 5, 12, 11))
AFTER = datetime(2026, 5, 12, 12)
NETWORKS = ("air", "surface_water", "sea", "drinking", "groundwater", "source_gas", "source_water")


@pytest.fixture(scope="module")
def points() -> list[Point]:
    return layout.plan(0).points


def decimals(code: str, network: str) -> int:
    word = parameters()[code]
    return word.emission_decimals if networks()[network].unit_kind == "emission" else word.decimals


def exploded(exploder: Exploder, mn: str, frames: list[bytes]) -> dict[str, Batch]:
    while True:
        batches: dict[str, Batch] = {}
        for frame in frames:
            exploder.explode(mn, frame.removesuffix(b"\r\n"), NOON + HOUR, 0, batches)
        if exploder.complete():
            return batches


@pytest.mark.parametrize("network", NETWORKS)
def test_hourly_means_arrive_in_the_unit_of_the_store(points, network, tmp_path: Path):
    signals = Signals([point for point in points if point.network == network][:40], 0)
    observer = Observer(signals)
    observed = observer.observe(network, np.array([NOON]), HOUR)
    store = Store.connect(f"sqlite:///{tmp_path}/t.sqlite3", lake=tmp_path / "lake")
    store.migrate()
    compared = 0
    for row, point in enumerate(signals.models[network].points):
        device = Device(f"{row:024d}", point=point.code, password="123456")
        store.catalogue.put_points([point])
        store.catalogue.put_devices([device])
        exploder = Exploder(store)
        exploder.refresh()
        frames = [frame for _, frame in Telegrams(device, point, signals, row).data("2061", observed, NOON, HOUR, AFTER)]
        batches = exploded(exploder, device.mn, frames)
        readings = {reading.series: reading.value for batch in batches.values() for reading in batch.readings}
        known = store.catalogue.series_frame([point.code])
        for series, code, statistic in known.select("id", "parameter", "statistic").iter_rows():
            key = (code, "mean")
            if statistic == "mean" and key in observed.block.values:
                place = np.flatnonzero(signals.rows(network)[code] == row)[0] if code in signals.rows(network) else row
                expected = float(observed.block.values[key][place, 0])
                if expected > 0 and readings.get(series) is not None:
                    assert readings[series] == pytest.approx(expected, rel=1e-5, abs=0.51 * 10.0 ** -decimals(code, network)), (
                        point.code,
                        code,
                    )
                    compared += 1
    store.close()
    assert compared > 5
