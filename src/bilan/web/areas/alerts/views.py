"""Pages of alerts."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bilan.casework import notices as telling
from bilan.casework.alerting import decidable
from bilan.casework.models import Alert, AlertState, Level
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import LEVELS
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.web import site
from bilan.web.areas.alerts import acting, history, notices, proof, rules, saying, trial, windows, words
from bilan.web.areas.alerts.asking import Wanted, by_level
from bilan.web.areas.alerts.forms import AcknowledgeForm, SuppressForm
from bilan.web.areas.alerts.frame import HANDLES, SEES, tabs, watch
from bilan.web.areas.alerts.listing import names_of, row, table_of
from bilan.web.areas.devices import chips
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page, section

AREA = (notices, rules, trial, windows)
"""Modules whose pages are registered because they are loaded."""
MOST = 5000
"""Alerts that one request may change."""
LISTED = 100

section("alerts", gettext_noop("Alerts"), icon="alert-triangle", page="alerts", order=36, reads=SEES)


@page("alerts", name="alerts", section="alerts", reads=SEES, writes=HANDLES)
def alerts(request: Request) -> HttpResponse:
    """What is wrong now."""
    counted = by_level(request.docket, request.district)
    total = sum(counted.values())
    choices = [("", _("All"), total, "")]
    choices += [(str(level), str(Level(level).label), number, words.TONES[Level(level)]) for level, number in counted.items()]
    grave = counted[LEVELS["critical"]] + counted[LEVELS["serious"]]
    return show(
        request,
        "alerts/alerts.html",
        table=table_of(request),
        chips=chips.chips(request, "level", choices),
        tabs=tabs(request, "alerts"),
        total=total,
        grave=grave,
        faults=len(saying.faults()),
        watch=watch(request),
    )


@page("alerts/together", name="alerts-together", section="alerts", reads=HANDLES, writes=HANDLES)
def together(request: Request) -> HttpResponse:
    """Acknowledge or suppress the alerts that are ticked, or all that were found."""
    chosen = _chosen(request)
    wish = request.POST.get("do", "")
    forms: dict[str, Form] = {
        "acknowledge": AcknowledgeForm(request.POST if wish == "acknowledge" else None),
        "suppress": SuppressForm(request.POST if wish == "suppress" else None, prefix="suppress"),
    }
    if request.method == "POST" and wish in forms and forms[wish].is_valid():
        acting.apply(request, chosen, wish, forms[wish])
        return redirect("alerts")
    points = names_of(request.monitoring, chosen[:LISTED])
    return show(
        request,
        "alerts/together.html",
        chosen=[row(alert, points) for alert in chosen[:LISTED]],
        count=len(chosen),
        forms=forms,
        wrong=wish,
        tabs=tabs(request, "alerts"),
    )


@page("alerts/<int:number>", name="alert", section="alerts", reads=SEES, writes=HANDLES)
def alert(request: Request, number: int) -> HttpResponse:
    """One alert: what it says, what proves it, what happened, and what can be done."""
    found = request.docket.alert(number)
    if request.GET.get("part") == "proof":
        return JsonResponse(proof.chart(request.monitoring, found))
    telling.read(request.user, alert=found.pk)
    forms: dict[str, Any] | None = None
    if request.method == "POST":
        forms = acting.act(request, found)
        if forms is None:
            return redirect("alert", number)
    wrong = request.POST.get("do", "") if forms else ""
    return show(request, "alerts/alert.html", **_about(request, found, forms, wrong))


def _about(request: Request, found: Alert, forms: dict[str, Any] | None, wrong: str) -> dict[str, Any]:
    language = numbers.language()
    points = names_of(request.monitoring, [found])
    spec = saying.rules().get(found.rule)
    register = registers(site.city().pack).registers.get(found.register)
    may = decidable(request.docket).filter(pk=found.pk).exists()
    may_note = request.docket.can(Capability.HANDLE, found)
    standing = found.state != AlertState.CLEARED
    events = list(request.docket.events(found).select_related("person"))
    return {
        "alert": found,
        "spec": spec,
        "title": saying.title_of(found.rule),
        "about": spec.about.text(language) if spec else "",
        "says": saying.sentence(found, points),
        "place": saying.place(found, points),
        "point": points.get(found.point),
        "entry_href": _address("dossier", found.register, found.code) if register and found.code else "",
        "register_title": register.title.text(language) if register else "",
        "level": words.level_badge(found.level),
        "peak": words.level_badge(found.peak) if found.peak > found.level else "",
        "state": words.state_badge(found),
        "suppressed": words.suppressed(found),
        "facts": saying.facts(found),
        "has_proof": proof.has(found),
        "opened": words.wall_of(found.opened),
        "cleared": words.wall_of(found.cleared),
        "acknowledged": words.wall_of(found.acknowledged),
        "until": words.wall_of(found.suppressed_until),
        "escalates": words.wall_of(found.escalates),
        "levels": history.levels(found, events),
        "events": history.timeline(events),
        "related": history.related(request, found),
        "confidence": words.CONFIDENCE.get(spec.confidence) if spec else None,
        "role": saying.role_of(found.role),
        "case_href": _address("case", found.case.code) if found.case else "",
        "case_new_href": _address("case-new") if may and standing and not found.case else "",
        "may": may and standing,
        "may_note": may_note,
        "forms": (forms or acting.forms(request, found)) if may_note else {},
        "wrong": wrong,
    }


def _chosen(request: Request) -> list[Alert]:
    """The alerts that are ticked, or all that the list's filters find; only those within reach of handling that are not over.

    Raises:
        BilanError: none, or too many.
    """
    reach = decidable(request.docket).exclude(state=AlertState.CLEARED)
    if request.GET.get("all"):
        found = Wanted.of(request.GET, request.district).alerts(request.docket)
        reach = reach.filter(pk__in=found.order_by().values("pk"))
    else:
        codes = [int(code) for code in request.GET.getlist("codes") if code.isascii() and code.isdigit() and len(code) < 16]
        reach = reach.filter(pk__in=codes[:MOST])
    chosen = list(reach.order_by("-level", "-opened")[: MOST + 1])
    if len(chosen) > MOST:
        raise BilanError(Problem("alertpages.too_many", {"value": f"> {MOST}", "allowed": MOST}))
    return chosen


def _address(name: str, *arguments: str) -> str:
    """Address of a page that another area may provide; empty when it is not there."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
