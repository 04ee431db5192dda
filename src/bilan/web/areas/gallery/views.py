"""The gallery of components."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bilan.telemetry import clock
from bilan.web import site
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

DAYS = 120
ROWS = 73


@page("components", name="components")
def gallery(request: Request) -> HttpResponse:
    """Show every component in every state."""
    now = clock.now(site.city().timezone)
    first = date(2026, 1, 1)
    days = [{"date": first + timedelta(days=at), "grade": (at * at) % 7 or None, "text": f"AQI {30 + at}"} for at in range(DAYS)]
    rows = [
        {"name": f"P{at:02}", "value": at * 1.37, "time": now - at * 1000, "level": at % 6 + 1, "class": at % 6 + 1, "share": at / ROWS}
        for at in range(ROWS)
    ]
    table = Table(
        id="gallery",
        caption=_("Table"),
        columns=[
            Column("name", _("Name")),
            Column("value", "PM2.5", kind="number", unit="µg/m³", decimals=0),
            Column("level", "AQI", kind="aqi"),
            Column("class", _("Level"), kind="water"),
            Column("share", "%", kind="share", wide=True),
            Column("time", _("Updated"), kind="age"),
        ],
        rows=rows,
        query=request.GET,
        search=("name",),
        filters=[Filter("level", _("Level"), [(str(grade), str(grade)) for grade in range(1, 7)])],
        size=10,
    )
    events = [
        {"when": "08:00", "title": "AQI 156", "text": "PM2.5", "tone": "bad"},
        {"when": "07:00", "title": "AQI 98", "text": "", "tone": "quiet"},
    ]
    return show(request, "gallery/gallery.html", days=days, table=table, events=events)


@page("components/chart.json", name="components-chart")
def chart_data(request: Request) -> HttpResponse:
    """Invented data in the shape that charts take; empty or failing when asked."""
    if request.GET.get("state") == "error":
        return JsonResponse({"code": "", "message": _("This cannot be done")}, status=400)
    empty = request.GET.get("state") == "empty"
    times = [] if empty else [f"2026-03-{1 + at // 24:02}T{at % 24:02}:00" for at in range(24 * 7)]
    series = [
        {"name": name, "unit": unit, "data": [[time, round(base + (at * step) % 37, 1), 0, None, None] for at, time in enumerate(times)]}
        for name, unit, base, step in (("PM2.5", "µg/m³", 20, 1.1), ("O₃", "µg/m³", 60, 2.3))
    ]
    return JsonResponse({"series": series, "limits": [{"value": 75, "name": "75"}]})
