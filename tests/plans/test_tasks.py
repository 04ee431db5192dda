"""Tasks of the plans: progress, what lags, quantities counted in registers, groups; the page and the two flows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client

from bilan.pack.flows import load
from bilan.people.visibility import visible_to
from bilan.plans.tasks import REGISTER, even_pace, grouped, progress, tasks
from bilan.registers.ledger import Ledger
from bilan.registers.writing import Author, Draft, write
from tests.web import tiny
from tests.web.running import Site

TODAY = date(2026, 7, 2)
WHOLE = {"kind": "task", "plan": "试验规划", "year": 2026}
HEAVY = {"weight": 5}
TASKS = (
    {"name": "甲任务", "owner": "水科", "district": tiny.INSIDE, "status": "done", "done_on": "2026-05-01", "due": "2026-06-30"},
    {
        "name": "乙任务",
        "owner": "水科",
        "district": tiny.INSIDE,
        "status": "running",
        "started": "2026-01-01",
        "due": "2026-12-31",
        "progress": 30,
    },
    {
        "name": "丙任务",
        "owner": "大气科",
        "district": tiny.OUTSIDE,
        "status": "running",
        "started": "2026-01-01",
        "due": "2026-12-31",
        "progress": 45,
    },
    {
        "name": "丁任务",
        "owner": "大气科",
        "district": tiny.OUTSIDE,
        "status": "waiting",
        "due": "2026-06-30",
        "budget": 100,
        "paid": 20,
        "weight": 5,
    },
    {
        "name": "戊任务",
        "owner": "监测站",
        "district": "",
        "status": "running",
        "due": "2026-12-31",
        "quantity": 4,
        "quantity_unit": "个",
        "counted_in": "test-station",
        "progress": 10,
    },
)


@pytest.fixture(scope="module")
def ledger(site: Site) -> Iterator[Ledger]:
    drafts = [Draft({**WHOLE, **values}, code=f"GT-2026-{at:04}") for at, values in enumerate(TASKS, 1)]
    outcome = write(REGISTER, drafts, Author.platform("test"))
    assert outcome.change is not None, outcome.refused
    yield Ledger(visible_to(site.person("administrator")))
    site.renew()


def test_what_lags_is_what_is_over_its_term_or_far_behind_an_even_pace(ledger: Ledger) -> None:
    found = {task.name: task for task in tasks(ledger, TODAY)}
    assert even_pace(date(2026, 1, 1), date(2026, 12, 31), TODAY) == 50.0
    assert {name for name, task in found.items() if task.late(TODAY)} == {"乙任务", "丁任务"}  # 30 + 10 < 50; the term was 30 June
    assert {name for name, task in found.items() if task.overdue(TODAY)} == {"丁任务"}


def test_a_quantity_is_counted_in_its_register(ledger: Ledger) -> None:
    task = next(task for task in tasks(ledger, TODAY) if task.name == "戊任务")
    assert (task.counted, task.quantity_done, task.progress) == (True, 3.0, 75.0)


def test_how_all_of_them_stand(ledger: Ledger) -> None:
    whole = progress(tasks(ledger, TODAY), "", TODAY)
    assert (whole.total, whole.done, whole.running, whole.waiting, whole.late) == (5, 1, 3, 1, 2)
    assert whole.share == 20.0
    assert whole.mean == pytest.approx((100 + 30 + 45 + 0 + 75) / 5)
    assert (whole.budget, whole.paid) == (100.0, 20.0)


def test_departments_and_districts(ledger: Ledger) -> None:
    found = tasks(ledger, TODAY)
    departments = [(group.name, group.total, group.late) for group in grouped(found, "owner", TODAY)]
    assert departments == [("大气科", 2, 1), ("水科", 2, 1), ("监测站", 1, 0)]
    assert {group.name for group in grouped(found, "district", TODAY)} == {"", tiny.INSIDE, tiny.OUTSIDE}


def test_of_another_year_only_what_is_still_open_is_carried_over(ledger: Ledger) -> None:
    assert {task.name for task in tasks(ledger, TODAY, year=2027)} == {"乙任务", "丙任务", "丁任务", "戊任务"}
    assert tasks(ledger, TODAY, year=2025) == []


def test_nobody_sees_tasks_of_other_districts(ledger: Ledger, site: Site) -> None:
    own = tasks(Ledger(visible_to(site.person("inside-viewer"))), TODAY)
    assert {task.district for task in own} <= {tiny.INSIDE, ""}


def test_what_weighs_more_is_taken_up_by_a_leader(ledger: Ledger) -> None:
    found = {task.name: (task.weight, task.remedy) for task in tasks(ledger, TODAY)}
    assert found["丁任务"] == (5, "leader-case")
    assert found["乙任务"][1] == "supervision-letter"


class TestPage:
    def test_board_course_and_what_lags(self, ledger: Ledger, client_of: Callable[[str], Client]) -> None:
        said = client_of("administrator").get("/plans/tasks?year=2026").content.decode()
        for name in (str(values["name"]) for values in TASKS):
            assert name in said
        assert not re.search(r"\d,\d{3}\.\d %", said)  # progress is in percent already
        assert '<svg viewBox="0 0 1080' in said
        about = "&amp;register=plan-task&amp;entry=GT-2026-0004"
        letter, leader = (said.index(f"/cases/new?flow={flow}{about}") for flow in ("supervision-letter", "leader-case"))
        assert leader < letter, "it weighs 5, so a leader's case is proposed first"

    def test_one_department(self, ledger: Ledger, client_of: Callable[[str], Client]) -> None:
        said = client_of("administrator").get("/plans/tasks?year=2026&owner=水科").content.decode()
        assert "乙任务" in said
        assert "丁任务" not in said

    def test_a_year_without_tasks_says_so(self, site: Site, client_of: Callable[[str], Client]) -> None:
        assert client_of("administrator").get("/plans/tasks?year=2031").status_code == 200
        assert client_of("administrator").get("/plans/tasks?year=x").status_code == 400

    def test_a_letter_can_be_begun_from_a_task(self, ledger: Ledger, client_of: Callable[[str], Client]) -> None:
        response = client_of("administrator").get("/cases/new?flow=supervision-letter&register=plan-task&entry=GT-2026-0004")
        assert response.status_code == 200
        assert "丁任务" in response.content.decode()


@pytest.mark.parametrize("name", ["supervision-letter", "leader-case"])
def test_the_flows_end_where_somebody_else_has_looked(name: str) -> None:
    flow = load().flows[name]
    kinds = {entry.kind.value if hasattr(entry.kind, "value") else entry.kind for entry in flow.transitions}
    assert {"submit", "close", "return", "cancel"} <= kinds
