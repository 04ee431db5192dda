"""Pages of imports."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.pack import vocab
from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.problems import Problem
from bilan.tabular.mapping import roles
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.devices import chips
from bilan.web.areas.devices.reading import equipment_of
from bilan.web.areas.devices.words import mark, said
from bilan.web.areas.imports import running
from bilan.web.areas.imports.forms import UploadForm, refuse_running
from bilan.web.components import numbers
from bilan.web.components import words as names
from bilan.web.components.table import Column, Table
from bilan.web.components.upload import STATES
from bilan.web.jobs import Job
from bilan.web.pages import show
from bilan.web.registry import Request, page

ROLES = {
    "point": gettext_lazy("Point"),
    "point_code": gettext_lazy("Code of the point"),
    "start": gettext_lazy("Time"),
    "date": gettext_lazy("Date"),
    "item": gettext_lazy("Parameter"),
    "value": gettext_lazy("Value"),
    "unit": gettext_lazy("Unit"),
}
REPEATABLE = frozenset({"planned", "cancelled", "failed", "interrupted"})


@page("imports", name="imports", section="devices")
def imports(request: Request) -> HttpResponse:
    """Upload a file; what was uploaded before."""
    may = request.monitoring.can(Action.OPERATE)
    form = UploadForm(request.POST or None, request.FILES or None) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        job = _take(request, form)
        return redirect("import", job.id)
    return show(
        request,
        "imports/imports.html",
        form=form,
        may=may,
        table=_table(request),
        tabs=chips.tabs(request, equipment_of(request), "imports"),
    )


@page("imports/<slug:id>", name="import", section="devices")
def one(request: Request, id: str) -> HttpResponse:
    """One import: what it would do, what it does, what it has done."""
    job = _job(request, id)
    if request.method == "POST":
        _act(request, job)
        return redirect("import", id)
    template = "imports/body.html" if request.GET.get("part") == "body" else "imports/import.html"
    return show(request, template, **_shown(request, job))


@page("imports/<slug:id>/errors.xlsx", name="import-errors", section="devices")
def errors(request: Request, id: str) -> HttpResponse:
    """The refused rows with the reason beside each cell, as Excel."""
    job = _job(request, id)
    path = running.jobs().errors(job, numbers.language())
    if not path.is_file():
        raise NotVisible(id)
    name = f"{job.file.rpartition('.')[0] or job.file}-{_('errors')}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _take(request: Request, form: UploadForm) -> Job:
    """Keep the uploaded file and try it behind the page."""
    request.monitoring.require(Action.OPERATE)
    file = form.cleaned_data["file"]
    job = running.jobs().make(file.name, request.user.username, asdict(form.settings()))
    with running.jobs().source(job).open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    running.start_plan(job, equipment_of(request).among())
    return job


def _job(request: Request, id: str) -> Job:
    """The import, when it is the reader's own or the reader sees the whole city."""
    job = running.jobs().get(id)
    if job is None or not (job.person == request.user.username or equipment_of(request).whole_city):
        raise NotVisible(id)
    return job


def _act(request: Request, job: Job) -> None:
    request.monitoring.require(Action.OPERATE)
    among = equipment_of(request).among()
    wish = request.POST.get("do", "")
    if wish == "cancel":
        running.jobs().cancel(job.id)
        return
    refuse_running(job.running)
    if wish == "apply" and job.state in REPEATABLE and job.summary:
        running.start_apply(job, among)
    elif wish == "again":
        columns = job.summary.get("columns", [])
        chosen = {column["header"]: request.POST.get(f"name-{at}", "").strip() for at, column in enumerate(columns)}
        chosen |= {entry[0]: request.POST.get(f"unknown-{at}", "").strip() for at, entry in enumerate(job.summary.get("unknown", []))}
        before = {column["header"]: column["name"] for column in columns}
        given = {header: name for header, name in chosen.items() if name and name != before.get(header)}
        settings = replace(running.settings_of(job), names={**running.settings_of(job).names, **given})
        fresh = replace(job, state="planning", settings=asdict(settings), problems=[], summary={}, done=0)
        running.jobs().uncancel(job.id)
        running.jobs().put(fresh)
        running.jobs().beat(job.id)
        running.start_plan(fresh, among)


def _shown(request: Request, job: Job) -> dict[str, Any]:
    language, summary = numbers.language(), job.summary
    return {
        "job": job,
        "mark": mark(STATES, job.state),
        "share": 100 * job.done / job.total if job.total else 0,
        "told": job.told(language),
        "counts": _counts(job),
        "columns": [_column(column) for column in summary.get("columns", [])],
        "unknown": summary.get("unknown", []),
        "problems": [_problem(problem, language) for problem in summary.get("problems", [])],
        "more": summary.get("problem_count", 0) - len(summary.get("problems", [])),
        "changes": [_change(request, change) for change in summary.get("changes", [])],
        "interval": names.interval(summary.get("interval", "")),
        "errors_file": running.jobs().errors(job, language).is_file(),
        "may": request.monitoring.can(Action.OPERATE),
        "repeatable": job.state in REPEATABLE and bool(summary),
        "known_names": sorted({*roles().values(), *(parameter.column for parameter in vocab.parameters().values() if parameter.column)}),
    }


def _counts(job: Job) -> list[tuple[str, int, str]]:
    """What was, or would be, written: title, number, tone."""
    if job.counts:
        found, last = job.counts, ("quarantined", _("rows in quarantine"))
    else:
        found, last = job.summary.get("counts", {}), ("refused", _("rows refused"))
    first = "inserted" if job.counts else "new"
    titles = [(first, _("new"), "ok"), ("changed", _("changed"), "risk"), ("unchanged", _("unchanged"), ""), (*last, "bad")]
    return [(title, found[name], tone) for name, title, tone in titles if name in found]


def _column(column: dict[str, Any]) -> dict[str, Any]:
    parameter = vocab.parameters().get(column["parameter"])
    meaning = numbers.named(parameter) if parameter else str(ROLES.get(column["name"], column["name"]))
    kept = ", ".join(numbers.unit(unit) for unit in column["kept"])
    return {**column, "meaning": meaning, "stated": column["stated"], "kept": kept}


def _problem(stored: dict[str, Any], language: str) -> dict[str, Any]:
    problem = Problem.from_dict(stored)
    place = problem.place
    bare = Problem(problem.code, problem.values).text(language)
    return {"row": place.row if place else None, "column": place.column if place else "", "text": bare}


def _change(request: Request, change: dict[str, Any]) -> dict[str, Any]:
    try:
        point = numbers.named(request.monitoring.point(change["point"]))
    except NotVisible:
        point = change["point"]
    return {**change, "point": point, "unit": numbers.unit(change["unit"])}


def _table(request: Request) -> Table:
    """Imports through the site with their state, and files imported from the terminal."""
    equipment, person = equipment_of(request), request.user.username
    kept = [job for job in running.jobs().all() if equipment.whole_city or job.person == person]
    rows = [
        {
            "id": job.id,
            "file": job.file,
            "person": job.person,
            "made": _wall(job.made),
            "state": job.state,
            "state_name": said(STATES, job.state),
            **{name: job.counts.get(name) for name in ("inserted", "changed", "unchanged", "quarantined")},
        }
        for job in kept
    ]
    here = {(row["file"], row["person"]) for row in rows}
    sql = "SELECT file, person, imported, counts FROM import_file ORDER BY imported DESC LIMIT 500"
    for file, who, imported, counts in site.store().database.query(sql):
        if (file, who) not in here and (equipment.whole_city or who == person):
            rows.append(
                {
                    "id": "",
                    "file": file,
                    "person": who,
                    "made": imported,
                    "state": "done",
                    "state_name": said(STATES, "done"),
                    **json.loads(counts),
                }
            )
    return Table(
        id="imports",
        caption=_("Imports"),
        columns=[
            Column("file", _("File"), href=lambda row: reverse("import", args=[row["id"]]) if row["id"] else ""),
            Column("state_name", _("State"), render=lambda row: mark(STATES, row["state"])),
            Column("inserted", _("new"), kind="number", decimals=0),
            Column("changed", _("changed"), kind="number", decimals=0, wide=True),
            Column("unchanged", _("unchanged"), kind="number", decimals=0, wide=True),
            Column("quarantined", _("rows in quarantine"), kind="number", decimals=0, wide=True),
            Column("person", _("By"), wide=True),
            Column("made", _("Time"), kind="time"),
        ],
        rows=rows,
        query=request.GET,
        search=("file", "person"),
        sort="-made",
        empty=_("No file has been imported yet."),
    )


def _wall(moment: float) -> int:
    """A moment of the world clock as one of the city's wall clock [s]."""
    return clock.now(site.city().timezone) - int(time.time() - moment)
