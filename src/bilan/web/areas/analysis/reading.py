"""The values an analysis works on, side by side in one frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import polars as pl

from bilan.pack import vocab
from bilan.pack.analyses import Needs
from bilan.pack.vocab import networks
from bilan.people.monitoring import Monitoring
from bilan.problems import BilanError, Problem
from bilan.science.stats import Place
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.areas.analysis.asking import WEATHER, WIND, Asked
from bilan.web.areas.analysis.tables import Tables
from bilan.web.areas.monitoring import choices
from bilan.web.components import numbers

LEAST_SPECIES = 3
MOST_COLUMNS = 30
"""Parameters that are looked at together."""
NO_SPECIES = frozenset({"meteorology", "flue"})
VOC = "voc"
VOC_CODES = ("a24", "a25", "x24")
"""How the codes of volatile organic compounds begin."""


@dataclass(frozen=True, slots=True)
class Material:
    """Values and what they are.

    Attributes:
        frame: ``start`` (naive times) and a column a series.
        columns: what is analysed; of several points their names.
        unit: of these columns, as people write it.
        count: values of the first column.
        expected: values there could be.
        errors: uncertainties beside `frame`, where they were brought.
        categories: how far the analyst trusts a species.
        place: where the series is measured, for the sun.
        second: unit of the second column, where two are related.
    """

    frame: pl.DataFrame
    columns: tuple[str, ...]
    unit: str
    count: int
    expected: int
    errors: pl.DataFrame | None = None
    categories: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None
    second: str = ""


def material(monitoring: Monitoring, asked: Asked) -> Material:
    """Read what an analysis needs.

    Raises:
        BilanError: no point, no parameter, no wind, no values, too few points or species, tables that cannot be used.
    """
    if asked.tables:
        return _brought(asked, asked.tables)
    found = _measured(monitoring, asked)
    return replace(found, place=_place(asked.points[0], asked.begin), categories=asked.categories)


def _brought(asked: Asked, tables: Tables) -> Material:
    """The tables that the reader brought."""
    if not tables.usable:
        raise BilanError(*tables.problems)
    values, errors = tables.read()
    species = tuple(values.columns[1:])
    if len(species) < LEAST_SPECIES:
        raise BilanError(Problem("workbench.few_species", {"station": tables.title, "value": len(species), "allowed": LEAST_SPECIES}))
    count = values.height
    return Material(
        values.rename({"key": "start"}), species, "", count, count, errors=errors.rename({"key": "start"}), categories=asked.categories
    )


def _place(point: Point, begin: int) -> Place | None:
    if point.lat is None or point.lon is None:
        return None
    zone = clock.moment(begin).replace(tzinfo=ZoneInfo(site.city().timezone)).utcoffset()
    return Place(point.lat, point.lon, zone.total_seconds() / clock.HOUR if zone else 8.0)


def _measured(monitoring: Monitoring, asked: Asked) -> Material:
    if not asked.points:
        raise BilanError(Problem("workbench.no_point", {}))
    first, needs = asked.points[0], asked.analysis.needs
    if asked.analysis.windy and asked.met is None:
        raise BilanError(Problem("workbench.no_wind", {"value": numbers.named(first)}))
    if needs is Needs.SPECIES:
        return _species(monitoring, asked)
    if needs is Needs.PARAMETERS:
        return _every(monitoring, asked)
    if needs is Needs.ONLY_WIND:
        return _checked(asked, _read(monitoring, dict.fromkeys(WIND, first), asked, "hour"), WIND[:1], "m/s", "hour")
    if asked.parameter is None:
        raise BilanError(Problem("workbench.no_parameter", {"station": numbers.named(first), "value": "", "allowed": []}))
    if needs is Needs.PAIRS and len(asked.points) < 2:
        raise BilanError(Problem("workbench.two_points", {"value": len(asked.points)}))
    interval = networks()[first.network].interval
    series = choices.one_each(monitoring.series([first.code], [asked.parameter.code], interval))
    unit = numbers.unit(series["unit"][0]) if series.height else ""
    if len(asked.points) > 1:
        named = _names(asked.points)
        keys = {name: point.code for name, point in named.items()}
        frame = _pivot(monitoring, {(code, asked.parameter.code): name for name, code in keys.items()}, asked, interval)
        return _checked(asked, frame, tuple(name for name in named if name in frame.columns), unit, interval)
    if needs is Needs.RELATION:
        return _related(monitoring, asked, unit, interval)
    wanted = {asked.parameter.column: first}
    wanted |= dict.fromkeys(WEATHER if needs is Needs.WEATHER else WIND, asked.met) if asked.met else {}
    return _checked(asked, _read(monitoring, wanted, asked, interval), (asked.parameter.column,), unit, interval)


def _related(monitoring: Monitoring, asked: Asked, unit: str, interval: str) -> Material:
    """Two parameters of one point: the second one across."""
    if asked.against is None or asked.parameter is None:
        raise BilanError(Problem("workbench.few_species", {"station": numbers.named(asked.points[0]), "value": 1, "allowed": 2}))
    frame = _read(monitoring, dict.fromkeys((asked.parameter.column, asked.against.column), asked.points[0]), asked, interval)
    series = choices.one_each(monitoring.series([asked.points[0].code], [asked.against.code], interval))
    missing = [name for name in (asked.parameter.column, asked.against.column) if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing)
    found = _checked(asked, frame, (asked.parameter.column, asked.against.column), unit, interval)
    return replace(found, second=numbers.unit(series["unit"][0]) if series.height else "")


def _every(monitoring: Monitoring, asked: Asked) -> Material:
    """All parameters of one point; of too many those with most values."""
    first = asked.points[0]
    interval = networks()[first.network].interval
    known = vocab.parameters()
    series = choices.one_each(monitoring.series([first.code], None, interval))
    columns = {row["parameter"]: known[row["parameter"]].column for row in series.to_dicts() if row["parameter"] in known}
    frame = _pivot(monitoring, {(first.code, code): column for code, column in columns.items()}, asked, interval)
    there = sorted((name for name in columns.values() if name in frame.columns), key=lambda name: -frame[name].count())[:MOST_COLUMNS]
    return _checked(asked, frame, tuple(name for name in columns.values() if name in there), "", interval)


def _read(monitoring: Monitoring, wanted: Mapping[str, Point], asked: Asked, interval: str) -> pl.DataFrame:
    """Columns of the vocabulary, each of its point."""
    return _pivot(monitoring, {(point.code, vocab.by_column(column).code): column for column, point in wanted.items()}, asked, interval)


def _pivot(monitoring: Monitoring, wanted: Mapping[tuple[str, str], str], asked: Asked, interval: str) -> pl.DataFrame:
    """Valid values side by side.

    Parameters:
        wanted: (point, parameter) → column.
    """
    points, codes = {point for point, _code in wanted}, {code for _point, code in wanted}
    series = choices.one_each(monitoring.series(points, sorted(codes), interval))
    ids = {row["id"]: wanted[row["point"], row["parameter"]] for row in series.to_dicts() if (row["point"], row["parameter"]) in wanted}
    if not ids:
        return pl.DataFrame(schema={"start": pl.Datetime("us")})
    values = monitoring.scan(list(ids), asked.begin, asked.end, interval).filter(pl.col("flag") == "N", pl.col("value").is_not_null())
    named = values.with_columns(pl.col("series").replace_strict(ids, return_dtype=pl.String).alias("column"))
    wide = named.pivot("column", index="start", values="value", aggregate_function="first").sort("start")
    return wide.with_columns(pl.from_epoch("start", time_unit="s").cast(pl.Datetime("us")))


def _checked(asked: Asked, frame: pl.DataFrame, columns: tuple[str, ...], unit: str, interval: str) -> Material:
    count = frame.height - frame[columns[0]].null_count() if columns and columns[0] in frame.columns else 0
    if not count:
        what = numbers.labelled(asked.parameter) if asked.parameter else ""
        begin, end = (numbers.wall(stamp, "day") for stamp in (asked.begin, asked.end - 1))
        values = {"station": numbers.named(asked.points[0]), "value": what, "begin": begin, "end": end}
        raise BilanError(Problem("workbench.no_values", values))
    if asked.met is not None and WIND[0] not in frame.columns:
        raise BilanError(Problem("workbench.no_wind", {"value": numbers.named(asked.met)}))
    missing = [name for name in WEATHER if asked.analysis.needs is Needs.WEATHER and name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing)
    step = clock.DAY if interval == "day" else clock.HOUR
    return Material(frame, columns, unit, count, max(count, (asked.end - asked.begin) // step))


def _species(monitoring: Monitoring, asked: Asked) -> Material:
    """Species of one point, all in one unit."""
    first = asked.points[0]
    series = choices.one_each(monitoring.series([first.code], None, "hour"))
    known = vocab.parameters()
    fitting = [row for row in series.to_dicts() if row["parameter"] in known and known[row["parameter"]].medium not in NO_SPECIES]
    if asked.settings["family"] == VOC:
        fitting = [row for row in fitting if row["parameter"].startswith(VOC_CODES)]
    units = [row["unit"] for row in fitting]
    unit = max(set(units), key=units.count) if units else ""
    columns = {row["parameter"]: known[row["parameter"]].column for row in fitting if row["unit"] == unit}
    frame = _pivot(monitoring, {(first.code, code): column for code, column in columns.items()}, asked, "hour")
    there = tuple(column for column in columns.values() if column in frame.columns)
    if len(there) < LEAST_SPECIES:
        raise BilanError(Problem("workbench.few_species", {"station": numbers.named(first), "value": len(there), "allowed": LEAST_SPECIES}))
    return _checked(asked, frame, there, numbers.unit(unit), "hour")


def _names(points: tuple[Point, ...]) -> dict[str, Point]:
    """Names that tell points apart."""
    names = [numbers.named(point) for point in points]
    return {f"{name} {point.code}" if names.count(name) > 1 else name: point for name, point in zip(names, points, strict=True)}
