"""Which declared window explains a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from bilan.casework.alerting.findings import Finding
from bilan.casework.models import Window
from bilan.pack.rules import RuleSpec
from bilan.telemetry import clock

SPAN = {"minute": 60, "hour": clock.HOUR, "day": clock.DAY}
"""Interval of a rule → how long its moments last [s]."""
GRACE = clock.HOUR
"""How long after its beginning a window may be declared and still explain before the bureau has accepted it [s]."""


class Windows:
    """The windows that may explain what was found.

    Parameters:
        found: the findings that are to be explained.
    """

    def __init__(self, found: Iterable[Finding]) -> None:
        moments = [finding.moment for finding in found]
        self._by_point: dict[str, list[Window]] = defaultdict(list)
        self._by_organisation: dict[str, list[Window]] = defaultdict(list)
        self._known: dict[int, Window] = {}
        if not moments:
            return
        near = Window.objects.filter(withdrawn=None, begin__lt=max(moments) + clock.DAY, end__gt=min(moments))
        for window in near.order_by("-end", "pk"):
            if not explains(window):
                continue
            self._known[window.pk] = window
            if window.point:
                self._by_point[window.point].append(window)
            elif window.organisation:
                self._by_organisation[window.organisation].append(window)

    def explaining(self, finding: Finding, spec: RuleSpec, present: int | None = None) -> Window | None:
        """The window that explains a finding now.

        Parameters:
            present: number of the window that explained it so far: what a person decided, or what held at the beginning, holds for as long
                as that window lasts.
        """
        window = self._known.get(present or 0)
        return window if window and covers(window, finding.moment, spec) else self._covering(finding, spec)

    def _covering(self, finding: Finding, spec: RuleSpec) -> Window | None:
        """The window that explains a finding: it covers the newest moment and the one at which the episode began."""
        if not spec.explained_by:
            return None
        near = [
            *self._by_point.get(finding.place.get("point") or "", ()),
            *self._by_organisation.get(finding.place.get("organisation") or "", ()),
        ]
        moments = (finding.moment, finding.began)
        fitting = (window for window in near if window.kind in spec.explained_by and all(covers(window, at, spec) for at in moments))
        return next(fitting, None)


def explains(window: Window) -> bool:
    """Whether a window counts: not withdrawn, and accepted by the bureau or declared in time."""
    return window.withdrawn is None and (window.accepted is not None or wall(window.declared) <= window.begin + GRACE)


def wall(moment: datetime) -> int:
    """A moment on the wall clock of the city [s]."""
    return clock.seconds(moment.astimezone(ZoneInfo(settings.CITY.timezone)).replace(tzinfo=None))


def covers(window: Window, moment: int, spec: RuleSpec | None) -> bool:
    """Whether any of a moment of a rule's columns lies in a window."""
    span = SPAN.get(spec.interval, 1) if spec else 1
    return bool(window.begin < moment + span and moment < window.end)
