"""The demo plan's projects broken down into tasks of this year and the next, as its register of tasks holds them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bilan.demo.districts import District
from bilan.demo.plans.entries import REASON
from bilan.plans.models import Commitment, Kind, Plan
from bilan.plans.targeting import year_of
from bilan.problems import BilanError
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write

REGISTER = "plan-task"
MOST = 24
"""Commitments that are broken down."""
SPLIT = 4
"""Of so many commitments one is broken down to the districts too."""
EACH = 3
"""Pieces that a district must have on the average for that."""
OWNERS = ("市生态环境局", "市住房和城乡建设局", "市水利局", "市农业农村局", "市工业和信息化局", "市海洋与渔业局")
LEADERS = ("甲副市长", "乙副市长", "丙副市长")
COUNTED = {"入河排污口": ("river-outfall", "")}
"""Word of a commitment → register and condition that its quantity is counted by."""
MILESTONES = (("方案", "03-31"), ("开工", "05-31"), ("完工", "12-20"))
STATES = ("running", "running", "checking", "running", "waiting")


def fill_in(plan: Plan, districts: Sequence[District], today: date) -> int:
    """Write the tasks of the plan's projects, unless there are some.

    Returns:
        How many were written.

    Raises:
        BilanError: the write service refuses all of them.
    """
    if Entry.objects.filter(register=REGISTER, data__commitment__isnull=False).exists():
        return 0
    drafts = list(_drafts(plan, [area for area in districts if area.weight], today))
    outcome = write(REGISTER, drafts, Author.platform(REASON), accept="rows")
    if drafts and len(outcome.refused) == len(drafts):
        raise BilanError(*(problem for result in outcome.refused[:5] for problem in result.problems))
    return len(drafts) - len(outcome.refused)


def _drafts(plan: Plan, districts: Sequence[District], today: date) -> Iterator[Draft]:
    found = Commitment.objects.filter(plan=plan, kind__in=[Kind.TASK, Kind.PROJECT], value__gt=0).exclude(metric="总投资")
    for at, commitment in enumerate(found.order_by("number")[:MOST]):
        last = max(year_of(commitment), plan.begin)
        years = range(plan.begin, last + 1)
        for year in (year for year in (today.year, today.year + 1) if year in years):
            share = float(commitment.value or 0.0) / len(years)
            if at % SPLIT or share < EACH * len(districts):
                yield _draft(commitment, "", year, share, at, today)
                continue
            total = sum(area.weight for area in districts)
            for place, area in enumerate(districts):
                yield _draft(commitment, area.adcode, year, share * area.weight / total, at + place, today)


def _named(commitment: Commitment) -> str:
    """What is done, and to what: the plan's own words without the word for quantity."""
    metric = commitment.metric.removesuffix("数量")
    return metric if commitment.subject in metric else f"{commitment.subject}{metric}"


def _draft(commitment: Commitment, district: str, year: int, quantity: float, at: int, today: date) -> Draft:
    """One task; how far it is follows from the year that has passed, and from chance."""
    drawn = zlib.crc32(f"{commitment.number}{district}{year}".encode())
    passed = min(1.0, max(0.0, (today - date(year, 1, 10)).days / 340))
    done = min(1.0, passed * (0.55 + drawn % 70 / 100))
    state = "waiting" if not passed else "done" if done >= 1.0 else STATES[drawn % len(STATES)] if done > 0.6 else "running"
    planned = max(1.0, round(quantity, 1))
    budget = round(planned * (6 + drawn % 20), 1)
    data: dict[str, object] = {
        "name": f"{_named(commitment)}（{year}年）"[:120],
        "district": district,
        "kind": "task" if commitment.kind == Kind.TASK else "project",
        "plan": commitment.plan.title,
        "commitment": commitment.number,
        "year": year,
        "owner": OWNERS[at % len(OWNERS)],
        "leader": LEADERS[at % len(LEADERS)],
        "content": commitment.sentence[:200],
        "due": date(year, 12, 20).isoformat(),
        "status": state,
        "quantity": planned,
        "quantity_unit": commitment.unit or "个",
        "quantity_done": planned if state == "done" else 0 if state == "waiting" else round(planned * done, 1),
        "budget": budget,
        "paid": 0 if state == "waiting" else round(budget * done, 1),
        "weight": 1 + drawn % 5,
        "ask_every": 30,
        "told": (today - timedelta(days=drawn % 45)).isoformat() if state != "waiting" else None,
        "milestones": [
            {"item": "方案", "due": f"{year}-03-31"},
            {"item": "开工", "due": f"{year}-05-31"},
            {"item": "完工", "due": f"{year}-12-20"},
        ],
    }
    if state != "waiting":
        data["started"] = date(year, 1, 10).isoformat()
    if state == "done":
        data["done_on"] = today.isoformat()
    for word, (register, where) in COUNTED.items():
        if word in commitment.subject:
            data |= {"counted_in": register, "counted_where": where}
    return Draft({name: value for name, value in data.items() if value not in ("", None)}, new=True)
