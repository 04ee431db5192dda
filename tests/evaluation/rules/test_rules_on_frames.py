from __future__ import annotations

import json
from datetime import date, datetime

import polars as pl

from bilan.evaluation.rules import Context, evaluate
from bilan.telemetry import clock

NOW = clock.seconds(datetime(2026, 3, 1, 12))
PERMIT = "{register: discharge-permit, when: \"status == 'valid'\"}"


def permits(**more: object) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "code": ["P1", "P2", "P3", "P4"],
            "name": ["甲", "乙", "丙", "丁"],
            "district": ["350502", "350503", "350502", None],
            "status": ["valid", "valid", "revoked", "valid"],
            "expires": ["2026-04-01", "2027-01-01", "2026-03-05", "not a date"],
        }
        | more
    )


def entries(frame: pl.DataFrame) -> Context:
    return Context(frames={"entries:discharge-permit": frame})


def test_entries_are_judged_by_their_fields_and_those_left_out_stand_clear(store, declare):
    specs = declare("days_until(expires) <= 60", subject="entries", where=PERMIT, says="{name} {expires} · {name} {expires}")
    found = evaluate(store, specs, NOW, context=entries(permits()))
    (row,) = found.frame.rows(named=True)
    assert (row["source"], row["register"], row["code"], row["name"], row["district"]) == (
        "discharge-permit|P1",
        "discharge-permit",
        "P1",
        "甲",
        "350502",
    )
    assert json.loads(row["values"])["expires"] == "2026-04-01"
    assert found.checked["source"].to_list() == ["discharge-permit|P2", "discharge-permit|P3"]


def test_dates_may_be_dates_texts_or_absent(store, declare):
    specs = declare(
        "expires < '2026-06-01'", "days_since(expires) > 0", "empty(expires)", subject="entries", where="{register: discharge-permit}"
    )
    dates = [date(2026, 4, 1), date(2026, 2, 1), None, None]
    found = evaluate(store, specs, NOW, context=entries(permits(expires=pl.Series(dates, dtype=pl.Date))))
    assert found.frame.select("rule", "code").rows() == [
        ("rule-0", "P1"),
        ("rule-0", "P2"),
        ("rule-1", "P2"),
        ("rule-2", "P3"),
        ("rule-2", "P4"),
    ]


def test_a_field_that_the_frame_lacks_is_absent(store, declare):
    found = evaluate(
        store,
        declare("days_until(issued) < 0", "empty(issued)", subject="entries", where="{register: discharge-permit}"),
        NOW,
        context=entries(permits()),
    )
    assert not found.problems
    assert set(found.frame["rule"]) == {"rule-1"}


def test_without_the_frame_the_rule_is_told_and_others_go_on(store, declare):
    found = evaluate(
        store,
        declare("status == 'valid'", subject="entries", where="{registers: [discharge-permit, outlet]}"),
        NOW,
        context=entries(permits()),
    )
    assert found.frame.height == 3
    assert [problem.values["allowed"] for problem in found.problems] == ["entries:outlet"]


def test_levels_of_entries(store, declare):
    levels = "[{level: notice}, {level: critical, when: days_until(expires) < 40}]"
    found = evaluate(
        store, declare("days_until(expires) <= 400", subject="entries", where=PERMIT, levels=levels), NOW, context=entries(permits())
    )
    assert found.frame.select("code", "level").rows() == [("P1", 4), ("P2", 1)]


def test_terms_are_judged_by_what_is_left(store, declare):
    frame = pl.DataFrame(
        {
            "register": ["rectification", "rectification", "drill"],
            "code": ["R1", "R2", "D1"],
            "term": ["finish", "finish", "yearly"],
            "left": [-3, -2, 9],
            "done": [False, True, False],
        }
    )
    found = evaluate(store, declare("not done and left < 0", subject="terms", where=""), NOW, context=Context(frames={"terms": frame}))
    assert found.frame["source"].to_list() == ["rectification|R1|finish"]
    assert found.checked.height == 2


def test_a_forecast_fires_once_a_source_at_its_worst_hour(store, declare):
    hours = [NOW + hour * 3600 for hour in range(4)]
    frame = pl.DataFrame({"point": ["A1"] * 4 + ["G1"] * 4, "moment": hours * 2, "value": [100.0, 160, 210, 220, 10, 10, 10, 10]})
    levels = "[{level: serious, when: value > 200}]"
    specs = declare("value > 150", subject="forecasts", where="{name: [air]}", levels=levels, says="{value:.0f} · {value:.0f}")
    found = evaluate(store, specs, NOW, context=Context(frames={"forecasts:air": frame}))
    (row,) = found.frame.rows(named=True)
    assert (row["point"], row["district"], row["level"], row["moment"]) == ("A1", "350502", 3, hours[2])
    assert json.loads(row["proof"])["marks"] == hours[1:]
    assert found.checked["source"].to_list() == ["forecasts|air|G1"]


def test_indicators_are_frames_of_any_columns(store, declare):
    frame = pl.DataFrame({"name": ["pm25"], "value": [27.0], "target": [25.0], "district": ["350500"]})
    found = evaluate(
        store,
        declare("value > target", subject="indicators", where="{name: [pm25]}"),
        NOW,
        context=Context(frames={"indicators:pm25": frame}),
    )
    assert found.frame["source"].to_list() == ["indicators|pm25|pm25"]


def test_columns_of_another_kind_than_compared_are_told(store, declare):
    frame = pl.DataFrame({"value": ["high"]})
    found = evaluate(
        store, declare("value > 3", subject="indicators", where="{name: [x]}"), NOW, context=Context(frames={"indicators:x": frame})
    )
    assert [problem.code for problem in found.problems] == ["rules.cannot_evaluate"]


def test_an_empty_frame_gives_nothing(store, declare):
    found = evaluate(store, declare("status == 'valid'", subject="entries", where=PERMIT), NOW, context=entries(permits().clear()))
    assert found.frame.is_empty()
    assert not found.problems
