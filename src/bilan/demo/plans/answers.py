"""What the demo city's plan was answered with: an appraisal with its appeals, and reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bilan.casework.docket import Docket
from bilan.pack.reports import PeriodKind
from bilan.people.models import Person
from bilan.people.visibility import visible_to
from bilan.plans.appraising import Book, answer, appeal, appraisal, final, provisional
from bilan.plans.models import Report, Scoring
from bilan.plans.planbook import Planbook
from bilan.plans.reporting import make, outline
from bilan.plans.reporting.periods import latest
from bilan.registers.ledger import Ledger
from bilan.web import site
from bilan.web.areas.reports import running

APPRAISAL = "three-in-one"
AUTHOR, DISTRICT = "admin", "district-clerk"
"""Demo accounts that sign off, and that speak for a district."""
REPORTS = (("mid-term-evaluation", 1), ("air-monthly", 2))
"""Outline → how many of its last periods are written, so that two can be compared."""
ASKED = 0.5
"""Share of the points lost that the appeal asks for."""

Progress = Callable[[float, str], None]


def fill_in(today: date, progress: Progress) -> int:
    """Score last year with an appeal that was answered, this year with one that waits, and write reports.

    Returns:
        How many scorings and reports there are.

    Raises:
        BilanError: a report cannot be set.
    """
    author = Person.objects.filter(username=AUTHOR).first()
    if author is None:
        return 0
    progress(0.8, "appraisal")
    speaker = Person.objects.filter(username=DISTRICT).first()
    for year in (today.year - 1, today.year):
        if not Scoring.objects.filter(appraisal=APPRAISAL, year=year).exists():
            _score(year, today, author, speaker)
    if not Report.objects.exists():
        for at, (name, count) in enumerate(REPORTS):
            progress(0.85 + 0.1 * at, name)
            _write(name, count, today, author)
    return int(Scoring.objects.count() + Report.objects.count())


def _score(year: int, today: date, author: Person, speaker: Person | None) -> None:
    """A year's scoring; that of a year that is over is made final."""
    scope = visible_to(author)
    planbook = Planbook(scope, author)
    districts = tuple(area.adcode for area in site.districts())
    made = provisional(appraisal(APPRAISAL), Book(planbook, Docket(scope, author), Ledger(scope), districts, today), year, author)
    if speaker is not None:
        _object(made, planbook, author, speaker, settled=year < today.year)
    if year < today.year:
        final(made, planbook, author)


def _object(made: Scoring, planbook: Planbook, author: Person, speaker: Person, *, settled: bool) -> None:
    """The district objects to the item that cost it most."""
    own = Planbook(visible_to(speaker), speaker)
    lost = [entry for entry in own.scores(made) if entry["who"] in speaker.districts and entry["score"] is not None]
    worst = max(lost, key=lambda entry: entry["full"] - entry["score"], default=None)
    if worst is None or worst["score"] >= worst["full"]:
        return
    asked = round(worst["score"] + ASKED * (worst["full"] - worst["score"]), 1)
    reason = "受上风向传输和在建工程影响，请核减；监测记录与工程台账附后。"
    objection = appeal(made, own, worst["who"], worst["item"], reason, asked, speaker)
    if settled:
        answer(objection, planbook, "经核，部分情形属实，酌情加分。", round(0.5 * (worst["score"] + asked), 1), author)


def _write(name: str, count: int, today: date, author: Person) -> None:
    """The last periods of a report that are over, the oldest first; those of parts of a year are published."""
    declared = outline(name)
    periods = [latest(declared.period, today)]
    while len(periods) < count:
        periods.append(periods[-1].before())
    for period in reversed(periods):
        report = make(declared, running.context_of(author, declared, period, "zh-hans"), running.link, author)
        Report.objects.filter(pk=report.pk).update(published=declared.period is not PeriodKind.YEAR)
