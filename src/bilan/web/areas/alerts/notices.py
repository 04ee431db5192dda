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

from bilan.casework import notices as telling
from bilan.casework.models import Level, Notice
from bilan.people.roles import Action
from bilan.problems import BilanError
from bilan.web.areas.alerts.words import level_badge, wall_of
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

SIZE = 40
NEVER = 5
LEVELS = [*Level.choices, (NEVER, gettext_lazy("Not at all"))]
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
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
    quiet_from = forms.TimeField(label=gettext_lazy("Quiet from"), required=False, widget=TIME)
    quiet_to = forms.TimeField(label=gettext_lazy("Quiet until"), required=False, widget=TIME)

    def chosen(self) -> dict[str, Any]:
        """What was chosen, the quiet hours as minutes of the day; none unless both are given."""
        data = dict(self.cleaned_data)
        spans = {name: data.pop(name) for name in ("quiet_from", "quiet_to")}
        both = all(moment is not None for moment in spans.values())
        return data | {name: moment.hour * 60 + moment.minute if both else 0 for name, moment in spans.items()}


@page("notices", name="notices", reads=Action.ENTER, writes=Action.ENTER)
def notices(request: Request) -> HttpResponse:
    """What I was told; confirm it, and say how I want to be told."""
    usual = usual_of(request)
    form = ChannelsForm(request.POST if request.POST.get("do") == "channels" else None, initial=usual)
    if request.method == "POST" and _act(request, form):
        return redirect("notices")
    pages = Paginator(_wanted(request), SIZE)
    shown = pages.get_page(request.GET.get("page", "1")[:6])
    return show(
        request,
        "alerts/notices.html",
        items=[_item(notice) for notice in shown.object_list],
        shown=shown,
        total=pages.count,
        unread=telling.unread(request.user).order_by().count(),
        only=request.GET.get("only", ""),
        form=form,
        browsers=request.user.subscriptions.count(),
        key=telling.public_key(),
    )


@page("notices/count", name="notices-count", reads=Action.ENTER)
def count(request: Request) -> HttpResponse:
    """How many notices I have not read, for the bell."""
    unread = telling.unread(request.user)
    newest = unread.first()
    told = {"newest": _item(newest)["title"], "id": newest.pk} if newest else {"newest": "", "id": 0}
    return JsonResponse({"unread": unread.order_by().count(), **told})


@page("notices/push", name="notices-push", reads=Action.ENTER, writes=Action.ENTER)
def push(request: Request) -> HttpResponse:
    """Let this browser be sent messages, or no longer."""
    if request.method == "POST":
        try:
            sent = json.loads(request.body or b"{}")
        except ValueError:
            sent = None
        endpoint = sent.get("endpoint") if isinstance(sent, dict) else None
        if not isinstance(endpoint, str):
            return JsonResponse({"message": _("This is no address of a push service.")}, status=400)
        keys = sent.get("keys")
        try:
            if isinstance(keys, dict):
                telling.subscribe(request.user, endpoint, keys)
            else:
                telling.unsubscribe(request.user, endpoint)
        except BilanError as error:
            return JsonResponse({"message": error.text(numbers.language())}, status=400)
    return JsonResponse({"key": telling.public_key(), "browsers": request.user.subscriptions.count()})


@page("notices/worker.js", name="notices-worker", reads=Action.ENTER)
def worker(request: Request) -> HttpResponse:
    """The script that shows push messages while no page is open."""
    response = show(request, "alerts/worker.js")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return response


def usual_of(request: Request) -> dict[str, Any]:
    """How the reader wants to be told so far."""
    chosen = telling.preferences(request.user)
    spans = {name: clock_text(getattr(chosen, name)) for name in ("quiet_from", "quiet_to")} if chosen.quiet_from != chosen.quiet_to else {}
    return {name: getattr(chosen, name) for name in ("mail", "mail_from", "push_from", "digest_minutes")} | spans


def clock_text(minutes: int) -> str:
    """Minutes of the day as a time.

    Examples:
        >>> clock_text(1350)
        '22:30'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _wanted(request: Request) -> Any:
    return telling.unread(request.user) if request.GET.get("only") == "unread" else telling.inbox(request.user)


def _act(request: Request, form: ChannelsForm) -> bool:
    match request.POST.get("do"):
        case "channels" if form.is_valid():
            telling.prefer(request.user, **form.chosen())
            messages.success(request, _("Saved."))
            return True
        case "all":
            _told(request, telling.read(request.user))
            return True
        case "read":
            sent = request.POST.getlist("notice")
            chosen = [int(number) for number in sent if number.isascii() and number.isdigit() and len(number) < 16]
            _told(request, telling.read(request.user, chosen))
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
