from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bilan.pack import vocab
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Store

Fill = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.connect(f"sqlite:///{tmp_path}/telemetry.sqlite3", lake=tmp_path / "lake")
    opened.migrate()
    opened.catalogue.put_points(
        [
            Point("A1", "air", "一号", district="350502", attributes={"kind": "city"}),
            Point("A2", "air", "二号", district="350503", attributes={"kind": "city"}),
            Point("AT", "air", "路边", district="350502", attributes={"kind": "traffic"}),
            Point("W1", "surface_water", "断面", district="350502", attributes={"section_type": "river", "target_class": 3}),
        ]
    )
    yield opened
    opened.close()


@pytest.fixture
def fill(store: Store) -> Fill:
    """Write one value an hour: `fill(point, begin, hours, pm25=75, …)`, science column names as keywords."""

    def write(point: str, begin: datetime, hours: int | list[int], **values: float) -> None:
        first = clock.seconds(begin)
        offsets = list(range(hours)) if isinstance(hours, int) else hours
        for column, value in values.items():
            (series,) = store.catalogue.series_ids([SeriesKey(point, vocab.by_column(column).code, "mean", "hour")], ["ug/m3"])
            rows = [Reading(series, first + offset * clock.HOUR, clock.HOUR, value) for offset in offsets]
            store.write("hour", rows, arrived=first)

    return write
