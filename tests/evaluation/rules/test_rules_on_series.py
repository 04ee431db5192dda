from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from math import sin

import polars as pl
import pytest

from bilan.evaluation.rules import Context, evaluate, replay, slow
from bilan.evaluation.rules.limits import held
from bilan.evaluation.rules.telling import names, say
from bilan.science.integrity import PATTERNS
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store.amendments import Amendment

BEGIN = datetime(2026, 3, 1)
HOURS = 24


def now(hours: float = HOURS, begin: datetime = BEGIN) -> int:
    return clock.seconds(begin + timedelta(hours=hours))


def hours_of(frame: pl.DataFrame, column: str, begin: datetime = BEGIN) -> list[float | None]:
    return [None if value is None else (value - clock.seconds(begin)) / 3600 for value in frame[column]]


def limit(value: float = 50, **more: object) -> Context:
    columns = {"point": ["G1"], "parameter": ["a21026"], "limit": [value], "source": ["排污许可证"]}
    return Context(limits=pl.DataFrame({**columns, **{name: [given] for name, given in more.items()}}))


def test_a_value_over_its_limit_is_found_with_its_numbers_and_its_proof(store, fill, declare):
    fill("G1", BEGIN, so2=[40] * 20 + [60, 70])
    specs = declare(
        "value > limit",
        says="{point}{parameter} {value:.1f} {unit}，{factor:.2f} 倍 · {point} {parameter} {value:.1f} {unit}, {factor:.2f}",
    )
    found = evaluate(store, specs, now(22), context=limit())
    (row,) = found.frame.rows(named=True)
    assert (row["rule"], row["source"], row["level"], row["organisation"], row["district"]) == ("rule-0", "G1|a21026", 2, "E1", "350502")
    assert hours_of(found.frame, "began") == [20]
    assert hours_of(found.frame, "moment") == [21]
    values, proof = json.loads(row["values"]), json.loads(row["proof"])
    assert (values["value"], values["limit"], values["factor"], values["hours"]) == (70, 50, 1.4, 2)
    assert proof["series"] == [{"point": "G1", "interval": "hour", "parameter": "a21026"}]
    assert proof["marks"] == [now(20), now(21)]
    assert proof["begin"] < now(20) < proof["end"] == now(22)
    points = {point.code: point for point in store.catalogue.points()}
    assert say(specs[0], values, names(row, points, "zh-hans"), "zh-hans") == "一号窑SO2 70.0 mg/m3，1.40 倍"
    assert say(specs[0], values, names(row, points, "en"), "en") == "Kiln 1 SO2 70.0 mg/m3, 1.40"


def test_what_is_clear_is_told_and_what_is_unknown_is_not(store, fill, declare):
    fill("G1", BEGIN, so2=[40] * 22)
    fill("G2", BEGIN, so2=[None] * 21 + [40])
    context = limit()
    found = evaluate(store, declare("value > limit"), now(22), context=context)
    assert found.frame.is_empty()
    assert found.checked.rows() == [("rule-0", "G1|a21026")]


def test_it_takes_enough_moments_to_open_and_to_clear(store, fill, declare):
    fill("G1", BEGIN, so2=[60, 60, 40, 60, 60, 60, 40, 44, 60, 40, 40, 40])
    specs = declare("value > limit", for_="3", clear="value <= 0.9 * limit", clear_for="2")
    found = evaluate(store, specs, now(12), context=limit())
    assert hours_of(found.episodes, "opened") == [5]
    assert hours_of(found.episodes, "began") == [3]
    assert hours_of(found.episodes, "ended") == [7]
    assert found.frame.is_empty()
    assert found.checked.height == 1


def test_between_the_two_thresholds_neither_fires_nor_clears(store, fill, declare):
    fill("G1", BEGIN, so2=[48] * 20)
    found = evaluate(store, declare("value > limit", clear="value <= 0.9 * limit"), now(20), context=limit())
    assert found.frame.is_empty()
    assert found.checked.is_empty()


def test_a_missing_hour_does_not_break_a_run_nor_count(store, fill, declare):
    fill("G1", BEGIN, so2=[60, None, 60, None, None, 60])
    found = evaluate(store, declare("value > limit", for_="3"), now(6), context=limit())
    assert hours_of(found.frame, "opened") == [5]
    assert found.frame["held"].to_list() == [3]


def test_values_that_do_not_count_never_fire_but_their_marks_can(store, fill, declare):
    fill("G1", BEGIN, so2=[40] * 5 + ["D", "D"])
    found = evaluate(store, declare("value > limit", "flag == 'D'", "raw > limit", "share(valid, 4) < 0.6"), now(7), context=limit())
    assert found.frame["rule"].to_list() == ["rule-1", "rule-2", "rule-3"]


def test_a_reviewed_value_counts_as_reviewed(store, fill, declare):
    fill("G1", BEGIN, so2=[40, 40, 90])
    series = store.catalogue.series_frame(["G1"])["id"][0]
    store.amend(Amendment(series, now(2), now(3), "invalidate", "王工", "校准"))
    assert evaluate(store, declare("value > limit"), now(3), context=limit()).frame.is_empty()


def test_levels_rise_and_the_highest_holds(store, fill, declare):
    fill("G1", BEGIN, so2=[60, 120, 260, 60])
    levels = "[{level: critical, when: value > 5 * limit}, {level: notice}, {level: serious, when: value > 2 * limit}]"
    found = evaluate(store, declare("value > limit", levels=levels), now(4), context=limit())
    (row,) = found.frame.rows(named=True)
    assert json.loads(row["changes"]) == [[now(0), 1], [now(1), 3], [now(2), 4], [now(3), 1]]
    assert (row["level"], row["peak"]) == (1, 4)


def test_limits_hold_from_day_to_day_and_the_strictest_counts(store, fill, declare):
    begin = datetime(2026, 2, 28)
    fill("G1", begin, so2=[45] * 48)
    frame = pl.DataFrame(
        {
            "point": ["G1", "G1", "G1"],
            "parameter": ["a21026", "a21026", "so2"],
            "limit": [50.0, 40.0, 100.0],
            "valid_from": [None, date(2026, 3, 1), None],
            "valid_to": [date(2026, 3, 1), None, None],
        }
    )
    found = evaluate(store, declare("value > limit"), now(48, begin), context=Context(limits=frame, since=clock.seconds(begin)))
    assert hours_of(found.frame, "began", begin) == [24]


@pytest.mark.parametrize("begin", [datetime(2026, 2, 28, 12), datetime(2024, 2, 28, 12), datetime(2025, 12, 31, 12)])
def test_windows_run_over_ends_of_months_and_years(store, fill, declare, begin):
    fill("G1", begin, so2=[10.0] * 12 + [30.0] * 24)
    found = evaluate(store, declare("mean(value, 24) > 25"), now(36, begin))
    assert hours_of(found.frame, "began", begin) == [30]


def test_what_lies_ahead_of_the_clock_is_not_looked_at(store, fill, declare):
    fill("G1", BEGIN, so2=[40] * 10 + [90] * 20)
    specs = declare("value > limit", "max(value, 24) > limit")
    assert evaluate(store, specs, now(10), context=limit()).frame.is_empty()
    assert evaluate(store, specs, now(10.9), context=limit()).frame.is_empty()
    assert evaluate(store, specs, now(11), context=limit()).frame.height == 2


def test_what_came_late_and_is_over_does_not_pass_unseen(store, fill, declare):
    fill("G1", BEGIN, so2=[40] * 4 + [90] * 3 + [40] * 60)
    specs = declare("value > limit")
    assert evaluate(store, specs, now(67), context=limit()).episodes.is_empty()
    context = limit()
    context.since = now(3)
    found = evaluate(store, specs, now(67), context=context)
    assert found.frame.is_empty()
    assert hours_of(found.episodes, "ended") == [7]


def test_a_rule_may_weigh_other_parameters_and_the_point(store, fill, declare):
    fill("G1", BEGIN, so2=[5] * 3, o2=[19, 19, 8])
    fill("G2", BEGIN, so2=[5] * 3, o2=[19, 19, 19])
    specs = declare(
        "o2 > 18 and value < attribute('target')",
        "a19001 > 18 and label('profile') == 'boiler'",
        where="{networks: [source_gas], parameters: [a21026]}",
    )
    found = evaluate(store, specs, now(3))
    assert found.episodes.select("rule", "source").rows() == [("rule-0", "G1|a21026"), ("rule-1", "G2|a21026")]


def test_a_rule_about_no_parameter_is_about_the_point(store, fill, declare):
    fill("G1", BEGIN, o2=[20] * 3, so2=[1] * 3)
    found = evaluate(store, declare("o2 > 18 and hour >= 2", where="{networks: [source_gas]}"), now(3))
    assert found.frame["source"].to_list() == ["G1"]


def test_points_are_chosen_by_their_attributes(store, fill, declare):
    for point in ("G1", "G2", "A1"):
        fill(point, BEGIN, so2=[90] * 3)
    found = evaluate(store, declare("value > 50", where="{points: \"profile == 'ceramics'\", parameters: [so2]}"), now(3))
    assert found.frame["point"].to_list() == ["G1"]


def test_without_parameters_all_that_have_a_limit_are_judged(store, fill, declare):
    fill("G1", BEGIN, so2=[90] * 3, nox=[90] * 3, o2=[9] * 3)
    store.catalogue.put_points([Point("G1", "source_gas", "一号窑", attributes={"limits": {"a21026": 50, "nox": 80}})])
    found = evaluate(
        store,
        declare("value > limit", where="{networks: [source_gas]}"),
        now(3),
        context=Context(limits=held(store.limits.frame(), store.catalogue.points())),
    )
    assert sorted(found.frame["parameter"]) == ["a21002", "a21026"]


def test_converted_values_and_totals_have_names(store, fill, declare):
    fill("G1", BEGIN, so2=[30] * 3)
    fill("G1", BEGIN, statistic="converted_mean", so2=[70] * 3)
    fill("G1", BEGIN, statistic="total", so2=[7] * 3)
    found = evaluate(store, declare("converted > 2 * value", "total > 6 and reading('so2', 'converted') > 60"), now(3))
    assert found.frame["rule"].to_list() == ["rule-0", "rule-1"]


def test_what_is_not_converted_by_the_source_is_converted_here(store, fill, declare):
    kiln = Point("G3", "source_gas", "三号窑", "Kiln 3", "350502", 118.6, 24.9, {"reference_o2": 18})
    boiler = Point("G4", "source_gas", "四号炉", "Boiler 4", "350502", 118.6, 24.9, {"reference_o2": 9})
    store.catalogue.put_points([kiln, boiler])
    fill("G3", BEGIN, so2=[30] * 4, o2=[19.5, 19.5, "D", 20.9])
    fill("G4", BEGIN, so2=[30] * 4, o2=[17] * 4)
    fill("G4", BEGIN, statistic="converted_mean", so2=[31] * 4)
    found = evaluate(store, declare("converted > 59 and converted < 61"), now(4))
    assert list(zip(found.frame["point"], hours_of(found.frame, "began"), strict=True)) == [("G3", 0)]


def test_minutes_of_different_lengths_stand_side_by_side(store, fill, declare):
    fill("G1", BEGIN, interval="minute", step=600, so2=[10] * 6 + [40] * 12)
    fill("G2", BEGIN, interval="minute", step=300, so2=[10] * 12 + [40] * 24)
    found = evaluate(store, declare("mean(value, 1) > 39", interval="minute"), now(3))
    assert hours_of(found.frame, "began") == [pytest.approx(2 - 1 / 6), pytest.approx(2 - 1 / 12)]


def test_days_count_in_days(store, fill, declare):
    fill("G1", BEGIN, interval="day", step=86400, so2=[10, 20, 30, 40])
    found = evaluate(store, declare("diff(value, 2) >= 20", interval="day"), now(96))
    assert hours_of(found.frame, "began") == [48]


def test_a_rule_that_cannot_be_evaluated_does_not_stop_the_others(store, fill, declare, monkeypatch):
    def breaks(frame: pl.DataFrame, **_given: object) -> pl.DataFrame:
        return frame.select("nothing")

    fill("G1", BEGIN, so2=[90] * 3)
    monkeypatch.setitem(PATTERNS, "constant", PATTERNS["constant"]._replace(find=breaks))
    found = evaluate(store, declare("value > 50", "constant(value)"), now(3))
    assert found.frame["rule"].to_list() == ["rule-0"]
    (problem,) = found.problems
    assert (problem.code, problem.values["value"]) == ("rules.cannot_evaluate", "rule-1")


def test_rules_of_a_pattern_find_it(store, fill, declare):
    honest = [20 + 3 * ((hour * 0.61803) % 1) for hour in range(240)]
    fill("G1", BEGIN, so2=[*(round(value, 2) for value in honest[:200]), *([21.37] * 40)])
    fill("G2", BEGIN, so2=[round(value, 2) for value in honest])
    specs = declare("constant(raw)", says="{run:.0f} · {run:.0f}", let="{run: constant_hours(raw)}")
    found = evaluate(store, specs, now(240))
    (row,) = found.frame.rows(named=True)
    assert row["point"] == "G1"
    assert json.loads(row["values"])["run"] == 39
    assert found.checked["source"].to_list() == ["G2|a21026"]


def test_patterns_are_looked_for_once_for_each_new_hour_and_other_rules_each_time(store, fill, declare):
    fill("G1", BEGIN, so2=[20.5 + (hour % 7) / 10 for hour in range(80)] + [21.37] * 20)
    fast, dear = declare("value > 50", "constant(value)")
    assert (slow(fast), slow(dear)) == (False, True)
    context = Context()
    first = evaluate(store, [fast, dear], now(100), context=context)
    assert first.frame["rule"].to_list() == ["rule-1"]
    fill("G1", BEGIN + timedelta(hours=99), so2=[77])
    again = evaluate(store, [fast, dear], now(100.5), context=context)
    assert again.frame["rule"].to_list() == ["rule-0", "rule-1"]
    assert again.checked.is_empty()
    fill("G1", BEGIN + timedelta(hours=100), so2=[20.9])
    assert evaluate(store, [dear], now(101), context=context).frame.is_empty()


def test_an_evaluation_now_and_a_replay_agree(store, fill, declare):
    fill("G1", BEGIN, so2=[35 + 25 * sin(hour / 3) + hour % 7 for hour in range(100)])
    specs = declare("mean(value, 5) > 40", "value > 50 and diff(value, 1) > 0", "season(value) > 3", for_="2")
    past = replay(store, specs, now(0), now(100))
    assert past.episodes.height > 4
    for end in (30, 57, 80, 100):
        seen = evaluate(store, specs, now(end))
        alike = replay(store, specs, now(end - 24), now(end))
        assert seen.episodes.equals(alike.episodes)
        recent = seen.episodes.filter(pl.col("began") > now(end - 20))
        told = past.episodes.filter(pl.col("began") > now(end - 20), pl.col("opened") < now(end))
        assert recent.select("rule", "source", "began", "opened").equals(told.select("rule", "source", "began", "opened"))


def test_rules_that_are_not_active_are_left_out_but_can_be_replayed(store, fill, declare):
    fill("G1", BEGIN, so2=[90] * 3)
    specs = declare("value > 50", active="false")
    assert evaluate(store, specs, now(3)).episodes.is_empty()
    assert replay(store, specs, now(0), now(3)).episodes.height == 1


def test_sealed_hours_count_like_others(store, fill, declare):
    fill("G1", BEGIN, so2=[30] * 20 + [60] * 4)
    specs = declare("mean(value, 24) > 34")
    before = evaluate(store, specs, now(24)).frame
    store.seal("hour", now(30))
    assert evaluate(store, specs, now(24)).frame.equals(before)
    assert before.height == 1


def test_an_empty_store_gives_nothing(store, declare):
    found = evaluate(store, declare("value > limit", "neighbours(value) > 3", "o2 > city('temp')"), now(3))
    assert found.frame.is_empty()
    assert found.checked.is_empty()
    assert not found.problems
