"""Points, devices and series are seen by every process as soon as they change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bilan.problems import BilanError
from bilan.telemetry.model import Device, Point, SeriesKey
from bilan.telemetry.store import Store

POINT = Point("350500A", "air", "万安", "Wan'an", "350504", 118.6, 24.9, {"kind": "city", "别名": ["甲", "乙"]})
DEVICE = Device("A110000_0001", "350500A", "123456", charset="gbk", minute_interval=5)


def other(store: Store, address: str) -> Store:
    """The store as another process sees it."""
    return Store.connect(address, lake=store.lake.root)


def test_points_come_back_as_they_were(store: Store) -> None:
    store.catalogue.put_points([POINT, Point("X", "noise", "噪声")])
    assert store.catalogue.point("350500A") == POINT
    assert [point.code for point in store.catalogue.points()] == ["350500A", "X"]
    assert [point.code for point in store.catalogue.points("noise")] == ["X"]
    assert store.catalogue.points(codes=["350500A", "nowhere"]) == [POINT]


def test_devices_come_back_as_they_were(store: Store) -> None:
    store.catalogue.put_devices([DEVICE])
    assert store.catalogue.device("A110000_0001") == DEVICE
    store.catalogue.put_devices([replace(DEVICE, state="blocked")])
    assert [device.state for device in store.catalogue.devices()] == ["blocked"]


def test_a_change_in_another_process_is_seen(store: Store, address: str) -> None:
    second = other(store, address)
    assert second.catalogue.points() == []
    version = second.catalogue.version()
    store.catalogue.put_points([POINT])
    assert second.catalogue.points() == [POINT]
    assert second.catalogue.version() > version
    second.close()


def test_series_get_the_same_number_everywhere(store: Store, address: str) -> None:
    second = other(store, address)
    keys = [SeriesKey("P", code, "mean", "hour") for code in ("a34004", "a34002")]
    numbers = store.catalogue.series_ids(keys, ["ug/m3", "ug/m3"])
    assert second.catalogue.series_ids(keys[::-1]) == numbers[::-1]
    assert second.catalogue.series_ids([*keys, keys[0]]) == [*numbers, numbers[0]]
    frame = second.catalogue.series_frame(points=["P"], parameters=["a34002"], interval="hour")
    assert frame.rows() == [(numbers[1], "P", "a34002", "mean", "hour", 1, "ug/m3")]
    second.close()


def test_an_unknown_point_names_the_nearest(store: Store) -> None:
    store.catalogue.put_points([POINT])
    with pytest.raises(BilanError) as refused:
        store.catalogue.point("350500B")
    assert refused.value.problems[0].values["nearest"] == "350500A"


def test_migrating_again_applies_nothing(store: Store) -> None:
    assert store.migrate() == []


def test_digests_and_offsets_are_replaced_by_name(store: Store) -> None:
    assert (store.digests.get("overview"), store.offsets.get("journal")) == (None, 0)
    for place in (1, 2):
        store.digests.put("overview", {"优": place})
        store.offsets.set("journal", place)
    assert (store.digests.get("overview"), store.offsets.get("journal")) == ({"优": 2}, 2)
