"""Conversion of flue gas against values printed by others."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.science import emissions

CONCENTRATION = st.floats(0.1, 5000)
OXYGEN = st.floats(0, 20)


def at(value, oxygen, reference):
    return emissions.convert(pl.DataFrame({"so2": [value], "o2": [oxygen]}), {"so2": reference})["converted_so2"][0]


def test_excess_air_coefficients_of_the_older_standards():
    # GB 13223: oxygen 6 % is coefficient 1.4; GB 13271: 3.5 % for oil and gas is 1.2; GB 25464-2010 Table 5 note: 1.7 is 8.6 %.
    assert emissions.excess_air(6) == pytest.approx(1.4)
    assert emissions.excess_air(3.5) == pytest.approx(1.2)
    assert emissions.oxygen_of(1.7) == pytest.approx(8.6, abs=0.05)


def test_worked_example_of_an_instrument_maker():
    # http://dbear.cn/news/show-111084.html: oxygen 13 %, coefficient 2.6, 500 ppm SO2; coal boiler 1.8 -> 722 ppm, oil and gas 1.2 -> 1083.
    measured = round(emissions.excess_air(13), 1)
    assert measured == 2.6
    assert round(500 * measured / 1.8) == 722
    assert at(500, 13, emissions.oxygen_of(1.8)) == pytest.approx(722, rel=0.012)
    assert at(500, 13, emissions.oxygen_of(1.2)) == pytest.approx(1083, rel=0.012)


def test_formula_of_40_cfr_60_284():
    # 40 CFR 60.284(c)(3): Ccorr = Cmeas x (21 - X) / (21 - Y); with X = 8 % and Y = 8 % nothing changes, with Y = 14.5 % it doubles.
    assert at(5.0, 8, 8) == 5.0
    assert at(5.0, 14.5, 8) == 10.0


def test_volume_fraction_to_mass_as_the_lanzhou_boiler_standard_prints_it():
    # "1 umol/mol SO2 = 2.86 mg/m3; NOx as NO2 2.05 mg/m3" (clause 5.5 of Lanzhou's boiler standard).
    assert round(emissions.mass_concentration(1, 64.06), 2) == 2.86
    assert round(emissions.mass_concentration(1, 46.01), 2) == 2.05


def test_no_value_without_oxygen_or_in_air():
    frame = pl.DataFrame({"so2": [10.0] * 4, "o2": [None, 20.01, 21.0, -1.0]})
    assert emissions.convert(frame, {"so2": 6})["converted_so2"].null_count() == 4


@settings(max_examples=25, deadline=None)
@given(CONCENTRATION, OXYGEN, OXYGEN, st.floats(0, 18))
def test_more_oxygen_never_lowers_the_converted_value(value, oxygen, other, reference):
    low, high = sorted((oxygen, other))
    assert at(value, low, reference) <= at(value, high, reference) * (1 + 1e-12)


@settings(max_examples=25, deadline=None)
@given(CONCENTRATION, OXYGEN, st.floats(0, 18))
def test_conversion_is_proportional_and_undone_by_converting_back(value, oxygen, reference):
    once = at(value, oxygen, reference)
    assert at(2 * value, oxygen, reference) == pytest.approx(2 * once)
    assert at(once, reference, oxygen) == pytest.approx(value)


def test_a_reference_may_stand_in_a_column():
    frame = pl.DataFrame({"so2": [30.0, 30.0], "o2": [11.0, 11.0], "base": [6.0, 11.0]})
    assert emissions.convert(frame, {"so2": "base"})["converted_so2"].to_list() == [45.0, 30.0]


def test_state_and_moisture():
    assert emissions.at_standard_state(100, 120, -500) == pytest.approx(100 * 101325 / 100825 * 393 / 273)
    assert emissions.standard_dry_flow(1000, 0, 0, 0.25) == 750
