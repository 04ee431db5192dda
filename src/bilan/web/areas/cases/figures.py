"""Figures: how many cases there are, how fast they end and how many are late, by district, flow and more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.web import site
from bilan.web.areas.cases import declared, words
from bilan.web.areas.cases.frame import HANDLES, SECTION, SEES, day_of, in_district, tabs
from bilan.web.components import numbers
from bilan.web.components.table import Column, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

KEYS = {
    "district": gettext_lazy("District"),
    "flow": gettext_lazy("Flow"),
    "standing": gettext_lazy("Standing"),
    "state": gettext_lazy("State"),
    "level": gettext_lazy("Level"),
    "owner": gettext_lazy("In charge"),
    "result": gettext_lazy("Result"),
}
"""What figures can be counted by."""
COLUMNS = ("flow", "state", "standing", "level", "district", "owner", "result", "opened", "closed", "due")
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("flow", "state", "standing", "district", "result"), pl.String),
    "level": pl.Int64,
    "owner": pl.Int64,
    **dict.fromkeys(("opened", "closed", "due"), pl.Datetime("us", "UTC")),
}
YEAR = timedelta(days=365)


@page("cases/figures", name="case-figures", section=SECTION, reads=SEES, writes=HANDLES)
def figures(request: Request) -> HttpResponse:
    """Cases opened in a period, counted by one or two of `KEYS`; ``part=months`` gives the chart's months."""
    first, last = _period(request)
    frame = _frame(request, first, last)
    if request.GET.get("part") == "months":
        return JsonResponse(_months(frame, first, last))
    if request.GET.get("export"):
        request.docket.require(Capability.EXPORT)
    by, and_by = _key(request, "by", "district"), _key(request, "and", "flow")
    keys = [by] if and_by in ("", by) else [by, and_by]
    counted = _counted(frame, keys)
    whole = _counted(frame, []).to_dicts()[0]
    whole["percent"] = None if whole["overdue_share"] is None else 100 * whole["overdue_share"]
    return show(
        request,
        "cases/figures.html",
        tabs=tabs(request, "case-figures"),
        table=_table(request, counted, keys),
        whole=whole,
        first=first,
        last=last,
        by=by,
        and_by=and_by,
        keys=KEYS,
        months="?" + urlencode({"from": first.isoformat(), "to": last.isoformat(), "part": "months"}),
    )


def _period(request: Request) -> tuple[date, date]:
    today = timezone.localdate()
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    return (day_of(first, "from") if first else today - YEAR), (day_of(last, "to") if last else today)


def _key(request: Request, name: str, default: str) -> str:
    """What the address counts by.

    Raises:
        BilanError: it is none of `KEYS`.
    """
    wanted = str(request.GET.get(name, default))
    if wanted and wanted not in KEYS:
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": wanted[:40], "allowed": list(KEYS)}))
    return wanted


def _frame(request: Request, first: date, last: date) -> pl.DataFrame:
    """Cases within reach that were opened from the first to the last day, one a row."""
    begin, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1)))
    found = in_district(request, request.docket.cases().filter(opened__gte=begin, opened__lt=end))
    rows = found.order_by().values_list(*COLUMNS)
    return pl.DataFrame(list(rows), schema={name: SCHEMA[name] for name in COLUMNS}, orient="row")


def _counted(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Counts, the median time to the end [days] and the overdue share of open cases, by the keys."""
    now = timezone.now()
    is_open = pl.col("standing").is_in(["running", "suspended"])
    overdue = (pl.col("standing") == "running") & (pl.col("due") < now)
    taken = (pl.col("closed") - pl.col("opened")).dt.total_seconds() / 86_400
    sums = [
        pl.len().alias("all"),
        is_open.sum().alias("open"),
        overdue.fill_null(value=False).sum().alias("overdue"),
        (pl.col("standing") == "closed").sum().alias("closed"),
        (pl.col("standing") == "cancelled").sum().alias("cancelled"),
        taken.filter(pl.col("standing") == "closed").median().alias("days"),
    ]
    found = frame.group_by(keys).agg(sums) if keys else frame.select(sums)
    return found.with_columns(
        pl.when(pl.col("open") > 0).then(pl.col("overdue") / pl.col("open")).alias("overdue_share"),
        pl.when(pl.col("all") > 0).then(pl.col("closed") / pl.col("all")).alias("closed_share"),
    )


def _table(request: Request, counted: pl.DataFrame, keys: list[str]) -> Table:
    names = _names(counted, keys)
    rows: list[Row] = [
        {**row, **{f"{key}_title": names[key].get(row[key], str(row[key] or _("none"))) for key in keys}} for row in counted.to_dicts()
    ]
    return Table(
        "case-figures",
        [
            *(Column(f"{key}_title", str(KEYS[key]), href=_listed(keys) if at == 0 else None) for at, key in enumerate(keys)),
            Column("all", _("Opened"), kind="number", decimals=0),
            Column("open", _("Still open"), kind="number", decimals=0),
            Column("overdue", _("overdue"), kind="number", decimals=0),
            Column("overdue_share", _("Overdue share"), kind="share"),
            Column("closed", words.standing("closed"), kind="number", decimals=0, wide=True),
            Column("closed_share", _("Closed share"), kind="share", wide=True),
            Column("cancelled", words.standing("cancelled"), kind="number", decimals=0, wide=True),
            Column("days", _("Median time to the end"), kind="number", unit=_("days"), decimals=1),
        ],
        rows,
        request.GET,
        search=tuple(f"{key}_title" for key in keys),
        sort="-all",
        caption=_("Figures of cases"),
        empty=_("No case was opened in this period."),
        forms=None if request.docket.can(Capability.EXPORT) else {},
    )


def _names(counted: pl.DataFrame, keys: list[str]) -> dict[str, dict[Any, str]]:
    """What the values of the keys are called."""
    found: dict[str, dict[Any, str]] = {}
    for key in keys:
        values = counted[key].unique().to_list()
        if key == "owner":
            found[key] = {person.pk: str(person) for person in Person.objects.filter(pk__in=[value for value in values if value])}
        else:
            found[key] = {value: _NAMES[key](value) for value in values if value not in (None, "")}
    return found


def _district(code: str) -> str:
    return site.district_name(code, numbers.language())


def _state(name: str) -> str:
    return next((title for flow in declared.flows() for code, title in declared.state_choices(flow) if code == name), name)


def _result(name: str) -> str:
    language = numbers.language()
    found = (flow.transition[name].title.text(language) for flow in declared.flows().values() if name in flow.transition)
    return next(found, name)


_NAMES: dict[str, Callable[[Any], str]] = {
    "district": _district,
    "flow": declared.flow_title,
    "standing": words.standing,
    "state": _state,
    "level": words.level,
    "result": _result,
}


def _listed(keys: list[str]) -> Any:
    """The list of the cases of a row, as far as the list can be filtered so."""

    def href(row: Row) -> str:
        known = {key: row[key] for key in keys if key in {"flow", "state", "standing", "level", "owner", "district"} and row[key]}
        return f"{reverse('cases')}?{urlencode({'standing': 'all', **known})}" if known else ""

    return href


def _months(frame: pl.DataFrame, first: date, last: date) -> dict[str, Any]:
    """Cases opened and closed by month, as a chart takes them."""
    months = pl.date_range(first.replace(day=1), last, "1mo", eager=True).alias("month")
    zone = timezone.get_current_timezone_name()
    series = []
    for name, column in ((_("Opened"), "opened"), (words.standing("closed"), "closed")):
        kept = frame.filter(pl.col("standing") == "closed") if column == "closed" else frame
        month = pl.col(column).dt.convert_time_zone(zone).dt.date().dt.truncate("1mo").alias("month")
        counted = kept.drop_nulls(column).group_by(month).len()
        joined = months.to_frame().join(counted, on="month", how="left").sort("month")
        series.append({"name": name, "unit": "", "data": [[f"{day:%Y-%m-%d}", count or 0] for day, count in joined.iter_rows()]})
    return {"series": series}
