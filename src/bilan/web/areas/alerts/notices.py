"""One's own notices, and how one wants to be told."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bilan.casework.inbox import Inbox
from bilan.casework.models import Level, Notice
from bilan.people.roles import Action
from bilan.web.areas.alerts.words import level_badge, wall_of
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

SIZE = 40
NEVER = 5
LONGEST_ENDPOINT = 600
LEVELS = [*((level.value, level.label) for level in Level), (NEVER, gettext_lazy("Not at all"))]
MINUTES = [
    (0, gettext_lazy("At once")),
    (15, gettext_lazy("Together every 15 minutes")),
    (60, gettext_lazy("Together every hour")),
    (240, gettext_lazy("Together every 4 hours")),
    (1440, gettext_lazy("Together once a day")),
]


class ChannelsForm(forms.Form):
    """By which ways, from which level on, and how often."""

    mail = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    mail_from = forms.TypedChoiceField(label=gettext_lazy("E-mail from this level on"), coerce=int, choices=LEVELS)
    push_from = forms.TypedChoiceField(label=gettext_lazy("Messages to the browser from this level on"), coerce=int, choices=LEVELS)
    digest_minutes = forms.TypedChoiceField(label=gettext_lazy("How often"), coerce=int, choices=MINUTES)


@page("notices", name="notices", reads=Action.ENTER, writes=Action.ENTER)
def notices(request: Request) -> HttpResponse:
    """What I was told; confirm it, and say how I want to be told."""
    inbox = Inbox(request.user)
    chosen = inbox.channels()
    usual = {name: getattr(chosen, name) for name in ChannelsForm.base_fields}
    form = ChannelsForm(request.POST if request.POST.get("do") == "channels" else None, initial=usual)
    if request.method == "POST" and _act(request, inbox, form):
        return redirect("notices")
    pages = Paginator(_wanted(request, inbox), SIZE)
    shown = pages.get_page(request.GET.get("page", "1")[:6])
    return show(
        request,
        "alerts/notices.html",
        items=[_item(notice) for notice in shown.object_list],
        shown=shown,
        total=pages.count,
        unread=inbox.unread(),
        only=request.GET.get("only", ""),
        form=form,
        browsers=inbox.browsers(),
        key=push_key(),
    )


@page("notices/count", name="notices-count", reads=Action.ENTER)
def count(request: Request) -> HttpResponse:
    """How many notices I have not read, for the bell."""
    newest = Inbox(request.user).notices().filter(read=None).first()
    return JsonResponse(
        {"unread": Inbox(request.user).unread(), "newest": _item(newest)["title"] if newest else "", "id": newest.pk if newest else 0}
    )


@page("notices/push", name="notices-push", reads=Action.ENTER, writes=Action.ENTER)
def push(request: Request) -> HttpResponse:
    """Let this browser be sent messages, or no longer."""
    if request.method != "POST":
        return JsonResponse({"key": push_key(), "browsers": Inbox(request.user).browsers()})
    try:
        sent = json.loads(request.body or b"{}")
    except ValueError:
        sent = None
    endpoint = sent.get("endpoint") if isinstance(sent, dict) else None
    keys = sent.get("keys") if isinstance(sent, dict) else None
    if not isinstance(endpoint, str) or not endpoint.startswith("https://") or len(endpoint) > LONGEST_ENDPOINT:
        return JsonResponse({"message": _("This is no address of a push service.")}, status=400)
    if isinstance(keys, dict):
        Inbox(request.user).subscribe(endpoint, keys)
    else:
        Inbox(request.user).unsubscribe(endpoint)
    return JsonResponse({"browsers": Inbox(request.user).browsers()})


@page("notices/worker.js", name="notices-worker", reads=Action.ENTER)
def worker(request: Request) -> HttpResponse:
    """The script that shows push messages while no page is open."""
    response = show(request, "alerts/worker.js")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return response


def push_key() -> str:
    """Public key that browsers subscribe with; empty while push is not set up."""
    return ""


def _wanted(request: Request, inbox: Inbox) -> Any:
    found = inbox.notices()
    return found.filter(read=None) if request.GET.get("only") == "unread" else found


def _act(request: Request, inbox: Inbox, form: ChannelsForm) -> bool:
    match request.POST.get("do"):
        case "channels" if form.is_valid():
            inbox.choose(**form.cleaned_data)
            messages.success(request, _("Saved."))
            return True
        case "all":
            _told(request, inbox.confirm())
            return True
        case "read":
            chosen = [
                int(number) for number in request.POST.getlist("notice") if number.isascii() and number.isdigit() and len(number) < 16
            ]
            _told(request, inbox.confirm(chosen))
            return True
    return False


def _told(request: Request, count: int) -> None:
    messages.success(request, ngettext("Receipt of %(n)s notice confirmed", "Receipt of %(n)s notices confirmed", count) % {"n": count})


def _item(notice: Notice) -> dict[str, Any]:
    english = numbers.language() == "en"
    return {
        "number": notice.pk,
        "title": (notice.title_en or notice.title_zh) if english else notice.title_zh,
        "body": (notice.body_en or notice.body_zh) if english else notice.body_zh,
        "href": notice.link if notice.link.startswith("/") and not notice.link.startswith("//") else "",
        "badge": level_badge(notice.level),
        "made": wall_of(notice.made),
        "read": wall_of(notice.read),
        "reminded": notice.reminded,
    }
