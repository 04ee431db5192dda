from __future__ import annotations

import json
from datetime import datetime

import polars as pl

from bilan.evaluation.rules import evaluate, replay
from bilan.telemetry import clock

STEP = {"hour": 3600, "day": 86400, "month": 30 * 86400}


def judged(store, method: str, starts: list[datetime], grades: list[int | None], point: str = "W1", main: str = "w01018") -> None:
    rows = [
        {
            "method": method,
            "point": point,
            "start": clock.seconds(start),
            "seconds": STEP[method.rpartition(".")[2]],
            "value": None if grade is None else grade * 10.0,
            "grade": grade,
            "main": main,
            "computed": 0,
            "valid": grade is not None,
        }
        for start, grade in zip(starts, grades, strict=True)
    ]
    store.verdicts.write(pl.DataFrame(rows, schema_overrides={"grade": pl.Int64, "value": pl.Float64}))


def months(count: int) -> list[datetime]:
    return [datetime(2025 + at // 12, at % 12 + 1, 1) for at in range(count)]


def test_a_class_that_drops_from_one_month_to_the_next_is_found(store, declare):
    judged(store, "water.month", months(14), [3] * 12 + [4, 4])
    specs = declare("class_ > lag(class_, 1)", subject="verdicts", where="{method: water.month}", says="{point} {class_} {target} · A")
    found = evaluate(store, specs, clock.seconds(datetime(2026, 2, 20)))
    (row,) = found.frame.rows(named=True)
    assert (row["source"], clock.moment(row["began"])) == ("W1|water.month", datetime(2026, 1, 1))
    assert json.loads(row["values"])["class_"] == 4
    assert json.loads(row["values"])["target"] == 3
    assert evaluate(store, specs, clock.seconds(datetime(2026, 3, 2))).frame.is_empty()


def test_the_month_under_way_is_not_judged(store, declare):
    judged(store, "water.month", months(3), [3, 3, 5])
    specs = declare("class_ > target", subject="verdicts", where="{method: water.month}")
    assert evaluate(store, specs, clock.seconds(datetime(2025, 3, 31, 23))).frame.is_empty()
    assert evaluate(store, specs, clock.seconds(datetime(2025, 4, 1))).frame.height == 1


def test_a_verdict_that_is_not_valid_or_missing_is_not_known(store, declare):
    judged(store, "air.hour", [datetime(2026, 1, 1, hour) for hour in (0, 1, 3)], [5, None, 5], "A1")
    found = evaluate(
        store, declare("grade >= 5", subject="verdicts", where="{method: air.hour}", for_="2"), clock.seconds(datetime(2026, 1, 1, 4))
    )
    assert clock.moment(found.frame["opened"][0]) == datetime(2026, 1, 1, 3)


def test_areas_are_judged_as_points_are_unless_points_are_chosen(store, declare):
    for code in ("A1", "350500"):
        judged(store, "air.hour", [datetime(2026, 1, 1)], [6], code)
    at = clock.seconds(datetime(2026, 1, 1, 1))
    everywhere = evaluate(store, declare("grade >= 5", subject="verdicts", where="{method: air.hour}"), at)
    assert everywhere.frame.select("point", "district").rows() == [("350500", "350500"), ("A1", "350502")]
    stations = evaluate(store, declare("grade >= 5", subject="verdicts", where="{method: air.hour, networks: [air]}"), at)
    assert stations.frame["point"].to_list() == ["A1"]


def test_what_decided_can_be_asked(store, declare):
    judged(store, "air.hour", [datetime(2026, 1, 1)], [6], "A1", main="a34004,a34002")
    specs = declare("'a34004' in main", "'a05024' in main", subject="verdicts", where="{method: air.hour}")
    assert evaluate(store, specs, clock.seconds(datetime(2026, 1, 1, 1))).frame["rule"].to_list() == ["rule-0"]


def test_years_of_verdicts_can_be_replayed(store, declare):
    judged(store, "water.month", months(24), [3, 4] * 12)
    specs = declare("class_ > target", subject="verdicts", where="{method: water.month}")
    found = replay(store, specs, clock.seconds(datetime(2025, 1, 1)), clock.seconds(datetime(2027, 1, 1)))
    assert found.episodes.height == 12
    assert [clock.moment(start).month for start in found.episodes["began"][:3]] == [2, 4, 6]
