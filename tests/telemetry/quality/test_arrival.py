from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bilan.telemetry.model import Reading
from bilan.telemetry.quality import Arrival, Check, SeriesPlace

OZONE = SeriesPlace("air", "a05024", "mean")
NOW = 1_800_000_000


def qualities(readings, place=OZONE, arrived=NOW):
    return [reading.quality for reading in Arrival(lambda series: place).apply(readings, arrived)]


def test_range_mark_and_time():
    readings = [
        Reading(1, NOW - 7200, 3600, 80.0),
        Reading(2, NOW - 7200, 3600, -5.0),
        Reading(3, NOW - 7200, 3600, 80.0, "D"),
        Reading(4, NOW + 3600, 3600, 80.0),
        Reading(5, NOW - 500 * 86400, 3600, 80.0),
        Reading(6, NOW - 7200, 3600, None, "B"),
    ]
    assert qualities(readings) == [0, Check.RANGE, Check.DEVICE, Check.TIME, Check.TIME, Check.DEVICE]


def test_rate_against_the_newest():
    readings = [Reading(1, NOW - 10800, 3600, 40.0), Reading(1, NOW - 7200, 3600, 300.0), Reading(1, NOW - 3600, 3600, 305.0)]
    assert qualities(readings) == [0, Check.RATE, 0]


def test_a_reading_delivered_again_gets_the_same_bits():
    checks = Arrival(lambda series: OZONE)
    first = [Reading(1, NOW - 7200, 3600, 40.0), Reading(1, NOW - 3600, 3600, 300.0)]
    once = checks.apply(first, NOW)
    assert checks.apply(first[1:], NOW) == once[1:]


def test_emissions_have_their_own_ranges():
    place = SeriesPlace("source_gas", "a21026", "mean")
    assert qualities([Reading(1, NOW, 3600, 3000.0), Reading(1, NOW, 3600, 12000.0)], place) == [0, Check.RANGE]


def test_totals_and_unknown_parameters_are_left_alone():
    assert qualities([Reading(1, NOW, 3600, 1e9)], SeriesPlace("source_gas", "a21026", "total")) == [0]
    assert qualities([Reading(1, NOW, 3600, -1e9)], SeriesPlace("air", "zzz", "mean")) == [0]
    assert qualities([Reading(1, NOW, 3600, -1e9)], None) == [0]


def test_bits_already_set_stay():
    assert qualities([Reading(1, NOW, 3600, 80.0, "N", Check.PARTIAL)]) == [Check.PARTIAL]


@given(st.lists(st.tuples(st.integers(-(2**62), 2**62), st.one_of(st.none(), st.floats()), st.text(max_size=2))))
def test_values_are_never_changed(entries):
    readings = [Reading(1, start, 0, value, flag) for start, value, flag in entries]
    judged = Arrival(lambda series: OZONE).apply(readings, NOW)
    assert [entry.start for entry in judged] == [entry.start for entry in readings]
    assert all(a.value == b.value or (math.isnan(a.value) and math.isnan(b.value)) for a, b in zip(judged, readings, strict=True))
