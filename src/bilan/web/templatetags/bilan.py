"""Template tags and filters: every page has them without loading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bilan.pack.vocab import networks
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.components import levels as official
from bilan.web.components import numbers
from bilan.web.components.table import Table

register = template.Library()
register.filter("named", numbers.named)
register.filter("labelled", numbers.labelled)
register.filter("unit", numbers.unit)
register.filter("digits", numbers.digits)
register.filter("wall", numbers.wall)


@register.filter
def ago(stamp: int | str | None) -> str:
    """How long ago a moment of the wall clock was."""
    return numbers.age(None if stamp is None or stamp == "" else max(0, clock.now(site.city().timezone) - int(stamp)))


@register.filter
def get(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """The entry of a mapping under a key that is itself a variable."""
    return (mapping or {}).get(key)


@register.filter
def district_name(adcode: str) -> str:
    """Name of a district."""
    return site.district_name(adcode, numbers.language())


@register.filter
def network_name(code: str) -> str:
    """Name of a network."""
    return numbers.named(networks()[code]) if code in networks() else code


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon that is hidden from screen readers: text stands beside it, or a label on the button around it."""
    return _icon(name)


@register.simple_tag
def badge(kind: str, grade: Any, text: str = "") -> SafeString:
    """An official level or class: its colour as a swatch, its name as text. `kind` is ``aqi`` or ``water``."""
    return level_badge(kind, grade, text)


@register.simple_tag
def status(tone: str, text: str) -> SafeString:
    """A state of ours: `tone` is ``ok``, ``risk``, ``bad``, ``info`` or ``quiet``; never only a colour, always the text too."""
    return format_html('<span class="status status-{}">{}</span>', tone, text)


@register.simple_tag
def value(number: Any, decimals: int | None = None, unit: str = "", live: str = "") -> SafeString:
    """A number with its unit in grey; `live` is the key under which it is kept up to date (see `live.mjs`)."""
    key = format_html(' data-live="{}" data-decimals="{}"', live, "" if decimals is None else decimals) if live else ""
    shown = format_html('<span class="number"{}>{}</span>', key, numbers.digits(number, decimals))
    printed = numbers.unit(unit)
    return format_html('<span class="value">{}<span class="unit">{}</span></span>', shown, printed) if printed else shown


@register.simple_block_tag
def card(content: str, title: str = "", span: int = 12, href: str = "", more: str = "", id: str = "") -> SafeString:
    """A white card `span` twelfths wide, with a title and one link for more."""
    return _card(content, title=title, span=span, href=href, more=more, id=id)


@register.inclusion_tag("components/kpi.html")
def kpi(
    label: str,
    number: Any,
    *,
    decimals: int | None = None,
    unit: str = "",
    note: str = "",
    href: str = "",
    more: str = "",
    tone: str = "",
    verdict: str = "",
    share: float | None = None,
    target: float | None = None,
    span: int = 3,
    live: str = "",
) -> dict[str, Any]:
    """The number a page is about, with its unit, verdict, note, and a bar of `share` with a tick at `target` (both 0…100)."""
    return {**locals(), "text": number if isinstance(number, str) else numbers.digits(number, decimals), "printed": numbers.unit(unit)}


@register.inclusion_tag("components/table.html", takes_context=True)
def table(context: Context, table: Table) -> dict[str, Any]:
    """A table with filter, sort, pages, choice of columns and export, all of it in the address."""
    return {"table": table, "request": context["request"]}


@register.inclusion_tag("components/chart.html")
def chart(
    src: str, *, title: str, kind: str = "line", height: int = 280, unit: str = "", limits: str = "", empty: str = "", id: str = ""
) -> dict[str, Any]:
    """A chart that loads its data from `src`, with its own states, its data as a table, and export as picture or CSV."""
    return locals()


@register.inclusion_tag("components/map.html", takes_context=True)
def map(
    context: Context, src: str, *, title: str, height: str = "", popup: str = "", id: str = "map", cluster: bool = True
) -> dict[str, Any]:
    """A map of the points that `src` gives as GeoJSON, over the outlines of the districts."""
    return {**locals(), "attribution": site.city().attribution, "demo": site.city().demo}


@register.inclusion_tag("components/calendar.html")
def calendar(days: Sequence[Mapping[str, Any]], *, kind: str = "aqi", title: str = "", href: str = "") -> dict[str, Any]:
    """A calendar of days, each with ``date`` (a date), ``grade`` and ``text``; weeks run downwards, months from left to right."""
    return {"weeks": _weeks(days, kind, href), "title": title, "kind": kind, "legend": _legend(kind)}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Events, newest first, each with ``when`` (text), ``title``, ``text`` and a ``tone``."""
    return {"events": events}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", href: str = "", action: str = "", symbol: str = "inbox") -> dict[str, Any]:
    """Nothing to show: why, and what to do about it."""
    return locals()


@register.inclusion_tag("components/field.html")
def field(field: Any) -> dict[str, Any]:
    """A form field with its label, its help and its errors."""
    return {"field": field}


@register.inclusion_tag("components/legend.html")
def legend(kind: str) -> dict[str, Any]:
    """The official levels with their colours."""
    return {"levels": _legend(kind)}


def level_badge(kind: str, grade: Any, text: str = "") -> SafeString:
    """An official level or class as a small mark: swatch and text."""
    found = official.level(kind, grade)
    if found is None:
        return format_html('<span class="badge badge-none">{}</span>', text or numbers.NOTHING)
    return format_html(
        '<span class="badge"><i class="swatch" style="background:{}"></i>{}</span>', found.fill, text or found.label(numbers.language())
    )


def _card(content: str, **values: Any) -> SafeString:
    return mark_safe(render_to_string("components/card.html", {"content": content, **values}))


def _legend(kind: str) -> list[dict[str, str]]:
    return [
        {"fill": entry.fill, "label": entry.label(numbers.language())}
        for (of_kind, _), entry in official.levels().items()
        if of_kind == kind
    ]


def _weeks(days: Sequence[Mapping[str, Any]], kind: str, href: str) -> list[list[dict[str, Any] | None]]:
    """Columns of seven cells, Monday first; empty cells before the first day."""
    cells: list[dict[str, Any] | None] = [None] * (days[0]["date"].weekday() if days else 0)
    for day in days:
        found = official.level(kind, day.get("grade"))
        cells.append({**day, "fill": found.fill if found else "", "href": href.replace("DATE", f"{day['date']:%Y-%m-%d}")})
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


@cache
def _icon(name: str) -> SafeString:
    path = settings.HERE / "static" / "vendor" / "icons" / f"{name}.svg"
    if not path.is_file():
        return SafeString("")
    drawing = path.read_text(encoding="utf-8").partition(">")[2].replace("</svg>", "").replace("\n", "")
    return mark_safe(
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        f'stroke-linejoin="round" aria-hidden="true">{drawing}</svg>'
    )
