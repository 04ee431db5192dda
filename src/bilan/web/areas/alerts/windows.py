"""Declared windows: stops, maintenance, calibration and start-ups that explain what would otherwise be an alert."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.casework import alerting
from bilan.casework.models import Window, WindowKind
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.areas.alerts.frame import HANDLES, SEES, tabs
from bilan.web.areas.alerts.words import wall_of
from bilan.web.areas.devices.forms import When
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST = 5000
FOUND = 20
LATE = clock.HOUR
"""Declared so long after its beginning, a window deserves a look [s]."""
STATES = {
    "accepted": ("ok", gettext_lazy("Recognised")),
    "waiting": ("risk", gettext_lazy("To be recognised")),
    "withdrawn": ("quiet", gettext_lazy("Withdrawn")),
}


class WindowForm(forms.Form):
    """What is out of the ordinary, where, and for how long."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=WindowKind.choices)
    point = forms.CharField(label=gettext_lazy("Point"), max_length=80, widget=forms.HiddenInput)
    whole = forms.BooleanField(label=gettext_lazy("All points of its enterprise"), required=False)
    begin = When(label=gettext_lazy("Begin"))
    end = When(label=gettext_lazy("End"))
    note = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


@page("alerts/windows", name="windows", section="alerts", reads=SEES, writes=HANDLES)
def windows(request: Request) -> HttpResponse:
    """All declared windows; declare one, accept one, take one back."""
    form = WindowForm(request.POST if request.POST.get("do") == "declare" else None)
    if request.method == "POST" and _act(request, form):
        return redirect("windows")
    chosen = request.POST.get("point") or request.GET.get("point", "")
    point = next(iter(request.monitoring.points(codes=[chosen])), None) if chosen else None
    return show(
        request,
        "alerts/windows.html",
        form=form if request.docket.can(Capability.HANDLE) else None,
        table=_table(request),
        point=point,
        tabs=tabs(request, "windows"),
    )


@page("alerts/windows/points", name="window-points", section="alerts", reads=SEES, writes=HANDLES)
def points(request: Request) -> HttpResponse:
    """Points whose name or code holds what was typed."""
    sought = request.GET.get("q", "").lower().split()[:6]
    found = [
        point
        for point in request.monitoring.points()
        if all(word in f"{point.code} {point.name_zh} {point.name_en}".lower() for word in sought)
    ]
    language = numbers.language()
    items = [
        {
            "code": point.code,
            "text": numbers.named(point),
            "note": " · ".join(filter(None, (point.code, site.district_name(point.district, language) if point.district else ""))),
        }
        for point in found[:FOUND]
    ]
    return JsonResponse({"items": items})


def _act(request: Request, form: WindowForm) -> bool:
    """Do what was sent; False when something is wrong with it, which the form then says."""
    wish, number = request.POST.get("do", ""), request.POST.get("window", "")
    if wish == "declare":
        return form.is_valid() and _declare(request, form)
    if wish in {"accept", "withdraw"} and number.isascii() and number.isdigit() and len(number) < 16:
        settle = alerting.accept if wish == "accept" else alerting.withdraw
        settle(request.docket, int(number))
        messages.success(request, _("The window is recognised.") if wish == "accept" else _("The window is withdrawn."))
        return True
    return False


def _declare(request: Request, form: WindowForm) -> bool:
    data = form.cleaned_data
    try:
        point = request.monitoring.point(data["point"])
        organisation = organisation_of(point)
        if data["whole"] and not organisation:
            form.add_error("whole", _("The point belongs to no enterprise."))
            return False
        alerting.declare(
            request.docket,
            data["kind"],
            clock.seconds(data["begin"]),
            clock.seconds(data["end"]),
            data["note"],
            point="" if data["whole"] else point.code,
            organisation=organisation,
            district=point.district,
        )
    except NotVisible:
        form.add_error(None, _("There is no such point within your reach."))
        return False
    except BilanError as error:
        form.add_error(None, error.text(numbers.language()))
        return False
    messages.success(request, _("The window is declared."))
    return True


def organisation_of(point: Point) -> str:
    """Code of the organisation a point belongs to; empty for none."""
    return str(point.attributes.get("organisation") or point.attributes.get("enterprise") or "")


def _table(request: Request) -> Table:
    found = list(request.docket.windows().select_related("person", "accepted_by")[:MOST])
    named = {point.code: point for point in request.monitoring.points(codes={window.point for window in found if window.point})}
    reach = request.docket.scope.kernel(Capability.HANDLE, "casework")
    rows = [_row(window, named) for window in found]

    def deeds(row: Row) -> Any:
        window: Window = row["window"]
        official = any(one.organisations is None and one.covers(window.district, "", window.organisation) for one in reach)
        own = window.person_id == request.user.pk
        return _deeds(request, window, accept=official, withdraw=official or own)

    return Table(
        id="windows",
        caption=_("Declared windows"),
        columns=[
            Column("begin", _("Begin"), kind="time"),
            Column("end", _("End"), kind="time"),
            Column("kind", _("Kind")),
            Column(
                "place", _("Place"), href=lambda row: reverse("point", args=[row["window"].point]) if row["window"].point in named else ""
            ),
            Column("district", _("District"), wide=True),
            Column("note", _("Reason"), wide=True, render=lambda row: format_html('<span class="reason">{}</span>', row["note"])),
            Column("state_text", _("State"), render=lambda row: _state(row, deeds(row))),
            Column("declared", _("Declared at"), kind="time", wide=True),
            Column("by", _("Declared by"), wide=True),
            Column("accepted", _("Recognised at"), kind="time", shown=False),
            Column("accepted_by", _("Recognised by"), shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("place", "note", "by", "kind"),
        filters=[
            Filter("kind_code", _("All kinds"), [(str(value), str(label)) for value, label in WindowKind.choices]),
            Filter("state", _("In every state"), [(name, str(title)) for name, (_tone, title) in STATES.items()]),
        ],
        sort="-begin",
        empty=_("What is declared in advance explains readings that would otherwise be alerts."),
    )


def _row(window: Window, named: Mapping[str, Point]) -> dict[str, Any]:
    point = named.get(window.point)
    state = "withdrawn" if window.withdrawn else "accepted" if window.accepted else "waiting"
    declared = wall_of(window.declared)
    late = declared is not None and declared > window.begin + LATE
    return {
        "window": window,
        "begin": window.begin,
        "end": window.end,
        "kind": str(window.get_kind_display()),
        "kind_code": window.kind,
        "place": numbers.named(point) if point else window.point or _("All points of %(code)s") % {"code": window.organisation},
        "district": site.district_name(window.district, numbers.language()) if window.district else "",
        "note": window.note,
        "state": state,
        "state_text": str(STATES[state][1]) + (f" · {_('declared late')}" if late else ""),
        "late": late,
        "declared": declared,
        "by": str(window.person or ""),
        "accepted": wall_of(window.accepted),
        "accepted_by": str(window.accepted_by or ""),
    }


def _state(row: Row, deeds: Any) -> SafeString:
    tone, text = STATES[row["state"]]
    late = format_html(' <span class="status status-risk">{}</span>', _("declared late")) if row["late"] else ""
    return format_html('<span class="status status-{}">{}</span>{}{}', tone, text, late, deeds)


def _deeds(request: Request, window: Window, *, accept: bool, withdraw: bool) -> Any:
    if window.withdrawn:
        return ""
    wishes = [("accept", _("Recognise"))] if accept and not window.accepted else []
    wishes += [("withdraw", _("Withdraw"))] if withdraw else []
    if not wishes:
        return ""
    buttons = format_html_join("", '<button class="link" name="do" value="{}">{}</button>', wishes)
    hidden = format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="window" value="{}">',
        get_token(request),
        window.pk,
    )
    return format_html('<form method="post" class="deeds">{}{}</form>', hidden, buttons)
