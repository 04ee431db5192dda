"""Delegations and sessions of everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.people import sessions as alive
from bilan.people import staff
from bilan.people.models import Delegation
from bilan.problems import BilanError
from bilan.web.areas.people import frame, words
from bilan.web.areas.people.forms import LendingForm, named
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("people/delegations", name="delegations", section=frame.SECTION, reads=frame.READ, writes=frame.WRITE)
def delegations(request: Request) -> HttpResponse:
    """Every delegation; make one for somebody, end one."""
    now = timezone.localtime()
    form = LendingForm(
        request.POST if frame.done(request) == "delegate" else None, initial={"begins": now, "ends": now + timedelta(days=7)}
    )
    if frame.done(request) == "revoke":
        number = request.POST.get("delegation", "")
        found = Delegation.objects.filter(pk=int(number) if number.isascii() and number.isdigit() else 0).first()
        if found is not None:
            staff.revoke(request, found)
        return redirect("delegations")
    if request.method == "POST" and form.is_valid() and _lent(request, form):
        messages.success(request, _("The delegation is made; it ends by itself."))
        return redirect("delegations")
    may = request.monitoring.scope.can(frame.WRITE)
    values: dict[str, Any] = {"tabs": frame.tabs("delegations"), "table": _delegations(request, may), "form": form, "may": may}
    return show(request, "people/delegations.html", **values)


@page("people/sessions", name="sessions", section=frame.SECTION, reads=frame.READ, writes=frame.WRITE)
def sessions(request: Request) -> HttpResponse:
    """Every session; end one."""
    if request.method == "POST":
        staff.end_session(request, request.POST.get("session", ""))
        return redirect("sessions")
    may = request.monitoring.scope.can(frame.WRITE)
    return show(request, "people/sessions.html", tabs=frame.tabs("sessions"), table=_sessions(request, may))


def _lent(request: Request, form: LendingForm) -> bool:
    given = form.cleaned_data
    try:
        giver = named(given["giver"])
        staff.delegate(request, giver, form.person(), given["roles"], begins=given["begins"], ends=given["ends"], reason=given["reason"])
    except BilanError as error:
        form.add_error(None, error.text(numbers.language()))
        return False
    return True


def _delegations(request: Request, may: bool) -> Table:
    rows = [
        {
            "id": entry.pk,
            "giver": str(entry.giver),
            "receiver": str(entry.receiver),
            "roles": " · ".join(frame.role_title(code) for code in entry.roles),
            "begins": frame.stamp(entry.begins),
            "ends": frame.stamp(entry.ends),
            "reason": entry.reason,
            "made_by": entry.made_by,
            "state": entry.state,
            "state_name": str(words.DELEGATION[entry.state][1]),
            "end": "",
        }
        for entry in Delegation.objects.select_related("giver", "receiver")
    ]

    def ending(row: Row) -> str:
        if row["state"] not in {"active", "waiting"}:
            return ""
        return _button("delegation", row["id"], "revoke", _("Revoke"), request)

    columns = [
        Column("giver", _("Lent by")),
        Column("receiver", _("Lent to")),
        Column("roles", _("Roles")),
        Column("begins", _("Begins"), kind="time", wide=True),
        Column("ends", _("Ends"), kind="time"),
        Column("reason", _("Reason"), wide=True),
        Column("state_name", _("State"), render=_shown_state),
        Column("made_by", _("Made by"), shown=False),
        *([Column("end", _("Revoke"), render=ending)] if may else []),
    ]
    filters = [Filter("state", _("State"), [(code, str(title)) for code, (_tone, title) in words.DELEGATION.items()])]
    looked = ("giver", "receiver", "roles", "reason")
    empty = _("Nobody has lent a role to anybody.")
    return Table("delegations", columns, rows, request.GET, looked, filters, "-begins", caption=_("Delegations"), empty=empty)


def _sessions(request: Request, may: bool) -> Table:
    rows = [
        {
            "key": entry.session_key,
            "person": str(entry.person),
            "username": entry.person.username,
            "address": entry.address,
            "agent": entry.agent,
            "began": frame.stamp(entry.began),
            "seen": frame.stamp(entry.seen),
            "end": "",
        }
        for entry in alive.listed()
    ]

    def ending(row: Row) -> str:
        if row["key"] == request.session.session_key:
            return _("this session")
        return _button("session", row["key"], "end", _("End this session"), request)

    columns = [
        Column("person", _("Who")),
        Column("username", _("User name"), wide=True),
        Column("address", _("Address")),
        Column("agent", _("Program"), wide=True, render=lambda row: frame.program(row["agent"])),
        Column("began", _("Begun"), kind="time", wide=True),
        Column("seen", _("Last used"), kind="age"),
        *([Column("end", _("End this session"), render=ending)] if may else []),
    ]
    return Table("sessions", columns, rows, request.GET, ("person", "username", "address"), sort="-seen", caption=_("Sessions"))


def _button(name: str, value: object, do: str, title: str, request: Request) -> str:
    return format_html(
        '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="do" value="{}">'
        '<input type="hidden" name="{}" value="{}"><button class="link">{}</button></form>',
        get_token(request),
        do,
        name,
        value,
        title,
    )


def _shown_state(row: Row) -> str:
    return format_html('<span class="status status-{}">{}</span>', words.DELEGATION[row["state"]][0], row["state_name"])
