"""Sealing loses nothing and doubles nothing, wherever it is interrupted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from bilan.telemetry import clock
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.store import Store, StoreUnavailable

NEW_YEAR = clock.seconds(datetime(2025, 1, 1))
FOREVER = 1 << 40


def filled(store: Store, days: int = 60) -> int:
    (one,) = store.catalogue.series_ids([SeriesKey("P", "a34004", "mean", "hour")])
    store.write("hour", [Reading(one, NEW_YEAR + hour * HOUR, HOUR, float(hour % 50)) for hour in range(days * 24)], arrived=1)
    return one


def hot(store: Store) -> int:
    return int(store.database.query("SELECT COUNT(*) FROM obs_hour")[0][0])


def test_hours_lie_in_a_file_a_month(store: Store) -> None:
    filled(store)
    report = store.seal("hour", NEW_YEAR + 40 * DAY)
    assert report == (960, ("2025-01", "2025-02"))
    names = sorted(str(file.relative_to(store.lake.root)) for file in store.lake.root.rglob("*.parquet"))
    assert names == [f"observation/kind=hour/date=2025-0{month}/part.parquet" for month in (1, 2)]
    assert hot(store) == 20 * 24


def test_a_crash_between_file_and_deletion_is_finished_by_the_next_seal(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = filled(store)
    before = store.scan([one], 0, FOREVER, "hour").rows()

    def crash(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(store.database, "bulk_delete", crash)
        store.seal("hour", FOREVER)
    assert store.scan([one], 0, FOREVER, "hour").rows() == before
    store.seal("hour", FOREVER)
    assert (hot(store), store.scan([one], 0, FOREVER, "hour").rows()) == (0, before)


def test_a_value_that_changes_while_it_is_sealed_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = filled(store, days=2)
    merge: Callable[..., object] = store.lake.merge

    def merge_and_change(*given: object) -> object:
        merged = merge(*given)
        store.write("hour", [Reading(one, NEW_YEAR, HOUR, 777.0)], arrived=2)
        return merged

    with monkeypatch.context() as patch:
        patch.setattr(store.lake, "merge", merge_and_change)
        store.seal("hour", FOREVER)
    assert hot(store) == 1
    assert store.scan([one], NEW_YEAR, NEW_YEAR + HOUR, "hour")["value"].to_list() == [777.0]


def test_late_data_win_over_the_sealed_and_are_merged_at_the_next_seal(store: Store) -> None:
    one = filled(store)
    store.seal("hour", FOREVER)
    late = [Reading(one, NEW_YEAR, HOUR, 500.0), Reading(one, NEW_YEAR + HOUR, HOUR, 1.0)]
    assert store.write("hour", late, arrived=2) == (0, 1, 1)
    assert store.scan([one], NEW_YEAR, NEW_YEAR + 2 * HOUR, "hour")["value"].to_list() == [500.0, 1.0]
    assert store.database.query("SELECT start, value FROM superseded") == [(NEW_YEAR, 0.0)]
    assert store.statistics([one])["maximum"].to_list() == [500.0]
    store.seal("hour", FOREVER)
    assert store.scan([one], NEW_YEAR, NEW_YEAR + 2 * HOUR, "hour")["value"].to_list() == [500.0, 1.0]
    assert hot(store) == 0


def test_verdicts_are_sealed_too(store: Store) -> None:
    starts = [NEW_YEAR + hour * HOUR for hour in range(48)]
    frame = pl.DataFrame({"method": "air.hour", "point": "P", "start": starts, "seconds": HOUR, "value": 50.0, "grade": 1, "computed": 1})
    store.verdicts.write(frame)
    before = store.verdicts.scan("air.hour", None, 0, FOREVER).rows()
    assert store.seal("air.hour", NEW_YEAR + DAY).rows == 24
    assert store.verdicts.scan("air.hour", ["P"], 0, FOREVER).rows() == before
    store.verdicts.write(frame.head(1).with_columns(grade=pl.lit(6), computed=pl.lit(2)))
    assert store.verdicts.scan("air.hour", ["P"], 0, FOREVER)["grade"].to_list()[:2] == [6, 1]
    assert store.verdicts.latest("air.hour")["start"].to_list() == [starts[-1]]


def test_a_lake_that_cannot_be_written_leaves_the_rows_where_they_are(store: Store, tmp_path: Path) -> None:
    one = filled(store, days=1)
    (tmp_path / "lake").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable) as refused:
        store.seal("hour", FOREVER)
    assert refused.value.problems[0].code == "store.lake_unwritable"
    assert hot(store) == 24
    (tmp_path / "lake").unlink()
    assert store.seal("hour", FOREVER).rows == 24
    assert store.scan([one], 0, FOREVER, "hour").height == 24
