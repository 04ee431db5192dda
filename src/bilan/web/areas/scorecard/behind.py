"""The rows behind a number: what of the documented tables a value was counted from, each row with the page it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.urls import NoReverseMatch, reverse

from bilan.pack.indicators import Column, Indicator, Table
from bilan.pack.registers import Bilingual
from bilan.plans.indicators.behind import MOST, rows_behind
from bilan.plans.indicators.computing import parsed
from bilan.plans.indicators.sandbox import Limits
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import Tables
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.verdicts.views import address
from bilan.web.remember import Remembered

LIMITS = Limits(seconds=8.0)
SILENT = frozenset({"periods", "districts", "areas"})
"""Tables that say nothing of what was counted."""
METHODS = {"air_days": "air.day", "air_station_days": "air.day", "water_months": "water.month", "drinking_months": "drinking.month"}
"""Table → method of the verdicts that its rows come from."""
_made: Remembered[Tables] = Remembered(seconds=300, most=2)


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows that a value was made from.

    Attributes:
        tables: the documented tables that they come from, the leading one first.
        columns: those of the rows, with title and unit where they are documented.
        cut: whether there may be more rows than are given.
    """

    tables: list[Table]
    columns: list[Column]
    rows: list[dict[str, Any]]
    cut: bool


def tables() -> Tables:
    """The city's tables, made once for some minutes."""
    today = clock.moment(clock.now(site.city().timezone)).date()
    return _made.get(today, lambda: Tables(site.city(), site.store(), today))


def forget() -> None:
    """Make the tables anew when they are asked for next."""
    _made.clear()


def behind(spec: Indicator, district: str, span: Span) -> Behind:
    """The rows behind a value of an indicator, of the version that holds for the period.

    Parameters:
        district: whose value it is; empty for the city.

    Raises:
        BilanError: the query cannot be run, or its rows cannot be told apart.
    """
    known = tables()
    found = rows_behind(spec, known, district, span, LIMITS)
    names = [name for name in parsed(spec, known.documented).tables if name not in SILENT]
    asked = sorted((known.documented[name] for name in names), key=lambda table: (table.name not in METHODS, table.name))
    documented = {column.name: column for table in reversed(asked) for column in table.columns.values()}
    columns = [documented.get(name) or Column(name, "text", Bilingual(name, name)) for name in found.columns]
    return Behind(asked, columns, found.dicts(), len(found.rows) >= MOST)


def leads_to(table: str, row: Mapping[str, Any]) -> str:
    """Where a row comes from: the verdict of a day or month, the point, the entry of a register; empty when nowhere."""
    try:
        if table in METHODS and isinstance(row.get("day"), date):
            code = row.get("point") or row.get("district") or site.city().adcode
            return address(METHODS[table], str(code), clock.seconds(datetime.combine(row["day"], time())))
        if row.get("point"):
            return reverse("point", args=[row["point"]])
        if "." in table and row.get("code"):
            return reverse("dossier", args=[table.partition(".")[2].replace("_", "-"), row["code"]])
        if table == "cases" and row.get("code"):
            return reverse("case", args=[row["code"]])
    except NoReverseMatch:
        return ""
    return f"{reverse('figures')}?q={row['series']}" if table == "figures" else ""
