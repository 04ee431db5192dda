"""What each district must do for a target of the city: its share, its value, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.people.roles import Capability
from bilan.plans.models import Target
from bilan.plans.planbook import Planbook
from bilan.web import site
from bilan.web.areas.scorecard import deciding, words
from bilan.web.areas.scorecard.spark import spark
from bilan.web.areas.scorecard.standing import Line, lines, missing
from bilan.web.components import numbers
from bilan.web.components.table import Column, Row, Table
from bilan.web.registry import Request

Detail = Mapping[str, Any]


def table_of(request: Request, line: Line, detail: Detail) -> Table | None:
    """The districts within reach; None when the target is a district's own or nothing is known of any.

    Parameters:
        detail: what the newest odds of the city's target keep: what each district weighs, and how it stands against its share.
    """
    if line.target.district:
        return None
    rows = _rows(request.planbook, line, detail)
    if not rows:
        return None
    unit = line.spec.unit if line.spec else ""
    decimals = line.spec.decimals if line.spec else None
    columns = [
        Column("name", _("District"), href=lambda row: row["href"]),
        Column("place", _("Rank"), kind="number"),
        Column("value", _("Value"), kind="number", unit=unit, decimals=decimals),
        Column("part", _("Share of the city's"), kind="share", render=lambda row: _percent(row["part"])),
        Column("alone", _("Must cut if alone"), kind="share", render=_alone),
        Column("aim", _("Its target"), kind="number", unit=unit, decimals=decimals),
        Column("gap", _("Still missing"), kind="number", unit=unit, decimals=decimals, render=lambda row: _gap(row, decimals)),
        Column("odds", _("Odds"), kind="share", render=_odds),
        Column("standing", _("How it stands"), render=_standing, sortable=False),
        Column("must", _("What must come"), sortable=False),
    ]
    # What nothing is known of would be an empty column: no shares are set, or no days decide.
    shown = [column for column in columns if column.name in {"name", "value"} or any(row[column.name] not in (None, "") for row in rows)]
    return Table("districts", shown, rows, request.GET, sort="place", caption=_("What each district must do"))


def _rows(book: Planbook, line: Line, detail: Detail) -> list[dict[str, Any]]:
    target = line.target
    own = book.targets().filter(indicator=target.indicator, year=target.year).exclude(district="")
    standing = {entry.target.district: entry for entry in lines(book, own)}
    keys = [entry.newest for entry in standing.values() if entry.newest]
    newest = {entry.target_id: entry.detail for entry in book.odds().filter(pk__in=keys)}
    year = str(timezone.localdate().year)
    kept = book.values().filter(indicator=target.indicator, latest=True, period=year).exclude(district="")
    values = {entry.district: entry.value for entry in kept.order_by("computed")}
    weighs = {entry["district"]: entry for entry in (detail.get("deciding") or {}).get("districts") or ()}
    shares = {entry["district"]: entry for entry in detail.get("districts") or ()}
    known = standing.keys() | values.keys() | weighs.keys() | target.shares.keys()
    rows = []
    for area in site.districts():
        code = area.adcode
        if code not in known or not book.can(Capability.SEE, code):
            continue
        if entry := standing.get(code):
            said = _own(entry, newest.get(entry.target.pk, {}), line)
        else:
            said = _shared(target, values.get(code), shares.get(code, {}), line)
        rows.append({"code": code, "name": numbers.named(area), **said, **_weighing(weighs.get(code))})
    return _placed(rows, up=target.comparator not in {"<=", "<"})


def _own(entry: Line, detail: Detail, line: Line) -> dict[str, Any]:
    """A district that has a target of its own."""
    return {
        "href": reverse("target", args=[entry.target.code]),
        "value": entry.value,
        "aim": entry.target.value,
        "gap": entry.gap,
        "odds": entry.probability,
        "must": _must(detail, line),
        "mark": entry.mark,
        "standing": entry.mark.text,
        "history": entry.history,
    }


def _shared(target: Target, value: float | None, share: Detail, line: Line) -> dict[str, Any]:
    """A district that has a share of the city's target, or none at all."""
    aim = target.shares.get(str(share.get("district", "")))
    gap = share.get("gap", missing(target, value, aim) if aim is not None else None)
    mark = words.mark_of(share.get("probability"), gap) if aim is not None else None
    return {
        "href": "",
        "value": value if value is not None else share.get("value"),
        "aim": aim,
        "gap": gap,
        "odds": share.get("probability"),
        "must": _must(share, line) if share else "",
        "mark": mark,
        "standing": mark.text if mark else "",
        "history": (),
    }


def _must(detail: Detail, line: Line) -> str:
    kind = str(line.spec.odds.get("kind", "")) if line.spec else ""
    return ("; " if numbers.language() == "en" else "；").join(deciding.rest(kind, detail, line.spec))


def _weighing(row: Detail | None) -> dict[str, Any]:
    """What a district is of the city's number, and what it would have to do if no other did anything."""
    if row is None:
        return {"part": None, "alone": None, "enough": False}
    alone = row.get("alone")
    return {"part": row.get("part"), "alone": alone if alone is not None else 2.0, "enough": alone is not None}


def _placed(rows: list[dict[str, Any]], *, up: bool) -> list[dict[str, Any]]:
    """The districts with their rank, 1 the best; those without a value have none."""
    values = sorted((row["value"] for row in rows if row["value"] is not None), reverse=up)
    return [{**row, "place": None if row["value"] is None else values.index(row["value"]) + 1} for row in rows]


def _percent(share: float | None) -> str:
    return numbers.NOTHING if share is None else f"{round(100 * share)} %"


def _alone(row: Row) -> str | SafeString:
    if row["alone"] is None:
        return numbers.NOTHING
    if not row["enough"]:
        return format_html('<span class="quiet">{}</span>', _("not enough"))
    return f"{round(100 * row['alone'])} %" if row["alone"] else _("nothing")


def _standing(row: Row) -> SafeString:
    if row["mark"] is None:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    return format_html('<span class="status status-{}">{}</span>', row["mark"].tone, row["mark"].text)


def _gap(row: Row, decimals: int | None) -> SafeString:
    gap = row["gap"]
    shown = numbers.digits(gap, decimals)
    if gap is None or gap <= 0 or not float(shown.replace(",", "")):
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING if gap is None else _("none"))
    return format_html('<span class="short">{}</span>', shown)


def _odds(row: Row) -> SafeString:
    if row["odds"] is None or row["mark"] is None:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    return format_html('<span class="odds">{}{}</span>', spark(row["history"], row["mark"].tone), words.percent(row["odds"]))
