"""Doubtful hours are marked and kept; a correction takes the mark away."""

from __future__ import annotations

from datetime import datetime

from bilan.evaluation.doubting import doubt_marks
from bilan.pack import vocab
from bilan.telemetry.quality import Check
from bilan.telemetry.store import Store

FOREVER = 1 << 40


def qualities(store: Store, column: str) -> list[int]:
    series = store.catalogue.series_frame(["A1"], [vocab.by_column(column).code], "hour")["id"].to_list()
    return store.scan(series, 0, FOREVER, "hour", level="raw")["quality"].to_list()


def test_fine_particles_above_coarse_are_marked_and_kept(store, fill):
    fill("A1", datetime(2026, 6, 1), 3, pm10=40.0, pm25=20.0)
    fill("A1", datetime(2026, 6, 1, 1), 1, pm25=90.0)
    doubt_marks(store, store.dirty.take(100))
    assert [quality & Check.CROSS > 0 for quality in qualities(store, "pm25")] == [False, True, False]
    assert len(qualities(store, "pm25")) == 3
    assert store.latest(["A1"]).height == 2


def test_a_corrected_value_loses_its_mark(store, fill):
    fill("A1", datetime(2026, 6, 1), 3, pm10=40.0, pm25=90.0)
    doubt_marks(store, store.dirty.take(100))
    assert all(quality & Check.CROSS for quality in qualities(store, "pm25"))
    fill("A1", datetime(2026, 6, 1), 3, pm25=21.0)
    doubt_marks(store, store.dirty.take(100))
    assert not any(quality & Check.CROSS for quality in qualities(store, "pm25"))
