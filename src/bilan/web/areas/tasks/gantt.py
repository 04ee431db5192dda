"""The course of tasks in time as SVG: a bar from begin to term, filled as far as it is done, milestones, and today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bilan.plans.tasks import Task

ROW, LEFT, WIDTH, HEAD = 26, 250, 1080, 34
LONGEST_NAME = 18
MONTHS = 12
_MONTH = '<line x1="{0}" y1="{2}" x2="{0}" y2="{3}" class="gantt-month"/><text x="{0}" y="18" dx="4">{1}</text>'
_TODAY = '<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" class="gantt-today"/>'
_BAR = (
    '<rect x="{}" y="{}" width="{}" height="12" rx="3" class="gantt-whole"/>'
    '<rect x="{}" y="{}" width="{}" height="12" rx="3" class="gantt-{}"/>'
)


def gantt(found: Sequence[Task], year: int, today: date, addresses: dict[str, str], label: str) -> SafeString:
    """Draw tasks that have a term, of one year.

    Args:
        addresses: code of a task → where it can be opened.
        label: what the picture is, for those who do not see it.
    """
    shown = [task for task in found if task.due is not None]
    height = HEAD + len(shown) * ROW + 6
    head = format_html_join("", _MONTH, _months(year, height))
    rows = format_html_join("", "{}", ((_row(task, at, year, today, addresses.get(task.code, "")),) for at, task in enumerate(shown)))
    now = _at(today, year)
    line = (
        format_html('<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" class="gantt-today"/>', now, HEAD - 8, height) if today.year == year else ""
    )
    return format_html('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>', WIDTH, height, label, head, rows, line)


def _months(year: int, height: int) -> list[tuple[Any, ...]]:
    return [(_at(date(year, month, 1), year), month, HEAD - 10, height) for month in range(1, MONTHS + 1)]


def _row(task: Task, at: int, year: int, today: date, address: str) -> SafeString:
    assert task.due is not None
    y = HEAD + at * ROW
    begin = _at(task.started or date(min(year, task.due.year), 1, 1), year)
    end = max(begin + 4, _at(task.due, year))
    name = task.name if len(task.name) <= LONGEST_NAME else task.name[: LONGEST_NAME - 1] + "…"
    state = "late" if task.late(today) else task.state
    bar = format_html(
        _BAR,
        *(begin, y + 6, round(end - begin, 1), begin, y + 6, round((end - begin) * task.progress / 100, 1), state),
    )
    marks = format_html_join("", '<path d="M{} {}l5 5l-5 5l-5 -5z" class="gantt-mark{}"><title>{}</title></path>', _marks(task, y, year))
    return format_html(
        '<a href="{}"><title>{} · {}%</title><text x="{}" y="{}" text-anchor="end">{}</text>{}{}</a>',
        *(address, task.name, round(task.progress), LEFT - 12, y + 16, name, bar, marks),
    )


def _marks(task: Task, y: int, year: int) -> list[tuple[Any, ...]]:
    found = []
    for entry in task.milestones:
        due = entry.get("due")
        if due and str(due).startswith(str(year)):
            found.append(
                (_at(date.fromisoformat(due), year), y + 7, " gantt-done" if entry.get("done") else "", f"{entry.get('item', '')} {due}")
            )
    return found


def _at(day: date, year: int) -> float:
    """Where a day lies; days of other years at the edges."""
    share = (day - date(year, 1, 1)).days / (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - 12), 1)
