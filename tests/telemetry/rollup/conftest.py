"""A store with one point of each kind of network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

NETWORKS = ("air", "source_gas", "source_water", "noise", "surface_water")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.connect(f"sqlite:///{tmp_path}/telemetry.sqlite3", lake=tmp_path / "lake")
    opened.migrate()
    opened.catalogue.put_points(Point(network, network, network) for network in NETWORKS)
    yield opened
    opened.close()
