"""The page of the tasks of the plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.people.roles import Capability, Right
from bilan.plans.tasks import DONE, REGISTER, STATES, Progress, Task, grouped, progress, tasks
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.scorecard.frame import tabs
from bilan.web.areas.tasks.gantt import gantt
from bilan.web.components import numbers
from bilan.web.components.table import Column, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

SEE = Right(Capability.SEE, "kernel/plans")
EDIT = Right(Capability.EDIT, "kernel/plans")
REMEDIES = {"supervision-letter": ("send", gettext_lazy("Supervision letter")), "leader-case": ("user", gettext_lazy("Leader's case"))}
"""Flow that is opened about a late task → icon and words."""
STATE_WORDS = {
    "waiting": ("quiet", gettext_lazy("Not begun")),
    "running": ("info", gettext_lazy("Under way")),
    "checking": ("risk", gettext_lazy("To be accepted")),
    "done": ("ok", gettext_lazy("Done")),
    "stopped": ("bad", gettext_lazy("Stopped")),
}
MOST_CARDS, MOST_BARS = 8, 40


@page("plans/tasks", name="tasks", section="plans", reads=SEE, writes=EDIT)
def board(request: Request) -> HttpResponse:
    """Tasks by state, their course in time, the progress of departments and districts, and what is late."""
    today: date = clock.moment(clock.now(site.city().timezone)).date()
    every = tasks(request.ledger, today, district=request.GET.get("district", "") or request.district)
    years = sorted({task.year for task in every} | {today.year})
    year = _year(request, today.year)
    owner, plan = request.GET.get("owner", ""), request.GET.get("plan", "")
    of_year = [task for task in every if task.year == year or (task.year < year and task.open)]
    chosen = [task for task in of_year if owner in {"", task.owner} and plan in {"", task.plan}]
    whole = progress(chosen, "", today)
    addresses = {task.code: reverse("dossier", args=[REGISTER, task.code]) for task in chosen}
    late = [task for task in chosen if task.late(today)]
    return show(
        request,
        "tasks/tasks.html",
        whole=whole,
        year=year,
        years=years,
        owner=owner,
        plan=plan,
        owners=sorted({task.owner for task in of_year if task.owner}),
        plans=sorted({task.plan for task in of_year if task.plan}),
        columns=[_column(state, chosen, today, addresses) for state in STATES],
        gantt=gantt(chosen[:MOST_BARS], year, today, addresses, _("Course of the tasks in time")) if chosen else "",
        cut=max(0, len(chosen) - MOST_BARS),
        by_department=_groups(request, grouped(chosen, "owner", today), "owner", _("Department")),
        by_district=_groups(request, grouped(chosen, "district", today), "district", _("District")),
        late=_late(request, late, addresses, today),
        by_year=_by_year(every),
        register=reverse("register-list", args=[REGISTER]),
        tabs=tabs(request, "tasks"),
    )


def _year(request: Request, this_year: int) -> int:
    written = request.GET.get("year", "")
    if not written:
        return this_year
    if not (written.isascii() and written.isdigit() and 2000 <= int(written) <= 2100):
        raise BilanError(Problem("web.bad_parameter", {"name": "year", "value": written[:20], "allowed": str(this_year)}))
    return int(written)


def _column(state: str, found: Sequence[Task], today: date, addresses: dict[str, str]) -> dict[str, Any]:
    own = sorted((task for task in found if task.state == state), key=lambda task: (not task.late(today), task.due or date.max))
    tone, title = STATE_WORDS[state]
    cards = [
        {
            "task": task,
            "href": addresses[task.code],
            "late": task.late(today),
            "district": site.district_name(task.district, numbers.language()) if task.district else "",
            "quantity": _quantity(task),
        }
        for task in own[:MOST_CARDS]
    ]
    return {"state": state, "tone": tone, "title": title, "count": len(own), "cards": cards, "more": max(0, len(own) - MOST_CARDS)}


def _quantity(task: Task) -> str:
    return f"{numbers.digits(task.quantity_done, 0)} / {numbers.digits(task.quantity, 0)} {task.unit}" if task.quantity else ""


def _named(name: str, by: str) -> str:
    """What a group is called."""
    if by != "district":
        return name or "–"
    return site.district_name(name, numbers.language()) if name else _("Whole city")


def _groups(request: Request, groups: Sequence[Progress], by: str, title: str) -> Table:
    rows = [
        {
            "code": group.name,
            "name": _named(group.name, by),
            **{name: getattr(group, name) for name in ("total", "done", "running", "waiting", "late", "mean", "budget", "paid")},
        }
        for group in groups
    ]
    return Table(
        f"tasks-{by}",
        [
            Column("name", title, href=lambda row: "?" + urlencode({by: row["code"]}) if row["code"] else ""),
            Column("total", _("Tasks"), kind="number", decimals=0),
            Column("done", _("Done"), kind="number", decimals=0),
            Column("late", _("Lagging"), kind="number", decimals=0),
            Column("mean", _("Progress"), kind="number", decimals=0, unit="%"),
            Column("budget", _("Money planned"), kind="number", decimals=0, unit=_("10⁴ CNY"), wide=True),
            Column("paid", _("Money spent"), kind="number", decimals=0, unit=_("10⁴ CNY"), wide=True),
        ],
        rows,
        request.GET,
        prefix=f"{by}-",
        sort="-late",
        size=15,
        caption=title,
        empty=_("No task."),
    )


def _late(request: Request, late: Sequence[Task], addresses: dict[str, str], today: date) -> list[dict[str, Any]]:
    """What is late, with the addresses that open a letter or a leader's case about it."""
    may = request.docket.can(Capability.HANDLE)
    found = []
    for task in sorted(late, key=lambda task: (-(task.weight or 0), task.due or date.max, task.code)):
        query = urlencode({"register": REGISTER, "entry": task.code})
        # What the register proposes for its weight comes first.
        order = sorted(REMEDIES, key=lambda flow: flow != task.remedy)
        opened = [
            {"href": f"{reverse('case-new')}?flow={flow}&{query}", "icon": REMEDIES[flow][0], "title": REMEDIES[flow][1]} for flow in order
        ]
        found.append(
            {
                "task": task,
                "href": addresses[task.code],
                "district": site.district_name(task.district, numbers.language()) if task.district else _("Whole city"),
                "days": (today - task.due).days if task.overdue(today) and task.due else 0,
                "remedies": opened if may else (),
            }
        )
    return found


def _by_year(found: Sequence[Task]) -> list[dict[str, Any]]:
    """How the tasks of each plan are spread over the years."""
    counts = Counter(task.year for task in found)
    most = max(counts.values(), default=1)
    done = Counter(task.year for task in found if task.state == DONE)
    return [{"year": year, "total": counts[year], "done": done[year], "share": 100 * counts[year] / most} for year in sorted(counts)]
