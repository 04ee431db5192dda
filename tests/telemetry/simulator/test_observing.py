from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from bilan.telemetry.clock import DAY, HOUR, seconds
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.aggregate import days
from bilan.telemetry.simulator.events import FRAUDS
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.sampler import Sampler
from bilan.telemetry.simulator.signals import Signals

BEGIN = seconds(datetime(2026, 1, 1))
END = seconds(datetime(2026, 7, 1))
HOURS = np.arange(BEGIN, END, HOUR, dtype=np.int64)


def outlets() -> list[Point]:
    return [Point(f"E{n:03d}", "source_gas", "演示", attributes={"profile": "ceramics", "enterprise": f"E{n}"}) for n in range(40)]


@pytest.fixture(scope="module")
def observer() -> Observer:
    return Observer(Signals([*outlets(), Point("A1", "air", "演示", lon=118.6, lat=24.9)], seed=2))


def test_the_truth_lists_every_kind_and_is_the_same_each_time(observer: Observer) -> None:
    truth = observer.truth(BEGIN, END)
    assert set(FRAUDS) | {"calibration", "maintenance", "fault", "outage", "loss"} == set(truth["kind"].unique())
    again = Observer(Signals(observer.signals.models["source_gas"].points, seed=2)).truth(BEGIN, END)
    assert again.equals(truth.filter(truth["network"] == "source_gas"))


def test_events_of_a_long_period_are_those_of_its_parts(observer: Observer) -> None:
    middle = seconds(datetime(2026, 3, 10))
    parts = {*observer.truth(BEGIN, middle).rows(), *observer.truth(middle, END).rows()}
    assert parts == set(observer.truth(BEGIN, END).rows())


def test_each_fraud_shows_its_pattern_and_nothing_else_changes(observer: Observer) -> None:
    clean = observer.signals.block("source_gas", HOURS, HOUR)
    seen = observer.observe("source_gas", HOURS, HOUR)
    code, key = "a21026", ("a21026", "converted_mean")
    truth = observer.truth(BEGIN, END).filter(observer.truth(BEGIN, END)["kind"].is_in(FRAUDS))
    touched = np.zeros(clean.values[key].shape, dtype=bool)
    names = [point.code for point in observer.signals.models["source_gas"].points]
    for window in truth.rows(named=True):
        row = names.index(window["point"])
        inside = (window["begin"] <= HOURS) & (window["end"] >= HOURS + HOUR) & ~np.isnan(clean.values[key][row])
        touched[row] |= (window["begin"] <= HOURS + HOUR) & (window["end"] >= HOURS)
        real, shown = clean.values[key][row][inside], seen.block.values[key][row][inside]
        night = (HOURS[inside] % DAY // HOUR >= 22) | (HOURS[inside] % DAY // HOUR < 6)
        assert window["parameter"] == code
        match window["kind"]:
            case "constant":
                assert np.ptp(shown) == 0
            case "clipped":
                assert shown.max() <= 50 * 0.97 + 1e-3
            case "night":
                np.testing.assert_allclose(shown[night], real[night] * 0.35, rtol=1e-4)
                np.testing.assert_allclose(shown[~night], real[~night], rtol=1e-4)
            case "drift":
                assert (shown <= real * 1.0001).all() and (shown[-1] < real[-1])
            case "copied":
                twin = clean.values[key][names.index(window["source"])][inside]
                both = ~np.isnan(twin)
                np.testing.assert_allclose(shown[both], twin[both], rtol=1e-4)
    np.testing.assert_array_equal(seen.block.values[key][~touched], clean.values[key][~touched])


def test_marks_cover_the_windows(observer: Observer) -> None:
    seen = observer.observe("source_gas", HOURS, HOUR)
    names = [point.code for point in observer.signals.models["source_gas"].points]
    for window in observer.truth(BEGIN + DAY, END - DAY).filter(observer.truth(BEGIN + DAY, END - DAY)["kind"] == "fault").rows(named=True):
        inside = (window["begin"] <= HOURS) & (window["end"] >= HOURS + HOUR)
        if window["point"] in names:
            marks = set(seen.flags[names.index(window["point"])][inside])
            assert marks <= {ord(mark) for mark in "DCM"}


def test_days_are_made_of_their_hours(observer: Observer) -> None:
    midnight = np.array([BEGIN + 40 * DAY], dtype=np.int64)
    day = days(observer, "source_gas", midnight)
    hours = observer.observe("source_gas", midnight[0] + np.arange(24) * HOUR, HOUR)
    total = np.where(hours.absent, 0, hours.block.values["a00000", "total"]).sum(axis=1)
    np.testing.assert_allclose(day.block.values["a00000", "total"][:, 0], total, rtol=1e-4)
    usable = (hours.flags == ord("N")) & ~hours.absent
    for row in np.flatnonzero(usable.any(axis=1)):
        expected = hours.block.values["a21026", "mean"][row][usable[row]].mean()
        assert day.block.values["a21026", "mean"][row, 0] == pytest.approx(expected, rel=1e-4)


def test_the_sampler_gives_what_the_observer_gives(observer: Observer) -> None:
    sampler = Sampler(observer)
    starts = [int(start) for start in HOURS[50:60]]
    sampler.prepare("air", starts, HOUR)
    whole = observer.observe("air", HOURS[50:60], HOUR)
    for place, start in enumerate(starts):
        one = sampler.at("air", start, HOUR)
        np.testing.assert_allclose(one.block.values["a34004", "mean"][:, 0], whole.block.values["a34004", "mean"][:, place], rtol=1e-4)
