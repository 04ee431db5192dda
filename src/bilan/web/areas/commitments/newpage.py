"""Handing in a plan document, and how far its reading is."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.web.areas.commitments import reading
from bilan.web.areas.commitments.forms import UploadForm
from bilan.web.areas.commitments.frame import EDITS, SECTION, insist, whole_number
from bilan.web.areas.scorecard.frame import tabs
from bilan.web.jobs import Job
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("plans/new", name="plan-upload", section=SECTION, reads=EDITS, writes=EDITS)
def new(request: Request) -> HttpResponse:
    """Hand in a document; what was handed in before and did not become a plan."""
    insist(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect("plan-reading", reading.upload(request, form).id)
    return show(request, "commitments/new.html", form=form, jobs=reading.unfinished(request), tabs=tabs(request, "plans"))


@page("plans/new/<slug:id>", name="plan-reading", section=SECTION, reads=EDITS, writes=EDITS)
def one(request: Request, id: str) -> HttpResponse:
    """One reading: how far it is, why it could not go on, the plan that came of it."""
    insist(request)
    job = _own(request, id)
    if request.method == "POST":
        _act(request, job)
        return redirect("plan-reading", id)
    if request.GET.get("file"):
        return _file(job)
    template = "commitments/reading_body.html" if request.GET.get("part") == "body" else "commitments/reading.html"
    response = show(request, template, tabs=tabs(request, "plans"), **reading.shown(job))
    if template.endswith("body.html") and job.state == "done":
        response["HX-Redirect"] = reverse("plan", args=[job.summary["plan"]])
    return response


def _own(request: Request, id: str) -> Job:
    job = reading.jobs().get(id)
    if job is None or job.person != request.user.username:
        raise NotVisible(id)
    return job


def _act(request: Request, job: Job) -> None:
    """Stop a reading, or begin it again.

    Raises:
        BilanError: it is under way.
    """
    wish = request.POST.get("do", "")
    if wish == "cancel":
        reading.jobs().cancel(job.id)
    elif wish == "again":
        if job.running:
            raise BilanError(Problem("imports.busy"))
        if job.state != "done":
            years = {name: whole_number(text, name) for name in ("begin", "end") if (text := request.POST.get(name, ""))}
            reading.start_reading(job, years)


def _file(job: Job) -> FileResponse:
    path = reading.jobs().source(job)
    if not path.is_file():
        raise NotVisible(job.id)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=job.file)
    response["X-Content-Type-Options"] = "nosniff"
    return response
