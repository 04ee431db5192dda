"""The deadline light of a case: how its term stands, in words and a shape beside the colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework.models import Case
from bilan.web.templatetags.bilan import icon

SOON = timedelta(days=3)
"""How long before its end a term is shown as nearly over."""
_DAY, _HOUR = 86_400, 3600


@dataclass(frozen=True, slots=True)
class Light:
    """How the term of a case stands.

    Attributes:
        kind: ``overdue``, ``soon``, ``fine``, ``standing`` (the clock stands), ``none`` (no term), ``over`` (the case is).
        text: in the reader's words.
        title: the day and hour, for who wants to know exactly.
    """

    kind: str
    text: str
    title: str = ""

    @property
    def tone(self) -> str:
        """The tone of a status."""
        return {"overdue": "bad", "soon": "risk", "fine": "ok", "standing": "info"}.get(self.kind, "quiet")

    @property
    def symbol(self) -> str:
        """Name of the icon that tells the kinds apart without their colour."""
        return {
            "overdue": "alert-triangle",
            "soon": "clock",
            "fine": "circle-check",
            "standing": "player-pause",
            "over": "archive",
        }.get(self.kind, "minus")

    def html(self) -> SafeString:
        """The light as a cell or a card shows it."""
        return format_html('<span class="light light-{}" title="{}">{}{}</span>', self.tone, self.title, icon(self.symbol), self.text)


def light(case: Case, now: datetime) -> Light:
    """The deadline light of a case at a moment."""
    if case.standing in {"closed", "cancelled"}:
        ended = timezone.localtime(case.closed) if case.closed else None
        return Light("over", case.get_standing_display(), f"{ended:%Y-%m-%d %H:%M}" if ended else "")
    if case.suspended is not None or case.standing == "suspended":
        since = timezone.localtime(case.suspended) if case.suspended else None
        return Light("standing", _("clock stands"), f"{since:%Y-%m-%d %H:%M}" if since else "")
    if case.due is None:
        return Light("none", _("no term"))
    left = case.due - now
    exactly = f"{timezone.localtime(case.due):%Y-%m-%d %H:%M}"
    seconds = int(abs(left.total_seconds()))
    if left < timedelta(0):
        return Light("overdue", _overdue(seconds), exactly)
    return Light("soon" if left <= SOON else "fine", _left(seconds), exactly)


def _overdue(seconds: int) -> str:
    if seconds < _DAY:
        hours = max(1, seconds // _HOUR)
        return ngettext("%(n)d hour overdue", "%(n)d hours overdue", hours) % {"n": hours}
    days = seconds // _DAY
    return ngettext("%(n)d day overdue", "%(n)d days overdue", days) % {"n": days}


def _left(seconds: int) -> str:
    if seconds < _DAY:
        hours = seconds // _HOUR
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    days = seconds // _DAY
    return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
