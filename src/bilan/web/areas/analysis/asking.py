"""What the address of the workbench asks for: which analysis, of which points, with which weather, over which period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from django.http import QueryDict

from bilan.pack import vocab
from bilan.pack.analyses import Analysis, Needs, analyses
from bilan.pack.vocab import Parameter
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem, nearest
from bilan.science.receptor import Category
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web.api import arguments
from bilan.web.areas.analysis import tables as brought
from bilan.web.areas.analysis.tables import Tables
from bilan.web.areas.explorer import compare
from bilan.web.areas.monitoring import choices

MOST_POINTS = 8
MOST_YEARS = 12
YEAR = 366 * clock.DAY
FIRST, SECOND = "pm25", "pm10"
PARAMETERLESS = frozenset({Needs.ONLY_WIND, Needs.SPECIES, Needs.PARAMETERS})
"""Needs of analyses that no single parameter is chosen for."""
WIND = ("wind_speed", "wind_dir")
WEATHER = (*WIND, "temp", "rh", "press")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be analysed.

    Attributes:
        points: chosen points that the reader may see, in their order.
        parameter: None when none fits.
        met: where wind and weather are measured; None when nowhere.
        begin, end: period [s of the wall clock].
        written: settings as the address writes them.
        against: second parameter, where two are related.
        tables: concentrations and uncertainties that the reader brought; they stand in place of points and period.
        categories: how far the analyst trusts a species, by its name; the others follow their signal to noise.
    """

    analysis: Analysis
    points: tuple[Point, ...]
    parameter: Parameter | None
    met: Point | None
    begin: int
    end: int
    written: Mapping[str, str]
    against: Parameter | None = None
    tables: Tables | None = None
    categories: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings by name; those left out have their usual value.

        Raises:
            BilanError: one is no choice or out of its bounds.
        """
        return {entry.name: entry.taken(self.written.get(entry.name, "")) for entry in self.analysis.settings}

    @property
    def query(self) -> dict[str, str]:
        """The same as an address; what is usual is left out."""
        found = {"of": self.analysis.name}
        chosen = {
            entry.name: text for entry in self.analysis.settings if (text := self.written.get(entry.name, "")) not in {"", entry.usual}
        }
        if self.categories:
            chosen["categories"] = ",".join(f"{quote(name, safe='')}:{category}" for name, category in self.categories.items())
        if self.tables:
            return found | {"tables": self.tables.id} | chosen
        found["points"] = ",".join(point.code for point in self.points)
        if self.parameter and self.analysis.needs not in PARAMETERLESS:
            found["parameter"] = self.parameter.column
        if self.against:
            found["against"] = self.against.column
        if self.met and self.analysis.windy and self.met not in self.points[:1]:
            found["met"] = self.met.code
        found |= {"begin": clock.moment(self.begin).date().isoformat(), "end": clock.moment(self.end - 1).date().isoformat()}
        return found | chosen


def asked(monitoring: Monitoring, query: QueryDict | Mapping[str, str], person: str) -> Asked:
    """Read an address; what it leaves open is filled in.

    Parameters:
        person: user name of who asks; tables are shown to none but who brought them.

    Raises:
        BilanError: no such analysis, a time that is none, too many points, no such tables.
    """
    known = analyses()
    name = query.get("of", "") or next(iter(known))
    if name not in known:
        raise BilanError(Problem("workbench.unknown", {"value": name, "allowed": list(known), "nearest": nearest(name, known)}))
    analysis = known[name]
    species = analysis.needs is Needs.SPECIES
    tables = brought.find(name, person) if species and (name := query.get("tables", "")) else None
    points = () if tables else _points(monitoring, analysis, query.get("points", ""))
    begin, end = choices.period(query.get("begin"), query.get("end"), analysis.days * clock.DAY)
    begin -= begin % clock.DAY
    if end - begin > MOST_YEARS * YEAR:
        raise BilanError(Problem("workbench.too_long", {"value": round((end - begin) / YEAR, 1), "allowed": MOST_YEARS}))
    written = {entry.name: query.get(entry.name, "").strip() for entry in analysis.settings}
    parameter = _parameter(monitoring, points, query.get("parameter", ""))
    return Asked(
        analysis,
        points,
        parameter,
        _met(monitoring, analysis, points, query.get("met", "")),
        begin,
        end,
        written,
        against=_against(monitoring, points, parameter, query.get("against", "")) if analysis.needs is Needs.RELATION else None,
        tables=tables,
        categories=_categories(query.get("categories", "")) if species else {},
    )


def _categories(text: str) -> dict[str, str]:
    """Species → category, of what is written as ``name:category``."""
    pairs = (part.rpartition(":") for part in text.split(",") if ":" in part)
    return {unquote(name): category for name, _, category in pairs if category in set(Category)}


def _against(monitoring: Monitoring, points: tuple[Point, ...], parameter: Parameter | None, text: str) -> Parameter | None:
    """The second parameter named; the next to the first when none is, or the same."""
    there = [pair.parameter for pair in parameters(monitoring, points) if parameter is None or pair.parameter != parameter.code]
    if text and (parameter is None or text != parameter.column):
        return _parameter(monitoring, points, text)
    usual = vocab.by_column(SECOND).code
    return vocab.parameters()[usual if usual in there else there[0]] if there else None


def windy(monitoring: Monitoring) -> list[Point]:
    """Points where wind is measured every hour."""
    codes = [vocab.by_column(column).code for column in WIND]
    series = monitoring.series(None, codes, "hour")
    speed, direction = (set(series.filter(series["parameter"] == code)["point"].to_list()) for code in codes)
    return monitoring.points(codes=speed & direction)


def parameters(monitoring: Monitoring, points: tuple[Point, ...]) -> list[compare.Pair]:
    """What the first point measures."""
    return [pair for pair in compare.pairs_of(monitoring, points[0]) if pair.parameter in vocab.parameters()] if points else []


def _points(monitoring: Monitoring, analysis: Analysis, text: str) -> tuple[Point, ...]:
    wanted = list(dict.fromkeys(arguments.codes(text) or []))
    if len(wanted) > MOST_POINTS:
        raise BilanError(Problem("workbench.too_many", {"value": len(wanted), "allowed": MOST_POINTS}))
    found = []
    for code in wanted:
        try:
            found.append(monitoring.point(code))
        except NotVisible:
            continue
    if not wanted:
        found = _usual(monitoring, analysis)
    return tuple(found if analysis.several else found[:1])


def _usual(monitoring: Monitoring, analysis: Analysis) -> list[Point]:
    """Points to begin with."""
    air = monitoring.points("air")
    first = "super" if analysis.needs is Needs.SPECIES else "city"
    fitting = [point for point in air if point.attributes.get("kind") == first] or air or monitoring.points()
    return fitting[: 2 if analysis.needs is Needs.PAIRS else 1]


def _parameter(monitoring: Monitoring, points: tuple[Point, ...], text: str) -> Parameter | None:
    """The parameter named; PM2.5 or whatever comes first when none is.

    Raises:
        BilanError: the point does not measure it.
    """
    there = [pair.parameter for pair in parameters(monitoring, points)]
    if not there:
        return None
    if not text:
        usual = vocab.by_column(FIRST).code
        return vocab.parameters()[usual if usual in there else there[0]]
    named = vocab.parameters().get(text) or vocab.by_alias(text)
    if named is None or named.code not in there:
        allowed = [choices.label(code) for code in there]
        raise BilanError(Problem("workbench.no_parameter", {"station": points[0].code, "value": text, "allowed": allowed[:12]}))
    return named


def _met(monitoring: Monitoring, analysis: Analysis, points: tuple[Point, ...], code: str) -> Point | None:
    if not analysis.windy or not points:
        return None
    there = {point.code: point for point in windy(monitoring)}
    if analysis.needs is Needs.ONLY_WIND or (not code and points[0].code in there):
        return there.get(points[0].code)
    if code:
        return there.get(code)
    return min(there.values(), key=lambda point: _apart(point, points[0]), default=None)


def _apart(one: Point, other: Point) -> float:
    """Square of the distance, good enough to find the nearest [deg²]."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return float("inf")
    return float((one.lon - other.lon) ** 2 + (one.lat - other.lat) ** 2)
