"""Pages of the reports."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bilan.pack.reports import Outline, PeriodKind
from bilan.people import audit
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotAllowed, NotVisible
from bilan.plans.models import Report
from bilan.plans.reporting import Period, changes, file_of, latest, outline, outlines, paper, papers, period, recent
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.reports import running
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.jobs import Job
from bilan.web.pages import show
from bilan.web.registry import Request, page, section

SEE = Right(Capability.SEE, "kernel/plans")
EXPORT = Right(Capability.EXPORT, "kernel/plans")
KINDS = {
    PeriodKind.DAY: gettext_lazy("Every day"),
    PeriodKind.WEEK: gettext_lazy("Every week"),
    PeriodKind.MONTH: gettext_lazy("Every month"),
    PeriodKind.QUARTER: gettext_lazy("Every quarter"),
    PeriodKind.YEAR: gettext_lazy("Every year"),
}
FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
MOST_OTHERS = 40

section("reports", gettext_noop("Reports"), icon="file-text", page="reports", order=85, reads=SEE)


@page("reports", name="reports", section="reports", reads=SEE, writes=EXPORT)
def reports(request: Request) -> HttpResponse:
    """What reports there are, and every issue that was written."""
    declared, today, language = outlines(), _today(), numbers.language()
    issues = list(request.planbook.reports().select_related("person"))
    newest: dict[str, Report] = {}
    for issue in sorted(issues, key=lambda issue: issue.made):
        newest[issue.report] = issue
    cards = [
        {
            "name": entry.name,
            "title": entry.title.text(language),
            "about": entry.about.text(language),
            "kind": KINDS[entry.period],
            "next": latest(entry.period, today),
            "next_text": latest(entry.period, today).text(language),
            "newest": newest.get(entry.name),
            "newest_text": _period_text(entry, newest[entry.name].period) if entry.name in newest else "",
        }
        for entry in sorted(declared.values(), key=lambda entry: (-list(PeriodKind).index(entry.period), entry.name))
    ]
    return show(request, "reports/reports.html", cards=cards, table=_issues_table(request, issues, declared), writes=_may_write(request))


@page("reports/<slug:report>/<str:period>", name="report", section="reports", reads=SEE, writes=EXPORT)
def report(request: Request, report: str, period: str) -> HttpResponse:
    """One report about one period: its issues, the numbers of one of them, what changed since another."""
    declared = outline(report)
    chosen = _chosen(declared, period)
    if request.method == "POST":
        return _act(request, declared, chosen)
    job = _job(request, declared, chosen)
    if request.GET.get("part") == "job":
        return show(request, "reports/job.html", job=job, told=job.told(numbers.language()) if job else ())
    issues = list(request.planbook.reports().filter(report=declared.name, period=chosen.at).select_related("person").order_by("-made"))
    issue = _issue(request, issues)
    others = _others(request, declared, issue)
    against = _against(request, others)
    return show(
        request,
        "reports/report.html",
        outline=declared,
        title=declared.title.text(numbers.language()),
        about=declared.about.text(numbers.language()),
        period=chosen,
        period_text=chosen.text(numbers.language()),
        before=chosen.before(),
        after=_after(chosen),
        periods=[(entry.at, entry.text(numbers.language())) for entry in recent(declared.period, _today(), 24)],
        issues=issues,
        issue=issue,
        papers=[(at, name.removesuffix(".docx")) for at, name in enumerate(papers(issue))] if issue else (),
        others=others,
        against=against,
        changed=changes(against.numbers, issue.numbers) if issue and against else (),
        table=_numbers_table(request, issue) if issue else None,
        job=job,
        told=job.told(numbers.language()) if job else (),
        writes=_may_write(request),
        publishes=request.planbook.can(Capability.ASSIGN),
    )


@page("reports/<slug:report>/<str:period>/<int:number>.<slug:format>", name="report-file", section="reports", reads=SEE, writes=EXPORT)
def file(request: Request, report: str, period: str, number: int, format: str) -> FileResponse:
    """An issue as Word or PDF; a PDF is shown, Word is taken away."""
    found = request.planbook.reports().filter(report=report, period=period, number=number)
    language = request.GET.get("language", "") or numbers.language()
    issue = found.filter(language=language).first() or found.first()
    if issue is None or format not in FORMS:
        raise NotVisible(number)
    audit.record("export", request.path, request=request, detail={"form": format, "digest": issue.digest})
    if format == "docx" and issue.word.endswith(".zip"):
        asked = request.GET.get("paper", "")
        if not (asked.isascii() and asked.isdigit() and int(asked[:6]) < len(papers(issue))):
            raise NotVisible(asked)
        name, content = paper(issue, int(asked[:6]))
        return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=FORMS[format])
    path, name = file_of(issue, format), f"{issue.title}.{format}"
    return FileResponse(path.open("rb"), as_attachment=format != "pdf", filename=name, content_type=FORMS[format])


def _today() -> Any:
    return clock.moment(clock.now(site.city().timezone)).date()


def _chosen(declared: Outline, at: str) -> Period:
    return latest(declared.period, _today()) if at == "latest" else period(declared.period, at, _today())


def _may_write(request: Request) -> bool:
    """A report tells of the whole city, so only who may take away all of it writes one."""
    return request.planbook.everywhere(Capability.EXPORT)


def _act(request: Request, declared: Outline, chosen: Period) -> HttpResponse:
    """Write an issue, stop writing one, or publish one."""
    address = reverse("report", args=[declared.name, chosen.at])
    if not _may_write(request):
        raise NotAllowed(Capability.EXPORT)
    match request.POST.get("do", ""):
        case "make":
            language = request.POST.get("language", "") or numbers.language()
            if language not in ("zh-hans", "en"):
                raise BilanError(Problem("web.bad_parameter", {"name": "language", "value": language, "allowed": ["zh-hans", "en"]}))
            job = running.begin(declared, chosen, language, request.user)
            return redirect(f"{address}?job={job.id}")
        case "cancel":
            job_id = request.POST.get("job", "")
            if (known := running.jobs().get(job_id)) is not None and known.person == request.user.username:
                running.jobs().cancel(job_id)
            return redirect(f"{address}?job={job_id}")
        case "publish":
            request.planbook.require(Capability.ASSIGN)
            issue = request.planbook.reports().filter(report=declared.name, period=chosen.at, pk=request.POST.get("issue") or 0).first()
            if issue is None:
                raise NotVisible(request.POST.get("issue"))
            issue.published = not issue.published
            issue.save(update_fields=["published"])
            audit.record("report.publish", str(issue), request=request, detail={"published": issue.published})
            return redirect(f"{address}?issue={issue.pk}")
    raise BilanError(
        Problem("web.bad_parameter", {"name": "do", "value": request.POST.get("do", ""), "allowed": ["make", "cancel", "publish"]})
    )


def _job(request: Request, declared: Outline, chosen: Period) -> Job | None:
    job = running.jobs().get(request.GET.get("job", ""))
    mine = job is not None and job.person == request.user.username
    return job if mine and job is not None and job.settings.get("period") == chosen.at and job.settings["report"] == declared.name else None


def _issue(request: Request, issues: list[Report]) -> Report | None:
    asked = request.GET.get("issue", "")
    if asked:
        found = next((issue for issue in issues if str(issue.pk) == asked), None)
        if found is None:
            raise NotVisible(asked)
        return found
    same = [issue for issue in issues if issue.language == numbers.language()]
    return next(iter(same or issues), None)


def _others(request: Request, declared: Outline, issue: Report | None) -> list[Report]:
    """Issues that one can be compared with: the newest first, those before it."""
    if issue is None:
        return []
    found = request.planbook.reports().filter(report=declared.name, language=issue.language).exclude(pk=issue.pk)
    return sorted(found[:MOST_OTHERS], key=lambda other: (other.period, other.number), reverse=True)


def _against(request: Request, others: list[Report]) -> Report | None:
    asked = request.GET.get("against", "")
    if not asked:
        return None
    found = next((other for other in others if str(other.pk) == asked), None)
    if found is None:
        raise NotVisible(asked)
    return found


def _after(chosen: Period) -> Period | None:
    return next((entry for entry in recent(chosen.kind, _today(), 60) if entry.begin == chosen.end), None)


def _period_text(declared: Outline | None, at: str) -> str:
    return period(declared.period, at, _today()).text(numbers.language()) if declared is not None else at


def _issues_table(request: Request, issues: list[Report], declared: Mapping[str, Outline]) -> Table:
    language = numbers.language()
    rows = [
        {
            "title": declared[issue.report].title.text(language) if issue.report in declared else issue.title,
            "report": issue.report,
            "period": issue.period,
            "period_text": _period_text(declared.get(issue.report), issue.period),
            "number": issue.number,
            "language": _("English") if issue.language == "en" else _("Chinese"),
            "made": issue.made.astimezone(ZoneInfo(site.city().timezone)).strftime("%Y-%m-%d %H:%M"),
            "person": str(issue.person or ""),
            "published": _("published") if issue.published else _("internal"),
            "href": f"{reverse('report', args=[issue.report, issue.period])}?issue={issue.pk}" if issue.report in declared else "",
        }
        for issue in issues
    ]
    return Table(
        "issues",
        [
            Column("title", _("Report"), href=lambda row: row["href"]),
            Column("period_text", _("Period")),
            Column("number", _("Issue"), kind="number", decimals=0),
            Column("language", _("Language"), wide=True),
            Column("made", _("Drawn up"), wide=True),
            Column("person", _("By"), wide=True),
            Column("published", _("Publication")),
        ],
        rows,
        request.GET,
        search=("title", "period", "period_text", "person"),
        filters=[Filter("report", _("Report"), [(name, entry.title.text(language)) for name, entry in declared.items()])],
        sort="-made",
        caption=_("Issues"),
        empty=_("No report has been written yet."),
    )


def _numbers_table(request: Request, issue: Report) -> Table:
    rows = [
        {
            "key": key,
            "title": entry.get("title", key),
            "text": entry.get("text", ""),
            "unit": entry.get("unit", ""),
            "link": entry.get("link", ""),
        }
        for key, entry in issue.numbers.items()
    ]
    return Table(
        f"numbers-{issue.report}-{issue.period}-{issue.number}",
        [
            Column("title", _("Data item"), href=lambda row: row["link"]),
            Column("text", _("As it stands in the text")),
            Column("unit", _("Unit"), wide=True),
            Column("key", _("Key"), wide=True),
        ],
        rows,
        request.GET,
        search=("title", "key", "text"),
        sort="key",
        size=100 if issue.word.endswith(".zip") else 200,
        caption=_("Numbers of this issue"),
        empty=_("This issue says no number."),
    )
