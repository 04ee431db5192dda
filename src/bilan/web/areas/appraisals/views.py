"""Pages of the appraisals."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bilan.pack.appraisals import Appraisal
from bilan.people import audit
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotVisible
from bilan.plans.appraising import Book, answer, appeal, appraisal, appraisals, attach, final, provisional
from bilan.plans.evidence import File
from bilan.plans.models import Appeal, Scoring, Stage
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.appraisals import showing, supposing
from bilan.web.areas.scorecard.frame import handed_over, limit_text, tabs
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

SEE = Right(Capability.SEE, "kernel/plans")
HANDLE = Right(Capability.HANDLE, "kernel/plans")
ASSIGN = Right(Capability.ASSIGN, "kernel/plans")
ACTS = ("score", "final", "appeal", "attach", "answer")
REFUSED = 400
STAGES = {
    Stage.PROVISIONAL: ("risk", gettext_lazy("Provisional")),
    Stage.FINAL: ("ok", gettext_lazy("Final")),
    Stage.TRIAL: ("quiet", gettext_lazy("Simulated")),
}


@page("appraisals", name="appraisals", section="plans", reads=SEE, writes=ASSIGN)
def listed(request: Request) -> HttpResponse:
    """What appraisals there are, and how each year ended."""
    language, this_year = numbers.language(), _today().year
    cards = []
    for declared in appraisals().values():
        runs = list(request.planbook.scorings().filter(appraisal=declared.name).exclude(stage=Stage.TRIAL))
        newest: dict[int, Scoring] = {}
        for run in sorted(runs, key=lambda run: run.number):
            newest[run.year] = run
        years = [
            {"year": run.year, "stage": STAGES[Stage(run.stage)], "first": showing.first(run), "number": run.number}
            for run in sorted(newest.values(), key=lambda run: -run.year)
        ]
        cards.append(
            {
                "name": declared.name,
                "title": declared.title.text(language),
                "about": declared.about.text(language),
                "laws": declared.laws,
                "local": declared.confidence == "local",
                "items": len(declared.items),
                "full": declared.full,
                "year": this_year,
                "years": years,
            }
        )
    return show(request, "appraisals/appraisals.html", cards=cards, tabs=tabs(request, "appraisals"))


@page("appraisals/<slug:appraisal>/<int:year>", name="appraisal", section="plans", reads=SEE, writes=(HANDLE, ASSIGN))
def one(request: Request, appraisal: str, year: int) -> HttpResponse:
    """One appraisal of one year: the ranking, the items of each district with why, appeals, and what would be if."""
    declared = _declared(appraisal, year)
    told = ""
    if request.method == "POST":
        try:
            return _act(request, declared, year)
        except BilanError as error:
            told = error.text(numbers.language())
    runs = list(request.planbook.scorings().filter(appraisal=declared.name, year=year).exclude(stage=Stage.TRIAL).order_by("-number"))
    run = _run(request, runs)
    supposed = supposing.supposed(request, declared, book(request), year, run)
    who = _who(request, run)
    return show(
        request,
        "appraisals/appraisal.html",
        status=REFUSED if told else 200,
        told=told,
        typed=request.POST,
        limits=limit_text(),
        declared=declared,
        title=declared.title.text(numbers.language()),
        year=year,
        run=run,
        stage=STAGES[Stage(run.stage)] if run else None,
        runs=[(entry, STAGES[Stage(entry.stage)]) for entry in runs],
        table=showing.ranking(request, declared, run) if run else None,
        chart=showing.chart(request, run) if run else "",
        who=who,
        who_name=showing.district(who),
        groups=showing.groups(request, declared, run, who) if run and who else (),
        total=run.totals.get(who) if run and who else None,
        appeals=showing.appeals(request, declared, run) if run else (),
        items=[(item.name, item.title.text(numbers.language())) for item in declared.items if item.weight],
        appealing=bool(run and who and run.stage == Stage.PROVISIONAL and request.planbook.can(Capability.HANDLE, who)),
        signs=request.planbook.can(Capability.ASSIGN, ""),
        supposed=supposed,
        tabs=tabs(request, "appraisals"),
    )


@page("appraisals/appeals/<int:number>/<int:index>", name="appeal-evidence", section="plans", reads=SEE, writes=(HANDLE, ASSIGN))
def proof(request: Request, number: int, index: int) -> HttpResponse:
    """A file that an appeal within reach rests on."""
    found = _appeal(request, number)
    if not 0 <= index < len(found.evidence):
        raise NotVisible(index)
    audit.record("appraisal.evidence", request.path, request=request, detail={"digest": found.evidence[index].get("digest", "")})
    return handed_over(found.evidence[index])


def book(request: Request) -> Book:
    """What an appraisal reads, as the reader may see it; all districts are about whom it is."""
    districts = tuple(area.adcode for area in site.districts())
    return Book(request.planbook, request.docket, request.ledger, districts, _today())


def _today() -> Any:
    return clock.moment(clock.now(site.city().timezone)).date()


def _declared(name: str, year: int) -> Appraisal:
    if not 2016 <= year <= _today().year:
        raise NotVisible(year)
    return appraisal(name)


def _run(request: Request, runs: list[Scoring]) -> Scoring | None:
    asked = request.GET.get("run", "") or request.POST.get("run", "")
    if not asked:
        return next(iter(runs), None)
    found = next((run for run in runs if str(run.number) == asked), None)
    if found is None:
        raise NotVisible(asked)
    return found


def _who(request: Request, run: Scoring | None) -> str:
    asked = request.GET.get("who", "") or request.POST.get("who", "")
    if not asked or run is None:
        return ""
    if asked not in run.totals or not request.planbook.can(Capability.SEE, asked):
        raise NotVisible(asked)
    return asked


def _act(request: Request, declared: Appraisal, year: int) -> HttpResponse:
    """Score, make final, appeal or answer."""
    address = reverse("appraisal", args=[declared.name, year])
    wish = request.POST.get("do", "")
    match wish:
        case "score":
            made = provisional(declared, book(request), year, request.user)
            return redirect(f"{address}?run={made.number}")
        case "final":
            made = final(_scoring(request, declared, year), request.planbook, request.user)
            return redirect(f"{address}?run={made.number}")
        case "appeal":
            scoring = _scoring(request, declared, year)
            who, item = request.POST.get("who", ""), request.POST.get("item", "")
            reason, asked = request.POST.get("reason", ""), points(request, "asked")
            appeal(scoring, request.planbook, who, item, reason, asked, request.user, _files(request))
            return redirect(f"{address}?run={scoring.number}&who={who}#appeals")
        case "attach":
            found = _appeal(request, points(request, "appeal"))
            attach(found, request.planbook, _files(request), request.user)
            return redirect(f"{address}?run={found.scoring.number}#appeals")
        case "answer":
            found = _appeal(request, points(request, "appeal"))
            _answer(request, found)
            return redirect(f"{address}?run={found.scoring.number}#appeals")
    raise BilanError(Problem("web.bad_parameter", {"name": "do", "value": wish, "allowed": ACTS}))


def _answer(request: Request, found: Appeal) -> None:
    granted = points(request, "granted") if request.POST.get("granted", "").strip() else None
    answer(found, request.planbook, request.POST.get("answer", ""), granted, request.user)


def _appeal(request: Request, number: float | None) -> Appeal:
    found = request.planbook.appeals().filter(pk=number or 0).first()
    if found is None:
        raise NotVisible(number)
    return found


def _files(request: Request) -> list[File]:
    return [(file.file, file.name or "") for file in request.FILES.getlist("file") if file]


def _scoring(request: Request, declared: Appraisal, year: int) -> Scoring:
    number = points(request, "run") or 0
    found = request.planbook.scorings().filter(appraisal=declared.name, year=year, number=int(number)).first()
    if found is None:
        raise BilanError(Problem("appraisal.no_scoring", {"value": year}))
    return found


def points(request: Request, name: str) -> float | None:
    """A number that was sent; None when nothing was.

    Raises:
        BilanError: it is no number.
    """
    written = request.POST.get(name, "").strip()
    return supposing.number(written) if written else None
