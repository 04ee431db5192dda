from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bilan.telemetry.clock import DAY, HOUR, seconds
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.aggregate import days
from bilan.telemetry.simulator.block import Block
from bilan.telemetry.simulator.events import FRAUDS
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.orders import Orders
from bilan.telemetry.simulator.sampler import Sampler
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.weather import Moments

BEGIN = seconds(datetime(2026, 1, 1))
END = seconds(datetime(2026, 7, 1))
HOURS = np.arange(BEGIN, END, HOUR, dtype=np.int64)


OUTLET = Point("X1", "source_gas", "演示", attributes={"profile": "ceramics", "enterprise": "X"})


def outlets() -> list[Point]:
    """Kilns that never rest and boilers that do, some of them with electric meters."""
    return [
        Point(
            f"E{n:03d}",
            "source_gas",
            "演示",
            attributes={"profile": "boiler_gas" if n % 6 == 0 else "ceramics", "enterprise": f"E{n}", "meters": n % 4 == 1},
        )
        for n in range(60)
    ]


@pytest.fixture(scope="module")
def observer() -> Observer:
    return Observer(Signals([*outlets(), Point("A1", "air", "演示", lon=118.6, lat=24.9)], seed=2))


def test_the_truth_lists_every_kind_and_is_the_same_each_time(observer: Observer) -> None:
    truth = observer.truth(BEGIN, END)
    scheduled = set(FRAUDS) - {"exceedance"}
    assert scheduled | {"calibration", "maintenance", "fault", "outage", "loss"} == set(truth["kind"].unique())
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
        assert window["parameter"] == {"untreated": "x33902", "idle_flow": "a00000", "weatherless": "a01012"}.get(window["kind"], code)
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
            case "stair":
                assert np.mean(np.diff(shown) == 0) > 0.75
                assert np.mean(np.diff(real) == 0) < 0.05
            case "ratio":
                np.testing.assert_allclose(shown, real * 0.5, rtol=1e-4)
            case "range":
                later = (HOURS[inside] >= window["begin"] // DAY * DAY + 2 * DAY + 15 * HOUR)[real > 0]
                ratio = (shown / np.maximum(real, 1e-6))[real > 0]
                np.testing.assert_allclose(np.where(later, 2, 1) * ratio, ratio[-1] * 2, rtol=1e-3)
            case "untreated" | "idle_flow" | "weatherless":
                np.testing.assert_array_equal(shown, real)
    np.testing.assert_array_equal(seen.block.values[key][~touched], clean.values[key][~touched])


def row_of(observer: Observer, block: Block, point: str, code: str) -> np.ndarray:
    number = [entry.code for entry in observer.signals.models["source_gas"].points].index(point)
    rows = block.rows.get(code)
    return block.values[code, "mean"][number if rows is None else np.flatnonzero(rows == number)[0]]


def test_offences_show_in_power_flow_and_stack_temperature(observer: Observer) -> None:
    clean = observer.signals.block("source_gas", HOURS, HOUR)
    seen = observer.observe("source_gas", HOURS, HOUR)
    names = [point.code for point in observer.signals.models["source_gas"].points]
    truth = observer.truth(BEGIN, END)
    for window in truth.filter(truth["kind"].is_in(["untreated", "idle_flow", "weatherless"])).rows(named=True):
        inside = (window["begin"] <= HOURS) & (window["end"] >= HOURS + HOUR)
        real = row_of(observer, clean, window["point"], window["parameter"])[inside]
        shown = row_of(observer, seen.block, window["point"], window["parameter"])[inside]
        stopped = clean.stopped[names.index(window["point"])][inside]
        match window["kind"]:
            case "untreated":
                made = row_of(observer, seen.block, window["point"], "x33901")[inside]
                assert (shown <= 0.03 * made + 1e-3).all() and real[~stopped].min() > shown[~stopped].max()
            case "idle_flow":
                assert (real[stopped] == 0).all() and (shown[stopped] > 0).all()
                np.testing.assert_array_equal(shown[~stopped], real[~stopped])
            case "weatherless":
                outside = Moments(HOURS[inside], HOUR, 2).weather.temperature
                assert np.corrcoef(outside, shown)[0, 1] < 0.6 * np.corrcoef(outside, real)[0, 1]


def test_replayed_days_are_the_two_days_before(observer: Observer) -> None:
    truth = observer.truth(BEGIN + 10 * DAY, END)
    window = truth.filter(kind="replayed").row(0, named=True)
    shown = np.nan_to_num(observer.observe("source_gas", HOURS, HOUR).block.values["a21026", "converted_mean"])
    rows = observer.signals.rows("source_gas")["a21026"]
    names = [point.code for point in observer.signals.models["source_gas"].points]
    one = shown[np.flatnonzero(rows == names.index(window["point"]))[0]]
    inside = np.flatnonzero((window["begin"] <= HOURS) & (window["end"] >= HOURS + HOUR))
    first, second = one[inside[:480]], one[inside[48 : 480 + 48]]
    moving = (first > 0) & (second > 0)
    assert np.mean(first[moving] == second[moving]) > 0.9


def test_orders_let_one_outlet_cheat_and_stop(tmp_path: Path) -> None:
    points = [OUTLET, *outlets()]
    here = Observer(Signals(points, seed=2))
    sampler = Sampler(here)
    noon = BEGIN + 90 * DAY
    now = [float(noon - HOUR)]
    orders = Orders(tmp_path / "orders.csv", lambda: now[0])
    row = [point.code for point in here.signals.models["source_gas"].points].index(OUTLET.code)
    where = np.flatnonzero(here.signals.rows("source_gas")["a21026"] == row)[0]

    def shown() -> float:
        return float(sampler.at("source_gas", noon, HOUR).block.values["a21026", "converted_mean"][where, 0])

    honest = shown()
    (tmp_path / "orders.csv").write_text("point,kind,begin,end\nX1,exceedance,,\nNOBODY,constant,,\nX1,untreated,,\nX1,winking,,\n")
    assert orders.refresh() and orders.refused == 1
    sampler.order(orders)
    cheated = shown()
    assert cheated > 50 and cheated != honest
    ordered = here.truth(noon, noon + HOUR).filter(point="X1").filter(pl.col("kind").is_in(FRAUDS))
    assert ordered.select("kind", "begin").rows() == [("exceedance", noon - HOUR)]
    now[0] += DAY
    (tmp_path / "orders.csv").write_text("point,kind,begin,end\nX1,exceedance,2026-03-01 00:00,2026-03-31 12:00\n")
    assert orders.refresh()
    sampler.order(orders)
    assert shown() == pytest.approx(honest)
    (tmp_path / "orders.csv").unlink()
    assert orders.refresh() and not list(orders) and not orders.refresh()


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
