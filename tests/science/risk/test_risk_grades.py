"""Risk of projects and enterprises against the matrices as printed."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import risk
from bilan.science.standards.risk import enterprises, projects
from tests.shared import shared

Q = {"Q<1": 0.5, "1<=Q<10": 1.0, "10<=Q<100": 10.0, "Q>=100": 100.0}
M = {"M1": 25.0, "M2": 15.0, "M3": 10.0, "M4": 5.0}


def rules(rule_set):
    with shared("reference", "emergency_rules.csv").open(encoding="utf-8") as table:
        return {row["rule_id"]: row["value"] for row in csv.DictReader(table) if row["rule_set"] == rule_set}


def test_every_cell_of_the_matrices_of_hj_169():
    """HJ 169-2018 Tables C.2 and 2."""
    potentials = rules("potential_matrix_hj169")
    for cell, p in rules("p_matrix_hj169").items():
        band, process = cell.split("|")
        for e in ("E1", "E2", "E3"):
            found = risk.judge_project([("氯(氯气)", Q[band])], M[process], {"air": e})
            assert (found.p, found.potential) == (p, potentials[f"{e}|{p}"])


def test_grades_of_the_assessment():
    """HJ 169-2018 Table 1: IV and IV+ grade 1, III grade 2, II grade 3, I simple analysis; Q below 1 is potential I."""
    chlorine = "7782-50-5"
    found = [
        risk.judge_project([(chlorine, q)], m, {"air": e}).grade
        for q, m, e in ((100.0, 25, "E1"), (10.0, 15, "E1"), (10.0, 10, "E2"), (1.0, 5, "E2"), (0.9, 25, "E1"))
    ]
    assert found == [1, 1, 2, 3, 4]


def test_q_sums_stocks_over_thresholds():
    """HJ 169-2018 Annex C; thresholds of Table B.1: ammonia 5 t, chlorine 1 t, hydrogen chloride 2.5 t."""
    q, parts = risk.q_ratio([("氨气", 2.5), ("Chlorine", 0.25), ("7647-01-0", 1.0)])
    assert q == pytest.approx(0.5 + 0.25 + 0.4)
    assert len(parts) == 3
    with pytest.raises(BilanError) as caught:
        risk.q_ratio([("chlorin", 1.0)])
    assert "chlorine" in caught.value.text("en")
    with pytest.raises(BilanError):
        risk.q_ratio([("氨气", -1.0)])


def test_the_potential_of_a_project_is_that_of_its_worst_medium():
    around = {
        "air": risk.air_sensitivity(60000, 100),
        "water": risk.water_sensitivity("S3", "F3"),
        "groundwater": risk.groundwater_sensitivity("D2", "G3"),
    }
    found = risk.judge_project([("氨气", 60.0)], risk.m_score(reactions=1, hot_or_pressed=1), around)
    assert (found.p, dict(found.potentials), found.potential, found.grade) == (
        "P2", {"air": "IV", "water": "III", "groundwater": "III"}, "IV", 1,
    )  # fmt: skip
    assert "一级：HJ 169-2018, 环境风险潜势 Ⅳ" in found.text()
    assert "surface water: E3 → Ⅲ, Table 2" in found.text("en")


def test_every_cell_of_the_matrix_of_hj_941():
    quotients, points = {"Q1": 1.0, "Q2": 10.0, "Q3": 100.0}, {"M1": 0.0, "M2": 25.0, "M3": 45.0, "M4": 65.0}
    cells = {key: level for key, level in rules("enterprise_risk_matrix_hj941").items() if "|" in key}
    assert len(cells) == 36
    for key, level in cells.items():
        e, q, m = key.split("|")
        assert risk.judge_medium("air", quotients[q], points[m], e).level == level
    assert risk.judge_medium("air", 0.99, 99.0, "E1").level == "一般"


def test_the_grade_string_of_an_enterprise():
    air, water = risk.judge_medium("air", 120.0, 30, "E2"), risk.judge_medium("water", 0.2, 30, "E1")
    found = risk.judge_enterprise(air, water)
    assert found.text() == "重大[重大-大气(Q3-M2-E2)+一般-水(Q0)]"
    assert found.text("en") == "major[major-air(Q3-M2-E2)+ordinary-water(Q0)]"
    assert found.unverified
    low = risk.judge_enterprise(water, serious_act=True)
    assert (low.level, low.raised, low.grade) == ("较大", True, 2)
    assert not risk.judge_enterprise(air, serious_act=True).raised
    for call in (
        lambda: risk.judge_medium("soil", 1.0, 1.0, "E1"),
        lambda: risk.judge_medium("air", 1.0, 1.0, "E4"),
        risk.judge_enterprise,
    ):
        with pytest.raises(BilanError):
            call()


amounts = st.floats(min_value=0, max_value=1e4)
points = st.floats(min_value=0, max_value=100)


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, points, points, st.sampled_from(["E1", "E2", "E3"]))
def test_more_of_anything_never_lowers_the_risk(q1, q2, m1, m2, e):
    (q_low, q_high), (m_low, m_high) = sorted((q1, q2)), sorted((m1, m2))
    order = enterprises.LEVELS.index
    assert order(risk.judge_medium("air", q_low, m_low, e).level) <= order(risk.judge_medium("air", q_high, m_high, e).level)
    rank = projects.POTENTIALS.index
    low, high = (risk.judge_project([("氯(氯气)", q)], m, {"air": e}).potential for q, m in ((q_low, m_low), (q_high, m_high)))
    assert rank(low) <= rank(high)
