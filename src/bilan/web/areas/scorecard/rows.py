"""The targets of the scorecard as a table: filtered, sorted, taken away as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.plans.models import Nature
from bilan.web import site
from bilan.web.areas.scorecard import words
from bilan.web.areas.scorecard.frame import link, plan_title
from bilan.web.areas.scorecard.spark import spark
from bilan.web.areas.scorecard.standing import Line
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.registry import Request

PER_PAGE = 100


def row(line: Line, place: str, districts: dict[str, Any] | None, today: date) -> dict[str, Any]:
    """One target as plain values, and what its cells and filters are made of under names that no column has.

    Parameters:
        place: whose targets are shown, as the address says it.
        districts: how the districts' own targets stand: ``total`` and the ``risky`` ones.
    """
    target, spec = line.target, line.spec
    decimals = spec.decimals if spec else None
    due = line.due(today)
    commitment = target.commitment
    return {
        "code": target.code,
        "standing": line.mark.text,
        "order": line.order[0] + min(line.order[1], 1.0) / 10,
        "title": line.title,
        "sentence": commitment.sentence if commitment else "",
        "where": site.district_name(target.district, numbers.language()) if target.district else _("Whole city"),
        "domain": words.field(spec.field if spec else ""),
        "owner": target.owner,
        "binding": str(Nature(target.nature).label) if target.nature else "",
        "value": None if line.value is None else round(line.value, 6),
        "aim": words.aim(target.comparator, target.value, target.upper, decimals, target.wording),
        "gap": None if line.gap is None else round(line.gap, 6),
        "unit": spec.unit if spec else "",
        "odds": None if line.probability is None else round(line.probability, 4),
        "due": due[0] if due else None,
        "asked": due[1] if due else None,
        "districts": f"{districts['total'] - len(districts['risky'])}/{districts['total']}" if districts else "",
        "document": plan_title(target.plan) if target.plan else "",
        "line": line,
        "decimals": decimals,
        "below": districts,
        "place": place,
        "field": spec.field if spec else "",
        "nature": target.nature,
        "plan": target.plan.code if target.plan else "",
    }


def table_of(request: Request, rows: Sequence[dict[str, Any]], known: Sequence[Line], places: list[tuple[str, str]]) -> Table:
    """The table as its address asks for it."""
    return Table(
        "scorecard",
        [
            Column("order", _("How it stands"), render=_standing),
            Column("title", _("Promise"), render=_promise),
            Column("value", _("Value"), kind="number", render=_value),
            Column("aim", _("Target"), sortable=False, render=_aim),
            Column("gap", _("Still missing"), kind="number", render=_gap),
            Column("odds", _("Odds"), kind="share", render=_odds),
            Column("due", _("Next deadline"), render=_due),
            Column("districts", _("Districts"), render=_below, sortable=False),
            Column("owner", _("Who answers for it")),
            Column("where", _("Place"), shown=False),
            Column("domain", _("Field of work"), shown=False),
            Column("binding", _("Nature"), shown=False),
            Column("document", _("Plan"), shown=False),
            Column("sentence", _("Sentence of the plan"), shown=False, sortable=False),
            Column("standing", _("In words"), shown=False, sortable=False),
            Column("unit", _("Unit"), shown=False, sortable=False),
            Column("code", _("Code"), shown=False),
        ],
        rows,
        request.GET,
        search=("title", "sentence", "owner", "code"),
        filters=_filters(known, places),
        sort="order",
        size=PER_PAGE,
        caption=_("Targets"),
        empty=_("Confirm commitments of a plan and link them to indicators: they appear here."),
    )


def _filters(known: Sequence[Line], places: list[tuple[str, str]]) -> list[Filter]:
    fields = sorted({line.spec.field if line.spec else "" for line in known} - {""}, key=list(words.FIELDS).index)
    owners = sorted({line.target.owner for line in known} - {""})
    natures = [(str(value), str(label)) for value, label in Nature.choices if value and any(line.target.nature == value for line in known)]
    plans = sorted({(line.target.plan.code, plan_title(line.target.plan)) for line in known if line.target.plan})
    found = [
        Filter("field", _("All fields"), [(code, words.field(code)) for code in fields]),
        Filter("owner", _("Whoever answers"), [(owner, owner) for owner in owners]),
        Filter("nature", _("Of any nature"), natures),
        Filter("place", _("Targets of the city"), places),
    ]
    return [*found, Filter("plan", _("All plans"), plans)] if len(plans) > 1 else found


def _standing(row: Row) -> SafeString:
    mark = row["line"].mark
    return format_html('<span class="status status-{}">{}</span>', mark.tone, mark.text)


def _promise(row: Row) -> SafeString:
    target = row["line"].target
    place = format_html(' <span class="unit">{}</span>', row["where"]) if target.district else ""
    nature = format_html(' <span class="unit">{}</span>', row["binding"]) if row["binding"] else ""
    head = format_html('<a href="{}"><b>{}</b></a>{}{}', reverse("target", args=[target.code]), row["title"], place, nature)
    if not row["sentence"]:
        return format_html('<div class="promise">{}</div>', head)
    commitment = target.commitment
    address = link("commitment", commitment.plan.code, commitment.number)
    quoted = format_html('<a class="quote" href="{}" title="{}">{}</a>', address, row["sentence"], row["sentence"])
    if not address:
        quoted = format_html('<span class="quote" title="{}">{}</span>', row["sentence"], row["sentence"])
    return format_html('<div class="promise">{}{}</div>', head, quoted)


def _value(row: Row) -> SafeString:
    if row["value"] is None:
        reason = words.why(row["line"].why)
        return format_html('<span class="quiet" title="{}">{}</span>', reason, numbers.NOTHING)
    unit = numbers.unit(row["unit"])
    return format_html('<b>{}</b> <span class="unit">{}</span>', numbers.digits(row["value"], row["decimals"]), unit)


def _aim(row: Row) -> SafeString:
    target = row["line"].target
    year = format_html(' <span class="unit">{}</span>', target.year)
    return format_html('<span class="aim">{}</span>{}', row["aim"], year)


def _gap(row: Row) -> SafeString:
    gap = row["gap"]
    if gap is None:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    shown = numbers.digits(abs(gap), row["decimals"])
    if gap > 0:
        return format_html('<span class="short">{}</span>', shown)
    return format_html(
        '<span class="quiet">{}</span>', _("ahead by %(n)s") % {"n": shown} if float(shown.replace(",", "")) else _("just met")
    )


def _odds(row: Row) -> SafeString:
    line = row["line"]
    if line.probability is None:
        return format_html('<span class="quiet" title="{}">{}</span>', words.why(line.why), numbers.NOTHING)
    return format_html('<span class="odds">{}{}</span>', spark(line.history, line.mark.tone), words.percent(line.probability))


def _due(row: Row) -> SafeString:
    if row["due"] is None:
        return format_html('<span class="quiet">{}</span>', _("passed"))
    asked = "" if row["asked"] is None else words.plain(row["asked"], row["decimals"])
    return format_html('{} <span class="unit">{}</span>', _("end of %(year)s") % {"year": row["due"]}, asked)


def _below(row: Row) -> SafeString:
    below = row["below"]
    if not below:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    risky = sorted(below["risky"])
    if not risky:
        return format_html('<span class="unit">{}</span>', _("all %(n)s well") % {"n": below["total"]})
    named = ((reverse("target", args=[code]), site.district_name(district, numbers.language())) for _odds, code, district in risky[:1])
    names = format_html_join(", ", '<a href="{}">{}</a>', named)
    more = ngettext(" and %(n)s more", " and %(n)s more", len(risky) - 1) % {"n": len(risky) - 1} if len(risky) > 1 else ""
    return format_html('<span class="short">{}/{}</span> <span class="below">{}{}</span>', len(risky), below["total"], names, more)
