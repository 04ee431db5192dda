"""The tasks that the plans were broken down into, from their register: progress, what is late, quantities counted in other registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bilan.people.visibility import NotVisible
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger

REGISTER = "plan-task"
DONE, STOPPED = "done", "stopped"
STATES = ("waiting", "running", "checking", DONE, STOPPED)
_SLACK = 10.0
"""A task this far [percentage points] behind an even pace counts as lagging before it is due."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Attributes:
        progress: share done [%]: that of its quantity when one is declared, else as reported.
        weight: how much it weighs, 1 to 5; `remedy`: the flow that its register declares for when it lags.
        counted: whether the quantity done was counted in a register, not reported.
        even: share that an even pace would have done by today [%].
    """

    code: str
    name: str
    district: str
    state: str
    kind: str
    plan: str
    commitment: int | None
    year: int
    owner: str
    leader: str
    started: date | None
    due: date | None
    done_on: date | None
    quantity: float | None
    quantity_done: float | None
    unit: str
    counted: bool
    progress: float
    even: float
    budget: float | None
    paid: float | None
    milestones: tuple[Mapping[str, Any], ...]
    weight: int | None = None
    remedy: str = ""

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in (DONE, STOPPED)

    def overdue(self, today: date) -> bool:
        """Whether its term is over while it is open."""
        return self.open and self.due is not None and self.due < today

    def late(self, today: date) -> bool:
        """Whether it is overdue, or lags far behind an even pace."""
        return self.overdue(today) or (self.open and self.progress + _SLACK < self.even)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a group of tasks stands; `share` of the done ones and `mean` progress [%], money [10 000 CNY]."""

    name: str
    total: int
    done: int
    running: int
    waiting: int
    late: int
    share: float | None
    mean: float | None
    budget: float
    paid: float


def tasks(ledger: Ledger, today: date, *, year: int | None = None, plan: str = "", district: str = "") -> list[Task]:
    """Tasks that the reader may see, by term; none when they may not see the register.

    Args:
        year: only those of a year and of earlier ones that are still open.
        plan: only those of a plan; its code or title.
        district: only those of a district and of the whole city.
    """
    try:
        records = ledger.entries(REGISTER, sort="due", district=district)
    except NotVisible:
        return []
    counted: dict[tuple[str, str], float | None] = {}
    found = [_task(ledger, record, today, counted) for record in records]
    kept = [task for task in found if not plan or task.plan == plan]
    if year is not None:
        kept = [task for task in kept if task.year == year or (task.year < year and task.open)]
    return kept


def progress(found: Iterable[Task], name: str, today: date) -> Progress:
    """How a group of tasks stands; stopped ones do not count."""
    group = [task for task in found if task.state != STOPPED]
    done = sum(task.state == DONE for task in group)
    return Progress(
        name=name,
        total=len(group),
        done=done,
        running=sum(task.state in ("running", "checking") for task in group),
        waiting=sum(task.state == "waiting" for task in group),
        late=sum(task.late(today) for task in group),
        share=100 * done / len(group) if group else None,
        mean=sum(task.progress for task in group) / len(group) if group else None,
        budget=sum(task.budget or 0.0 for task in group),
        paid=sum(task.paid or 0.0 for task in group),
    )


def grouped(found: Sequence[Task], by: str, today: date) -> list[Progress]:
    """How the tasks of each ``owner``, ``district`` or ``year`` stand, those with most late ones first."""
    groups: dict[str, list[Task]] = {}
    for task in found:
        groups.setdefault(str(getattr(task, by)), []).append(task)
    made = [progress(group, name, today) for name, group in groups.items()]
    return sorted(made, key=lambda entry: (-entry.late, -entry.total, entry.name))


def even_pace(started: date | None, due: date | None, today: date) -> float:
    """Share of the term that has passed [%].

    Examples:
        >>> even_pace(date(2026, 1, 1), date(2026, 12, 31), date(2026, 7, 2))
        50.0
        >>> even_pace(None, date(2026, 12, 31), date(2026, 7, 2))
        0.0
    """
    if started is None or due is None or today <= started:
        return 0.0
    return round(min(100.0, 100.0 * (today - started).days / max(1, (due - started).days)), 1)


def _task(ledger: Ledger, record: Any, today: date, counted: dict[tuple[str, str], float | None]) -> Task:
    data = record.data
    number = _counted(ledger, data, counted)
    quantity, reported = data.get("quantity"), data.get("quantity_done")
    done = number if number is not None else reported
    state = record.status or "waiting"
    share = float(data.get("progress") or 0.0)
    if quantity and done is not None:
        share = min(100.0, 100.0 * done / quantity)
    started, due = _day(data.get("started")), _day(data.get("due"))
    return Task(
        code=record.code,
        name=record.name or record.code,
        district=record.district,
        state=state,
        kind=data.get("kind") or "task",
        plan=data.get("plan") or "",
        commitment=data.get("commitment"),
        year=int(data.get("year") or (due.year if due else today.year)),
        owner=data.get("owner") or "",
        leader=data.get("leader") or "",
        started=started,
        due=due,
        done_on=_day(data.get("done_on")),
        quantity=quantity,
        quantity_done=done,
        unit=data.get("quantity_unit") or "",
        counted=number is not None,
        progress=100.0 if state == DONE else round(share, 1),
        even=even_pace(started, due, today),
        budget=data.get("budget"),
        paid=data.get("paid"),
        milestones=tuple(data.get("milestones") or ()),
        weight=data.get("weight"),
        remedy=str(data.get("remedy") or ""),
    )


def _counted(ledger: Ledger, data: Mapping[str, Any], known: dict[tuple[str, str], float | None]) -> float | None:
    """How many entries of the declared register fulfil the condition; None when none is declared or it cannot be counted."""
    register = str(data.get("counted_in") or "").strip()
    where = str(data.get("counted_where") or "").strip()
    if not register:
        return None
    if (register, where) not in known:
        arguments = dict(part.split("=", 1) for part in where.split("&") if "=" in part)
        try:
            known[register, where] = float(ledger.entries(register, arguments).count())
        except BilanError:
            known[register, where] = None
    return known[register, where]


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
