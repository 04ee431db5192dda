"""Rows against the limits that hold for their source, day and mark."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import emissions, tables
from bilan.science.standards.emissions import oxygen

START = datetime(2026, 4, 1)


def judged(source, averaging="hour", **values):
    frame = pl.DataFrame({name: [value] for name, value in values.items()})
    return emissions.judge(frame, source, averaging=averaging).row(0, named=True)


def test_every_known_limit_is_within_and_a_little_more_is_over():
    for key in emissions.sources():
        for averaging in set(emissions.averagings(key)) - {"rate"}:
            known = {item: choice.limit for item, choice in emissions.choose(key, averaging).items() if choice.limit.high is not None}
            if not known:
                continue
            frame = pl.DataFrame({item: [limit.high, limit.high * 1.01] for item, limit in known.items()})
            oxygen = {limit.reference_o2 for limit in known.values()} - {None}
            assert len(oxygen) <= 1
            result = emissions.judge(frame.with_columns(o2=pl.lit(max(oxygen, default=None), dtype=pl.Float64)), key, averaging=averaging)
            assert [set(row) for row in result.select(f"class_{item}" for item in known).rows()] == [{1}, {2}], (key, averaging)
            assert set(result["main"][1].split(",")) == {limit.symbol for limit in known.values()}
            assert result["attained"].to_list() == [True, False]


def test_the_letters_of_both_schemes_mean_different_things():
    frame = pl.DataFrame({"so2": [900.0] * 5, "o2": 6.0, "flag": ["B", "N", "N", "N", "N"], "state": ["N", "B", "F", "St", "Md"]})
    result = emissions.judge(frame, "gb13223-coal-special")
    assert result["status"].to_list() == ["invalid", "excluded", "stopped", "excluded", "invalid"]
    assert result["grade"].null_count() == 5


def test_unknown_limits_are_empty_and_never_judge():
    row = judged("gb18918-1a", "instant", cod=500.0, ph=7.0, start=START)
    assert (row["limit_cod"], row["class_cod"], row["unjudged"], row["grade"]) == (None, None, "CODCr", 1)


def test_without_oxygen_or_in_air_nothing_is_judged_and_it_is_said():
    frame = pl.DataFrame({"so2": [5.0, 5.0], "o2": [None, 20.9]})
    result = emissions.judge(frame, "gb13271-coal")
    assert result.select("grade", "unjudged", "valid").rows() == [(None, "SO2", False)] * 2
    assert result["unjudged_why"].to_list() == ["oxygen_missing", "oxygen_high"]
    assert judged("gb18918-1a", "instant", cod=500.0, start=START)["unjudged_why"] == "no_limit"


def test_the_oxygen_up_to_which_gas_is_converted_is_data_of_the_source(monkeypatch):
    """GB 25464 with its amendment: 18 % reference; (21 - 18) / (21 - 20.5) = 6."""
    frame = pl.DataFrame({"so2": [10.0], "o2": [20.5], "start": [START]})
    assert emissions.judge(frame, "gb25464-kiln").select("converted_so2", "unjudged_why").row(0) == (None, "oxygen_high")
    assert "20.5% 高于 20%" in emissions.explain(frame.row(0, named=True), "gb25464-kiln").text()
    rows = [{**row, "most_oxygen": "20.7"} if "gb25464-kiln" in row["group"] else row for row in tables.table("emission_oxygen")]
    monkeypatch.setattr(oxygen, "table", lambda _: rows)
    oxygen.oxygen_rule.cache_clear()
    mixed = pl.concat([frame, frame]).with_columns(source=pl.Series(["gb25464-kiln", "gb13271-coal"]))
    found = emissions.judge(mixed)
    assert found["converted_so2"].to_list() == [60.0, None]
    assert found["main"].to_list() == ["SO2", ""]
    oxygen.oxygen_rule.cache_clear()


def test_unverified_and_assumed_limits_are_told():
    row = judged("gb18485", so2=50.0, o2=11.0)
    assert row["unverified"] == "SO2"
    assert judged("gb13223-coal", so2=50.0, o2=6.0)["assumed"] == "SO2"
    exact = emissions.judge(pl.DataFrame({"so2": [150.0], "o2": [6.0]}), "gb13223-coal", conditions=["existing"])
    assert exact.select("assumed", "attained").row(0) == ("", True)


def test_water_temperature_chooses_the_limit_of_ammonia():
    frame = pl.DataFrame({"nh3n": [6.0, 6.0, 6.0], "wt": [12.0, 12.1, None]})
    result = emissions.judge(frame, "gb18918-1a", averaging="day")
    assert result["limit_nh3n"].to_list() == [8.0, 5.0, 5.0]


def test_the_version_follows_the_day_and_the_source_the_column():
    frame = pl.DataFrame(
        {
            "nox": [200.0, 200.0, 200.0],
            "o2": [18.0, 18.0, 9.0],
            "source": ["gb25464-kiln", "gb25464-kiln", "gb13271-coal"],
            "start": [datetime(2014, 12, 11, 23), datetime(2014, 12, 12), datetime(2014, 12, 12)],
        }
    )
    result = emissions.judge(frame)
    assert result["limit_nox"].to_list() == [300.0, 180.0, 300.0]
    assert result["attained"].to_list() == [False, False, True]
    assert result["version"].to_list() == ["2010", "2010+A(2014),2010", "2014"]


def test_a_permit_goes_before_the_standard():
    frame = pl.DataFrame({"so2": [40.0, 40.0], "o2": [6.0, 6.0], "limit_so2": [35.0, None]})
    assert emissions.judge(frame, "gb13223-coal-special")["attained"].to_list() == [False, True]
    assert emissions.judge(frame.drop("limit_so2"), "gb13223-coal-special", permits={"so2": 30})["attained"].to_list() == [False, False]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 500), min_size=2, max_size=8), st.floats(0, 19))
def test_more_is_never_better_and_order_does_not_matter(values, oxygen):
    frame = pl.DataFrame({"nox": values, "o2": [oxygen] * len(values)})
    straight = emissions.judge(frame, "gb13271-gas")["class_nox"].to_list()
    back = emissions.judge(frame.reverse(), "gb13271-gas")["class_nox"].to_list()
    assert straight == back[::-1]
    ranked = [grade for _, grade in sorted(zip(values, straight, strict=True))]
    assert ranked == sorted(ranked)


def test_rates_between_above_and_below_the_heights_of_the_table():
    # GB 16297-1996 Annex B: interpolation between 4.3 (20 m) and 15 kg/h (30 m); square of the height above; half of it below 15 m (7.4).
    assert emissions.rate_limit("so2", 20) == 4.3
    assert emissions.rate_limit("so2", 25) == pytest.approx((4.3 + 15) / 2)
    assert emissions.rate_limit("so2", 45) == pytest.approx(15 * 2.25)
    assert emissions.rate_limit("so2", 12) == pytest.approx(2.6 * 0.64 / 2)
    assert emissions.rate_limit("so2", 20, near_buildings=True) == 2.15
    # Question of the engineers' examination of 2009 (asklib.com f1225fba68c4): 3.50 kg/h at 15 m, a stack of 7.5 m: 0.44 kg/h.
    assert round(emissions.rate_limit("dust", 7.5), 2) == 0.44
    assert emissions.rate_limit("dust", 15, dust="carbon_black") == 0.51
    heights = [8.0, 12.0, 15.0, 18.0, 25.0, 30.0, 60.0]
    frame = pl.DataFrame({"nox": [1.0] * 7, "stack_height": heights})
    found = emissions.judge_rates(frame)["limit_nox"].to_list()
    assert found == pytest.approx([emissions.rate_limit("nox", height) for height in heights])
    with pytest.raises(BilanError):
        emissions.rate_limit("co", 20)


def test_days_need_twenty_hours_and_wastewater_is_weighted_by_flow():
    start = [START + timedelta(hours=hour) for hour in range(24)]
    frame = pl.DataFrame(
        {"point": "a", "start": start, "cod": [40.0] * 12 + [70.0] * 12, "ph": [6.5] * 13 + [9.5] * 11, "flow": [3.0] * 12 + [1.0] * 12}
    )
    day = emissions.evaluate_days(frame, "gb18918-1a").row(0, named=True)
    assert (day["cod"], day["hours_cod"], day["main"], day["attained"]) == (47.5, 24, "", True)
    assert emissions.evaluate_days(frame.drop("flow"), "gb18918-1a")["main"].to_list() == ["CODCr"]
    short = emissions.evaluate_days(frame.head(19), "gb18918-1a")
    assert short.select("cod", "grade", "valid").row(0) == (pytest.approx(1930 / 43), None, False)


def test_explanations_in_both_languages():
    why = emissions.explain({"so2": 70.0, "dust": 5.0, "o2": 11.0, "state": "N"}, "gb13223-coal-special")
    assert [entry.item for entry in why.items] == ["so2", "dust"]
    assert why.text() == (
        "燃煤发电锅炉（特别排放限值）：超标\n"
        "二氧化硫 70 mg/m3，折算到含氧量 6% 为 105.0；限值 50，超标 1.10 倍；GB 13223-2011 Table 2，一个来源核实\n"
        "颗粒物 5 mg/m3，折算到含氧量 6% 为 7.5；限值 20，达标；GB 13223-2011 Table 2，一个来源核实"
    )
    unknown = emissions.explain({"cod": 60.0}, "gb18918-1a", averaging="instant")
    assert unknown.grade is None
    assert "limit not known" in unknown.text("en")
    assert "banked fire" in emissions.explain({"so2": 70.0, "o2": 6.0, "state": "B"}, "gb13271-coal").text("en")
