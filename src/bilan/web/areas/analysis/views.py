"""The analysis workbench: what is analysed stands in the address, so a link shows the same."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.pack.analyses import Needs
from bilan.people import audit
from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.analysis import bench, factors, form, saved
from bilan.web.areas.analysis import tables as brought
from bilan.web.areas.analysis.asking import Asked, asked
from bilan.web.areas.analysis.outcome import Outcome, heads_of
from bilan.web.areas.analysis.reading import material
from bilan.web.areas.analysis.running import run
from bilan.web.components import export, numbers
from bilan.web.jobs import Job
from bilan.web.pages import show
from bilan.web.registry import Request, page
from bilan.web.remember import Remembered

__all__ = ["analysis", "cancel", "numbers_file", "points", "result", "saved", "start", "tables"]

SECONDS = 300.0
"""How long what was found is kept: a change of language or a file costs nothing then."""
FOUND = 20

_found: Remembered[Outcome] = Remembered(SECONDS, most=24)


@page("analysis", name="analysis", section="explorer")
def analysis(request: Request) -> HttpResponse:
    """Choose an analysis, its series, period and settings; what it finds is loaded into the page."""
    of = asked(request.monitoring, request.GET, request.user.username)
    address = urlencode(of.query)
    return show(
        request,
        "analysis/analysis.html",
        analysis=of.analysis,
        words=form.words(of.analysis),
        groups=form.groups(of, request.GET.get("district", "")),
        form=form.fields(request.monitoring, of),
        tabs=form.tabs("analysis"),
        title=form.title(of),
        query=address,
        result=f"{reverse('analysis-result')}?{address}",
        files=[
            {"title": entry.title, "href": f"{reverse('analysis-numbers')}?{address}&form={name}"} for name, entry in export.FORMS.items()
        ],
        saved=saved.of(request),
        shares=request.monitoring.can(Action.OPERATE),
        numbers=f"{reverse('analysis-numbers')}?{address}",
    )


@page("analysis/tables", name="analysis-tables", section="explorer", writes=Action.SEE)
def tables(request: Request) -> HttpResponse:
    """Take concentrations and uncertainties as two files; leads to the receptor model of them, or back with what is wrong."""
    address = urlencode({"of": "pmf"})
    if request.method == "POST":
        try:
            address = urlencode({"of": "pmf", "tables": brought.keep(request.FILES, request.user.username)})
        except BilanError as error:
            messages.error(request, error.text(numbers.language()))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('analysis')}?{address}")


@page("analysis/points.json", name="analysis-points", section="explorer")
def points(request: Request) -> JsonResponse:
    """Points whose name or code holds every word typed."""
    words = request.GET.get("q", "").lower().split()[:6]
    items = []
    for point in request.monitoring.points(district=request.district):
        if all(word in f"{point.code} {point.name_zh} {point.name_en}".lower() for word in words):
            place = site.district_name(point.district, numbers.language()) if point.district else ""
            items.append({"code": point.code, "text": numbers.named(point), "note": " · ".join(filter(None, [point.code, place]))})
        if len(items) == FOUND:
            break
    return JsonResponse({"items": items})


@page("analysis/result.json", name="analysis-result", section="explorer")
def result(request: Request) -> JsonResponse:
    """What an analysis finds; of a heavy one how far its job is."""
    narrow = request.GET.get("narrow") == "1"
    try:
        of = asked(request.monitoring, request.GET, request.user.username)
        if not of.analysis.heavy:
            return JsonResponse(_outcome(request, of).told(numbers.language(), narrow=narrow))
        _checked(request, of)
        job = bench.latest(of)
        if job is not None and job.state == "done":
            return JsonResponse({**bench.told(job, numbers.language(), narrow=narrow), "made": numbers.wall(_stamp(job))})
        waiting = of.analysis.needs is Needs.SPECIES and not (job and job.running)
        species = factors.species(material(request.monitoring, of), of.settings) if waiting else []
        return JsonResponse({"job": _job(job), "species": species})
    except BilanError as error:
        return _told(error)


@page("analysis/start.json", name="analysis-start", section="explorer", writes=Action.SEE)
def start(request: Request) -> JsonResponse:
    """Start a heavy analysis; sent as the address writes it."""
    if request.method != "POST":
        return JsonResponse({"job": None})
    try:
        of = asked(request.monitoring, request.POST, request.user.username)
        running = bench.latest(of)
        if running is not None and running.running:
            return JsonResponse({"job": _job(running)})
        return JsonResponse({"job": _job(bench.begin(of, request.monitoring, request.user))})
    except BilanError as error:
        return _told(error)


@page("analysis/cancel.json", name="analysis-cancel", section="explorer", writes=Action.SEE)
def cancel(request: Request) -> JsonResponse:
    """Stop a running analysis of one's own."""
    job = bench.jobs().get(request.POST.get("job", "")) if request.method == "POST" else None
    if job is None or job.person != request.user.username:
        return JsonResponse({"job": None})
    if job.running:
        bench.jobs().cancel(job.id)
    return JsonResponse({"job": _job(job)})


@page("analysis/numbers", name="analysis-numbers", section="explorer")
def numbers_file(request: Request) -> Any:
    """The numbers as a file: ``form`` is csv, xlsx or parquet."""
    of = asked(request.monitoring, request.GET, request.user.username)
    if of.analysis.heavy:
        _checked(request, of)
        job = bench.latest(of)
        if job is None or job.state != "done":
            return redirect(f"{reverse('analysis')}?{urlencode(of.query)}")
        data = bench.data(job, request.GET.get("table", ""))
    else:
        found = _outcome(request, of)
        data = found.tables[table][1] if (table := request.GET.get("table", "")) in found.tables else found.data
    if data is None:
        raise NotVisible(request.GET.get("table", ""))
    wanted = request.GET.get("form", "") or "csv"
    audit.record("export", request.path, request=request, detail={"form": wanted, "table": of.analysis.name})
    parts = [of.analysis.name, request.GET.get("table", ""), *(point.code for point in of.points)]
    name = "-".join(filter(None, parts))
    return export.respond(wanted, name, heads_of(data, numbers.language()), data.iter_rows(named=True))


def _outcome(request: Request, of: Asked) -> Outcome:
    """What a light analysis finds; what the reader may see is part of what was asked."""
    key = (tuple(of.query.items()), of.begin, of.end, numbers.language(), request.monitoring.version())
    return _found.get(key, lambda: run(of.analysis, material(request.monitoring, of), of.settings))


def _checked(request: Request, of: Asked) -> None:
    """Insist that something can be analysed before a job of another person is shown.

    Raises:
        BilanError: no point, no wind, or a wrong setting.
    """
    if not of.points and not of.tables:
        raise BilanError(Problem("workbench.no_point", {}))
    if of.analysis.windy and of.met is None:
        raise BilanError(Problem("workbench.no_wind", {"value": numbers.named(of.points[0])}))
    of.settings  # noqa: B018 - a wrong setting is told here


def _job(job: Job | None) -> dict[str, Any] | None:
    if job is None or job.state == "cancelled":
        return None
    return {
        "id": job.id,
        "running": job.running,
        "done": job.done,
        "total": job.total,
        "problems": job.told(numbers.language()) or _ended(job),
    }


def _ended(job: Job) -> list[str]:
    return [] if job.running else [_("It was interrupted: the server was restarted.")]


def _stamp(job: Job) -> int:
    return clock.now(site.city().timezone) - int(time.time() - job.made)


def _told(error: BilanError) -> JsonResponse:
    return JsonResponse({"message": error.text(numbers.language())}, status=400)
