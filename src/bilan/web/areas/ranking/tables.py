"""The rankings as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.areas.ranking import air
from bilan.web.areas.ranking.periods import Period
from bilan.web.components import numbers
from bilan.web.components.pollutants import primary, signed
from bilan.web.components.table import Column, Table

Row = dict[str, Any]
LARGEST = 200


def air_table(rows: Sequence[Row], points: Mapping[str, Point], period: Period, by: air.Measure, query: QueryDict) -> Table:
    """Districts (without `points`) or stations in the order of their air."""
    shown = [_named(row, points.get(row["point"])) for row in rows]
    about: list[Column] = [Column("name", _("Station") if points else _("District"), href=lambda row: row["href"])]
    if points:
        about += [Column("district_name", _("District"), wide=True), Column("kind", _("Kind"), wide=True)]
    columns = [
        *about,
        Column("rank", _("Rank"), kind="number", decimals=0),
        *(_measure_column(entry) for entry in air.measures(period.kind) if entry.name in {by.name, "aqi", "composite", "ratio"}),
        *(
            [Column("level", _("Level"), kind="aqi")]
            if period.kind == "day"
            else [Column("good", _("Good days"), kind="number", decimals=0)]
        ),
        Column("primary_name", _("Primary pollutant"), wide=True),
        Column("before", _("A year before"), kind="number", decimals=by.decimals),
        Column("change", _("Year on year"), kind="number", unit="%", decimals=1, render=lambda row: _change(row["change"], by.descending)),
        *(_measure_column(entry) for entry in air.CONCENTRATIONS if entry.name != by.name),
        *([] if period.kind == "day" else [Column("days", _("Valid days"), kind="number", decimals=0, wide=True)]),
    ]
    return _table("stations" if points else "districts", columns, shown, period, query, _("Air ranking"))


def sections_table(rows: Sequence[Row], points: Mapping[str, Point], period: Period, query: QueryDict) -> Table:
    """Sections in the order of their water quality index."""
    shown = [{**_named(row, points[row["point"]]), "attained_name": _attained(row["attained"]), "main": row["main"] or ""} for row in rows]
    columns = [
        Column("name", _("Section"), href=lambda row: row["href"]),
        Column("district_name", _("District"), wide=True),
        Column("rank", _("Rank"), kind="number", decimals=0),
        Column("cwqi", _("Water quality index"), kind="number", decimals=4),
        Column("grade", _("Class"), kind="water"),
        Column("target_class", _("Target"), kind="water"),
        Column("attained_name", _("On target"), render=lambda row: _status(row["attained"], row["attained_name"])),
        Column("main", _("Main pollutants"), wide=True),
        Column("grade_before", _("Class a year before"), kind="water"),
        Column(
            "change", _("Year on year"), kind="number", unit="%", decimals=1, render=lambda row: _change(row["change"], better_up=False)
        ),
    ]
    return _table("sections", columns, shown, period, query, _("Ranking of sections"))


def waters_table(rows: Sequence[Row], period: Period, query: QueryDict) -> Table:
    """Districts in the order of their water quality index."""
    shown = [
        {**row, "name": site.district_name(row["district"], numbers.language()), "href": f"?of=sections&district={row['district']}"}
        for row in rows
    ]
    columns = [
        Column("name", _("District"), href=lambda row: row["href"]),
        Column("rank", _("Rank"), kind="number", decimals=0),
        Column("cwqi", _("Water quality index"), kind="number", decimals=4),
        Column("sections", _("Monitored sections"), kind="number", decimals=0),
        Column("share_good", _("Class I–III"), kind="share"),
        Column("share_attained", _("Sections on target"), kind="share"),
        Column("cwqi_before", _("A year before"), kind="number", decimals=4),
        Column(
            "change", _("Year on year"), kind="number", unit="%", decimals=1, render=lambda row: _change(row["change"], better_up=False)
        ),
    ]
    return _table("waters", columns, shown, period, query, _("Ranking of districts by water"))


def _table(name: str, columns: Sequence[Column], rows: Sequence[Row], period: Period, query: QueryDict, caption: str) -> Table:
    return Table(
        id=f"ranking-{name}-{period.at}",
        caption=caption,
        columns=columns,
        rows=rows,
        query=query,
        search=("name", "district_name") if name in {"stations", "sections"} else (),
        sort="rank",
        size=LARGEST,
        empty=_("Nothing was evaluated in this period."),
    )


def _named(row: Row, point: Point | None) -> Row:
    """A row with the name of its station or area, and the address of it."""
    shown = {**row, "primary_name": primary(row.get("primary") or "")}
    if point is None:
        name = numbers.named(site.city()) if row["point"] == site.city().adcode else site.district_name(row["point"], numbers.language())
        return {
            **shown,
            "name": name,
            "href": f"?of=stations&district={row['point']}" if row["point"] != site.city().adcode else "?of=stations",
        }
    return {
        **shown,
        "name": numbers.named(point),
        "href": reverse("point", args=[point.code]),
        "district_name": site.district_name(point.district, numbers.language()) if point.district else "",
        "kind": air.kind_name(str(point.attributes.get("kind", ""))),
    }


def _measure_column(entry: air.Measure) -> Column:
    return Column(entry.name, str(entry.title), kind="number", unit=entry.unit, decimals=entry.decimals)


def _attained(attained: bool | None) -> str:
    return "" if attained is None else (_("yes") if attained else _("no"))


def _status(attained: bool | None, text: str) -> SafeString | str:
    if attained is None:
        return numbers.NOTHING
    return format_html('<span class="status status-{}">{}</span>', "ok" if attained else "bad", text)


def _change(change: float | None, better_up: bool) -> SafeString | str:
    """A change with its sign and whether it is for the better, in words too."""
    if change is None:
        return numbers.NOTHING
    if not change:
        return "±0"
    better = (change > 0) == better_up
    return format_html(
        '<span class="{}">{} <span class="hidden">{}</span></span>',
        "better" if better else "worse",
        signed(change, 1),
        _("better") if better else _("worse"),
    )
