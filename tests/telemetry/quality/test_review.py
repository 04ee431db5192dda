from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.telemetry.quality import Check, describe, review

BEGIN = datetime(2026, 3, 1)


def hours(point="A", begin=BEGIN, **columns):
    length = len(next(iter(columns.values())))
    return pl.DataFrame(
        {"point": [point] * length, "start": [begin + timedelta(hours=hour) for hour in range(length)], **columns}, strict=False
    )


def bits(frame, network, column):
    return review(frame, network).bits[column].to_list()


def test_fine_particles_above_all_particles():
    frame = hours(pm25=[40.0, 90.0, 62.0, None], pm10=[60.0, 61.0, 60.0, 61.0])
    assert bits(frame, "air", "pm25") == [0, Check.CROSS, 0, 0]
    assert bits(frame, "air", "pm10") == [0, Check.CROSS, 0, 0]


def test_nitrogen_oxides_are_the_sum_of_their_parts():
    # 30 as NO is 46 as NO2; with 40 of NO2 that makes 86.
    frame = hours(no=[30.0, 30.0], no2=[40.0, 40.0], nox=[86.0, 150.0])
    assert bits(frame, "air", "nox") == [0, Check.CROSS]


def test_parts_above_totals_in_water():
    frame = hours(nh3n=[0.5, 3.0], tn=[1.0, 1.0], dip=[0.05, 0.3], tp=[0.1, 0.1], codmn=[4.0, 30.0], cod=[15.0, 15.0])
    found = review(frame, "surface_water").findings.filter(pl.col("check") == Check.CROSS)
    assert set(found["rule"]) == {"nh3n_within_tn", "dip_within_tp", "codmn_within_cod"}
    assert found["start"].unique().to_list() == [BEGIN + timedelta(hours=1)]


def test_range():
    frame = hours(ph=[7.0, 14.2, -0.1], do=[31.0, 8.0, 8.0])
    assert [value & Check.RANGE for value in bits(frame, "surface_water", "ph")] == [0, Check.RANGE, Check.RANGE]
    assert bits(frame, "surface_water", "do")[0] == Check.RANGE


def test_rate_flags_the_later_value_only_when_near():
    assert bits(hours(o3=[40.0, 300.0, 310.0]), "air", "o3") == [0, Check.RATE, 0]
    far = pl.concat([hours(o3=[40.0]), hours(begin=BEGIN + timedelta(hours=5), o3=[300.0])])
    assert bits(far, "air", "o3") == [0, 0]


def test_points_do_not_meet():
    frame = pl.concat([hours("A", o3=[40.0] * 3), hours("B", begin=BEGIN + timedelta(hours=3), o3=[300.0] * 3)])
    assert bits(frame, "air", "o3") == [0] * 6


def test_persistence_flags_the_whole_run_and_a_gap_ends_it():
    assert bits(hours(pm10=[5.0, 50.0, 50.0, 50.0, 50.0, 51.0]), "air", "pm10") == [0, 4, 4, 4, 4, 0]
    broken = pl.concat([hours(pm10=[50.0] * 3), hours(begin=BEGIN + timedelta(hours=4), pm10=[50.0] * 3)])
    assert bits(broken, "air", "pm10") == [0] * 6
    assert bits(hours(pm10=[50.0, 50.0, None, 50.0, 50.0]), "air", "pm10") == [0] * 5


def test_a_low_value_may_stand():
    assert bits(hours(o3=[2.0] * 10), "air", "o3") == [0] * 10


def test_names_may_be_codes_and_rows_in_any_order():
    frame = hours(a34004=[40.0, 90.0], a34002=[60.0, 60.0]).reverse()
    found = review(frame, "air")
    assert found.bits["a34004"].to_list() == [Check.CROSS, 0]
    assert set(found.findings["parameter"]) == {"a34004", "a34002"}


def test_an_unknown_network_names_the_nearest():
    with pytest.raises(BilanError) as caught:
        review(hours(o3=[1.0]), "airs")
    assert caught.value.problems[0].values["nearest"] == "air"


def test_texts_in_both_languages():
    assert describe(Check.RANGE | Check.PARTIAL) == ["超出合理范围", "时段内数据不足"]
    assert describe(Check.DEVICE, "en") == ["marked by the device"]


VALUES = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from([5.0, float("nan"), float("inf")])), min_size=1, max_size=30)


@given(VALUES, st.randoms())
def test_no_value_is_lost_and_order_does_not_matter(values, chance):
    frame = hours(o3=values, pm25=values, pm10=values[::-1])
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=chance.randrange(1000))
    straight = review(frame, "air").bits
    assert straight.height == frame.height
    assert review(shuffled, "air").bits.sort("start").equals(straight)


def test_an_empty_frame():
    assert review(hours(o3=[1.0]).clear(), "air").bits.height == 0
