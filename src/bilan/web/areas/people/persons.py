"""Persons: who there is, adding, changing, closing, helping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from bilan.people import factors, lockout, staff
from bilan.people.models import Organisation, Person
from bilan.problems import BilanError
from bilan.web.areas.people import account, frame, words
from bilan.web.areas.people.forms import PersonForm
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("people", name="persons", section=frame.SECTION, reads=frame.READ, writes=frame.WRITE)
def persons(request: Request) -> HttpResponse:
    """Everybody who has an account."""
    return show(request, "people/persons.html", tabs=frame.tabs("persons"), table=_table(request), may=_may(request))


@page("people/new", name="person-new", section=frame.SECTION, reads=frame.WRITE, writes=frame.WRITE)
def person_new(request: Request) -> HttpResponse:
    """Add somebody; their first password is shown once."""
    form = PersonForm(request.POST or None, initial={"roles": ["viewer"]})
    if request.method == "POST" and form.is_valid():
        try:
            made = staff.add(request, **form.cleaned_data)
        except BilanError as error:
            form.add_error(None, error.text(numbers.language()))
        else:
            return show(request, "people/password.html", person=made.person, password=made.password, added=True)
    return show(request, "people/person_new.html", form=form, tabs=frame.tabs("persons"))


@page("people/<int:number>", name="person", section=frame.SECTION, reads=frame.READ, writes=frame.WRITE)
def person(request: Request, number: int) -> HttpResponse:
    """One person: who they are, what they may, and what can be done for them."""
    found = frame.person_of(number)
    form = PersonForm(request.POST if frame.done(request) == "save" else None, person=found)
    if request.method == "POST":
        answer = _save(request, found, form) if frame.done(request) == "save" else _DOING.get(frame.done(request), _nothing)(request, found)
        if answer is not None:
            return answer
    return show(
        request,
        "people/person.html",
        person=found,
        form=form,
        may=_may(request) and found.pk != request.user.pk,
        own=found.pk == request.user.pk,
        state=words.PERSON[_state(found, lockout.locked([found.username]))],
        enrolled=factors.enrolled(found),
        sessions=frame.session_rows(found),
        given=[account.told(entry, entry.receiver) for entry in found.given.select_related("receiver")[:20]],
        received=[account.told(entry, entry.giver) for entry in found.received.select_related("giver")[:20]],
        last=frame.stamp(found.last_login),
        since=frame.stamp(found.password_since),
        tabs=frame.tabs("persons"),
    )


def _may(request: Request) -> bool:
    return request.monitoring.scope.can(frame.WRITE)


def _state(found: Person, resting: dict[str, Any]) -> str:
    return "closed" if not found.is_active else "resting" if found.username in resting else "active"


def _table(request: Request) -> Table:
    everybody = list(Person.objects.all())
    resting = lockout.locked([entry.username for entry in everybody])
    names = {entry.code: entry.name(numbers.language()) for entry in Organisation.objects.all()}
    factor = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    rows = [
        {
            "id": entry.pk,
            "username": entry.username,
            "name": entry.name,
            "roles": " · ".join(frame.role_title(code) for code in entry.roles),
            "districts": " · ".join(frame.district_name(code) for code in entry.districts) or _("Whole city"),
            "organisation": names.get(entry.organisation, entry.organisation),
            "state": _state(entry, resting),
            "state_name": str(words.PERSON[_state(entry, resting)][1]),
            "factor": _("yes") if entry.pk in factor else _("no"),
            "last": frame.stamp(entry.last_login),
        }
        for entry in everybody
    ]
    columns = [
        Column("username", _("User name"), href=lambda row: reverse("person", args=[row["id"]])),
        Column("name", _("Full name")),
        Column("roles", _("Roles")),
        Column("districts", _("Districts"), wide=True),
        Column("organisation", _("Organisation"), wide=True),
        Column("state_name", _("State"), render=_shown_state),
        Column("factor", _("Second factor"), wide=True),
        Column("last", _("Last logged in"), kind="time", wide=True),
    ]
    filters = [Filter("state", _("State"), [(code, str(title)) for code, (_tone, title) in words.PERSON.items()])]
    return Table("persons", columns, rows, request.GET, ("username", "name", "roles", "organisation"), filters, caption=_("Persons"))


def _shown_state(row: Row) -> str:
    return format_html('<span class="status status-{}">{}</span>', words.PERSON[row["state"]][0], row["state_name"])


def _save(request: Request, found: Person, form: PersonForm) -> HttpResponse | None:
    if form.is_valid():
        try:
            staff.edit(request, found, **form.cleaned_data)
        except BilanError as error:
            form.add_error(None, error.text(numbers.language()))
        else:
            messages.success(request, _("Saved."))
            return redirect("person", found.pk)
    return None


def _nothing(_request: Request, found: Person) -> HttpResponse:
    return redirect("person", found.pk)


def _close(request: Request, found: Person) -> HttpResponse:
    staff.edit(request, found, is_active=False)
    return redirect("person", found.pk)


def _open(request: Request, found: Person) -> HttpResponse:
    staff.edit(request, found, is_active=True)
    return redirect("person", found.pk)


def _reset(request: Request, found: Person) -> HttpResponse:
    return show(request, "people/password.html", person=found, password=staff.reset_password(request, found), added=False)


def _unlock(request: Request, found: Person) -> HttpResponse:
    staff.unlock(request, found)
    return redirect("person", found.pk)


def _forget(request: Request, found: Person) -> HttpResponse:
    staff.forget_factor(request, found)
    return redirect("person", found.pk)


def _end(request: Request, found: Person) -> HttpResponse:
    staff.end_session(request, request.POST.get("session", ""), of=found)
    return redirect("person", found.pk)


_DOING: dict[str, Callable[[Request, Person], HttpResponse]] = {
    "close": _close,
    "open": _open,
    "reset": _reset,
    "unlock": _unlock,
    "forget": _forget,
    "end": _end,
}
