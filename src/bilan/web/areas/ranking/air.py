"""Districts and stations in the order of their air."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.evaluation.air import CITY_KIND
from bilan.evaluation.readback import as_days
from bilan.evaluation.summary_years import periods
from bilan.people.monitoring import Monitoring
from bilan.problems import BilanError, Problem
from bilan.science import air
from bilan.web.areas.ranking.periods import Period

POLLUTANTS = ("pm25", "pm10", "o3_8h", "no2", "so2", "co")


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to rank by.

    Attributes:
        name: column of the rows.
        title: as shown.
        unit, decimals: of the value.
        descending: whether the largest is best.
    """

    name: str
    title: str
    unit: str = "ug/m3"
    decimals: int = 1
    descending: bool = False


CONCENTRATIONS = (
    Measure("pm25", "PM2.5"),
    Measure("pm10", "PM10"),
    Measure("o3_8h", "O₃"),
    Measure("no2", "NO₂"),
    Measure("so2", "SO₂"),
    Measure("co", "CO", "mg/m3", 1),
)
DAY_MEASURES = (Measure("aqi", "AQI", "", 0), *CONCENTRATIONS)
PERIOD_MEASURES = (
    Measure("composite", gettext_lazy("Composite index"), "", 2),
    Measure("ratio", gettext_lazy("Good-days ratio"), "%", 1, descending=True),
    *CONCENTRATIONS,
)
KIND_NAMES = {
    "city": gettext_lazy("City evaluation station"),
    "background": gettext_lazy("Background station"),
    "super": gettext_lazy("Special station"),
    "traffic": gettext_lazy("Traffic station"),
}


def measures(kind: str) -> tuple[Measure, ...]:
    """What days, or months and years, can be ranked by; the first by default."""
    return DAY_MEASURES if kind == "day" else PERIOD_MEASURES


def measure(kind: str, name: str) -> Measure:
    """The measure that the address asks for.

    Raises:
        BilanError: there is none of that name.
    """
    known = {entry.name: entry for entry in measures(kind)}
    if name and name not in known:
        raise BilanError(Problem("web.bad_parameter", {"name": "by", "value": name, "allowed": list(known)}))
    return known[name] if name else measures(kind)[0]


def ranked(monitoring: Monitoring, codes: Sequence[str], counted: Sequence[str], period: Period, by: Measure) -> list[dict[str, Any]]:
    """Rows of stations or areas, ranked.

    Parameters:
        codes: stations or areas to show.
        counted: those among them that are ranked.
        period: what the rows are about.
        by: what is ranked.

    Returns:
        Of each code with a value: ``point``, the measures, ``rank`` (None outside `counted`), ``before`` (the ranked measure a year
        earlier) and ``change`` (in percent of it; of a ratio in percentage points).
    """
    now = values(monitoring, codes, *period.span, period.kind)
    before = values(monitoring, codes, *period.span_before, period.kind)
    rows = [{"point": code, **now[code]} for code in codes if code in now]
    ranks = _ranks(rows, set(counted), by)
    for row in rows:
        row["rank"] = ranks.get(row["point"])
        row["before"] = before.get(row["point"], {}).get(by.name)
        row["change"] = _change(row[by.name], row["before"], by)
    return rows


def values(monitoring: Monitoring, codes: Sequence[str], begin: int, end: int, kind: str) -> dict[str, dict[str, Any]]:
    """The measures of each station or area in a span, from the verdicts of its days."""
    days = as_days(monitoring.verdicts("air.day", codes, begin, end))
    if kind != "day":
        return periods(days, by=kind)
    rows = days.drop_nulls("aqi").select("point", "aqi", "level", "primary", *POLLUTANTS).to_dicts()
    return {row.pop("point"): row for row in rows}


def _ranks(rows: Sequence[Mapping[str, Any]], counted: set[str], by: Measure) -> dict[str, int]:
    kept = [(row["point"], row[by.name]) for row in rows if row["point"] in counted and row[by.name] is not None]
    frame = pl.DataFrame(kept, schema={"point": pl.String, by.name: pl.Float64}, orient="row")
    return dict(air.rank(frame, by.name, within=(), descending=by.descending).select("point", "rank").iter_rows())


def _change(value: float | None, before: float | None, by: Measure) -> float | None:
    if value is None or before is None:
        return None
    if by.unit == "%":
        return round(value - before, 1)
    return round((value - before) / before * 100, 1) if before else None


def stations(monitoring: Monitoring, district: str) -> tuple[list[str], list[str]]:
    """Codes of the visible stations, and of those that are ranked: only city stations are."""
    points = monitoring.points("air", district)
    return [point.code for point in points], [point.code for point in points if point.attributes.get("kind") == CITY_KIND]


def kind_name(kind: str) -> str:
    """What a kind of station is called."""
    return str(KIND_NAMES.get(kind, "")) or _("Station")
