from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from bilan.evaluation.rules import Context, evaluate
from bilan.evaluation.rules.outside import nearest, neighbours, usual
from bilan.telemetry import clock
from bilan.telemetry.model import Point

BEGIN = datetime(2026, 1, 1)


def now(hours: float) -> int:
    return clock.seconds(BEGIN + timedelta(hours=hours))


def course(days: int) -> list[float]:
    """A daily course with a little of its own each day."""
    return [20 + 15 * (hour % 24 == 8) + (hour * 0.61803) % 1 for hour in range(days * 24)]


def test_the_usual_peak_of_an_hour_is_no_deviation_and_the_same_value_at_night_is(store, fill, declare):
    fill("G1", BEGIN, so2=[*course(30), 20, 20, 35.5, 20, 20, 20, 20, 20, 35.5])
    found = evaluate(store, declare("season(value) > 6"), now(30 * 24 + 9))
    assert found.episodes["began"].to_list() == [now(30 * 24 + 2)]


def test_without_enough_days_there_is_no_season(store, fill, declare):
    fill("G1", BEGIN, so2=[*course(8), 500])
    found = evaluate(store, declare("season(value) > 6"), now(8 * 24 + 1))
    assert found.episodes.is_empty()
    assert found.checked.is_empty()


def test_what_is_usual_is_kept_for_the_day(store, fill, declare):
    fill("G1", BEGIN, so2=course(30))
    context = Context()
    evaluate(store, declare("season(value) > 6"), now(30 * 24), context=context)
    kept = dict(context.memory)
    evaluate(store, declare("season(value) > 6"), now(30 * 24), context=context)
    assert kept
    assert context.memory.keys() == kept.keys()


def test_a_point_unlike_its_neighbours_is_found_and_they_are_not(store, fill, declare):
    others = [Point(f"N{at}", "air", "邻", district="350502", lon=118.6 + at / 100, lat=24.9) for at in range(5)]
    far = Point("F1", "air", "远", district="350502", lon=120.6, lat=24.9)
    store.catalogue.put_points([*others, far])
    for at, point in enumerate(others):
        fill(point.code, BEGIN, so2=[20.0 + at] * 3)
    fill("F1", BEGIN, so2=[500.0] * 3)
    fill("A1", BEGIN, so2=[20.0, 20.0, 90.0])
    found = evaluate(store, declare("neighbours(value) > 5", where="{networks: [air], parameters: [so2]}"), now(3))
    assert found.frame["point"].to_list() == ["A1"]


def test_the_city_is_the_median_of_its_air_stations(store, fill, declare):
    fill("A1", BEGIN, temp=[10, 20, 30])
    fill("G1", BEGIN, so2=[15, 15, 15])
    found = evaluate(store, declare("value < city('temp')"), now(3))
    assert found.frame["began"].to_list() == [now(1)]


def test_the_nearest_come_first_and_the_far_not_at_all():
    lon, lat = np.array([118.0, 118.2, 118.1, 130.0, np.nan]), np.array([24.0, 24.0, 24.0, 24.0, 24.0])
    found = nearest(lon, lat, 30)
    assert found[0, :3].tolist() == [2, 1, -1]
    assert (found[3] == -1).all()
    assert (found[4] == -1).all()


def test_neighbours_in_parts_are_neighbours_in_whole():
    chance = np.random.default_rng(3)
    values = np.where(chance.random((6, 50)) < 0.2, np.nan, chance.normal(20, 3, (6, 50)))
    around = nearest(118 + chance.random(6) / 10, 24 + chance.random(6) / 10, 50)
    assert np.array_equal(neighbours(values, around), neighbours(values, around, width=7), equal_nan=True)


def test_the_usual_is_a_median_with_a_robust_spread():
    centre, spread = usual(np.array([[1.0, 2.0, 3.0, 4.0, 100.0, np.nan]]), 1, 5, 0.0)
    assert centre[0] == 3
    assert spread[0] == pytest.approx(1.4826)
    few, _ = usual(np.array([[1.0, np.nan, np.nan]]), 1, 2, 0.0)
    assert np.isnan(few[0])
