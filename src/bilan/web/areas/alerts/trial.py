"""The test bench: what a rule, as it is or as it might be, would have found over a past period."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.evaluation.rules.telling import names, say
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.alerts import bench
from bilan.web.areas.alerts.frame import tabs
from bilan.web.areas.alerts.rules import TESTS, declaration, known
from bilan.web.areas.alerts.words import level_badge
from bilan.web.areas.devices.forms import When
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.jobs import Job
from bilan.web.pages import show
from bilan.web.registry import Request, page

MONTH = 30 * clock.DAY
EARLIER = 8
STATES = {
    "planning": ("info", gettext_lazy("Being replayed")),
    "applying": ("info", gettext_lazy("Being replayed")),
    "done": ("ok", gettext_lazy("Replayed")),
    "cancelled": ("quiet", gettext_lazy("Cancelled")),
    "failed": ("bad", gettext_lazy("Broken off")),
    "interrupted": ("bad", gettext_lazy("Interrupted")),
    "unreadable": ("bad", gettext_lazy("Broken off")),
}


class TrialForm(forms.Form):
    """The past period, and the text of the rule as it might be."""

    begin = When(label=gettext_lazy("From"))
    end = When(label=gettext_lazy("Until"))
    text = forms.CharField(
        label=gettext_lazy("The text of the rule"),
        max_length=bench.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"class": "code", "spellcheck": "false", "rows": 18}),
        help_text=gettext_lazy("Change the text and try it before it goes live. Nothing is saved."),
        strip=False,
    )


@page("alerts/rules/<slug:rule>/test", name="rule-test", section="alerts", reads=TESTS, writes=TESTS)
def test(request: Request, rule: str) -> HttpResponse:
    """Replay a rule over a past period and show what would have fired."""
    spec = known(rule)
    now = clock.now(site.city().timezone) // clock.HOUR * clock.HOUR
    declared = declaration(spec)
    usual = {"begin": clock.moment(now - MONTH), "end": clock.moment(now), "text": declared}
    sent = request.POST.get("do") == "replay"
    form = TrialForm(request.POST if sent else None, initial=usual)
    if sent and form.is_valid() and (job := _begin(request, rule, form, declared)) is not None:
        return redirect(f"{reverse('rule-test', args=[rule])}?job={job.id}")
    shown = _job(request, rule)
    if request.POST.get("do") == "cancel" and shown is not None:
        bench.jobs().cancel(shown.id)
        return redirect(f"{reverse('rule-test', args=[rule])}?job={shown.id}")
    values = _result(request, shown) if shown else {}
    if request.GET.get("part") == "body":
        return show(request, "alerts/trial_body.html", **values)
    earlier = [entry for entry in _own(request, rule) if shown is None or entry.id != shown.id][:EARLIER]
    return show(
        request,
        "alerts/trial.html",
        spec=spec,
        title=spec.title.text(numbers.language()),
        form=form,
        earlier=[_item(entry) for entry in earlier],
        tabs=tabs(request, "rules"),
        **values,
    )


def _begin(request: Request, rule: str, form: TrialForm, declared: str) -> Job | None:
    """Start the trial; None when something is wrong with it, which the form then says."""
    data = form.cleaned_data
    changed = data["text"].replace("\r\n", "\n").strip()
    text = "" if changed == declared.strip() else data["text"]
    whole = request.monitoring.scope.whole_city
    among = None if whole else [point.code for point in request.monitoring.points()]
    period = clock.seconds(data["begin"]), clock.seconds(data["end"])
    try:
        return bench.begin(rule, text, period, request.user.username, among)
    except BilanError as error:
        for problem in error.problems:
            form.add_error("text" if problem.place else None, _told(problem))
        return None


def _told(problem: Problem) -> str:
    """A mistake in the text, by its line there and not by the file it lies in meanwhile."""
    line = problem.place.row - 1 if problem.place and problem.place.row else 0
    text = Problem(problem.code, problem.values).text(numbers.language())
    return _("Line %(n)s: %(text)s") % {"n": line, "text": text} if line > 0 else text


def _own(request: Request, rule: str) -> list[Job]:
    """Trials of the rule that the reader began: what a trial shows depends on who began it."""
    return [job for job in bench.jobs().all() if job.person == request.user.username and job.settings.get("rule") == rule]


def _job(request: Request, rule: str) -> Job | None:
    """The trial that the address names.

    Raises:
        NotVisible: it is not the reader's.
    """
    wanted = request.GET.get("job", "")
    if not wanted:
        return None
    job = bench.jobs().get(wanted)
    if job is None or job.person != request.user.username or job.settings.get("rule") != rule:
        raise NotVisible(wanted)
    return job


def _result(request: Request, job: Job) -> dict[str, Any]:
    tone, title = STATES.get(job.state, ("quiet", job.state))
    length = job.settings["end"] - job.settings["begin"]
    rate = job.counts["found"] / max(1, job.counts["watched"]) / (length / MONTH) if job.counts.get("watched") else None
    return {
        "job": job,
        "mark": format_html('<span class="status status-{}">{}</span>', tone, title),
        "share": 100 * job.done / job.total if job.total else 0,
        "told": job.told(numbers.language()),
        "begin": job.settings["begin"],
        "end": job.settings["end"],
        "changed": job.settings["changed"],
        "counts": job.counts,
        "rate": rate,
        "cut": job.counts.get("found", 0) > bench.MOST_FOUND,
        "table": _table(request, job) if job.state == "done" and job.counts.get("found") else None,
    }


def _table(request: Request, job: Job) -> Table:
    spec, language = bench.spec_of(job), numbers.language()
    points = {point.code: point for point in request.monitoring.points()}
    rows = []
    for at, row in enumerate(bench.found(job).iter_rows(named=True)):
        values = json.loads(row["values"])
        told = names(row, points, language)
        rows.append(
            {
                "at": at,
                "opened": row["opened"],
                "ended": row["ended"],
                "level": row["peak"],
                "held": row["held"],
                "place": told["point"] or row["source"],
                "district": site.district_name(row["district"], language) if row["district"] else "",
                "says": say(spec, values, {**told, "unit": numbers.unit(told.get("unit", ""))}, language),
                "source": row["source"],
                "standing": "no" if row["ended"] else "yes",
                "point": row["point"] if row["point"] in points else "",
                "moment": row["moment"],
            }
        )
    return Table(
        id="replay",
        caption=_("What would have fired"),
        columns=[
            Column("opened", _("Fires at"), kind="time"),
            Column("ended", _("Ended at"), kind="time", wide=True),
            Column("level", _("Level"), render=lambda row: level_badge(row["level"])),
            Column("says", _("What is wrong"), render=_says),
            Column("place", _("Place"), shown=False),
            Column("district", _("District"), wide=True),
            Column("held", _("Moments"), kind="number", decimals=0, wide=True),
            Column("source", _("Source"), shown=False),
        ],
        rows=rows,
        query=_query(request),
        search=("says", "place", "source", "district"),
        filters=[Filter("standing", _("Ended or not"), [("yes", _("Still standing at the end")), ("no", _("Ended"))])],
        sort="-opened",
    )


def _query(request: Request) -> QueryDict:
    """The address without the part it asks for, so that links of the table lead to the page."""
    query = request.GET.copy()
    query.pop("part", None)
    return query


def _says(row: Row) -> Any:
    text = format_html('<span class="says">{}</span>', row["says"])
    return format_html('<a href="{}">{}</a>', reverse("point", args=[row["point"]]), text) if row["point"] else text


def _item(job: Job) -> dict[str, Any]:
    tone, title = STATES.get(job.state, ("quiet", job.state))
    return {
        "href": f"?job={job.id}",
        "begin": job.settings["begin"],
        "end": job.settings["end"],
        "changed": job.settings["changed"],
        "found": job.counts.get("found"),
        "mark": format_html('<span class="status status-{}">{}</span>', tone, title),
    }
