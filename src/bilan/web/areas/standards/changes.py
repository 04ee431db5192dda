"""What a new edition changes: limit by limit, and for the city's own days."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bilan.science import air, catalogue
from bilan.science.catalogue import Edition, TableInfo
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.standards.columns import heading, titled, worded
from bilan.web.areas.standards.tabs import tabs, title_of
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page
from bilan.web.remember import Remembered

USUAL = ("air_limits", "GB 3095/2012+A1:2018/single", "GB 3095/2026/transition")
DAY_VALUES = ("so2", "no2", "co", "pm10", "pm25", "o3_8h")
YEARS = 3
"""Years whose days are judged by every edition."""
LEAST = 14
"""Days a year must have to be shown."""
SECONDS = 900.0

_effects: Remembered[dict[str, list[dict[str, Any]]]] = Remembered(SECONDS)


@page("standards/changes", name="standard-changes", section="ranking")
def changes(request: Request) -> HttpResponse:
    """Two editions side by side, and what the edition of 2026 does to the city's own years."""
    pairs = [entry for entry in catalogue.tables() if newest_pair(entry.name)]
    entry = next((known for known in pairs if known.name == request.GET.get("of", USUAL[0])), pairs[0])
    before, after = _chosen(request, entry)
    found = catalogue.compare(entry.name, before, after)
    if not request.GET.get("all"):
        found = found.filter(pl.col("change") != "same")
    effect = _effect(request) if entry.medium == "air" else {}
    return show(
        request,
        "standards/changes.html",
        tabs=tabs("standard-changes"),
        table=_table(request, entry, found),
        tables=[{"name": known.name, "title": title_of(known), "chosen": known == entry} for known in pairs],
        editions=[{"name": known.name, "title": titled(known.name)} for known in catalogue.editions(entry.name)],
        before=before,
        after=after,
        everything=bool(request.GET.get("all")),
        every=f"?{urlencode({'of': entry.name, 'before': before, 'after': after, 'all': 1})}",
        good=effect.get("good", []),
        limits=_worded(effect.get("limits", [])),
        title=title_of(entry),
        limited=not request.monitoring.scope.whole_city,
    )


def newest_pair(table: str) -> tuple[str, ...]:
    """The newest two editions of one standard in a table; none when it holds no standard twice."""
    found: dict[str, list[Edition]] = {}
    for edition in catalogue.editions(table):
        found.setdefault(edition.standard.partition("-")[0], []).append(edition)
    pairs = [held[-2:] for held in found.values() if len(held) > 1]
    newest = max(pairs, key=lambda pair: pair[1].begins or date.min, default=[])
    return tuple(edition.name for edition in newest)


def _chosen(request: Request, entry: TableInfo) -> tuple[str, str]:
    names = [edition.name for edition in catalogue.editions(entry.name)]
    usual = USUAL[1:] if entry.name == USUAL[0] else newest_pair(entry.name)
    asked = request.GET.get("before", ""), request.GET.get("after", "")
    before, after = (name if name in names else other for name, other in zip(asked, usual, strict=True))
    return before, after


def _table(request: Request, entry: TableInfo, found: pl.DataFrame) -> Table:
    words = {"added": _("New"), "removed": _("Dropped"), "changed": _("Altered"), "same": _("As before")}
    rows: list[Row] = [
        {
            **row,
            **{key: worded(row[key] or "") for key in entry.keys},
            "value": heading(row["column"]),
            "change_words": words[row["change"]],
        }
        for row in found.to_dicts()
    ]
    return Table(
        "standard-changes",
        [
            *(Column(name, heading(name)) for name in entry.keys if name in found.columns),
            Column("value", _("Value")),
            Column("before", _("Older edition")),
            Column("after", _("Newer edition")),
            Column("change_words", _("Change")),
            *(Column(name, heading(name), wide=True) for name in ("clause_before", "clause_after") if name in found.columns),
        ],
        rows,
        request.GET,
        search=tuple(entry.keys),
        filters=(Filter("change", _("Change"), list(words.items())),),
        sort="",
        caption=_("What the new edition changes"),
    )


def _effect(request: Request) -> dict[str, list[dict[str, Any]]]:
    if not request.monitoring.scope.whole_city:
        return {}
    code = site.city().adcode
    now = clock.now(site.city().timezone)
    first = clock.moment(now).replace(year=clock.moment(now).year - YEARS + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    newest = request.monitoring.latest_verdicts("air.day", [code])
    key = (code, *newest.select("start", "computed").rows())
    return _effects.get(key, lambda: _judged(request.monitoring.verdicts("air.day", [code], clock.seconds(first), now)))


def _judged(verdicts: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    days = _days(verdicts)
    years = days.group_by(year=pl.col("day").dt.year()).len().filter(pl.col("len") >= LEAST)["year"].to_list()
    days = days.filter(pl.col("day").dt.year().is_in(years))
    if days.is_empty():
        return {}
    recent = days.filter(pl.col("day").dt.year() >= max(years) - 1)
    return {"good": air.good_days_by_edition(days).to_dicts(), "limits": _limits(air.limits_by_edition(recent))}


def _days(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Daily values out of the verdicts' own record of what they rest on."""
    rows = [
        {"point": row["point"], "day": clock.moment(row["start"]).date(), **{name: detail.get(name) for name in DAY_VALUES}}
        for row in verdicts.filter(pl.col("valid")).iter_rows(named=True)
        for detail in (json.loads(row["detail"] or "{}"),)
    ]
    schema = {"point": pl.String, "day": pl.Date, **dict.fromkeys(DAY_VALUES, pl.Float64)}
    return pl.DataFrame(rows, schema=schema, strict=False)


def _worded(limits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statistics and editions in the reader's language."""
    return [
        {
            **row,
            "statistic": worded(row["statistic"]),
            "editions": [{**cell, "edition": titled(cell["edition"], None)} for cell in row["editions"]],
        }
        for row in limits
    ]


def _limits(found: pl.DataFrame) -> list[dict[str, Any]]:
    """One row a year and statistic that some edition sets otherwise, with a cell an edition."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found.iter_rows(named=True):
        key = (row["year"], row["pollutant"], row["statistic"])
        held = rows.setdefault(key, {name: row[name] for name in ("year", "pollutant", "statistic", "value", "valid")} | {"editions": []})
        held["editions"].append({name: row[name] for name in ("edition", "limit", "attained")})
    return [row for row in rows.values() if len({edition["limit"] for edition in row["editions"]}) > 1]
