"""The list of alerts: what is wrong now, found, sorted and paged in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.casework.alerting.deciding import bureau
from bilan.casework.docket import Docket
from bilan.casework.models import Alert, AlertState, Level
from bilan.pack.vocab import networks
from bilan.people.monitoring import Monitoring
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.areas.alerts import saying
from bilan.web.areas.alerts.asking import STANDING, Wanted
from bilan.web.areas.alerts.words import level_badge, said, state_badge, wall_of
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.registry import Request

PORTION = 2000
TIMES = frozenset({"opened", "changed", "cleared", "acknowledged"})
BENEATH = 20
"""Folded alerts listed under their head; the rest are on the head's own page."""


class Alerts:
    """Rows of the list; a `bilan.web.components.table.Source`."""

    def __init__(self, docket: Docket, monitoring: Monitoring, wanted: Wanted) -> None:
        self._docket, self._monitoring, self._wanted = docket, monitoring, wanted

    @cached_property
    def _found(self) -> QuerySet[Alert]:
        return self._wanted.alerts(self._docket).select_related("acknowledged_by")

    def total(self) -> int:
        """How many alerts there are."""
        return self._found.order_by().count()

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """One page, the folded ones under their heads."""
        heads = list(self._found[start:stop])
        folded = {} if self._wanted.values.get("folded") else beneath(self._docket, heads)
        points = names_of(self._monitoring, [*heads, *(alert for under in folded.values() for alert in under)])
        return [row(alert, points, folded.get(alert.pk, ())) for alert in heads]

    def every(self) -> Iterator[Row]:
        """All of them, for a file."""
        start = 0
        while portion := list(self._found[start : start + PORTION]):
            points = names_of(self._monitoring, portion)
            yield from (_plain(row(alert, points)) for alert in portion)
            start += PORTION


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row for a file, with its times as times."""
    return {name: clock.moment(value) if name in TIMES and value is not None else value for name, value in row.items()}


def beneath(docket: Docket, heads: Iterable[Alert]) -> dict[int, list[Alert]]:
    """Standing alerts that are folded under each of `heads`, the gravest first."""
    found: dict[int, list[Alert]] = {}
    for alert in docket.alerts().filter(folded__in=[head.pk for head in heads], state__in=STANDING).order_by("-level", "-opened"):
        found.setdefault(alert.folded_id or 0, []).append(alert)
    return found


def names_of(monitoring: Monitoring, alerts: Iterable[Alert]) -> dict[str, Point]:
    """The visible points that alerts are about, by code."""
    codes = {alert.point for alert in alerts if alert.point}
    return {point.code: point for point in monitoring.points(codes=codes)} if codes else {}


def row(alert: Alert, points: Mapping[str, Point], folded: Sequence[Alert] = ()) -> dict[str, Any]:
    """One alert as plain values, and what its cells are made of under names that no column has."""
    return {
        "code": str(alert.pk),
        "number": alert.pk,
        "level": str(Level(alert.level).label) if alert.level in Level.values else str(alert.level),
        "says": saying.sentence(alert, points),
        "rule": saying.title_of(alert.rule),
        "place": saying.place(alert, points),
        "district": site.district_name(alert.district, numbers.language()) if alert.district else "",
        "network": numbers.named(networks()[alert.network]) if alert.network in networks() else alert.network,
        "opened": wall_of(alert.opened),
        "changed": wall_of(alert.changed),
        "cleared": wall_of(alert.cleared),
        "state": str(AlertState(alert.state).label),
        "acknowledged": wall_of(alert.acknowledged),
        "by": str(alert.acknowledged_by or "") if alert.acknowledged else "",
        "reason": alert.reason,
        "evaluations": alert.evaluations,
        "folded": len(folded),
        "alert": alert,
        "href": reverse("alert", args=[alert.pk]),
        "badge": level_badge(alert.level),
        "beneath": [(entry, saying.sentence(entry, points)) for entry in folded[:BENEATH]],
    }


def table_of(request: Request) -> Table:
    """The list as its address asks for it."""
    wanted = Wanted.of(request.GET, request.district)
    may = bool(bureau(request.docket))
    return Table(
        "alerts",
        [
            Column("level", _("Level"), render=lambda row: level_badge(row["alert"].level)),
            Column("says", _("What is wrong"), render=_sentence, sortable=False),
            Column("place", _("Place"), shown=False),
            Column("district", _("District"), wide=True),
            Column("network", _("Network"), shown=False, sortable=False),
            Column("opened", _("Standing since"), kind="age"),
            Column("changed", _("Changed"), kind="age", shown=False),
            Column("state", _("State"), render=lambda row: state_badge(row["alert"]), sortable=False),
            Column("rule", _("Rule"), shown=False),
            Column("acknowledged", _("Acknowledged at"), kind="time", shown=False, sortable=False),
            Column("by", _("Acknowledged by"), shown=False, sortable=False),
            Column("cleared", _("Cleared at"), kind="time", shown=False),
            Column("evaluations", _("Evaluations"), kind="number", decimals=0, shown=False),
            Column("reason", _("Reason"), shown=False, sortable=False),
            Column("number", _("Number"), kind="number", decimals=0, shown=False),
        ],
        (),
        request.GET,
        filters=_filters(request),
        sort="-level",
        searched=True,
        caption=_("Alerts"),
        source=Alerts(request.docket, request.monitoring, wanted),
        picked=reverse("alerts-together") if may else "",
        empty=_("No rule finds anything out of order."),
    )


def _filters(request: Request) -> list[Filter]:
    visible = request.docket.alerts()
    present = list(visible.filter(state__in=STANDING).order_by().values_list("rule", "network").distinct())
    names = sorted({rule for rule, _network in present})
    codes = sorted({network for _rule, network in present if network in networks()})
    return [
        Filter("level", _("All levels"), [(str(value), str(label)) for value, label in reversed(Level.choices)]),
        Filter("rule", _("All rules"), sorted(((name, saying.title_of(name)) for name in names), key=lambda pair: pair[1])),
        Filter("network", _("All networks"), [(code, numbers.named(networks()[code])) for code in codes]),
        Filter(
            "state",
            _("Not over yet"),
            [*((str(value), str(label)) for value, label in AlertState.choices), ("all", _("In every state"))],
        ),
        Filter(
            "noted",
            _("Acknowledged or not"),
            [("no", _("Nobody has acknowledged")), ("yes", _("Acknowledged")), ("suppressed", _("Suppressed"))],
        ),
        Filter("folded", _("Folded under their cause"), [("1", _("Each by itself"))], more=True),
    ]


def _sentence(row: Row) -> SafeString:
    alert, under = row["alert"], row["beneath"]
    link = format_html('<a href="{}"><b>{}</b></a>', reverse("alert", args=[alert.pk]), row["rule"])
    text = format_html('{}<span class="says">{}</span>', link, row["says"])
    if not under:
        return format_html('<div class="sentence">{}</div>', text)
    count = row["folded"]
    title = ngettext("%(n)s more of the same cause", "%(n)s more of the same cause", count) % {"n": count}
    items = format_html_join(
        "",
        '<li><a href="{}">{}</a> <span class="unit">{}</span></li>',
        ((reverse("alert", args=[entry.pk]), sentence, said(_levels(), str(entry.level))) for entry, sentence in under),
    )
    more = (
        format_html('<li><a href="{}">{}</a></li>', reverse("alert", args=[alert.pk]) + "#related", _("All of them"))
        if count > len(under)
        else ""
    )
    return format_html(
        '<div class="sentence">{}<details data-keep><summary>{}</summary><ul>{}{}</ul></details></div>', text, title, items, more
    )


def _levels() -> dict[str, Any]:
    return {str(value): label for value, label in Level.choices}
