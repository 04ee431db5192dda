"""Reading of uploaded plan documents behind the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.people.visibility import visible_to
from bilan.plans.commitments import commitments
from bilan.plans.confirming import link_sure
from bilan.plans.models import Commitment
from bilan.plans.planbook import Planbook
from bilan.plans.reader import read
from bilan.plans.taking import take
from bilan.problems import BilanError, Problem
from bilan.registers import attachments
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.commitments import indicators
from bilan.web.areas.commitments.forms import UploadForm, heading_of, settings_of
from bilan.web.areas.commitments.frame import WHOLE
from bilan.web.components import numbers
from bilan.web.jobs import Job, Jobs, start
from bilan.web.registry import Request

FOLDER = "plan-readings"
KEPT = 180 * 86400
"""Uploaded documents that were not taken over are kept so long [s]; those of plans stay."""
SHOWN = 8
STATES = {
    "planning": ("info", _("Being read")),
    "done": ("ok", _("Read")),
    "unreadable": ("bad", _("Cannot be read")),
    "cancelled": ("quiet", _("Cancelled")),
    "failed": ("bad", _("Broken off")),
    "interrupted": ("bad", _("Interrupted")),
}
STEPS = {
    "text": _("The text is taken from the document"),
    "commitments": _("Commitments are looked for"),
    "writing": _("Commitments are written down"),
}
"""What a job says it is doing."""


def jobs() -> Jobs:
    """The readings of this city."""
    return Jobs(site.city().data / FOLDER, KEPT)


def upload(request: Request, form: UploadForm) -> Job:
    """Keep the uploaded document and read it behind the page."""
    file = form.cleaned_data["file"]
    heading = settings_of(replace(form.heading(), code=form.cleaned_data["code"]))
    job = jobs().make(file.name, request.user.username, {"heading": heading})
    with jobs().source(job).open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    start_reading(job)
    return job


def start_reading(job: Job, years: Mapping[str, int] | None = None) -> None:
    """Read a document in a thread; its folder tells how far it is.

    Parameters:
        years: ``begin`` and ``end``, when a person has said them since.
    """
    settings = {**job.settings, "heading": {**job.settings["heading"], **(years or {})}}
    fresh = replace(job, state="planning", settings=settings, problems=[], summary={}, counts={}, done=0, total=0)
    jobs().uncancel(job.id)
    jobs().put(fresh)
    start(jobs(), fresh, _read)


def _read(job: Job) -> None:
    """Read, look for commitments, write; every step may be the last when somebody wants it so."""
    person = Person.objects.get(username=job.person)
    Planbook(visible_to(person), person).require(Capability.EDIT, WHOLE)
    source = jobs().source(job)
    if not source.is_file():
        raise BilanError(Problem("planbook.gone"))
    _step(job, "text")
    document = read(source, job.file)
    _step(job, "commitments")
    found = commitments(document)
    _step(job, "writing", total=len(found))
    with source.open("rb") as stream:
        kept = attachments.keep(stream, job.file)
    plan = take(document, found, heading_of(job.settings["heading"]), person, digest=kept.digest, file=kept.name, progress=_progress(job))
    linked = link_sure(Commitment.objects.filter(plan=plan), indicators.catalogue(), person)
    problems = [problem.as_dict() for problem in document.problems]
    if not found:
        problems.append(Problem("planbook.nothing_read").as_dict())
    counts = {"blocks": len(document.blocks), "commitments": len(found), "linked": linked}
    jobs().put(replace(job, state="done", done=len(found), total=len(found), counts=counts, problems=problems, summary={"plan": plan.code}))


def _step(job: Job, step: str, total: int = 0) -> None:
    jobs().put(replace(job, summary={"step": step}, total=total))
    jobs().check(job.id)


def _progress(job: Job) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        jobs().put(replace(job, summary={"step": "writing"}, done=done, total=total))
        jobs().check(job.id)

    return tell


def unfinished(request: Request) -> list[dict[str, Any]]:
    """The reader's own documents that became no plan yet, newest first, with why."""
    own = [job for job in jobs().all() if job.person == request.user.username and job.state != "done"]
    return [shown(job) for job in own[:SHOWN]]


def shown(job: Job) -> dict[str, Any]:
    """A reading as pages show it."""
    return {
        "job": job,
        "state": STATES[job.state],
        "step": STEPS.get(job.summary.get("step", "")) if job.running else None,
        "share": 100 * job.done / job.total if job.total else None,
        "told": job.told(numbers.language()),
        "made": clock.now(site.city().timezone) - int(time.time() - job.made),
        "href": reverse("plan-reading", args=[job.id]),
        "plan": job.summary.get("plan", ""),
        "heading": job.settings.get("heading", {}),
    }
