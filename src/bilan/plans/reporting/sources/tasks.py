"""How the tasks that the plans were broken down into stand."""

from __future__ import annotations

from collections.abc import Sequence

from bilan.plans.reporting import charts
from bilan.plans.reporting.context import Context, Drawn, Given, Rows
from bilan.plans.reporting.model import Column, Found, Origin
from bilan.plans.reporting.words import decimals, digits
from bilan.plans.tasks import Progress, Task, grouped, progress, tasks

STATE_WORDS = {
    "waiting": ("未启动", "not begun"),
    "running": ("推进中", "under way"),
    "checking": ("待验收", "to be accepted"),
    "done": ("已完成", "done"),
    "stopped": ("已终止", "stopped"),
}


def given(context: Context) -> Given:
    """Counts, tables and a chart of the tasks due in the period's year and of older ones that are open."""
    found, day = tasks_of(context), context.period.until
    whole = progress(found, "", day)
    origin = Origin("tasks", query={"year": str(context.period.year)})
    numbers = {
        "total": whole.total,
        "done": whole.done,
        "running": whole.running,
        "waiting": whole.waiting,
        "late": whole.late,
        "share": whole.share,
        "progress": whole.mean,
        "invested": whole.paid if whole.total else None,
        "planned": whole.budget if whole.total else None,
    }
    late = [task for task in found if task.late(day)]
    projects = [task for task in found if task.kind == "project"]
    say = context.say
    return Given(
        {f"tasks.{name}": Found(value, origin=origin) for name, value in numbers.items()},
        {
            "tasks.departments": lambda: _groups(context, grouped(found, "owner", day), say("责任部门", "Department")),
            "tasks.districts": lambda: _groups(context, grouped(found, "district", day), say("县（市、区）", "District"), districts=True),
            "tasks.late": lambda: _listed(context, late),
            "tasks.projects": lambda: _listed(context, projects),
        },
        {"tasks.states": lambda: _states(context, found)},
    )


def tasks_of(context: Context) -> list[Task]:
    """The tasks due in the period's year and older ones that are open."""
    return tasks(context.ledger, context.period.until, year=context.period.year)


def tasks_with_quantity(context: Context, found: Sequence[Task]) -> Rows:
    """What is to be done by when, by whom and how much of it, and how far it is."""
    say = context.say
    titles = (
        (say("任务", "Task"), 3.4),
        (say("责任部门", "Department"), 2),
        (say("工程量", "Quantity"), 1.3),
        (say("期限", "Due"), 1.4),
        (say("进度", "Progress"), 0.9),
        (say("状态", "State"), 1.1),
    )
    columns = tuple(Column(text, numeric=at in (2, 3, 4), share=share) for at, (text, share) in enumerate(titles))
    rows = tuple(
        (
            task.name,
            task.owner or "—",
            f"{digits(task.quantity, decimals(task.quantity), context.language)}{say('', ' ')}{task.unit}"
            if task.quantity is not None
            else "—",
            task.due.isoformat() if task.due else "—",
            f"{task.progress:.0f}%",
            say(*STATE_WORDS.get(task.state, (task.state, task.state))),
        )
        for task in found
    )
    return Rows(columns, rows, tuple(task.code for task in found))


def _quantity(context: Context, task: Task) -> str:
    said = digits(task.quantity, decimals(task.quantity), context.language)
    return said if task.quantity is None else f"{said}{context.say('', ' ')}{task.unit}"


def _groups(context: Context, groups: Sequence[Progress], title: str, *, districts: bool = False) -> Rows:
    say = context.say
    titles = (
        (title, 2.4),
        (say("任务", "Tasks"), 1),
        (say("完成", "Done"), 1),
        (say("推进中", "Under way"), 1),
        (say("未启动", "Waiting"), 1),
    )
    more = ((say("滞后", "Late"), 1), (say("平均进度", "Progress"), 1.2), (say("完成投资（万元）", "Spent (10⁴ CNY)"), 1.6))
    columns = tuple(Column(text, numeric=at > 0, share=share) for at, (text, share) in enumerate((*titles, *more)))
    rows = tuple(
        (
            context.district(group.name) if districts else group.name or "—",
            *(str(count) for count in (group.total, group.done, group.running, group.waiting, group.late)),
            "—" if group.mean is None else f"{group.mean:.0f}%",
            digits(group.paid, 1, context.language),
        )
        for group in groups
    )
    return Rows(columns, rows, tuple(group.name for group in groups))


def _listed(context: Context, found: Sequence[Task]) -> Rows:
    say = context.say
    titles = (
        (say("任务", "Task"), 3),
        (say("县（市、区）", "District"), 1.3),
        (say("责任部门", "Department"), 1.5),
        (say("期限", "Due"), 1.2),
    )
    more = ((say("进度", "Progress"), 0.9), (say("应达进度", "Even pace"), 1), (say("状态", "State"), 1))
    columns = tuple(Column(text, numeric=at in (4, 5), share=share) for at, (text, share) in enumerate((*titles, *more)))
    rows = tuple(
        (
            task.name,
            context.district(task.district),
            task.owner or "—",
            task.due.isoformat() if task.due else "—",
            f"{task.progress:.0f}%",
            f"{task.even:.0f}%",
            say(*STATE_WORDS.get(task.state, (task.state, task.state))),
        )
        for task in found
    )
    return Rows(columns, rows, tuple(task.code for task in found))


def _states(context: Context, found: Sequence[Task]) -> Drawn | None:
    if not found:
        return None
    colours = {"waiting": "#94a3b8", "running": charts.AZURE, "checking": charts.AMBER, "done": "#17693f", "stopped": "#64748b"}
    counts = [(state, sum(task.state == state for task in found)) for state in STATE_WORDS]
    rows = [charts.Bar(context.say(*STATE_WORDS[state]), float(count), str(count), colours[state]) for state, count in counts]
    svg, ratio = charts.bars(rows)
    return Drawn(svg, ratio, "，".join(f"{row.name}{row.text}" for row in rows))
