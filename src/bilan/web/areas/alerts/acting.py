"""What a person does to alerts from a page, singly or many together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework import alerting
from bilan.casework.models import Alert, Window
from bilan.people.roles import Capability
from bilan.problems import BilanError
from bilan.web.areas.alerts.forms import AcknowledgeForm, ExplainForm, NoteForm, SuppressForm
from bilan.web.components import numbers
from bilan.web.registry import Request

FITTING = 50


def forms(request: Request, alert: Alert, wish: str = "") -> dict[str, Form]:
    """The forms of an alert's page, the one that was sent with what was typed."""
    windows = fitting(request, alert)
    made: dict[str, Callable[[Any], Form]] = {
        "acknowledge": AcknowledgeForm,
        "suppress": lambda sent: SuppressForm(sent, prefix="suppress"),
        "explain": lambda sent: ExplainForm(windows, sent),
        "note": lambda sent: NoteForm(sent, prefix="note"),
    }
    return {name: make(request.POST if name == wish else None) for name, make in made.items()}


def fitting(request: Request, alert: Alert) -> list[Window]:
    """Declared windows that lie over the alert's newest moment and are about its point or its organisation."""
    about = Q(point=alert.point) if alert.point else Q(pk__in=[])
    if alert.organisation:
        about |= Q(organisation=alert.organisation, point="")
    return list(request.docket.windows().filter(about, withdrawn=None, begin__lte=alert.moment, end__gt=alert.began)[:FITTING])


def act(request: Request, alert: Alert) -> dict[str, Form] | None:
    """Do what was sent; None when it is done, else the forms with what is wrong.

    Raises:
        NotAllowed: the reader may not handle this alert.
    """
    request.docket.require(Capability.HANDLE, alert)
    wish = request.POST.get("do", "")
    if wish == "release":
        alerting.release(request.docket, [alert.pk])
        messages.success(request, _("People are told about this alert again."))
        return None
    filled = forms(request, alert, wish)
    if wish not in filled or not filled[wish].is_valid():
        return filled
    try:
        apply(request, [alert], wish, filled[wish])
    except BilanError as error:
        filled[wish].add_error(None, error.text(numbers.language()))
        return filled
    return None


def apply(request: Request, alerts: Sequence[Alert], wish: str, form: Form) -> None:
    """Do the same to some alerts; the form is valid."""
    data, docket, chosen = form.cleaned_data, request.docket, [alert.pk for alert in alerts]
    match wish:
        case "acknowledge":
            count = alerting.acknowledge(docket, chosen, data["text"])
            messages.success(request, ngettext("%(n)s alert acknowledged", "%(n)s alerts acknowledged", count) % {"n": count})
        case "suppress":
            count = alerting.suppress(docket, chosen, data["until"], data["reason"])
            messages.success(request, ngettext("%(n)s alert suppressed", "%(n)s alerts suppressed", count) % {"n": count})
        case "explain":
            alerting.explain(docket, chosen, data["window"])
            messages.success(request, _("Explained by the declared window."))
        case "note":
            for number in chosen:
                alerting.note(docket, number, data["text"])
            messages.success(request, _("The note is kept."))
