"""Writing a report behind the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from bilan.casework.docket import Docket
from bilan.pack.reports import Outline, Span
from bilan.people.models import Person
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import visible_to
from bilan.plans.planbook import Planbook
from bilan.plans.reporting import Context, Origin, Period, make, outline, period
from bilan.registers.ledger import Ledger
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.jobs import Job, Jobs, start

FOLDER = "report-jobs"
KEPT = 14 * 86400.0
"""Folders of jobs are kept so long [s]; the reports themselves stay."""


def jobs() -> Jobs:
    """The reports that are being written."""
    return Jobs(site.city().data / FOLDER, KEPT)


def begin(declared: Outline, of: Period, language: str, person: Person) -> Job:
    """Write an issue in a thread."""
    job = jobs().make(declared.name, person.username, {"report": declared.name, "period": of.at, "language": language})
    running = replace(job, state="applying")
    jobs().put(running)
    start(jobs(), running, _write)
    return running


def link(origin: Origin) -> str:
    """Address of where a number can be looked up; empty when there is no such page."""
    try:
        address = reverse(origin.page, args=origin.arguments)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(origin.query)}" if origin.query else address


def context_of(person: Person, declared: Outline, of: Period, language: str) -> Context:
    """What a report of a person about a period reads from."""
    scope = visible_to(person)
    return Context(
        city=site.city(),
        districts=site.districts(),
        period=of,
        to_date=declared.span is Span.TO_DATE,
        language=language,
        today=clock.moment(clock.now(site.city().timezone)).date(),
        monitoring=Monitoring(site.store(), scope),
        planbook=Planbook(scope, person),
        docket=Docket(scope, person),
        ledger=Ledger(scope),
    )


def _write(job: Job) -> None:
    person = Person.objects.get(username=job.person)
    declared = outline(job.settings["report"])
    today = clock.moment(clock.now(site.city().timezone)).date()
    of = period(declared.period, job.settings["period"], today)
    made = make(declared, context_of(person, declared, of, job.settings["language"]), link, person, _telling(job))
    jobs().put(replace(job, state="done", done=1, total=1, summary={"issue": made.number, "report": made.report, "period": made.period}))


def _telling(job: Job) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        jobs().put(replace(job, done=done, total=total))
        jobs().check(job.id)

    return tell
