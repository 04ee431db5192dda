"""What each district must do for a target of the city: its share, its value, what is missing."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.people.roles import Capability
from bilan.plans.planbook import Planbook
from bilan.web import site
from bilan.web.areas.scorecard import deciding, words
from bilan.web.areas.scorecard.spark import spark
from bilan.web.areas.scorecard.standing import Line, lines, missing
from bilan.web.components import numbers
from bilan.web.components.table import Column, Row, Table
from bilan.web.registry import Request


def table_of(request: Request, line: Line) -> Table | None:
    """The districts within reach; None when the target is a district's own or nothing is known of any."""
    if line.target.district:
        return None
    rows = _rows(request.planbook, line)
    if not rows:
        return None
    unit = line.spec.unit if line.spec else ""
    decimals = line.spec.decimals if line.spec else None
    return Table(
        "districts",
        [
            Column("name", _("District"), href=lambda row: row["href"]),
            Column("rank", _("How it stands"), render=_standing),
            Column("value", _("Value"), kind="number", unit=unit, decimals=decimals),
            Column("aim", _("Target"), kind="number", unit=unit, decimals=decimals),
            Column("gap", _("Still missing"), kind="number", unit=unit, decimals=decimals, render=lambda row: _gap(row, decimals)),
            Column("odds", _("Odds"), kind="share", render=_odds),
            Column("must", _("What must come"), sortable=False),
        ],
        rows,
        request.GET,
        sort="rank",
        caption=_("What each district must do"),
    )


def _rows(book: Planbook, line: Line) -> list[dict[str, Any]]:
    target = line.target
    own = book.targets().filter(indicator=target.indicator, year=target.year).exclude(district="")
    standing = {entry.target.district: entry for entry in lines(book, own)}
    keys = [entry.newest for entry in standing.values() if entry.newest]
    newest = {entry.target_id: entry.detail for entry in book.odds().filter(pk__in=keys)}
    year = str(timezone.localdate().year)
    kept = book.values().filter(indicator=target.indicator, latest=True, period=year).exclude(district="")
    values = {entry.district: entry.value for entry in kept.order_by("computed")}
    kind = str(line.spec.odds.get("kind", "")) if line.spec else ""
    rows = []
    for area in site.districts():
        code = area.adcode
        if not book.can(Capability.SEE, code) or not (code in standing or code in values or code in target.shares):
            continue
        entry = standing.get(code)
        value = entry.value if entry else values.get(code)
        aim = entry.target.value if entry else target.shares.get(code)
        gap = entry.gap if entry else missing(target, value, aim) if aim is not None else None
        mark = entry.mark if entry else words.mark_of(None, gap, aim is not None)
        must = deciding.rest(kind, newest.get(entry.target.pk, {}), line.spec) if entry else []
        rows.append(
            {
                "code": code,
                "name": numbers.named(area),
                "href": reverse("target", args=[entry.target.code]) if entry else "",
                "standing": mark.text,
                "value": value,
                "aim": aim,
                "gap": gap,
                "odds": entry.probability if entry else None,
                "must": ("; " if numbers.language() == "en" else "；").join(must),
                "mark": mark,
                "rank": mark.rank + (entry.probability or 0.0 if entry else 0.0) / 10,
                "history": entry.history if entry else (),
            }
        )
    return rows


def _standing(row: Row) -> SafeString:
    return format_html('<span class="status status-{}">{}</span>', row["mark"].tone, row["mark"].text)


def _gap(row: Row, decimals: int | None) -> SafeString:
    gap = row["gap"]
    shown = numbers.digits(gap, decimals)
    if gap is None or gap <= 0 or not float(shown.replace(",", "")):
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING if gap is None else _("none"))
    return format_html('<span class="short">{}</span>', shown)


def _odds(row: Row) -> SafeString:
    if row["odds"] is None:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    return format_html('<span class="odds">{}{}</span>', spark(row["history"], row["mark"].tone), words.percent(row["odds"]))
