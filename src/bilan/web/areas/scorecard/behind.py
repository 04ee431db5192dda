"""The rows behind a number: what of the documented tables a value was counted from, each row with the page it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import polars as pl
from django.urls import NoReverseMatch, reverse

from bilan.pack.indicators import Indicator, Table
from bilan.plans.indicators.computing import parsed
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import Tables
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.verdicts.views import address
from bilan.web.remember import Remembered

MOST = 2000
SILENT = frozenset({"periods", "districts", "areas"})
"""Tables that say nothing of what was counted."""
METHODS = {"air_days": "air.day", "air_station_days": "air.day", "water_months": "water.month"}
"""Table → method of the verdicts that its rows come from."""
_made: Remembered[Tables] = Remembered(seconds=300, most=2)


@dataclass(frozen=True, slots=True)
class Behind:
    """Rows of one table that belong to a place and a period; `cut` says that there are more."""

    table: Table
    rows: list[dict[str, Any]]
    total: int

    @property
    def cut(self) -> bool:
        """Whether not all rows are given."""
        return self.total > len(self.rows)


def tables() -> Tables:
    """The city's tables, made once for some minutes."""
    today = clock.moment(clock.now(site.city().timezone)).date()
    return _made.get(today, lambda: Tables(site.city(), site.store(), today))


def forget() -> None:
    """Make the tables anew when they are asked for next."""
    _made.clear()


def behind(spec: Indicator, district: str, span: Span, districts: Sequence[str]) -> list[Behind]:
    """Rows of the tables that an indicator asks.

    Parameters:
        district: whose value it is; empty for the city.
        districts: codes whose rows may be shown when it is the city's.

    Raises:
        BilanError: the query names what is not there.
    """
    known = tables()
    query = parsed(spec, known.documented)
    found = []
    for name, frame in known.frames([query]).items():
        if name in SILENT:
            continue
        rows = _within(frame, name, district, span, districts)
        found.append(Behind(known.documented[name], rows.head(MOST).to_dicts(), rows.height))
    return found


def _within(frame: pl.DataFrame, name: str, district: str, span: Span, districts: Sequence[str]) -> pl.DataFrame:
    """Rows of the period, and of the district; of the city those that stand for it when the table has such, else all within reach."""
    if "day" in frame.columns:
        frame = frame.filter(pl.col("day").is_between(span.first, span.last))
    elif {"from_day", "to_day"} <= set(frame.columns):
        frame = frame.filter((pl.col("from_day") <= span.last) & (pl.col("to_day").is_null() | (pl.col("to_day") > span.last)))
    elif "year" in frame.columns:
        frame = frame.filter(pl.col("year") == span.first.year)
    if "district" not in frame.columns:
        return frame.clear() if district else frame
    whole = frame.filter(pl.col("district") == "") if not district else frame.filter(pl.col("district") == district)
    if district or whole.height:
        return whole
    return frame.filter(pl.col("district").is_null() | pl.col("district").is_in(["", *districts]))


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
