"""Rules about the tasks of plans: progress is asked for on its cycle, and what lags is taken up as its weight says."""

from __future__ import annotations

import json
from datetime import datetime

import polars as pl

from bilan.evaluation.rules import Context, evaluate
from bilan.pack.rules import load
from bilan.telemetry import clock

NOW = clock.seconds(datetime(2026, 3, 1, 12))
TASKS = pl.DataFrame(
    {
        "code": ["A", "B", "C", "D", "E"],
        "name": ["甲", "乙", "丙", "丁", "戊"],
        "district": ["350502"] * 5,
        "status": ["running", "running", "running", "waiting", "done"],
        "started": ["2026-01-05", "2026-01-05", "2025-10-01", None, "2025-01-01"],
        "told": ["2026-02-20", "2026-01-20", None, None, None],
        "ask_every": [30.0, 30.0, 30.0, 30.0, 30.0],
        "due": ["2026-12-20", "2026-02-25", "2026-01-15", "2026-02-01", "2026-01-01"],
        "weight": [3.0, 2.0, 5.0, 4.0, 5.0],
        "remedy": ["supervision-letter", "supervision-letter", "leader-case", "leader-case", "leader-case"],
    }
)


def found_by(store, name):
    spec = load()[name]
    found = evaluate(store, [spec], NOW, context=Context(frames={"entries:plan-task": TASKS}))
    return spec, {row["code"]: row for row in found.frame.rows(named=True)}


def test_progress_is_asked_for_on_its_cycle(store):
    spec, found = found_by(store, "task-untold")
    assert set(found) == {"B", "C"}, "A told nine days ago; nothing is asked of what has not begun or is done"
    assert found["B"]["level"] < found["C"]["level"], "C has told nothing for five months"
    assert spec.role == "department"
    assert json.loads(found["B"]["values"])["ask_every"] == 30


def test_weight_chooses_between_a_letter_and_a_leaders_case(store):
    letter, light = found_by(store, "task-late")
    leader, heavy = found_by(store, "task-late-heavy")
    assert (letter.flow, set(light)) == ("supervision-letter", {"B"})
    assert (leader.flow, set(heavy)) == ("leader-case", {"C", "D"})
