from __future__ import annotations

import pytest

from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.quality import Check, arrival_checks
from bilan.telemetry.store import Store


@pytest.fixture
def store(tmp_path):
    opened = Store.connect(f"sqlite:///{tmp_path}/t.sqlite3", lake=tmp_path / "lake")
    opened.migrate()
    opened.catalogue.put_points([Point("S1", "surface_water", "某断面")])
    yield opened
    opened.close()


def test_series_made_later_are_known(store):
    judge = arrival_checks(store)
    now = clock.now()
    for parameter, value, bits in (("w01001", 15.0, Check.RANGE), ("w01009", 8.0, 0), ("w01010", 99.0, Check.RANGE)):
        (series,) = store.catalogue.series_ids([SeriesKey("S1", parameter, "mean", "hour")], ["1"])
        assert [entry.quality for entry in judge("hour", [Reading(series, now - 3600, 3600, value)])] == [bits]


def test_a_wrong_rule_of_the_city_is_said_at_once(store, tmp_path):
    (tmp_path / "quality").mkdir()
    (tmp_path / "quality" / "noise.yaml").write_text("network: nois\n", encoding="utf-8")
    with pytest.raises(BilanError) as caught:
        arrival_checks(store, tmp_path)
    assert caught.value.problems[0].values["nearest"] == "noise"
