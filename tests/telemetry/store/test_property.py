"""Whatever the order and however often: the same readings make the same store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.store import Amendment, AmendmentKind, Store

FOREVER = 1 << 40
SERIES = 3

values = st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(float("nan")))
arrivals = st.builds(
    lambda series, hour, value, flag: Reading(series, hour * HOUR, HOUR, value, flag),
    st.integers(1, SERIES),
    st.integers(0, 60 * 24),
    values,
    st.sampled_from("NDM"),
)


@contextmanager
def new_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.connect(f"sqlite:///{folder}/t.sqlite3", lake=Path(folder) / "lake")
        store.migrate()
        store.catalogue.series_ids([SeriesKey(f"P{n}", "a34004", "mean", "hour") for n in range(SERIES)])
        try:
            yield store
        finally:
            store.close()


def content(store: Store) -> tuple[list[object], list[object], list[object]]:
    numbers = list(range(1, SERIES + 1))
    marks = [(mark.point, mark.interval, mark.hour) for mark in store.dirty.take(100_000)]
    rounded = store.statistics(numbers).with_columns(mean=store.statistics(numbers)["mean"].round(3))
    return store.scan(numbers, 0, FOREVER, "hour").rows(), rounded.rows(), sorted(marks)


@settings(max_examples=25, deadline=None)
@given(st.lists(arrivals, min_size=1, max_size=30), st.data())
def test_order_and_repetition_do_not_matter(readings: list[Reading], data: st.DataObject) -> None:
    versions = list(enumerate(readings))
    shuffled = data.draw(st.permutations(versions + data.draw(st.lists(st.sampled_from(versions), max_size=10))))
    with new_store() as one, new_store() as other:
        for arrived, reading in versions:
            one.write("hour", [reading], arrived=arrived)
        other.write("hour", [reading for _, reading in shuffled], arrived=[arrived for arrived, _ in shuffled])
        assert content(other) == content(one)


@settings(max_examples=25, deadline=None)
@given(st.lists(arrivals, min_size=1, max_size=30), st.integers(0, 60 * DAY), st.lists(arrivals, max_size=10))
def test_sealing_is_not_seen(readings: list[Reading], cut: int, late: list[Reading]) -> None:
    with new_store() as hot, new_store() as sealed:
        for store in (hot, sealed):
            store.write("hour", readings, arrived=1)
        sealed.seal("hour", cut)
        assert content(sealed) == content(hot)
        for store in (hot, sealed):
            store.write("hour", late, arrived=2)
        assert content(sealed) == content(hot)
        sealed.seal("hour", cut)
        sealed.seal("hour", FOREVER)
        assert content(sealed) == content(hot)
        assert sealed.database.query("SELECT COUNT(*) FROM obs_hour") == [(0,)]


changes = st.tuples(st.integers(1, SERIES), st.integers(0, 20), st.integers(1, 20), st.sampled_from(list(AmendmentKind)))


@settings(max_examples=25, deadline=None)
@given(st.lists(arrivals, min_size=1, max_size=20), st.lists(changes, max_size=6))
def test_what_was_amended_can_be_restored(readings: list[Reading], decisions: list[tuple[int, int, int, AmendmentKind]]) -> None:
    with new_store() as store:
        store.write("hour", [reading._replace(start=reading.start % DAY) for reading in readings], arrived=1)
        numbers = list(range(1, SERIES + 1))
        before = store.scan(numbers, 0, FOREVER, "hour", level="raw").rows()
        for series, begin, length, kind in decisions:
            if kind != AmendmentKind.FINAL:
                store.amend(Amendment(series, begin * HOUR, (begin + length) * HOUR, kind, "somebody", "a reason", value=1.0, flag="D"))
        assert store.scan(numbers, 0, FOREVER, "hour", level="raw").rows() == before
        for series in numbers:
            store.amend(Amendment(series, 0, 2 * DAY, AmendmentKind.RESTORE, "somebody", "a reason"))
        assert store.scan(numbers, 0, FOREVER, "hour").rows() == before
