"""Pages of importing into a register."""

from __future__ import annotations

import io
import time
from dataclasses import asdict, replace

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bilan.pack.registers import Register
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.registers.importing import ImportSettings
from bilan.tabular.sheets.template import write_template
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.ledgerimport import rows, running, showing
from bilan.web.areas.ledgerimport.forms import UploadForm, settings_from
from bilan.web.components import numbers
from bilan.web.jobs import Job
from bilan.web.pages import show
from bilan.web.registry import Request, page

IMPORT = Right(Capability.IMPORT, "registers")
SEE = Right(Capability.SEE, "registers")
LONGEST_REASON = 400


@page("registers/<slug:register>/import", name="register-import", section="registers", reads=IMPORT, writes=IMPORT)
def upload(request: Request, register: str) -> HttpResponse:
    """Upload a file; what was uploaded before."""
    declaration = _register(request, register)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = _take(request, declaration, form)
        return redirect("register-import-job", register, job.id)
    imports = [{**entry, "made": _wall(entry["made"])} for entry in showing.list_of(request, declaration)]
    return show(request, "ledgerimport/upload.html", register=declaration, title=_title(declaration), form=form, imports=imports)


@page("registers/<slug:register>/import/<slug:id>", name="register-import-job", section="registers", reads=IMPORT, writes=IMPORT)
def one(request: Request, register: str, id: str) -> HttpResponse:
    """One import: how it was understood, what it would do, what it has done."""
    declaration = _register(request, register)
    job = _job(request, declaration, id)
    if request.method == "POST":
        _act(request, job)
        return redirect("register-import-job", register, id)
    template = "ledgerimport/body.html" if request.GET.get("part") == "body" else "ledgerimport/job.html"
    return show(
        request,
        template,
        register=declaration,
        title=_title(declaration),
        made=_wall(job.made),
        **showing.job_page(request, declaration, job),
    )


@page(
    "registers/<slug:register>/import/<slug:id>/refused.xlsx",
    name="register-import-refused",
    section="registers",
    reads=IMPORT,
    writes=IMPORT,
)
def refused(request: Request, register: str, id: str) -> FileResponse:
    """The refused rows in their own columns with the reasons, as Excel."""
    job = _job(request, _register(request, register), id)
    path = running.refused_file(job, numbers.language())
    if not path.is_file():
        raise NotVisible(id)
    name = f"{job.file.rpartition('.')[0] or job.file}-{_('refused rows')}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@page("registers/<slug:register>/template.xlsx", name="register-template", section="registers", reads=SEE, writes=SEE)
def template(request: Request, register: str) -> FileResponse:
    """The register's empty Excel file with drop-downs, comments and instructions."""
    declaration = request.ledger.register(register)
    language = numbers.language()
    buffer = io.BytesIO()
    districts = [area.name(language) for area in site.districts()]
    write_template(buffer, declaration, request.ledger.declared, language, districts=districts)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"{_title(declaration)}-{_('template')}.xlsx")


def _title(register: Register) -> str:
    return register.title.text(numbers.language())


def _register(request: Request, name: str) -> Register:
    """The register, when the reader may import into it."""
    found = request.ledger.register(name)
    request.ledger.require(Capability.IMPORT, found)
    return found


def _job(request: Request, register: Register, id: str) -> Job:
    """The reader's own import: what it holds is what they uploaded and may see."""
    job = running.jobs().get(id)
    if job is None or job.person != request.user.username or job.settings.get("register") != register.name:
        raise NotVisible(id)
    return job


def _take(request: Request, register: Register, form: UploadForm) -> Job:
    """Keep the uploaded file and try it behind the page."""
    file = form.cleaned_data["file"]
    settings = {"register": register.name, "import": asdict(ImportSettings())}
    job = running.jobs().make(file.name, request.user.username, settings)
    with running.jobs().source(job).open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    running.start_plan(job)
    return job


def _act(request: Request, job: Job) -> None:
    """Do what a person wants of an import.

    Raises:
        BilanError: it is under way, was not tried yet, or says no reason.
    """
    wish = request.POST.get("do", "")
    if wish == "cancel":
        running.jobs().cancel(job.id)
        return
    if job.running:
        raise BilanError(Problem("imports.busy"))
    sent = {name: str(value) for name, value in request.POST.items()}
    if wish == "again":
        settings = settings_from(sent, running.settings_of(job), job.summary.get("columns", []))
        if job.state == "done":
            # What was written stays as it is now, whatever others did to it since.
            settings = replace(settings, only=tuple(sorted(rows.refused(running.folder(job)))))
        running.start_plan(running.with_settings(job, settings))
    elif wish == "apply":
        reason = sent.get("reason", "").strip()[:LONGEST_REASON]
        if not reason:
            raise BilanError(Problem("import.reason"))
        if job.state not in ("planned", "cancelled", "failed", "interrupted") or not job.summary:
            raise BilanError(Problem("import.not_planned"))
        running.start_apply(job, reason)


def _wall(moment: float) -> int:
    """A moment of the world clock as one of the city's wall clock [s]."""
    return clock.now(site.city().timezone) - int(time.time() - moment)
